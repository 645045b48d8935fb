//! One function for each system call: how each language writes it.
//!
//! An empty text means that the language has no such call of its own.

use super::Spelling::{self, *};
use crate::journal::ShutdownHow;

pub(super) fn socket(v6: bool, spelling: Spelling) -> String {
    match (spelling, v6) {
        (Posix | Winsock, false) => "socket(AF_INET, SOCK_STREAM, 0)",
        (Posix | Winsock, true) => "socket(AF_INET6, SOCK_STREAM, 0)",
        (Rust, false) => "Socket::new(Domain::IPV4, Type::STREAM, None)",
        (Rust, true) => "Socket::new(Domain::IPV6, Type::STREAM, None)",
        (Python, false) => "socket.socket(socket.AF_INET)",
        (Python, true) => "socket.socket(socket.AF_INET6)",
    }
    .to_owned()
}

/// An address as C, Rust and Python write it.
pub(super) fn address(host: &str, port: u16, spelling: Spelling) -> String {
    let bracketed = if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    };
    match spelling {
        Posix | Winsock => bracketed,
        Rust => format!("\"{bracketed}\""),
        Python => format!("(\"{host}\", {port})"),
    }
}

pub(super) fn bind(address: &str, spelling: Spelling) -> String {
    match spelling {
        Posix => format!("bind(fd, {address})"),
        Winsock => format!("bind(s, {address})"),
        Rust => format!("socket.bind({address})"),
        Python => format!("sock.bind({address})"),
    }
}

pub(super) fn listen(backlog: Option<u32>, spelling: Spelling) -> String {
    let n = backlog.map(|n| n.to_string());
    let n = n.as_deref();
    match spelling {
        Posix => format!("listen(fd, {})", n.unwrap_or("SOMAXCONN")),
        Winsock => format!("listen(s, {})", n.unwrap_or("SOMAXCONN")),
        Rust => format!("socket.listen({})", n.unwrap_or("128")),
        Python => format!("sock.listen({})", n.unwrap_or_default()),
    }
}

pub(super) fn accept(spelling: Spelling) -> String {
    match spelling {
        Posix => "accept(fd, NULL, NULL)",
        Winsock => "accept(s, NULL, NULL)",
        Rust => "listener.accept()",
        Python => "sock.accept()",
    }
    .to_owned()
}

pub(super) fn connect(address: &str, spelling: Spelling) -> String {
    match spelling {
        Posix => format!("connect(fd, {address})"),
        Winsock => format!("connect(s, {address})"),
        Rust => format!("TcpStream::connect({address})"),
        Python => format!("sock.connect({address})"),
    }
}

/// connect(AF_UNSPEC): Winsock and Python refuse that address family for a stream socket.
pub(super) fn disconnect(spelling: Spelling) -> String {
    match spelling {
        Posix => "connect(fd, AF_UNSPEC)",
        Rust => "libc::connect(fd, AF_UNSPEC)",
        Winsock | Python => "",
    }
    .to_owned()
}

/// `n`: how many bytes, in digits or as a name.
pub(super) fn send(n: &str, spelling: Spelling) -> String {
    match spelling {
        Posix => format!("send(fd, buf, {n}, 0)"),
        Winsock => format!("send(s, buf, {n}, 0)"),
        Rust => "stream.write(&buf)".to_owned(),
        Python => "sock.send(buf)".to_owned(),
    }
}

pub(super) fn send_urgent(spelling: Spelling) -> String {
    match spelling {
        Posix => "send(fd, buf, 1, MSG_OOB)",
        Winsock => "send(s, buf, 1, MSG_OOB)",
        Rust => "socket.send_out_of_band(&buf)",
        Python => "sock.send(buf, socket.MSG_OOB)",
    }
    .to_owned()
}

