//! What the engine is asked, and what it answers. A failed system call is no refusal: it is an event.

use std::fmt;

use tokio::sync::oneshot;

use crate::command::{Command, nearest_sysctl};
use crate::journal::By;
use crate::kernel::SysctlRefused;
use crate::tcp::{Errno, Unavailable};

/// How an order relates to what the endpoint is doing already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The calls of one actor run in order, as in a blocking program.
    Script,
    /// A key never waits: a closing call overtakes an unfinished send.
    Key,
}

/// One order for one actor.
#[derive(Debug)]
pub(super) struct Order {
    pub actor: String,
    pub command: Command,
    pub pace: Pace,
    pub reply: Answer,
}

/// What a socket's task is told.
#[derive(Debug)]
pub(super) enum Job {
    Do {
        command: Command,
        pace: Pace,
        reply: Answer,
    },
    /// The close at the end of a session or script.
    End { reply: Answer },
}

impl Job {
    pub(super) const fn by(&self) -> By {
        match self {
            Job::Do { .. } => By::Asked,
            Job::End { .. } => By::End,
        }
    }
}

/// Where the answer is awaited.
pub type Reply = oneshot::Receiver<Outcome>;

/// The way back to whoever asked. Nobody needs to listen.
#[derive(Debug)]
pub(super) struct Answer(pub Option<oneshot::Sender<Outcome>>);

impl Answer {
    pub(super) fn new() -> (Answer, Reply) {
        let (tell, reply) = oneshot::channel();
        (Answer(Some(tell)), reply)
    }

    /// Somebody still waits for it.
    pub(super) fn awaited(&self) -> bool {
        self.0.as_ref().is_some_and(|tell| !tell.is_closed())
    }

    /// The first answer counts.
    pub(super) fn give(&mut self, outcome: Outcome) {
        if let Some(tell) = self.0.take() {
            // The asker may have gone on long ago.
            let _ = tell.send(outcome);
        }
    }
}

/// When a line is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The call returned, by success or by errno.
    Done,
    /// A connect that is not decided after its time; it goes on.
    Pending,
    /// No call could be made.
    Refused(Refusal),
}

/// Why there was nothing to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No actor of this name.
    NoSuchActor { actor: String },
    /// The actor listens, and nobody has connected yet.
    NoConnectionYet { actor: String },
    /// Our descriptor is closed; what is left of the connection is the kernel's alone.
    NoDescriptor { actor: String },
    /// `connect NAME` to an actor that has no listening socket.
    NotListening { actor: String },
    /// The name has been used; names are never used again.
    NameTaken { name: String },
    /// The verb makes no sense for this kind of socket.
    WrongKind { actor: String, verb: &'static str },
    /// The descriptor is in a process of its own, which makes no call.
    InProcess { actor: String, pid: u32 },
    /// `kill` of an actor whose descriptor no process of its own holds.
    NoProcess { actor: String },
    /// No process could be made to hold a descriptor.
    NoFork(Unavailable),
    /// There is no lab in this session.
    NoLab,
    /// The lab could not be made anew.
    LabRefused { why: String, remedy: String },
    /// A sysctl of the hosts was not set.
    /// `stays`: what it is all the same, where it can be read.
    Sysctl {
        sysctl: String,
        value: String,
        stays: Option<String>,
        why: SysctlRefused,
    },
    /// The wire has nothing to do it with; its own sentence.
    Wire(String),
    /// The engine has ended.
    Ended,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoSuchActor { actor } => write!(f, "there is no endpoint named {actor}"),
            Refusal::NoConnectionYet { actor } => {
                write!(f, "{actor} listens, but nobody has connected to it yet")
            }
            Refusal::NoDescriptor { actor } => {
                write!(
                    f,
                    "{actor} has no descriptor any more, so there is nothing to call"
                )
            }
            Refusal::NotListening { actor } => write!(f, "{actor} has no listening socket"),
            Refusal::NameTaken { name } => {
                write!(
                    f,
                    "the name {name} has been used, and a name is never used again"
                )
            }
            Refusal::WrongKind { actor, verb } => {
                write!(f, "{verb} has no meaning for {actor}")
            }
            Refusal::InProcess { actor, pid } => {
                write!(f, "{actor}'s descriptor is in process {pid}; `{actor}: kill` ends it")
            }
            Refusal::NoProcess { actor } => {
                write!(f, "no process of its own holds {actor}, so there is nothing to kill")
            }
            Refusal::NoFork(Unavailable { why, remedy }) => {
                write!(f, "no process: {why}; {remedy}")
            }
            Refusal::NoLab => f.write_str(
                "there is no lab here, so there is no wire and no host; see finspect doctor for the reason",
            ),
            Refusal::LabRefused { why, remedy } => write!(f, "no lab: {why}; {remedy}"),
            Refusal::Sysctl {
                sysctl,
                value,
                stays,
                why,
            } => {
                write_sysctl(f, sysctl, value, why)?;
                let stays = stays.as_ref().filter(|_| *why != SysctlRefused::Name);
                stays.map_or(Ok(()), |stays| write!(f, "; it stays {}", stays.replace('\t', " ")))
            }
            Refusal::Wire(words) => f.write_str(words),
            Refusal::Ended => f.write_str("the engine has ended"),
        }
    }
}

