//! The commands themselves: plain values that name what is wanted.

use std::path::PathBuf;
use std::time::Duration;

use super::Expect;
use crate::journal::{Host, ShutdownHow};
use crate::tcp::{Flags, Segment};

/// One line of the command language.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `actor: verb arguments`; without an actor the selected endpoint is meant (palette and keys only).
    Do {
        actor: Option<String>,
        command: Command,
    },
    /// `actor: expect FACT`.
    Expect(Expect),
    /// `wire: verb ...`
    Wire(WireCommand),
    /// `lab: verb ...`
    Lab(LabCommand),
    /// `wait TIME`.
    Wait(Duration),
    /// A verb of the screen: palette and keys only, never in a script.
    Screen(Screen),
}

/// A verb of an endpoint.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Listen(Listen),
    Connect(Connect),
    /// `accept on|off`
    Accept(bool),
    Send(Send),
    Read(ReadMode),
    Save(PathBuf),
    Shutdown(ShutdownHow),
    Close,
    /// Linger 0 and close: a RST.
    Abort,
    /// connect(AF_UNSPEC).
    Disconnect,
    /// shutdown send, read to EOF, close: the Winsock recipe.
    Drain,
    Set(Setting),
    /// A second descriptor of the same socket under a new name.
    Dup {
        name: String,
    },
    /// The same in a process of its own, which does nothing else.
    Fork {
        name: String,
    },
    /// SIGKILL to that process.
    Kill,
}

/// `listen [ADDR:]PORT [backlog N]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Without a host: host `b` of the lab, or loopback.
    pub at: HostPort,
    pub backlog: Option<u32>,
    /// `on a|b`
    pub on: Option<Host>,
}

/// `connect TARGET [from [ADDR:]PORT] [on a|b] [nowait]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connect {
    pub target: Target,
    pub from: Option<HostPort>,
    /// `on a|b`
    pub on: Option<Host>,
    /// Go on with the next line at once: SYN-SENT is what the script is about.
    pub nowait: bool,
}

/// Where a connect goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The listener of another actor.
    Actor(String),
    Address(HostPort),
}

/// `[HOST:]PORT`, `[v6]:PORT`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// A name or an address without brackets.
    pub host: Option<String>,
    pub port: u16,
}

impl HostPort {
    /// The host of the lab that it names: `a` and `b` are always the hosts, as in a selector.
    pub fn lab_host(&self) -> Option<Host> {
        lab_host(self.host.as_deref()?)
    }
}

fn lab_host(name: &str) -> Option<Host> {
    Host::ALL.into_iter().find(|host| host.word() == name)
}

/// `send ... [nowait]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    pub what: SendWhat,
    /// Go on with the next line at once.
    pub nowait: bool,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendWhat {
    /// TEXT and `hex ..` alike.
    Text(Vec<u8>),
    File(PathBuf),
    /// So many bytes of a fixed pattern.
    Bytes(u64),
    /// One urgent byte (MSG_OOB).
    Oob(u8),
}

/// `read on|off|N`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadMode {
    On,
    Off,
    /// So many bytes, then off.
    Bytes(u64),
}

/// `set OPTION VALUE`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Seconds; `None` is off.
    Linger(Option<u32>),
    NoDelay(bool),
    ReuseAddr(bool),
    Keepalive(Option<Keepalive>),
    UserTimeout(Duration),
    /// TCP_LINGER2: how long an orphan may stay in FIN-WAIT-2.
    TcpLinger2(Duration),
    RcvBuf(u32),
    SndBuf(u32),
}

/// TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keepalive {
    pub idle: Duration,
    pub interval: Duration,
    pub count: u32,
}

/// A verb of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// `quit`
    Quit,
    /// `suspend`: as Ctrl-Z in a shell.
    Suspend,
    /// `back`: close the overlay, clear the filter; never quits.
    Back,
    /// `help`
    Help,
    /// `palette [TEXT]`: the command line, with TEXT already on it.
    Palette(String),
    /// `filter [TEXT]`: without TEXT, asks for it.
    Filter(Option<String>),
    /// `sort COLUMN|next|reverse`
    Sort(String),
    /// `select next|previous|first|last|page-down|page-up|other|NAME`
    Select(String),
    /// `pane next|previous|list|twin|ladder|diagram|log|data|lesson`
    Pane(String),
    /// `screen connections|ladder|diagram|data|log`
    Show(String),
    /// `scroll up|down|page-up|page-down|top|bottom`
    Scroll(String),
    /// `zoom`: the focused pane over the full screen, and back.
    Zoom,
    /// `follow`: the log stays at its end.
    Follow,
    /// `compose`: write what to send.
    Compose,
    /// `pause`: reading of the selected endpoint off or on.
    Pause,
    /// `again`: a fresh pair.
    Again,
    /// `calls next|posix|winsock|rust|python`: the language in which calls are spelled.
    Calls(String),
    /// `data text|hex|next`
    Data(String),
    /// `copy`: the selected row or line to the terminal's clipboard.
    Copy,
    /// `theme NAME|next`
    Theme(String),
    /// `segment next|previous|first|last|discard`: on the ladder; `discard` asks the wire to drop the selected one.
    Segment(String),
    /// `details`: the whole header of the selected segment, and less again.
    Details,
    /// `time next|compact|spread`: how the ladder shows time that passes.
    Time(String),
    /// `toggle hold|cut`: `wire: hold` or `wire: release`, `wire: cut` or `wire: mend`, whichever changes something.
    Toggle(String),
    /// `motion slower|faster`: `wire: delay` by a step more or less.
    Motion(String),
    /// `lesson next|back|restart|skip|rejoin|list|close`
    Lesson(String),
    /// `answer N`: from 1.
    Answer(u32),
    /// `present`: the screen for a projector, and back.
    Present,
    /// `freeze`: the picture stands, and moves again.
    Freeze,
}

