//! "If now": the forecast of each closing call in one sentence.
//!
//! The rule is `tcp::Forecast`, the situation is the World's; this file finds the words and decides nothing.

use ratatui::style::Style;

use crate::command::Command;
use crate::journal::{Endpoint, EndpointId, Hold, ShutdownHow, World};
use crate::locale::{Locale, Pipe};
use crate::tcp::{Forecast, Outlook, RecvHalf, RstCause, Situation, State};
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
    pub const ALL: [Verb; 5] = [
        Verb::ShutdownSend,
        Verb::ShutdownReceive,
        Verb::ShutdownBoth,
        Verb::Close,
        Verb::Abort,
    ];

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

/// Another name of the same socket whose descriptor is open.
fn open_twin<'a>(world: &'a World, e: &Endpoint) -> Option<&'a Endpoint> {
    e.twins
        .iter()
        .filter_map(|id| world.get(*id))
        .find(|twin| twin.descriptor)
}

/// The forecast of one endpoint, ready to be put into words.
pub struct Forecasts<'a> {
    endpoint: &'a Endpoint,
    situation: Situation,
    forecast: Forecast,
    /// Who keeps the socket open when this descriptor closes.
    twin: Option<String>,
    /// The process that has the descriptor: nothing is called on it, and its end closes it.
    process: Option<u32>,
    peer: String,
    locale: &'a Locale,
}

