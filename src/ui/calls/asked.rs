//! What a command calls, before it is called.

use std::time::Duration;

use super::{Spelling, system};
use crate::command::{
    Command, Connect, HostPort, Keepalive, Listen, ReadMode, SendWhat, Setting, Target,
};
use crate::journal::ShutdownHow;

/// The calls that a command makes, in order and separated by `; `.
///
/// Empty where no socket call is made (`read off`, `save`), or where the language has none.
pub fn spell(command: &Command, spelling: Spelling) -> String {
    match command {
        Command::Listen(listen) => listening(listen, spelling),
        Command::Connect(connect) => connecting(connect, spelling),
        Command::Accept(true) => system::accept(spelling),
        Command::Accept(false) | Command::Read(ReadMode::Off) | Command::Save(_) => String::new(),
        Command::Send(send) => sending(&send.what, spelling),
        Command::Read(ReadMode::On) => system::recv("n", spelling),
        Command::Read(ReadMode::Bytes(n)) => system::recv(&n.to_string(), spelling),
        Command::Shutdown(how) => system::shutdown(*how, spelling),
        Command::Close => system::close(spelling),
        Command::Abort => then(&[system::linger(Some(0), spelling), system::close(spelling)]),
        Command::Disconnect => system::disconnect(spelling),
        Command::Drain => draining(spelling),
        Command::Set(setting) => self::setting(setting, spelling),
        Command::Dup { .. } => system::dup(spelling),
        Command::Fork { .. } => system::fork(spelling),
        Command::Kill => system::kill("pid", spelling),
    }
}

fn then(calls: &[String]) -> String {
    calls.join("; ")
}

fn address(at: &HostPort, spelling: Spelling) -> String {
    system::address(at.host.as_deref().unwrap_or("127.0.0.1"), at.port, spelling)
}

fn listening(listen: &Listen, spelling: Spelling) -> String {
    let at = address(&listen.at, spelling);
    // The standard library binds and listens in one call, and chooses the backlog.
    if spelling == Spelling::Rust && listen.backlog.is_none() {
        return format!("TcpListener::bind({at})");
    }
    then(&[
        system::bind(&at, spelling),
        system::listen(listen.backlog, spelling),
    ])
}

fn connecting(connect: &Connect, spelling: Spelling) -> String {
    let to = match &connect.target {
        Target::Actor(name) => name.clone(),
        Target::Address(at) => address(at, spelling),
    };
    let call = system::connect(&to, spelling);
    match &connect.from {
        Some(from) => then(&[system::bind(&address(from, spelling), spelling), call]),
        None => call,
    }
}

fn sending(what: &SendWhat, spelling: Spelling) -> String {
    match what {
        SendWhat::Text(bytes) => system::send(&bytes.len().to_string(), spelling),
        SendWhat::File(_) => system::send("n", spelling),
        SendWhat::Bytes(n) => system::send(&n.to_string(), spelling),
        SendWhat::Oob(_) => system::send_urgent(spelling),
    }
}

/// The Winsock recipe: tell the peer that no more comes, hear it out, close.
fn draining(spelling: Spelling) -> String {
    let read = system::recv("n", spelling);
    let to_the_end = match spelling {
        Spelling::Posix | Spelling::Winsock => format!("while ({read} > 0)"),
        Spelling::Rust => format!("while {read}? > 0 {{}}"),
        Spelling::Python => format!("while {read}: pass"),
    };
    then(&[
        system::shutdown(ShutdownHow::Send, spelling),
        to_the_end,
        system::close(spelling),
    ])
}

fn setting(setting: &Setting, spelling: Spelling) -> String {
    let number = |on: bool| if on { "1" } else { "0" };
    let socket = |name, value: &str| system::option("SOL_SOCKET", name, value, spelling);
    let tcp = |name, value: &str| system::option("IPPROTO_TCP", name, value, spelling);
    match setting {
        Setting::Linger(seconds) => system::linger(*seconds, spelling),
        Setting::NoDelay(on) if spelling == Spelling::Rust => format!("stream.set_nodelay({on})"),
        Setting::NoDelay(on) => tcp("TCP_NODELAY", number(*on)),
        Setting::ReuseAddr(on) if spelling == Spelling::Rust => {
            format!("socket.set_reuse_address({on})")
        }
        Setting::ReuseAddr(on) => socket("SO_REUSEADDR", number(*on)),
        Setting::Keepalive(None) => socket("SO_KEEPALIVE", "0"),
        Setting::Keepalive(Some(times)) => keepalive(times, spelling),
        // Winsock has neither; its TCP_MAXRT counts seconds and starts elsewhere.
        Setting::UserTimeout(_) | Setting::TcpLinger2(_) if spelling == Spelling::Winsock => {
            String::new()
        }
        Setting::UserTimeout(time) => tcp("TCP_USER_TIMEOUT", &time.as_millis().to_string()),
        Setting::TcpLinger2(time) => tcp("TCP_LINGER2", &seconds(*time)),
        Setting::RcvBuf(bytes) if spelling == Spelling::Rust => {
            format!("socket.set_recv_buffer_size({bytes})")
        }
        Setting::RcvBuf(bytes) => socket("SO_RCVBUF", &bytes.to_string()),
        Setting::SndBuf(bytes) if spelling == Spelling::Rust => {
            format!("socket.set_send_buffer_size({bytes})")
        }
        Setting::SndBuf(bytes) => socket("SO_SNDBUF", &bytes.to_string()),
    }
}

