//! Many frames of the wire at once: buffers that are made once, filled by recvmmsg(2) and emptied by sendmmsg(2).
//!
//! It knows no end of the wire and no TCP.

use std::mem::zeroed;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::time::{Duration, Instant};

use crate::kernel::lab::LONGEST_FRAME;
use crate::kernel::linux::call::check;
use crate::kernel::linux::control::{Control, Messages};
use crate::kernel::linux::stamp::{Clocks, since_epoch};
use crate::tcp::Errno;

/// As many at a time. More gain nothing: the work is in the kernel, for each of them.
const MOST: usize = 64;

/// Frames as they were read from one end.
pub struct Frames {
    bytes: Vec<[u8; LONGEST_FRAME]>,
    control: Vec<Control>,
    /// Of the frames that are there: the length of each, and the wall clock's stamp.
    filled: Vec<(usize, Option<Duration>)>,
    /// What turns the stamps into moments.
    clocks: Clocks,
}

impl Frames {
    /// As many as fit.
    pub const MOST: usize = MOST;

    pub fn new() -> Frames {
        Frames {
            bytes: vec![[0; LONGEST_FRAME]; MOST],
            control: (0..MOST).map(|_| Control::default()).collect(),
            filled: Vec::with_capacity(MOST),
            clocks: Clocks::read(),
        }
    }

    pub fn len(&self) -> usize {
        self.filled.len()
    }

    pub fn is_empty(&self) -> bool {
        self.filled.is_empty()
    }

    /// The bytes of a frame, and when its host's kernel put it on the wire.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[u8], Instant)> {
        self.filled
            .iter()
            .zip(&self.bytes)
            .map(|((len, stamp), bytes)| {
                let left = stamp.map_or_else(Instant::now, |stamp| self.clocks.moment(stamp));
                (&bytes[..*len], left)
            })
    }

    /// recvmmsg(2) without waiting. Nothing is there any more when it fails.
    ///
    /// A frame that is longer than any may be (see [`LONGEST_FRAME`]) is left out, which its count tells.
    pub(super) fn receive(&mut self, socket: BorrowedFd<'_>) -> Result<usize, Errno> {
        self.filled.clear();
        // SAFETY: all zeroes are valid `iovec`s and `mmsghdr`s: null pointers of length 0.
        let (mut pieces, mut headers): ([libc::iovec; MOST], [libc::mmsghdr; MOST]) =
            unsafe { (zeroed(), zeroed()) };
        let buffers = self.bytes.iter_mut().zip(&mut self.control);
        for ((piece, header), (bytes, control)) in pieces.iter_mut().zip(&mut headers).zip(buffers)
        {
            // Length 0 ends the messages: what an earlier frame left there is not read again.
            control.0[..size_of::<usize>()].fill(0);
            piece.iov_base = bytes.as_mut_ptr().cast();
            piece.iov_len = bytes.len();
            header.msg_hdr.msg_iov = piece;
            header.msg_hdr.msg_iovlen = 1;
            header.msg_hdr.msg_control = control.0.as_mut_ptr().cast();
            header.msg_hdr.msg_controllen = control.0.len() as _;
        }
        let flags = libc::MSG_DONTWAIT | libc::MSG_TRUNC;
        // SAFETY: `MOST` headers, each pointing to a live piece over a live, writable buffer and to a live, writable
        // control buffer of its own, all with their own lengths; no time limit is asked for.
        let count = check(unsafe {
            let (fd, no_limit) = (socket.as_raw_fd(), std::ptr::null_mut());
            libc::recvmmsg(fd, headers.as_mut_ptr(), MOST as _, flags as _, no_limit)
        })?;
        let count = usize::try_from(count).unwrap_or(0);
        self.clocks = Clocks::read();
        let (mut fitting, mut cut) = (0, 0);
        for (at, header) in headers.iter().enumerate().take(count) {
            let len = header.msg_len as usize;
            if len > LONGEST_FRAME {
                cut += 1;
                continue;
            }
            let stamp = Messages(&self.control[at].0)
                .find(|(level, kind, _)| {
                    (*level, *kind) == (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS)
                })
                .and_then(|(.., bytes)| since_epoch(bytes));
            self.filled.push((len, stamp));
            // Only behind one that was left out.
            if fitting != at {
                self.bytes.swap(fitting, at);
            }
            fitting += 1;
        }
        Ok(cut)
    }

    /// sendmmsg(2) without waiting, from this one on. How many were taken, at least one; an error is about the first.
    pub(super) fn send(&self, socket: BorrowedFd<'_>, from: usize) -> Result<usize, Errno> {
        // SAFETY: all zeroes are valid `iovec`s and `mmsghdr`s: null pointers of length 0.
        let (mut pieces, mut headers): ([libc::iovec; MOST], [libc::mmsghdr; MOST]) =
            unsafe { (zeroed(), zeroed()) };
        let mut count = 0;
        for ((piece, header), (bytes, _)) in pieces
            .iter_mut()
            .zip(&mut headers)
            .zip(self.iter().skip(from))
        {
            piece.iov_base = bytes.as_ptr().cast_mut().cast();
            piece.iov_len = bytes.len();
            header.msg_hdr.msg_iov = piece;
            header.msg_hdr.msg_iovlen = 1;
            count += 1;
        }
        // SAFETY: `count` headers, each pointing to a live piece over a live buffer with its length, which the call
        // only reads.
        let taken = check(unsafe {
            let fd = socket.as_raw_fd();
            libc::sendmmsg(fd, headers.as_mut_ptr(), count, libc::MSG_DONTWAIT as _)
        })?;
        Ok(usize::try_from(taken).unwrap_or(0))
    }
}

impl Default for Frames {
    fn default() -> Frames {
        Frames::new()
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;

    use socket2::{Domain, Socket, Type};

    use super::*;

    /// Messages of a pair of UNIX sockets stand for the frames: the calls are the same, and nothing is stamped.
    #[test]
    fn many_are_read_and_written_in_order_and_one_too_long_is_left_out() {
        let pair = || Socket::pair(Domain::UNIX, Type::DGRAM, None).expect("socketpair");
        let ((here, there), (out, far)) = (pair(), pair());
        let mut frames = Frames::new();
        assert_eq!(frames.receive(there.as_fd()), Err(Errno::EAGAIN));
        for n in 0..5_u8 {
            here.send(&vec![n; usize::from(n) + 1]).expect("send");
            if n == 2 {
                here.send(&[9; LONGEST_FRAME + 1]).expect("send");
            }
        }
        assert_eq!(frames.receive(there.as_fd()), Ok(1));
        let lengths: Vec<_> = frames
            .iter()
            .map(|(bytes, _)| (bytes[0], bytes.len()))
            .collect();
        assert_eq!(lengths, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]);
        assert_eq!(frames.send(out.as_fd(), 2), Ok(3));
        let mut again = Frames::new();
        assert_eq!(again.receive(far.as_fd()), Ok(0));
        let first: Vec<_> = again.iter().map(|(bytes, _)| bytes[0]).collect();
        assert_eq!(first, [2, 3, 4]);
        drop(far);
        assert_eq!(frames.send(out.as_fd(), 0), Err(Errno::ECONNREFUSED));
        assert_eq!(frames.receive(there.as_fd()), Err(Errno::EAGAIN));
        assert!(frames.is_empty());
    }
}