impl<'a> Forecasts<'a> {
    /// `None`: no such endpoint.
    pub fn of(
        world: &'a World,
        id: EndpointId,
        locale: &'a Locale,
        ascii: bool,
    ) -> Option<Forecasts<'a>> {
        let endpoint = world.get(id)?;
        let peer = match world.facing(id) {
            Some(other) => visible::text(&other.name, ascii).into_owned(),
            None => locale.say(Pipe::ThePeer).into_owned(),
        };
        Some(Forecasts {
            endpoint,
            situation: world.situation(id)?,
            forecast: world.forecast(id)?,
            twin: open_twin(world, endpoint)
                .map(|twin| visible::text(&twin.name, ascii).into_owned()),
            process: match (endpoint.hold, endpoint.descriptor) {
                (Hold::Process { pid }, true) => Some(pid),
                _ => None,
            },
            peer,
            locale,
        })
    }

    pub fn outlook(&self, verb: Verb) -> Outlook {
        match self.process {
            Some(_) => Outlook::NothingToCall,
            None => verb.outlook(&self.forecast),
        }
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
            Outlook::Rst {
                unread,
                unacked,
                why,
            } => self.rst(verb, unread, unacked, why),
            Outlook::NotConnected => self.say(Pipe::IfNotConnected),
            Outlook::DescriptorOnly => {
                let name = self.twin.as_deref().unwrap_or_default();
                self.locale
                    .with(Pipe::IfDescriptorOnly, &[("name", name.into())])
            }
            Outlook::StopsListening => self.say(Pipe::IfStopsListening),
            Outlook::TimeWaitStays => self.say(Pipe::IfTimeWaitStays),
            Outlook::GivesUp => self.say(Pipe::IfGivesUp),
            Outlook::NothingToCall => self.nothing_to_call(),
        }
    }

    fn nothing_to_call(&self) -> String {
        match (self.process, &self.twin, self.endpoint) {
            (Some(pid), ..) => {
                // A process that ends closes its descriptors, as close does.
                let close = self.main_clause(Verb::Close, self.forecast.close);
                let args = [("pid", pid.to_string().into()), ("outlook", close.into())];
                self.locale.with(Pipe::IfInProcess, &args)
            }
            (None, _, e) if e.gone => self.say(Pipe::IfAllOver),
            (None, _, e) if e.hold == Hold::Seen => self.say(Pipe::IfNotOurs),
            (None, Some(twin), _) => self
                .locale
                .with(Pipe::IfHeldElsewhere, &[("name", twin.as_str().into())]),
            (None, None, _) => self.say(Pipe::IfNothingToCall),
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
            // The kernel does not let a process linger that has ended (inet_release).
            (Verb::Close, Some(seconds)) if seconds > 0 && self.process.is_none() => self
                .locale
                .with(Pipe::IfLingers, &[("seconds", seconds.into())]),
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
            let args = [
                ("bytes", unacked.into()),
                ("peer", self.peer.as_str().into()),
            ];
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
        self.locale
            .with(word, &[("peer", self.peer.as_str().into())])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Note, Op};
    use crate::tcp::Sample;
    use crate::ui::panes::story::{Story, reading};

    fn sentences(story: &Story, name: &str) -> [String; 5] {
        let locale = Locale::english();
        let id = story
            .world()
            .by_name(name)
            .map(|e| e.id)
            .expect("the story names it");
        let forecasts = Forecasts::of(story.world(), id, &locale, false).expect("it is known");
        Verb::ALL.map(|verb| forecasts.sentence(verb))
    }

    fn close(story: &Story, name: &str) -> String {
        let [_, _, _, close, _] = sentences(story, name);
        close
    }

    #[test]
    fn an_open_connection() {
        assert_eq!(
            sentences(&Story::pair(), "client"),
            [
                "FIN; what server sends still arrives",
                "nothing crosses the wire; data still arrives and can be read (Linux; Winsock differs)",
                "FIN; new data from server would be answered with RST",
                "FIN; new data from server would be answered with RST",
                "RST",
            ]
        );
        let close = close(&Story::client_alone(), "client");
        assert_eq!(
            close,
            "FIN; new data from the peer would be answered with RST"
        );
    }

    #[test]
    fn a_shut_receiving_half_arms_the_reset() {
        let mut story = Story::pair();
        story.shutdown("client", ShutdownHow::Receive);
        let [send, ..] = sentences(&story, "client");
        assert_eq!(send, "FIN; new data from server would be answered with RST");
    }

    #[test]
    fn bytes_that_wait_are_told_before_they_are_lost() {
        let mut story = Story::pair();
        let queue = Sample {
            outq: Some(40960),
            ..reading(State::Established)
        };
        story
            .reading("client", None, queue)
            .note("client", Note::Waiting { bytes: 59040 });
        let [send, receive, ..] = sentences(&story, "client");
        assert_eq!(
            send,
            "FIN after 40960 bytes; what server sends still arrives; 59040 waiting bytes never reach the kernel"
        );
        assert!(
            !receive.contains("59040"),
            "shutdown receive overtakes nothing"
        );
    }

    #[test]
    fn linger_changes_what_close_does() {
        let mut story = Story::pair();
        story.note("client", Note::Linger { seconds: Some(5) });
        assert_eq!(
            close(&story, "client"),
            "FIN; close waits up to 5 s for its ACK"
        );
        story.note("client", Note::Linger { seconds: Some(0) });
        assert_eq!(
            close(&story, "client"),
            "linger is 0, so RST instead of FIN"
        );
    }

    #[test]
    fn both_ends_have_ended() {
        let mut story = Story::pair();
        story
            .shutdown("server", ShutdownHow::Send)
            .state("server", State::Established, State::FinWait1)
            .state("client", State::Established, State::CloseWait);
        assert_eq!(
            close(&story, "client"),
            "FIN; server has ended too, so its ACK is the last segment"
        );
        story.shutdown("client", ShutdownHow::Send).state(
            "client",
            State::CloseWait,
            State::LastAck,
        );
        assert_eq!(close(&story, "client"), "no segment: both ends have ended");
    }

    #[test]
    fn a_second_descriptor_keeps_the_socket_open() {
        let mut story = Story::pair();
        let twin = story.who("spare");
        story.call("client", Op::Dup { twin: Some(twin) }, Ok(9));
        assert_eq!(
            close(&story, "client"),
            "only this descriptor; spare keeps the socket open"
        );
    }

    #[test]
    fn a_process_is_not_called_and_its_end_is_foretold() {
        let mut story = Story::pair();
        let twin = Some(story.who("worker"));
        story.call("client", Op::Fork { twin, pid: 1234 }, Ok(1234));
        let worker = sentences(&story, "worker");
        assert!(worker.iter().all(|sentence| *sentence == worker[0]));
        assert_eq!(
            worker[0],
            "the descriptor is in process 1234; kill ends it: only this descriptor; client keeps the socket open"
        );
        assert_eq!(
            close(&story, "client"),
            "only this descriptor; worker keeps the socket open"
        );
        story
            .close("client")
            .note("client", Note::Linger { seconds: Some(5) });
        assert_eq!(
            close(&story, "client"),
            "closed here; worker keeps the socket open"
        );
        assert_eq!(
            close(&story, "worker"),
            "the descriptor is in process 1234; kill ends it: FIN; new data from server would be answered with RST"
        );
        let signal = crate::journal::Signal::Kill;
        story.call("worker", Op::Kill { pid: 1234, signal }, Ok(0));
        for name in ["client", "worker"] {
            assert_eq!(
                close(&story, name),
                "no descriptor any more: the kernel finishes alone"
            );
        }
    }

    #[test]
    fn without_a_descriptor_there_is_nothing_to_call() {
        let mut story = Story::pair();
        story
            .close("client")
            .state("client", State::Established, State::FinWait1);
        assert_eq!(
            close(&story, "client"),
            "no descriptor any more: the kernel finishes alone"
        );
        story.gone("client", State::FinWait2);
        assert_eq!(
            close(&story, "client"),
            "no descriptor any more, and nothing left to close"
        );
    }

    #[test]
    fn a_listener_and_an_attempt_to_connect() {
        let mut story = Story::pair();
        story.call("server.listen", Op::Listen { backlog: 128 }, Ok(0));
        story.state("server.listen", State::Closed, State::Listen);
        let [send, _, _, close_it, _] = sentences(&story, "server.listen");
        assert_eq!(send, "returns 0 and changes nothing");
        assert_eq!(
            close_it,
            "stops listening; connections that nobody accepted get a RST"
        );
        let mut story = Story::empty();
        story.call("late", Op::Socket { v6: false }, Ok(5)).state(
            "late",
            State::Closed,
            State::SynSent,
        );
        assert_eq!(
            close(&story, "late"),
            "gives up connecting, without a segment"
        );
    }
}