/// Keepalive times and TCP_LINGER2 are whole seconds (tcp(7)).
fn seconds(time: Duration) -> String {
    time.as_secs().to_string()
}

fn keepalive(times: &Keepalive, spelling: Spelling) -> String {
    let tcp = |name, value: &str| system::option("IPPROTO_TCP", name, value, spelling);
    then(&[
        system::option("SOL_SOCKET", "SO_KEEPALIVE", "1", spelling),
        tcp("TCP_KEEPIDLE", &seconds(times.idle)),
        tcp("TCP_KEEPINTVL", &seconds(times.interval)),
        tcp("TCP_KEEPCNT", &times.count.to_string()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Send;

    fn in_all(command: &Command) -> [String; 4] {
        Spelling::ALL.map(|s| spell(command, s))
    }

    #[test]
    fn closing_calls_as_each_language_writes_them() {
        assert_eq!(
            in_all(&Command::Shutdown(ShutdownHow::Send)),
            [
                "shutdown(fd, SHUT_WR)",
                "shutdown(s, SD_SEND)",
                "stream.shutdown(Shutdown::Write)",
                "sock.shutdown(socket.SHUT_WR)"
            ]
        );
        assert_eq!(
            in_all(&Command::Close),
            [
                "close(fd)",
                "closesocket(s)",
                "drop(stream)",
                "sock.close()"
            ]
        );
        assert_eq!(
            in_all(&Command::Abort)[..2],
            [
                "setsockopt(fd, SOL_SOCKET, SO_LINGER, {1, 0}); close(fd)",
                "setsockopt(s, SOL_SOCKET, SO_LINGER, {1, 0}); closesocket(s)"
            ]
        );
        assert_eq!(
            spell(&Command::Drain, Spelling::Winsock),
            "shutdown(s, SD_SEND); while (recv(s, buf, n, 0) > 0); closesocket(s)"
        );
    }

    #[test]
    fn opening_calls_carry_their_addresses() {
        let at = HostPort {
            host: Some("::1".into()),
            port: 6000,
        };
        let connect = Command::Connect(Connect {
            target: Target::Address(at),
            from: None,
            on: None,
            nowait: false,
        });
        assert_eq!(
            in_all(&connect),
            [
                "connect(fd, [::1]:6000)",
                "connect(s, [::1]:6000)",
                "TcpStream::connect(\"[::1]:6000\")",
                "sock.connect((\"::1\", 6000))"
            ]
        );
        let listen = Command::Listen(Listen {
            at: HostPort {
                host: None,
                port: 6000,
            },
            backlog: None,
            on: None,
        });
        assert_eq!(
            in_all(&listen),
            [
                "bind(fd, 127.0.0.1:6000); listen(fd, SOMAXCONN)",
                "bind(s, 127.0.0.1:6000); listen(s, SOMAXCONN)",
                "TcpListener::bind(\"127.0.0.1:6000\")",
                "sock.bind((\"127.0.0.1\", 6000)); sock.listen()"
            ]
        );
    }

    #[test]
    fn data_and_options() {
        let send = Command::Send(Send {
            what: SendWhat::Text(b"Thank you".to_vec()),
            nowait: false,
        });
        assert_eq!(spell(&send, Spelling::Posix), "send(fd, buf, 9, 0)");
        assert_eq!(
            spell(&Command::Read(ReadMode::Bytes(10)), Spelling::Python),
            "sock.recv(10)"
        );
        assert_eq!(spell(&Command::Read(ReadMode::Off), Spelling::Posix), "");
        let nodelay = Command::Set(Setting::NoDelay(true));
        assert_eq!(
            spell(&nodelay, Spelling::Posix),
            "setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1)"
        );
        assert_eq!(spell(&nodelay, Spelling::Rust), "stream.set_nodelay(true)");
        let timeout = Command::Set(Setting::UserTimeout(Duration::from_millis(1500)));
        assert_eq!(in_all(&timeout)[1], "");
        assert_eq!(
            in_all(&timeout)[0],
            "setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 1500)"
        );
    }
}
