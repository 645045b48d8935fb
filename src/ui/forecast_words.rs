//! "If now": the forecast of each closing call in one sentence.
//!
//! The rule is `tcp::Forecast`; this file fills in the situation and finds the words, and decides nothing.

use ratatui::style::Style;

use crate::command::Command;
use crate::journal::{Endpoint, Hold, Role, ShutdownHow, World};
use crate::locale::{Locale, Pipe};
use crate::tcp::{Forecast, Outlook, RecvHalf, RstCause, Sample, Situation, State};
use crate::ui::theme::{Ink, Skin};
use crate::ui::visible;

/// The closing verbs, in the order of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    ShutdownSend,
    ShutdownReceive,
    ShutdownBoth,
    Close,
    Abort,
}

impl Verb {
    pub const ALL: [Verb; 5] =
        [Verb::ShutdownSend, Verb::ShutdownReceive, Verb::ShutdownBoth, Verb::Close, Verb::Abort];

    /// The command that a key or a line makes of it.
    pub const fn command(self) -> Command {
        match self {
            Verb::ShutdownSend => Command::Shutdown(ShutdownHow::Send),
            Verb::ShutdownReceive => Command::Shutdown(ShutdownHow::Receive),
            Verb::ShutdownBoth => Command::Shutdown(ShutdownHow::Both),
            Verb::Close => Command::Close,
            Verb::Abort => Command::Abort,
        }
    }

    /// Its row of the forecast.
    pub const fn outlook(self, forecast: &Forecast) -> Outlook {
        match self {
            Verb::ShutdownSend => forecast.shutdown_send,
            Verb::ShutdownReceive => forecast.shutdown_receive,
            Verb::ShutdownBoth => forecast.shutdown_both,
            Verb::Close => forecast.close,
            Verb::Abort => forecast.abort,
        }
    }

    /// Its name on the screen.
    pub const fn name(self) -> Pipe {
        match self {
            Verb::ShutdownSend => Pipe::VerbShutdownSend,
            Verb::ShutdownReceive => Pipe::VerbShutdownReceive,
            Verb::ShutdownBoth => Pipe::VerbShutdownBoth,
            Verb::Close => Pipe::VerbClose,
            Verb::Abort => Pipe::VerbAbort,
        }
    }
}

/// What is known about an endpoint now.
pub fn situation(world: &World, e: &Endpoint) -> Situation {
    let sample = e.sample.as_ref().map(|(_, sample)| sample);
    let queued = |f: fn(&Sample) -> Option<u64>| sample.and_then(f).unwrap_or(0);
    Situation {
        state: e.state,
        send: e.send,
        receive: e.receive,
        unread: queued(Sample::unread),
        unacked: queued(Sample::unacked) + queued(Sample::unsent),
        waiting: e.waiting,
        linger: e.linger,
        shared: open_twin(world, e).is_some(),
        descriptor: e.descriptor && e.hold != Hold::Seen,
    }
}

/// Another name of the same socket whose descriptor is open.
fn open_twin<'a>(world: &'a World, e: &Endpoint) -> Option<&'a Endpoint> {
    e.twins.iter().filter_map(|id| world.get(*id)).find(|twin| twin.descriptor)
}

/// The forecast of one endpoint, ready to be put into words.
pub struct Forecasts<'a> {
    endpoint: &'a Endpoint,
    situation: Situation,
    forecast: Forecast,
    twin: Option<&'a Endpoint>,
    peer: String,
    locale: &'a Locale,
}

