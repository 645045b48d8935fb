//! One NETLINK_ROUTE socket (rtnetlink(7)): messages with attributes, and the kernel's answer. It does not know what
//! is asked.

use std::os::fd::AsFd;

use socket2::{Domain, Protocol, Type};

use crate::kernel::linux::call::{self, errno};
use crate::tcp::Errno;

/// `struct nlmsghdr`.
const HEADER: usize = 16;

/// A request: `nlmsghdr`, a fixed part, attributes (`struct rtattr`: length, kind, bytes; begun at multiples of four).
pub struct Message(Vec<u8>);

impl Message {
    /// `flags` beside NLM_F_REQUEST and NLM_F_ACK.
    pub fn new(kind: u16, flags: i32, fixed: &[u8]) -> Message {
        let flags = (flags | libc::NLM_F_REQUEST | libc::NLM_F_ACK) as u16;
        let mut message = Message(vec![0; HEADER]);
        message.0[4..6].copy_from_slice(&kind.to_ne_bytes());
        message.0[6..8].copy_from_slice(&flags.to_ne_bytes());
        message.raw(fixed)
    }

    /// Bytes that are no attribute.
    pub fn raw(mut self, bytes: &[u8]) -> Message {
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self
    }

    /// An attribute; its padding does not count as length.
    pub fn attribute(mut self, kind: u16, bytes: &[u8]) -> Message {
        self.open(4 + bytes.len(), kind);
        self.raw(bytes)
    }

    /// An attribute made of attributes.
    pub fn nested(mut self, kind: u16, fill: impl FnOnce(Message) -> Message) -> Message {
        let at = self.0.len();
        self.open(0, kind);
        let mut message = fill(self);
        let len = (message.0.len() - at) as u16;
        message.0[at..at + 2].copy_from_slice(&len.to_ne_bytes());
        message
    }

    fn open(&mut self, len: usize, kind: u16) {
        self.0.extend_from_slice(&(len as u16).to_ne_bytes());
        self.0.extend_from_slice(&kind.to_ne_bytes());
    }

    /// The whole message, under this sequence number.
    fn numbered(mut self, seq: u32) -> Vec<u8> {
        let len = self.0.len() as u32;
        self.0[..4].copy_from_slice(&len.to_ne_bytes());
        self.0[8..12].copy_from_slice(&seq.to_ne_bytes());
        self.0
    }
}

/// A NETLINK_ROUTE socket; it belongs to the network namespace in which it was opened.
pub struct Route {
    socket: socket2::Socket,
    seq: u32,
}

impl Route {
    pub fn open() -> Result<Route, Errno> {
        let kind = Type::RAW.nonblocking().cloexec();
        let protocol = Some(Protocol::from(libc::NETLINK_ROUTE));
        socket2::Socket::new_raw(Domain::from(libc::AF_NETLINK), kind, protocol)
            .map(|socket| Route { socket, seq: 0 })
            .map_err(errno)
    }

    /// Asks, and returns the kernel's result.
    pub fn ask(&mut self, message: Message) -> Result<(), Errno> {
        self.answer(message).map(drop)
    }

    /// Asks for something: its message, header included; empty where there is a result only. The kernel answers inside
    /// the send, so this never waits.
    pub fn answer(&mut self, message: Message) -> Result<Vec<u8>, Errno> {
        self.seq = self.seq.wrapping_add(1);
        self.socket
            .send(&message.numbered(self.seq))
            .map_err(errno)?;
        // A description of a link is a few KiB long, and nobody reads its end.
        let mut buffer = [0; 4096];
        let mut answer = Vec::new();
        loop {
            let len = call::recv(self.socket.as_fd(), &mut buffer, libc::MSG_DONTWAIT)?;
            match result(&buffer[..len], self.seq) {
                Some(result) => return result.map(|()| answer),
                None => answer = buffer[..len].to_vec(),
            }
        }
    }
}

/// The result of request `seq`, where this is it: NLMSG_ERROR with 0 or an errno, negated. rtnetlink sends one message
/// a datagram, the result last.
fn result(datagram: &[u8], seq: u32) -> Option<Result<(), Errno>> {
    let word = |at: usize| datagram.get(at..)?.first_chunk().copied();
    let kind = u16::from_ne_bytes(datagram.get(4..)?.first_chunk().copied()?);
    let ours = i32::from(kind) == libc::NLMSG_ERROR && u32::from_ne_bytes(word(8)?) == seq;
    let error = i32::from_ne_bytes(word(HEADER)?);
    ours.then_some(match error {
        0 => Ok(()),
        number => Err(Errno(-number)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted_without_their_padding_and_nests_with_it() {
        let bytes = Message::new(16, 0, &[9; 4])
            .nested(18, |link| link.attribute(1, b"veth0").attribute(2, &[1; 4]))
            .numbered(7);
        assert_eq!(bytes.len(), 16 + 4 + 4 + 12 + 8);
        assert_eq!(bytes[..4], (bytes.len() as u32).to_ne_bytes());
        assert_eq!(bytes[8..12], 7_u32.to_ne_bytes());
        assert_eq!(bytes[20..22], 24_u16.to_ne_bytes(), "the nest");
        assert_eq!(bytes[24..26], 9_u16.to_ne_bytes(), "veth0");
        assert_eq!(&bytes[28..36], b"veth0\0\0\0");
        assert_eq!(bytes[36..38], 8_u16.to_ne_bytes());
    }

    #[test]
    fn only_the_result_of_this_request_is_its_result() {
        let mut answer = vec![0; 36];
        answer[4..6].copy_from_slice(&2_u16.to_ne_bytes());
        answer[8..12].copy_from_slice(&5_u32.to_ne_bytes());
        assert_eq!(result(&answer, 5), Some(Ok(())));
        assert_eq!(result(&answer, 6), None);
        answer[16..20].copy_from_slice(&(-1_i32).to_ne_bytes());
        assert_eq!(result(&answer, 5), Some(Err(Errno::EPERM)));
        assert_eq!(result(&answer[..18], 5), None);
        answer[4..6].copy_from_slice(&16_u16.to_ne_bytes());
        assert_eq!(result(&answer, 5), None, "a description");
    }
}
