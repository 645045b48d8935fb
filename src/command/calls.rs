//! The calls that a command makes, as a programmer of four languages writes them. Only spelling; nothing is called.

use super::ask::{Command, ReadMode, SendWhat, Setting};
use crate::journal::ShutdownHow;

/// A language in which a call can be spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// POSIX and Linux, in C.
    #[default]
    Posix,
    Winsock,
    /// std::net and socket2.
    Rust,
    Python,
}

impl Dialect {
    pub const ALL: [Dialect; 4] = [
        Dialect::Posix,
        Dialect::Winsock,
        Dialect::Rust,
        Dialect::Python,
    ];

    /// The word of `calls WORD`.
    pub const fn word(self) -> &'static str {
        match self {
            Dialect::Posix => "posix",
            Dialect::Winsock => "winsock",
            Dialect::Rust => "rust",
            Dialect::Python => "python",
        }
    }

    /// The dialect after this one, in a circle.
    pub const fn next(self) -> Dialect {
        match self {
            Dialect::Posix => Dialect::Winsock,
            Dialect::Winsock => Dialect::Rust,
            Dialect::Rust => Dialect::Python,
            Dialect::Python => Dialect::Posix,
        }
    }
}

/// The calls of a command; empty if it makes none of its own.
pub fn spell(command: &Command, dialect: Dialect) -> &'static str {
    let [posix, winsock, rust, python] = spellings(command);
    match dialect {
        Dialect::Posix => posix,
        Dialect::Winsock => winsock,
        Dialect::Rust => rust,
        Dialect::Python => python,
    }
}

#[rustfmt::skip]
fn spellings(command: &Command) -> [&'static str; 4] {
    match command {
        Command::Listen(_) => [
            "socket(); bind(fd, addr); listen(fd, backlog)", "socket(); bind(s, addr); listen(s, backlog)",
            "TcpListener::bind(addr)", "s.bind(addr); s.listen(backlog)"],
        Command::Connect(_) => [
            "socket(); connect(fd, addr)", "socket(); connect(s, addr)", "TcpStream::connect(addr)", "s.connect(addr)"],
        Command::Accept(_) => ["accept(fd)", "accept(s)", "listener.accept()", "s.accept()"],
        Command::Send(send) => match send.what {
            SendWhat::Oob(_) => [
                "send(fd, &byte, 1, MSG_OOB)", "send(s, &byte, 1, MSG_OOB)", "socket.send_out_of_band(&[byte])",
                "s.send(byte, MSG_OOB)"],
            SendWhat::Text(_) | SendWhat::File(_) | SendWhat::Bytes(_) => [
                "send(fd, data, len, 0)", "send(s, data, len, 0)", "stream.write_all(data)", "s.sendall(data)"],
        },
        Command::Read(ReadMode::On | ReadMode::Bytes(_)) => [
            "recv(fd, buf, len, 0)", "recv(s, buf, len, 0)", "stream.read(&mut buf)", "s.recv(len)"],
        Command::Read(ReadMode::Off) | Command::Save(_) => [""; 4],
        Command::Shutdown(ShutdownHow::Send) => [
            "shutdown(fd, SHUT_WR)", "shutdown(s, SD_SEND)", "stream.shutdown(Shutdown::Write)", "s.shutdown(SHUT_WR)"],
        Command::Shutdown(ShutdownHow::Receive) => [
            "shutdown(fd, SHUT_RD)", "shutdown(s, SD_RECEIVE)", "stream.shutdown(Shutdown::Read)", "s.shutdown(SHUT_RD)"],
        Command::Shutdown(ShutdownHow::Both) => [
            "shutdown(fd, SHUT_RDWR)", "shutdown(s, SD_BOTH)", "stream.shutdown(Shutdown::Both)", "s.shutdown(SHUT_RDWR)"],
        Command::Close => ["close(fd)", "closesocket(s)", "drop(stream)", "s.close()"],
        Command::Abort => [
            "setsockopt(fd, SO_LINGER, {1, 0}); close(fd)", "setsockopt(s, SO_LINGER, {1, 0}); closesocket(s)",
            "socket.set_linger(Some(Duration::ZERO)); drop(socket)", "s.setsockopt(SO_LINGER, (1, 0)); s.close()"],
        // Winsock dissolves an association through connect only for datagrams; Python has no AF_UNSPEC address.
        Command::Disconnect => ["connect(fd, AF_UNSPEC)", "", "libc::connect(fd, AF_UNSPEC)", ""],
        Command::Drain => [
            "shutdown(fd, SHUT_WR); recv() until 0; close(fd)", "shutdown(s, SD_SEND); recv() until 0; closesocket(s)",
            "stream.shutdown(Shutdown::Write); stream.read_to_end(&mut buf); drop(stream)",
            "s.shutdown(SHUT_WR); recv() until b''; s.close()"],
        Command::Set(setting) => option(setting),
        Command::Dup { .. } => ["dup(fd)", "WSADuplicateSocket(s, pid, &info)", "stream.try_clone()", "s.dup()"],
    }
}