impl<'a> Forecasts<'a> {
    pub fn of(world: &'a World, endpoint: &'a Endpoint, locale: &'a Locale, ascii: bool) -> Forecasts<'a> {
        let situation = situation(world, endpoint);
        let peer = match world.facing(endpoint.id) {
            Some(other) => visible::text(&other.name, ascii).into_owned(),
            None => locale.say(Pipe::ThePeer).into_owned(),
        };
        Forecasts {
            endpoint,
            situation,
            forecast: Forecast::of(&situation),
            twin: open_twin(world, endpoint),
            peer,
            locale,
        }
    }

    pub fn outlook(&self, verb: Verb) -> Outlook {
        verb.outlook(&self.forecast)
    }

    /// What the call would do now, without the verb: `FIN after 40960 bytes`.
    pub fn sentence(&self, verb: Verb) -> String {
        let outlook = self.outlook(verb);
        let mut sentence = self.main_clause(verb, outlook);
        if self.situation.waiting > 0 && overtakes(verb, outlook) {
            sentence += &self.with(Pipe::IfWaitingLost, self.situation.waiting);
        }
        sentence
    }

    fn main_clause(&self, verb: Verb, outlook: Outlook) -> String {
        match outlook {
            Outlook::Fin { behind } => self.fin(behind) + &self.after_fin(verb),
            Outlook::NoSegment => self.no_segment(verb),
            Outlook::Local => self.local(verb),
            Outlook::Rst { unread, unacked, why } => self.rst(verb, unread, unacked, why),
            Outlook::NotConnected => self.say(Pipe::IfNotConnected),
            Outlook::DescriptorOnly => {
                let name = self.twin.map_or("", |twin| &*twin.name);
                self.locale.with(Pipe::IfDescriptorOnly, &[("name", visible::text(name, true).into_owned().into())])
            }
            Outlook::StopsListening => self.say(Pipe::IfStopsListening),
            Outlook::TimeWaitStays => self.say(Pipe::IfTimeWaitStays),
            Outlook::GivesUp => self.say(Pipe::IfGivesUp),
            Outlook::NothingToCall => self.say(Pipe::IfNothingToCall),
        }
    }

    fn fin(&self, behind: u64) -> String {
        match behind {
            0 => self.say(Pipe::IfFin),
            _ => self.with(Pipe::IfFinAfter, behind),
        }
    }

    /// What follows from a FIN of ours. With the receiving half shut too, tcp_rcv_state_process answers new data
    /// with a RST; the same holds for an orphan (RFC 9293, section 3.10.7.4, "RCVD data after close").
    fn after_fin(&self, verb: Verb) -> String {
        let peer_done = self.situation.receive.fin_seen();
        let deaf = verb != Verb::ShutdownSend || self.situation.receive == RecvHalf::Shut;
        match (verb, self.situation.linger) {
            (Verb::Close, Some(seconds)) if seconds > 0 => {
                self.locale.with(Pipe::IfLingers, &[("seconds", seconds.into())])
            }
            _ if peer_done => self.about_peer(Pipe::IfLastAck),
            _ if deaf => self.about_peer(Pipe::IfDataIsReset),
            _ => self.about_peer(Pipe::IfReceivesOn),
        }
    }

    fn no_segment(&self, verb: Verb) -> String {
        let over = self.endpoint.state == State::Closed;
        let peer_done = self.situation.receive.fin_seen();
        match verb {
            _ if over => self.say(Pipe::IfOver),
            Verb::ShutdownSend => self.say(Pipe::IfFinAlready),
            Verb::ShutdownReceive | Verb::ShutdownBoth | Verb::Close | Verb::Abort if peer_done => {
                self.say(Pipe::IfBothFinsOut)
            }
            Verb::Close | Verb::Abort => self.about_peer(Pipe::IfOrphan),
            Verb::ShutdownReceive | Verb::ShutdownBoth => self.about_peer(Pipe::IfDeaf),
        }
    }

    fn local(&self, verb: Verb) -> String {
        match verb {
            // inet_shutdown on a listener with SHUT_WR returns 0 and does nothing.
            Verb::ShutdownSend => self.say(Pipe::IfNoEffect),
            _ if self.situation.receive.fin_seen() => self.say(Pipe::IfPeerEnded),
            _ if self.situation.send.closed() => self.about_peer(Pipe::IfDeaf),
            _ => self.say(Pipe::IfLocal),
        }
    }

    fn rst(&self, verb: Verb, unread: u64, unacked: u64, why: RstCause) -> String {
        let mut sentence = match why {
            RstCause::Unread => self.with(Pipe::IfRstUnread, unread),
            RstCause::LingerZero if verb == Verb::Close => self.say(Pipe::IfRstLinger),
            RstCause::LingerZero => self.say(Pipe::IfRst),
        };
        if unread > 0 && why != RstCause::Unread {
            sentence += &self.with(Pipe::IfUnreadLost, unread);
        }
        if unacked > 0 {
            let args = [("bytes", unacked.into()), ("peer", self.peer.as_str().into())];
            sentence += &self.locale.with(Pipe::IfUnackedLost, &args);
        }
        sentence
    }

    fn say(&self, word: Pipe) -> String {
        self.locale.say(word).into_owned()
    }

    fn with(&self, word: Pipe, bytes: u64) -> String {
        self.locale.with(word, &[("bytes", bytes.into())])
    }

    fn about_peer(&self, word: Pipe) -> String {
        self.locale.with(word, &[("peer", self.peer.as_str().into())])
    }

    /// What the endpoint's role makes pointless to show: a listener has no halves.
    pub fn verbs(&self) -> &'static [Verb] {
        match self.endpoint.role {
            Role::Listener => &[Verb::ShutdownReceive, Verb::Close],
            Role::Fresh | Role::Client | Role::Server => &Verb::ALL,
        }
    }
}

/// Bytes that still wait in finspect never reach the kernel once this call ends the sending half.
fn overtakes(verb: Verb, outlook: Outlook) -> bool {
    verb != Verb::ShutdownReceive
        && match outlook {
            Outlook::Fin { .. } | Outlook::Rst { .. } => true,
            Outlook::NoSegment
            | Outlook::Local
            | Outlook::NotConnected
            | Outlook::DescriptorOnly
            | Outlook::StopsListening
            | Outlook::TimeWaitStays
            | Outlook::GivesUp
            | Outlook::NothingToCall => false,
        }
}

/// How loud a forecast is drawn.
pub fn style(outlook: Outlook, skin: Skin) -> Style {
    skin.style(match outlook {
        Outlook::Rst { .. } => Ink::Broken,
        Outlook::NotConnected | Outlook::NothingToCall => Ink::Greyed,
        Outlook::Fin { .. }
        | Outlook::NoSegment
        | Outlook::Local
        | Outlook::DescriptorOnly
        | Outlook::StopsListening
        | Outlook::TimeWaitStays
        | Outlook::GivesUp => Ink::Text,
    })
}
