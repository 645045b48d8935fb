//! The event: one fact, on one lane, at one moment, about at most one endpoint.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::tcp::{Direction, Errno, Explanation, Flags, Sample, Segment, State};

pub use crate::tcp::Host;

/// Microseconds since the journal began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Micros(pub u64);

/// An endpoint's number in its journal: dense, from 0, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndpointId(pub u32);

impl EndpointId {
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The endpoint that an event is about. The name rides along, so that an event can be read alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Who {
    pub id: EndpointId,
    pub name: Arc<str>,
}

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Counts from 1 without gaps.
    pub n: u64,
    pub at: Micros,
    pub who: Option<Who>,
    pub fact: Fact,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// Lane `app`: a system call and its result.
    App(Call),
    /// Lane `kernel`: what the kernel said, or what follows from what it said.
    Kernel(Box<KernelFact>),
    /// Lane `wire`: a segment.
    Wire(WireFact),
    /// Lane `half`: derived by the fold, written for readers, skipped on replay.
    Half(HalfChange),
    /// Lane `script`: an expectation was decided.
    Script {
        expect: String,
        line: u32,
        held: bool,
    },
    /// Lane `note`: what finspect itself has to say.
    Note(Note),
}

/// A system call that returned something other than EAGAIN (a connect in progress counts as not yet returned).
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub op: Op,
    /// What the call returned: bytes, a descriptor, or 0.
    pub result: Result<u64, Errno>,
    pub by: By,
    /// How long the call blocked, microseconds, where that is worth telling (close with linger).
    pub blocked_us: Option<u64>,
}

/// Who asked for the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// A line, a key, or reading and accepting that are on.
    #[default]
    Asked,
    /// The closes at the end of a session or script.
    End,
}

/// The call and its arguments.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    Socket {
        v6: bool,
    },
    Bind {
        addr: SocketAddr,
    },
    Listen {
        backlog: u32,
    },
    /// On the listener; `accepted` is the new endpoint (the result is its descriptor).
    Accept {
        accepted: Option<Who>,
        peer: Option<SocketAddr>,
    },
    /// `None`: connect(AF_UNSPEC).
    Connect {
        to: Option<SocketAddr>,
    },
    Send {
        asked: u64,
        oob: bool,
        data: Payload,
    },
    Recv {
        asked: u64,
        data: Payload,
    },
    Shutdown(ShutdownHow),
    Close,
    SetSockOpt {
        option: &'static str,
        value: String,
    },
    /// dup(2); the result is the new descriptor.
    Dup {
        twin: Option<Who>,
    },
    /// A process of our own that holds a descriptor of the socket and does nothing else; the result is its number.
    Fork {
        twin: Option<Who>,
        pid: u32,
    },
    /// A signal to the process that holds the descriptor.
    Kill {
        pid: u32,
        signal: Signal,
    },
}

/// A signal that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    Kill,
}

impl Signal {
    pub const fn word(self) -> &'static str {
        match self {
            Signal::Kill => "SIGKILL",
        }
    }
}

/// Bytes of a send or recv: what the journal still keeps of them.
#[derive(Clone, Default, PartialEq)]
pub struct Payload(pub Option<Arc<[u8]>>);

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(bytes) => write!(f, "Payload({} bytes)", bytes.len()),
            None => f.write_str("Payload(none)"),
        }
    }
}

impl Payload {
    pub fn of(bytes: &[u8]) -> Payload {
        Payload(Some(bytes.into()))
    }

    pub fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// The second argument of shutdown(2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ShutdownHow {
    Send,
    Receive,
    Both,
}

impl ShutdownHow {
    pub const fn word(self) -> &'static str {
        match self {
            ShutdownHow::Send => "send",
            ShutdownHow::Receive => "receive",
            ShutdownHow::Both => "both",
        }
    }

    pub const fn sends(self) -> bool {
        matches!(self, ShutdownHow::Send | ShutdownHow::Both)
    }

    pub const fn receives(self) -> bool {
        matches!(self, ShutdownHow::Receive | ShutdownHow::Both)
    }
}

