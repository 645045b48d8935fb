//! A system call as a line tells it: one wording for the log and the ladder.

use crate::journal::Op;
use crate::ui::visible;

/// `shutdown(send)`: the call in finspect's own words, the same in every language of calls.
pub(super) fn expression(op: &Op, ascii: bool) -> String {
    match op {
        Op::Socket { v6: false } => "socket(IPv4)".to_owned(),
        Op::Socket { v6: true } => "socket(IPv6)".to_owned(),
        Op::Bind { addr } => format!("bind({addr})"),
        Op::Listen { backlog } => format!("listen({backlog})"),
        Op::Accept { .. } => "accept()".to_owned(),
        Op::Connect { to: Some(to) } => format!("connect({to})"),
        Op::Connect { to: None } => "connect(AF_UNSPEC)".to_owned(),
        Op::Send {
            asked, oob: false, ..
        } => format!("send({asked})"),
        Op::Send {
            asked, oob: true, ..
        } => format!("send({asked}, MSG_OOB)"),
        Op::Recv { .. } => "recv()".to_owned(),
        Op::Shutdown(how) => format!("shutdown({})", how.word()),
        Op::Close => "close()".to_owned(),
        Op::SetSockOpt { option, value } => {
            format!("setsockopt({option}, {})", visible::text(value, ascii))
        }
        Op::Dup { .. } => "dup()".to_owned(),
        Op::Fork { .. } => "fork()".to_owned(),
        Op::Kill { pid, signal } => format!("kill({pid}, {})", signal.word()),
    }
}
