//! Frames as the wire's ends read and write them.

use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use finspect::kernel::{ETHERNET, LONGEST_FRAME};
use finspect::tcp::{Errno, Host, State};
use socket2::SockRef;

use crate::stage::{Stage, at, frames_wait, next};

#[test]
fn an_idle_wire_is_silent() {
    let stage = Stage::new();
    // A router solicitation would come within the first second (RFC 4861, MAX_RTR_SOLICITATION_DELAY).
    assert!(
        !frames_wait(&stage.wires, Duration::from_millis(1200)),
        "{:?} {:?}",
        next(&stage.wires[0]),
        next(&stage.wires[1])
    );
}

/// The Internet checksum (RFC 1071) over several pieces, each of an even length but the last.
fn checksum(pieces: &[&[u8]]) -> u16 {
    let mut sum = 0_u32;
    for piece in pieces {
        for pair in piece.chunks(2) {
            let low = pair.get(1).copied().unwrap_or(0);
            sum += u32::from(u16::from_be_bytes([pair[0], low]));
        }
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// Whether the TCP checksum of a frame is right; and how much payload it has.
fn whole(frame: &[u8]) -> (bool, usize) {
    let packet = &frame[ETHERNET..];
    let (addresses, segment) = match packet[0] >> 4 {
        4 => {
            let total = usize::from(u16::from_be_bytes([packet[2], packet[3]]));
            (&packet[12..20], &packet[20..total])
        }
        _ => {
            let length = usize::from(u16::from_be_bytes([packet[4], packet[5]]));
            (&packet[8..40], &packet[40..40 + length])
        }
    };
    let length = (segment.len() as u32).to_be_bytes();
    let sum = checksum(&[addresses, &length, &[0, 0, 0, 6], segment]);
    (sum == 0, segment.len() - usize::from(segment[12] >> 4) * 4)
}

#[test]
fn every_frame_is_whole_and_as_a_real_wire_would_carry_it() {
    for v6 in [false, true] {
        let mut stage = Stage::new();
        let pair = stage.pair(v6, 6000);
        let bytes = vec![7; 60_000];
        let (mut sent, mut read, mut seen) = (0, 0, 0);
        while read < bytes.len() {
            if let Ok(count) = pair.client.send(&bytes[sent..]) {
                sent += count;
            }
            frames_wait(&stage.wires, Duration::from_secs(1));
            for (from, to) in [(0, 1), (1, 0)] {
                while let Some(frame) = next(&stage.wires[from]) {
                    let (right, payload) = whole(&frame);
                    assert!(right && frame.len() <= LONGEST_FRAME, "{frame:?}");
                    seen += payload;
                    stage.wires[to].write(&frame).expect("write");
                }
            }
            while let Ok(count) = pair.server.recv(&mut [0; 4096]) {
                read += count;
            }
        }
        assert!(seen >= bytes.len(), "{seen}");
        assert_eq!(stage.wires.each_ref().map(|end| end.lost()), [Ok(0), Ok(0)]);
    }
}

#[test]
fn a_frame_tells_when_it_left_not_when_it_was_read() {
    let mut stage = Stage::new();
    let client = stage.lab.socket(Host::A, false).expect("socket");
    let before = Instant::now();
    assert_eq!(
        client.connect(at(Host::B, false, 1)),
        Err(Errno::EINPROGRESS)
    );
    assert!(frames_wait(&stage.wires, Duration::from_secs(1)));
    let waiting = Instant::now();
    // Something that takes its time.
    drop(Stage::new());
    let frame = stage.wires[0]
        .read(&mut [0; LONGEST_FRAME])
        .expect("the SYN");
    // The wall clock behind the stamp and the monotonic one drift by microseconds.
    let slack = Duration::from_millis(1);
    assert!(frame.left + slack >= before && frame.left <= waiting + slack);
}

#[test]
fn a_frame_longer_than_the_buffer_is_told_and_not_cut() {
    let mut stage = Stage::new();
    let client = stage.lab.socket(Host::A, false).expect("socket");
    assert_eq!(
        client.connect(at(Host::B, false, 1)),
        Err(Errno::EINPROGRESS)
    );
    assert!(frames_wait(&stage.wires, Duration::from_secs(1)));
    assert_eq!(stage.wires[0].read(&mut [0; 20]), Err(Errno::EMSGSIZE));
    assert_eq!(stage.wires[0].read(&mut [0; 20]), Err(Errno::EAGAIN));
}

#[test]
fn a_frame_longer_than_the_mtu_is_refused() {
    let stage = Stage::new();
    assert_eq!(
        stage.wires[0].write(&[0; LONGEST_FRAME + 10]),
        Err(Errno::EMSGSIZE)
    );
}

#[test]
fn frames_that_nobody_read_in_time_are_counted_once() {
    let mut stage = Stage::new();
    SockRef::from(&stage.wires[0])
        .set_recv_buffer_size(1)
        .expect("the smallest there is");
    let clients: Vec<_> = (0..64)
        .map(|port| {
            let client = stage.lab.socket(Host::A, false).expect("socket");
            assert_eq!(
                client.connect(at(Host::B, false, 1000 + port)),
                Err(Errno::EINPROGRESS)
            );
            client
        })
        .collect();
    assert!(frames_wait(&stage.wires, Duration::from_secs(1)));
    let kept = std::iter::from_fn(|| next(&stage.wires[0])).count();
    let lost = stage.wires[0].lost().expect("statistics");
    assert!(
        kept > 0 && kept + lost as usize >= clients.len(),
        "{kept} kept, {lost} lost"
    );
    assert!(lost > 0);
    assert_eq!(stage.wires[0].lost(), Ok(0));
    assert_eq!(stage.wires[1].lost(), Ok(0));
}

/// Whether this process may have more than net.core.rmem_max: not every root is root of the machine.
fn may_force(bytes: i32) -> bool {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    // SAFETY: the value is a live `int`, and its length is told.
    unsafe {
        let (level, name) = (libc::SOL_SOCKET, libc::SO_RCVBUFFORCE);
        let (value, length) = ((&raw const bytes).cast(), size_of::<i32>() as u32);
        libc::setsockopt(socket.as_raw_fd(), level, name, value, length) == 0
    }
}

#[test]
fn the_wire_has_room_for_thousands_of_frames_where_the_kernel_grants_it() {
    let stage = Stage::new();
    let most = std::fs::read_to_string("/proc/sys/net/core/rmem_max").expect("rmem_max");
    let most: i32 = most.trim().parse().expect("a number");
    // The kernel doubles what it is asked for (socket(7)).
    let asked = 4 << 20;
    let granted = if may_force(asked) {
        asked
    } else {
        asked.min(most)
    };
    for end in &stage.wires {
        let room = SockRef::from(end).recv_buffer_size().expect("SO_RCVBUF");
        assert!(room >= 2 * granted as usize, "{room} of {granted}");
    }
}

#[test]
fn the_first_connection_of_a_new_lab_loses_nothing() {
    // Links and IPv6 addresses settle in workers of the kernel: one lab in ten had an end that was not ready yet.
    for round in 0..40 {
        let mut stage = Stage::new();
        let v6 = round % 2 == 0;
        let start = Instant::now();
        let pair = stage.pair(v6, 6000);
        let frames = stage.seen;
        assert_eq!(frames, 3, "round {round}: SYN, SYN-ACK, ACK");
        // A SYN is repeated after a second.
        assert!(start.elapsed() < Duration::from_secs(1), "round {round}");
        assert_eq!(pair.client.state(), Ok(State::Established));
    }
}