/// Where a kernel fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The kernel said so.
    Measured,
    /// It follows from segments seen, by sequence number.
    Captured,
    /// It must have happened between two readings.
    Inferred,
}

impl Source {
    pub const fn word(self) -> &'static str {
        match self {
            Source::Measured => "measured",
            Source::Captured => "captured",
            Source::Inferred => "inferred",
        }
    }
}

/// The addresses of an endpoint and the kernel's own name for its socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tuple {
    pub local: Option<SocketAddr>,
    pub peer: Option<SocketAddr>,
    /// SO_COOKIE, equal to `idiag_cookie`.
    pub cookie: Option<u64>,
    /// The host of the lab whose kernel has the socket; `None`: this machine's own, or not told.
    pub host: Option<Host>,
}

/// What the kernel said about an endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct KernelFact {
    pub source: Source,
    /// The state changed; `None`: only numbers did.
    pub change: Option<(State, State)>,
    /// The reading behind it. An inferred fact has none.
    pub sample: Option<Sample>,
    /// Told once when it becomes known, and again when it changes.
    pub tuple: Option<Tuple>,
    /// The kernel has no such socket any more.
    pub gone: bool,
}

/// A segment on the wire, and what became of it. One segment may be told more than once: held, then passed.
#[derive(Clone, Debug, PartialEq)]
pub struct WireFact {
    /// Which segment: the same number for each telling of one frame, rising in order of arrival. 0: it has no number
    /// and is told once.
    pub id: u64,
    pub from: WireEnd,
    pub to: WireEnd,
    /// The host that sent it; `None` where there are no hosts of ours.
    pub host: Option<Host>,
    pub segment: Segment,
    pub fate: Fate,
    /// When the sender's kernel handed it to the wire. Without hosts of ours there is no wire between the ends: it
    /// arrived at that moment too, and was read later.
    pub left: Micros,
    /// A delayed segment is under way until then; told with `Fate::Held`.
    pub due: Option<Micros>,
    /// Retransmissions of a held segment that were counted on it.
    pub repeats: u32,
    /// It repeats what an earlier segment with this id carried.
    pub repeats_of: Option<u64>,
    /// A copy that the wire made of the segment with this id. Its sender sent that one, once.
    pub copy_of: Option<u64>,
    /// Why its sender sent it, as far as sequence numbers tell. A copy has no sender.
    pub why: Option<Explanation>,
    /// What took it off the wire; told with `Fate::Dropped`.
    pub dropped_by: Option<DropReason>,
    /// It stands for several segments: the kernel would cut it into them behind the point where it was seen (generic
    /// segmentation offload).
    pub gso: bool,
}

impl WireFact {
    /// Data or an acknowledgement as thousands of others: no SYN, FIN or RST, nothing repeated, neither held by a rule
    /// nor lost. Of a flood these may leave first.
    pub fn is_plain(&self) -> bool {
        let flags = self.segment.flags;
        let on_its_way = match self.fate {
            Fate::Passed => true,
            Fate::Held => self.due.is_some(),
            Fate::Dropped | Fate::Duplicated => false,
        };
        on_its_way
            && !flags.has(Flags::SYN)
            && !flags.has(Flags::FIN)
            && !flags.has(Flags::RST)
            && self.repeats == 0
            && self.repeats_of.is_none()
    }
}

/// An endpoint's name where it is known, else an address.
pub type WireEnd = Arc<str>;

/// What became of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    Passed,
    Held,
    Dropped,
    Duplicated,
}

impl Fate {
    pub const fn word(self) -> &'static str {
        match self {
            Fate::Passed => "passed",
            Fate::Held => "held",
            Fate::Dropped => "dropped",
            Fate::Duplicated => "duplicated",
        }
    }
}

/// Which rule took a segment off the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// The cable is cut.
    Cut,
    /// A `drop` rule.
    Rule,
    /// `loss` drew it.
    Loss,
    /// `discard`: this very segment was chosen.
    Discarded,
    /// The queue holds as many octets as it may. No rule asked for it.
    Full,
}

