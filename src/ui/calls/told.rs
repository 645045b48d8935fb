//! A call that was made, spelled again from the journal.

use std::net::SocketAddr;

use super::{Spelling, system};
use crate::journal::{Call, Op};

/// The call without its result: `shutdown(fd, SHUT_WR)`. Empty where the language has no such call.
pub fn spell_call(call: &Call, spelling: Spelling) -> String {
    match &call.op {
        Op::Socket { v6 } => system::socket(*v6, spelling),
        Op::Bind { addr } => system::bind(&address(*addr, spelling), spelling),
        Op::Listen { backlog } => system::listen(Some(*backlog), spelling),
        Op::Accept { .. } => system::accept(spelling),
        Op::Connect { to: Some(to) } => system::connect(&address(*to, spelling), spelling),
        Op::Connect { to: None } => system::disconnect(spelling),
        Op::Send { oob: true, .. } => system::send_urgent(spelling),
        Op::Send { asked, .. } => system::send(&asked.to_string(), spelling),
        Op::Recv { asked, .. } => system::recv(&asked.to_string(), spelling),
        Op::Shutdown(how) => system::shutdown(*how, spelling),
        Op::Close => system::close(spelling),
        Op::SetSockOpt { option, value } => system::option(level(option), option, value, spelling),
        Op::Dup { .. } => system::dup(spelling),
        Op::Fork { .. } => system::fork(spelling),
        Op::Kill { pid, .. } => system::kill(&pid.to_string(), spelling),
    }
}

fn address(addr: SocketAddr, spelling: Spelling) -> String {
    system::address(&addr.ip().to_string(), addr.port(), spelling)
}

/// Options carry their level in their name.
fn level(option: &str) -> &'static str {
    if option.starts_with("TCP_") {
        "IPPROTO_TCP"
    } else {
        "SOL_SOCKET"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{By, ShutdownHow};

    #[test]
    fn a_made_call_is_spelled_like_an_asked_one() {
        let call = |op| Call {
            op,
            result: Ok(0),
            by: By::Asked,
            blocked_us: None,
        };
        let shutdown = call(Op::Shutdown(ShutdownHow::Both));
        assert_eq!(
            spell_call(&shutdown, Spelling::Winsock),
            "shutdown(s, SD_BOTH)"
        );
        let option = call(Op::SetSockOpt {
            option: "TCP_NODELAY",
            value: "1".into(),
        });
        assert_eq!(
            spell_call(&option, Spelling::Posix),
            "setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, 1)"
        );
        let connect = call(Op::Connect {
            to: Some(([127, 0, 0, 1], 80).into()),
        });
        assert_eq!(
            spell_call(&connect, Spelling::Python),
            "sock.connect((\"127.0.0.1\", 80))"
        );
    }
}
