//! Descriptors that travel with a message (unix(7), SCM_RIGHTS).

use std::io::IoSlice;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use socket2::{MsgHdr, SockRef};

use super::call::{self, Received, errno};
use super::control::{Control, HEADER, Messages, WORD};
use crate::tcp::Errno;

/// As many as one message may carry here; the lab's first carries all ten.
pub const MOST: usize = 10;

const _: () = assert!(HEADER + MOST * 4 <= size_of::<Control>());

/// Sends one message with descriptors, at most [`MOST`]. `flags` beside MSG_NOSIGNAL.
pub fn send(socket: impl AsFd, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> Result<(), Errno> {
    let control = rights(fds);
    let bytes = [IoSlice::new(bytes)];
    let message = MsgHdr::new().with_buffers(&bytes).with_control(&control);
    SockRef::from(&socket)
        .sendmsg(&message, libc::MSG_NOSIGNAL)
        .map(drop)
        .map_err(errno)
}

/// Receives one message and its descriptors. Length 0 is the end of file: nobody sends an empty message, since the two
/// cannot be told apart (unix(7), SOCK_SEQPACKET).
pub fn receive(socket: impl AsFd, bytes: &mut [u8]) -> Result<(usize, Vec<OwnedFd>), Errno> {
    let mut control = Control::default();
    let received = loop {
        match call::receive(socket.as_fd(), bytes, &mut control, libc::MSG_CMSG_CLOEXEC) {
            Err(Errno::EINTR) => {}
            received => break received?,
        }
    };
    let Received {
        len,
        control: filled,
    } = received;
    let mut fds = Vec::new();
    for (level, kind, data) in Messages(&control.0[..filled]) {
        if (level, kind) == (libc::SOL_SOCKET, libc::SCM_RIGHTS) {
            let (numbers, _) = data.as_chunks();
            fds.extend(numbers.iter().map(|number| {
                // SAFETY: the kernel made this descriptor for the receiver of this message, and this is the only
                // place that reads its number.
                unsafe { OwnedFd::from_raw_fd(i32::from_ne_bytes(*number)) }
            }));
        }
    }
    Ok((len, fds))
}

/// The bytes of one SCM_RIGHTS message; none for no descriptor.
fn rights(fds: &[BorrowedFd<'_>]) -> Vec<u8> {
    if fds.is_empty() {
        return Vec::new();
    }
    let mut bytes = vec![0; HEADER];
    bytes[..WORD].copy_from_slice(&(HEADER + fds.len() * 4).to_ne_bytes());
    bytes[WORD..WORD + 4].copy_from_slice(&libc::SOL_SOCKET.to_ne_bytes());
    bytes[WORD + 4..WORD + 8].copy_from_slice(&libc::SCM_RIGHTS.to_ne_bytes());
    for fd in fds {
        bytes.extend_from_slice(&fd.as_raw_fd().to_ne_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(WORD), 0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{Read, Seek, Write};

    #[test]
    fn descriptors_arrive_with_their_message_and_in_order() {
        let (here, there) =
            socket2::Socket::pair(socket2::Domain::UNIX, socket2::Type::SEQPACKET, None)
                .expect("socketpair");
        let mut files: Vec<File> = (0..MOST)
            .map(|_| tempfile::tempfile().expect("a file"))
            .collect();
        for (n, file) in files.iter_mut().enumerate() {
            file.write_all(&[n as u8]).expect("write");
        }
        let fds: Vec<_> = files.iter().map(AsFd::as_fd).collect();
        send(&here, b"ten", &fds).expect("sendmsg");
        let mut text = [0; 8];
        let (len, came) = receive(&there, &mut text).expect("recvmsg");
        assert_eq!((&text[..len], came.len()), (&b"ten"[..], MOST));
        for (n, fd) in came.into_iter().enumerate() {
            let (mut file, mut byte) = (File::from(fd), [0]);
            file.rewind().expect("seek");
            file.read_exact(&mut byte).expect("read");
            assert_eq!(usize::from(byte[0]), n);
        }
        drop(here);
        assert_eq!(receive(&there, &mut text).map(|(len, _)| len), Ok(0));
    }
}