/// The names of the options; socket2 spells Rust's. Winsock has no TCP_USER_TIMEOUT (TCP_MAXRT is near) and no TCP_LINGER2.
#[rustfmt::skip]
fn option(setting: &Setting) -> [&'static str; 4] {
    match setting {
        Setting::Linger(_) => [
            "setsockopt(fd, SOL_SOCKET, SO_LINGER)", "setsockopt(s, SOL_SOCKET, SO_LINGER)",
            "socket.set_linger(..)", "s.setsockopt(SOL_SOCKET, SO_LINGER, ..)"],
        Setting::NoDelay(_) => [
            "setsockopt(fd, IPPROTO_TCP, TCP_NODELAY)", "setsockopt(s, IPPROTO_TCP, TCP_NODELAY)",
            "stream.set_nodelay(..)", "s.setsockopt(IPPROTO_TCP, TCP_NODELAY, ..)"],
        Setting::ReuseAddr(_) => [
            "setsockopt(fd, SOL_SOCKET, SO_REUSEADDR)", "setsockopt(s, SOL_SOCKET, SO_REUSEADDR)",
            "socket.set_reuse_address(..)", "s.setsockopt(SOL_SOCKET, SO_REUSEADDR, ..)"],
        Setting::Keepalive(_) => [
            "setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE)", "setsockopt(s, SOL_SOCKET, SO_KEEPALIVE)",
            "socket.set_tcp_keepalive(..)", "s.setsockopt(SOL_SOCKET, SO_KEEPALIVE, ..)"],
        Setting::UserTimeout(_) => [
            "setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT)", "",
            "socket.set_tcp_user_timeout(..)", "s.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, ..)"],
        Setting::TcpLinger2(_) => [
            "setsockopt(fd, IPPROTO_TCP, TCP_LINGER2)", "",
            "libc::setsockopt(fd, IPPROTO_TCP, TCP_LINGER2)", "s.setsockopt(IPPROTO_TCP, TCP_LINGER2, ..)"],
        Setting::RcvBuf(_) => [
            "setsockopt(fd, SOL_SOCKET, SO_RCVBUF)", "setsockopt(s, SOL_SOCKET, SO_RCVBUF)",
            "socket.set_recv_buffer_size(..)", "s.setsockopt(SOL_SOCKET, SO_RCVBUF, ..)"],
        Setting::SndBuf(_) => [
            "setsockopt(fd, SOL_SOCKET, SO_SNDBUF)", "setsockopt(s, SOL_SOCKET, SO_SNDBUF)",
            "socket.set_send_buffer_size(..)", "s.setsockopt(SOL_SOCKET, SO_SNDBUF, ..)"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_directions_in_four_languages() {
        let rows = [
            (ShutdownHow::Send, "SHUT_WR", "SD_SEND", "Shutdown::Write"),
            (
                ShutdownHow::Receive,
                "SHUT_RD",
                "SD_RECEIVE",
                "Shutdown::Read",
            ),
            (ShutdownHow::Both, "SHUT_RDWR", "SD_BOTH", "Shutdown::Both"),
        ];
        for (how, posix, winsock, rust) in rows {
            let command = Command::Shutdown(how);
            assert_eq!(
                spell(&command, Dialect::Posix),
                format!("shutdown(fd, {posix})")
            );
            assert_eq!(
                spell(&command, Dialect::Winsock),
                format!("shutdown(s, {winsock})")
            );
            assert_eq!(
                spell(&command, Dialect::Rust),
                format!("stream.shutdown({rust})")
            );
            assert_eq!(
                spell(&command, Dialect::Python),
                format!("s.shutdown({posix})")
            );
        }
    }

    #[test]
    fn next_goes_through_all_dialects() {
        let mut at = Dialect::default();
        for dialect in Dialect::ALL {
            assert_eq!(at, dialect);
            at = at.next();
        }
        assert_eq!(at, Dialect::default());
    }
}