/// A verb of the wire. Its queue holds TCP segments only; everything else always passes.
#[derive(Clone, Debug, PartialEq)]
pub enum WireCommand {
    /// `hold [SEL]`: keep what arrives from now on; what is in flight goes on.
    Hold(Selector),
    /// `step [N]`: pass the first N held, in order of arrival, either direction; the hold stays.
    Step(u32),
    /// `release`: pass all held and stop holding.
    Release,
    /// `drop [N] SEL`: no N: until `clear`.
    Drop {
        count: Option<u32>,
        what: Selector,
    },
    /// `duplicate [N] SEL`
    Duplicate {
        count: Option<u32>,
        what: Selector,
    },
    /// `delay TIME [SEL]`
    Delay {
        time: Duration,
        what: Selector,
    },
    /// `reorder [N]`: the next N segments (default 2) leave in reverse order.
    Reorder(u32),
    /// `loss P% seed N`: P in hundredths of a percent.
    Loss {
        basis_points: u32,
        seed: u64,
    },
    /// `cut`: nothing passes any more, either way.
    Cut,
    Mend,
    /// `stack`: a retransmission of a held segment is held as one of its own, and not counted on it; until `clear`.
    Stack,
    /// `clear`: takes every rule back; what is held passes.
    Clear,
    /// `discard ID`: the segment in flight or held with this number is dropped (the key on a selected segment).
    Discard(u64),
}

/// How many segments `reorder` turns round where no number stands.
pub const REORDERED: u32 = 2;

/// `any | syn | fin | rst | ack | data`, then `from ACTOR|a|b`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    pub kind: SegmentKind,
    /// An endpoint's name (which may be made later) or a host. `a` and `b` are always the hosts.
    pub from: Option<String>,
}

/// Which segments a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    #[default]
    Any,
    /// That bit, whatever else.
    Syn,
    Fin,
    Rst,
    /// No SYN, FIN, RST and no payload.
    Ack,
    /// With payload.
    Data,
}

impl SegmentKind {
    pub const ALL: [SegmentKind; 6] = [
        SegmentKind::Any,
        SegmentKind::Syn,
        SegmentKind::Fin,
        SegmentKind::Rst,
        SegmentKind::Ack,
        SegmentKind::Data,
    ];

    /// As it is written in a selector.
    pub const fn word(self) -> &'static str {
        match self {
            SegmentKind::Any => "any",
            SegmentKind::Syn => "syn",
            SegmentKind::Fin => "fin",
            SegmentKind::Rst => "rst",
            SegmentKind::Ack => "ack",
            SegmentKind::Data => "data",
        }
    }

    pub fn matches(self, segment: &Segment) -> bool {
        let has = |flag| segment.flags.has(flag);
        match self {
            SegmentKind::Any => true,
            SegmentKind::Syn => has(Flags::SYN),
            SegmentKind::Fin => has(Flags::FIN),
            SegmentKind::Rst => has(Flags::RST),
            SegmentKind::Ack => {
                has(Flags::ACK)
                    && segment.len == 0
                    && ![Flags::SYN, Flags::FIN, Flags::RST].into_iter().any(has)
            }
            SegmentKind::Data => segment.len > 0,
        }
    }
}

impl WireCommand {
    /// Which segments the rule is about; `None` where it is about no kind of segments.
    pub fn selector(&self) -> Option<&Selector> {
        match self {
            WireCommand::Hold(what)
            | WireCommand::Drop { what, .. }
            | WireCommand::Duplicate { what, .. }
            | WireCommand::Delay { what, .. } => Some(what),
            WireCommand::Step(_)
            | WireCommand::Release
            | WireCommand::Reorder(_)
            | WireCommand::Loss { .. }
            | WireCommand::Cut
            | WireCommand::Mend
            | WireCommand::Stack
            | WireCommand::Clear
            | WireCommand::Discard(_) => None,
        }
    }
}

impl Selector {
    /// The host that `from` names, also where an endpoint has such a name.
    pub fn host(&self) -> Option<Host> {
        lab_host(self.from.as_deref()?)
    }
}

/// A verb of the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabCommand {
    /// `set SYSCTL VALUE`: both hosts; `net.ipv4.` may be left out.
    Set { sysctl: String, value: String },
    /// `reset`: a fresh world.
    Reset,
    /// `reboot a|b`: the host forgets everything, without a word on the wire.
    Reboot(Host),
}