impl DropReason {
    pub const ALL: [DropReason; 5] = [
        DropReason::Cut,
        DropReason::Rule,
        DropReason::Loss,
        DropReason::Discarded,
        DropReason::Full,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            DropReason::Cut => "cut",
            DropReason::Rule => "rule",
            DropReason::Loss => "loss",
            DropReason::Discarded => "discarded",
            DropReason::Full => "full",
        }
    }
}

/// A half moved. Words, because this lane is written for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfChange {
    pub half: Direction,
    pub from: &'static str,
    pub to: &'static str,
    /// Bytes before a queued FIN.
    pub ahead: Option<u64>,
    /// The peer's FIN reached a half that we had shut ourselves.
    pub shut: bool,
}

/// How finspect holds an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hold {
    /// Our descriptor.
    #[default]
    Owned,
    /// A duplicate of another process's descriptor.
    Borrowed,
    /// Known only from the kernel's tables or from packets.
    Seen,
    /// A descriptor in a process of our own that does nothing else.
    Process { pid: u32 },
}

impl Hold {
    pub const fn word(self) -> &'static str {
        match self {
            Hold::Owned => "owned",
            Hold::Borrowed => "borrowed",
            Hold::Seen => "seen",
            Hold::Process { .. } => "process",
        }
    }
}

/// finspect's own remarks. Typed, so that the screen can word them and a fold can use them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Bytes of a send that wait in finspect because the kernel's buffer is full.
    Waiting { bytes: u64 },
    /// Bytes of a send that never reached the kernel: a closing call overtook them, or the connection ended.
    Abandoned { bytes: u64 },
    /// A name is being looked up.
    Resolving { host: String },
    /// Addresses found for a name.
    Resolved {
        host: String,
        addrs: Vec<SocketAddr>,
    },
    /// A name was not found; the resolver's own words.
    Unresolved { host: String, why: String },
    /// What is received goes to this file too.
    Saving { path: String },
    /// A file could not be read or written.
    FileFailed { path: String, why: String },
    /// Reading was switched: `None` off, `Some(None)` on, `Some(Some(n))` n bytes more.
    Reading { mode: Option<Option<u64>> },
    /// Accepting was switched.
    Accepting { on: bool },
    /// A connection could not be taken for lack of descriptors; it waits in the listener's queue.
    OutOfDescriptors { limit: u64 },
    /// SO_LINGER as it was set, so that a forecast knows it.
    Linger { seconds: Option<u32> },
    /// The segments prove one state and the kernel says another, and both stand by it.
    Disagreement { segments: State, kernel: State },
    /// They had disagreed, and do not any more.
    Agreement { state: State },
    /// The wire's rules changed: all that are in force now, as command lines joined by `; ` (`hold fin; drop 1 syn`);
    /// `clear`: none is, and every segment passes at once.
    Wire { rule: String },
    /// So many more frames were dropped by the kernel before they were seen (or, which hardly happens, not taken from
    /// the wire): no loss on the wire. On loopback they reached their receiver all the same.
    WireLost { frames: u64 },
    /// A rule of the wire went away, or the end came, and no segment had met it. As a command's text: `drop 1 rst`.
    WireUnmet { rule: String },
    /// What a verb of the lab came to. `failed`: nothing was changed, and why.
    Lab {
        change: LabChange,
        failed: Option<String>,
    },
    /// The process that held the descriptor is gone, and the descriptor with it; the system's words for how it ended.
    Ended { pid: u32, how: String },
    /// Free words.
    Text(String),
}

/// What changes the lab as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabChange {
    /// A setting of both hosts' kernels; the name as it was written.
    Set { sysctl: String, value: String },
    /// A fresh world: both hosts and the wire anew.
    Reset,
    /// The host forgot everything, without a word on the wire.
    Reboot(Host),
}

impl LabChange {
    pub const fn word(&self) -> &'static str {
        match self {
            LabChange::Set { .. } => "set",
            LabChange::Reset => "reset",
            LabChange::Reboot(_) => "reboot",
        }
    }
}