pub(super) fn recv(n: &str, spelling: Spelling) -> String {
    match spelling {
        Posix => format!("recv(fd, buf, {n}, 0)"),
        Winsock => format!("recv(s, buf, {n}, 0)"),
        Rust => "stream.read(&mut buf)".to_owned(),
        Python => format!("sock.recv({n})"),
    }
}

pub(super) fn shutdown(how: ShutdownHow, spelling: Spelling) -> String {
    use ShutdownHow::{Both, Receive, Send};
    match (spelling, how) {
        (Posix, Send) => "shutdown(fd, SHUT_WR)",
        (Posix, Receive) => "shutdown(fd, SHUT_RD)",
        (Posix, Both) => "shutdown(fd, SHUT_RDWR)",
        (Winsock, Send) => "shutdown(s, SD_SEND)",
        (Winsock, Receive) => "shutdown(s, SD_RECEIVE)",
        (Winsock, Both) => "shutdown(s, SD_BOTH)",
        (Rust, Send) => "stream.shutdown(Shutdown::Write)",
        (Rust, Receive) => "stream.shutdown(Shutdown::Read)",
        (Rust, Both) => "stream.shutdown(Shutdown::Both)",
        (Python, Send) => "sock.shutdown(socket.SHUT_WR)",
        (Python, Receive) => "sock.shutdown(socket.SHUT_RD)",
        (Python, Both) => "sock.shutdown(socket.SHUT_RDWR)",
    }
    .to_owned()
}

pub(super) fn close(spelling: Spelling) -> String {
    match spelling {
        Posix => "close(fd)",
        Winsock => "closesocket(s)",
        Rust => "drop(stream)",
        Python => "sock.close()",
    }
    .to_owned()
}

pub(super) fn linger(seconds: Option<u32>, spelling: Spelling) -> String {
    let on = u8::from(seconds.is_some());
    let s = seconds.unwrap_or(0);
    match spelling {
        Posix => format!("setsockopt(fd, SOL_SOCKET, SO_LINGER, {{{on}, {s}}})"),
        Winsock => format!("setsockopt(s, SOL_SOCKET, SO_LINGER, {{{on}, {s}}})"),
        Rust => match seconds {
            Some(s) => format!("socket.set_linger(Some(Duration::from_secs({s})))"),
            None => "socket.set_linger(None)".to_owned(),
        },
        Python => format!(
            "sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(\"ii\", {on}, {s}))"
        ),
    }
}

/// An option whose value is a number. Rust's spelling is the call itself, since its libraries name each option apart.
pub(super) fn option(level: &str, name: &str, value: &str, spelling: Spelling) -> String {
    match spelling {
        Posix => format!("setsockopt(fd, {level}, {name}, {value})"),
        Winsock => format!("setsockopt(s, {level}, {name}, {value})"),
        Rust => format!("libc::setsockopt(fd, {level}, {name}, {value})"),
        Python => format!("sock.setsockopt(socket.{level}, socket.{name}, {value})"),
    }
}

pub(super) fn dup(spelling: Spelling) -> String {
    match spelling {
        Posix => "dup(fd)",
        Winsock => "WSADuplicateSocket(s, pid, &info)",
        Rust => "stream.try_clone()",
        Python => "sock.dup()",
    }
    .to_owned()
}

/// Winsock shares a socket with a process that was started for it.
pub(super) fn fork(spelling: Spelling) -> String {
    match spelling {
        Posix => "fork()",
        Winsock => "WSADuplicateSocket(s, pid, &info)",
        Rust => "libc::fork()",
        Python => "os.fork()",
    }
    .to_owned()
}

/// `pid`: the process's number in digits or as a name.
pub(super) fn kill(pid: &str, spelling: Spelling) -> String {
    match spelling {
        Posix => format!("kill({pid}, SIGKILL)"),
        Winsock => "TerminateProcess(process, 1)".to_owned(),
        Rust => format!("libc::kill({pid}, libc::SIGKILL)"),
        Python => format!("os.kill({pid}, signal.SIGKILL)"),
    }
}
