//! Every option is set and read back.

use std::os::fd::AsFd;
use std::time::Duration;

use super::stage::{Pair, v4};
use crate::kernel::linux::call;
use crate::kernel::{SockOption, Socket};
use crate::tcp::Errno;

fn read_back(socket: &Socket, level: i32, name: i32) -> Vec<i32> {
    let mut buf = [0; 8];
    let len = call::getsockopt(socket.as_fd(), level, name, &mut buf).expect("getsockopt");
    buf[..len]
        .chunks(4)
        .map(|word| i32::from_ne_bytes(word.try_into().expect("an int")))
        .collect()
}

#[test]
fn every_option_arrives_in_the_kernel() {
    const TIME: fn(u64) -> Duration = Duration::from_millis;
    let (socket, tcp) = (libc::SOL_SOCKET, libc::IPPROTO_TCP);
    let rows: &[(SockOption, i32, i32, &[i32])] = &[
        (
            SockOption::Linger(Some(3)),
            socket,
            libc::SO_LINGER,
            &[1, 3],
        ),
        (
            SockOption::Linger(Some(0)),
            socket,
            libc::SO_LINGER,
            &[1, 0],
        ),
        (SockOption::Linger(None), socket, libc::SO_LINGER, &[0, 0]),
        (SockOption::NoDelay(true), tcp, libc::TCP_NODELAY, &[1]),
        (SockOption::NoDelay(false), tcp, libc::TCP_NODELAY, &[0]),
        (
            SockOption::ReuseAddr(true),
            socket,
            libc::SO_REUSEADDR,
            &[1],
        ),
        (
            SockOption::ReuseAddr(false),
            socket,
            libc::SO_REUSEADDR,
            &[0],
        ),
        (
            SockOption::Keepalive(Some((TIME(1500), TIME(2000), 4))),
            socket,
            libc::SO_KEEPALIVE,
            &[1],
        ),
        (
            SockOption::Keepalive(None),
            socket,
            libc::SO_KEEPALIVE,
            &[0],
        ),
        (
            SockOption::UserTimeout(TIME(1500)),
            tcp,
            libc::TCP_USER_TIMEOUT,
            &[1500],
        ),
        (
            SockOption::TcpLinger2(TIME(2000)),
            tcp,
            libc::TCP_LINGER2,
            &[2],
        ),
        (SockOption::RcvBuf(8192), socket, libc::SO_RCVBUF, &[16384]),
        (SockOption::SndBuf(8192), socket, libc::SO_SNDBUF, &[16384]),
    ];
    let fresh = Socket::tcp(false).expect("socket");
    let pair = Pair::new();
    for subject in [&fresh, &pair.client] {
        for (option, level, name, words) in rows {
            assert_eq!(subject.set(*option), Ok(()), "{option:?}");
            assert_eq!(read_back(subject, *level, *name), *words, "{option:?}");
        }
        let keepalive = [libc::TCP_KEEPIDLE, libc::TCP_KEEPINTVL, libc::TCP_KEEPCNT];
        assert_eq!(
            keepalive.map(|name| read_back(subject, tcp, name)[0]),
            [2, 2, 4]
        );
    }
}

#[test]
fn keepalive_is_four_calls_and_every_other_option_one() {
    let second = Duration::from_secs(1);
    let calls = SockOption::Keepalive(Some((second * 60, second * 10, 3))).calls();
    let told: Vec<String> = calls
        .iter()
        .map(|call| format!("{} {}", call.name, call.value))
        .collect();
    assert_eq!(
        told,
        [
            "TCP_KEEPIDLE 60s",
            "TCP_KEEPINTVL 10s",
            "TCP_KEEPCNT 3",
            "SO_KEEPALIVE on"
        ]
    );
    let calls = SockOption::Linger(Some(0)).calls();
    assert_eq!(
        (calls.len(), calls[0].name, calls[0].value.as_str()),
        (1, "SO_LINGER", "0")
    );
}

#[test]
fn a_refused_time_leaves_keepalive_off() {
    let socket = Socket::tcp(false).expect("socket");
    let never = Duration::ZERO;
    assert_eq!(
        socket.set(SockOption::Keepalive(Some((never, never, 3)))),
        Err(Errno::EINVAL)
    );
    assert_eq!(
        read_back(&socket, libc::SOL_SOCKET, libc::SO_KEEPALIVE),
        [0]
    );
    assert_eq!(
        socket.set(SockOption::UserTimeout(Duration::MAX)),
        Ok(()),
        "cut to what an int holds"
    );
}

#[test]
fn reuseaddr_lets_a_port_be_bound_again() {
    let bound = Socket::tcp(false).expect("socket");
    bound.bind(v4()).expect("bind");
    let again = Socket::tcp(false).expect("socket");
    let address = bound.local().expect("getsockname");
    assert_eq!(again.bind(address), Err(Errno::EADDRINUSE));
    bound.set(SockOption::ReuseAddr(true)).expect("setsockopt");
    again.set(SockOption::ReuseAddr(true)).expect("setsockopt");
    assert_eq!(again.bind(address), Ok(()), "neither listens");
}
