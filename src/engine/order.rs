//! What the engine is asked, and what it answers. A failed system call is no refusal: it is an event.

use std::fmt;

use tokio::sync::oneshot;

use crate::command::Command;
use crate::journal::By;
use crate::kernel::SysctlRefused;
use crate::tcp::Unavailable;

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
    Sysctl { sysctl: String, why: SysctlRefused },
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
            Refusal::Sysctl { sysctl, why } => match why {
                SysctlRefused::Name => {
                    write!(f, "{sysctl} is no sysctl below net.ipv4, which is what a host of the lab has")
                }
                SysctlRefused::Call { call, errno } => write!(f, "{sysctl}: {call} failed with {errno}"),
            },
            Refusal::Wire(words) => f.write_str(words),
            Refusal::Ended => f.write_str("the engine has ended"),
        }
    }
}