/// Why a setting was not set, and what to do instead.
fn write_sysctl(
    f: &mut fmt::Formatter<'_>,
    sysctl: &str,
    value: &str,
    why: &SysctlRefused,
) -> fmt::Result {
    let name = sysctl.strip_prefix("net.ipv4.").unwrap_or(sysctl);
    match why {
        SysctlRefused::Name => write!(
            f,
            "{sysctl} is no setting below net.ipv4, and a host of the lab takes no other: \
             `ls /proc/sys/net/ipv4` lists them"
        ),
        SysctlRefused::Call {
            errno: Errno::ENOENT,
            ..
        } => {
            write!(
                f,
                "a host of the lab has no net.ipv4.{name} (ENOENT): this kernel does not know it, or has it for \
                 the whole machine alone; `ls /proc/sys/net/ipv4` lists what it knows"
            )?;
            nearest_sysctl(name).map_or(Ok(()), |near| write!(f, "; did you mean `{near}`?"))
        }
        SysctlRefused::Call {
            call: "open",
            errno: Errno::EISDIR,
        } => write!(
            f,
            "net.ipv4.{name} is a folder of settings (EISDIR): name one below it"
        ),
        SysctlRefused::Call {
            errno: errno @ (Errno::EACCES | Errno::EPERM),
            ..
        } => write!(
            f,
            "the kernel lets net.ipv4.{name} be read, not set ({errno}): leave the line out"
        ),
        SysctlRefused::Call {
            errno: Errno::EROFS,
            ..
        } => f.write_str(
            "/proc/sys is read-only here (EROFS), as in a container: run finspect outside of it, or let /proc/sys \
             be written",
        ),
        SysctlRefused::Call { call, errno } => write!(
            f,
            "the kernel does not take `{value}` for net.ipv4.{name} ({call}: {errno}): `man 7 tcp` says what it takes"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sysctl: &str, call: &'static str, errno: Errno, stays: Option<&str>) -> String {
        let why = SysctlRefused::Call { call, errno };
        let refusal = Refusal::Sysctl {
            sysctl: sysctl.to_owned(),
            value: "9".to_owned(),
            stays: stays.map(str::to_owned),
            why,
        };
        refusal.to_string()
    }

    #[test]
    fn a_setting_that_was_not_set_is_told_with_errno_and_remedy() {
        let rows = [
            (
                said("net.ipv4.tcp_fin_timout", "open", Errno::ENOENT, None),
                ["net.ipv4.tcp_fin_timout (ENOENT)", "`tcp_fin_timeout`?"],
            ),
            (
                said("tcp_rfc1337", "write", Errno::EINVAL, Some("0")),
                ["`9` for net.ipv4.tcp_rfc1337 (write: EINVAL)", "it stays 0"],
            ),
            (
                said("tcp_rfc1337", "open", Errno::EROFS, Some("0")),
                ["read-only here (EROFS)", "run finspect outside"],
            ),
            (
                said("tcp_a", "write", Errno::EPERM, None),
                ["not set (EPERM)", "leave the line out"],
            ),
            (
                said("conf", "open", Errno::EISDIR, None),
                ["a folder", "name one below it"],
            ),
        ];
        for (said, words) in rows {
            assert!(words.iter().all(|w| said.contains(w)), "{said}");
        }
    }

    #[test]
    fn an_answer_knows_whether_anybody_waits() {
        let (mut answer, reply) = Answer::new();
        assert!(answer.awaited());
        drop(reply);
        assert!(!answer.awaited());
        let (mut given, _reply) = Answer::new();
        given.give(Outcome::Done);
        assert!(!given.awaited());
        answer.give(Outcome::Done);
    }
}
