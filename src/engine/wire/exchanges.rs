//! Exchanges of segments, written down one a line, with the two states and the explanation that must follow.
//!
//! ```text
//! a S 0 >            a segment leaves host a and is delivered at once; without `>` it stays on the wire
//! b PA 1 +5 ack 1    sequence number 1, 5 octets, acknowledges 1; `win N` tells the window
//! > 2                segment 2 is delivered (now, again, or at last)
//! close a            a's application closes its sending half; `second`: its kernel had taken b's FIN before
//!                    | the state of a, of b | why it was sent
//! ```
//! Numbers are relative. The initial ones are chosen so that both sequence spaces wrap within a few octets.

use std::collections::HashMap;
use std::net::SocketAddr;

use super::{Capture, End, Moved, Proven, Turn};
use crate::journal::Micros;
use crate::tcp::{Cause, Explanation, Flags, Packet, Seq, State};

const ISN: [u32; 2] = [u32::MAX - 3, u32::MAX];

fn ends() -> [End; 2] {
    let address = |text: &str| -> SocketAddr { text.parse().expect("an address") };
    let (a, b) = (address("198.51.100.1:40000"), address("198.51.100.2:6000"));
    [End { local: a, peer: b }, End { local: b, peer: a }]
}

struct Exchange {
    capture: Capture,
    isn: [u32; 2],
    packets: HashMap<u64, Packet>,
    next_id: u64,
    /// What the last line moved.
    moved: Vec<Moved>,
    /// A millisecond for each line.
    now: Micros,
    /// Why each segment was sent.
    why: HashMap<u64, Explanation>,
    /// For each segment: what it repeats.
    repeats_of: HashMap<u64, Option<u64>>,
}

impl Exchange {
    fn begin() -> Exchange {
        Exchange {
            capture: Capture::default(),
            isn: ISN,
            packets: HashMap::new(),
            next_id: 1,
            moved: Vec::new(),
            now: Micros(0),
            why: HashMap::new(),
            repeats_of: HashMap::new(),
        }
    }

    /// After the three segments of a handshake, all delivered: numbers 1 to 3.
    fn open() -> Exchange {
        let mut exchange = Exchange::begin();
        exchange.goes(
            "a S 0 >          | SYN-SENT -            | Syn
             b SA 0 ack 1 >   | ESTABLISHED SYN-RECEIVED | SynAck
             a A 1 ack 1 >    | ESTABLISHED ESTABLISHED  | AckOfSyn",
        );
        exchange
    }

    fn goes(&mut self, story: &str) -> &mut Exchange {
        for line in story.lines().map(str::trim) {
            let mut columns = line.split('|').map(str::trim);
            let (what, states, why) = (columns.next(), columns.next(), columns.next());
            let id = self.next_id;
            self.line(what.expect("a line"));
            if let Some(states) = states {
                assert_eq!(self.states(), states, "after: {line}");
            }
            if let Some(why) = why {
                assert_eq!(format!("{:?}", self.why[&id]), why, "of: {line}");
            }
        }
        self
    }

    fn line(&mut self, line: &str) {
        self.now.0 += 1000;
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            [">", id] => self.deliver(id.parse().expect("a number")),
            ["close", end] => self.capture.queues_fin(ends()[side(end)], Turn::First),
            ["close", end, "second"] => self.capture.queues_fin(ends()[side(end)], Turn::Second),
            [end, flags, seq, ref rest @ ..] => {
                let id = self.send(side(end), flags, number(seq), rest);
                if rest.last() == Some(&">") {
                    let before = std::mem::take(&mut self.moved);
                    self.deliver(id);
                    self.moved.splice(0..0, before);
                }
            }
            _ => panic!("no such line: {line}"),
        }
    }

    fn send(&mut self, side: usize, flags: &str, seq: u32, rest: &[&str]) -> u64 {
        let after = |word: &str| {
            let at = rest.iter().position(|w| *w == word)?;
            rest.get(at + 1).map(|n| number(n))
        };
        let len = rest.iter().find_map(|w| w.strip_prefix('+'));
        let end = ends()[side];
        let flags = Flags::parse(flags).expect("letters");
        let packet = Packet {
            src: end.local,
            dst: end.peer,
            flags,
            seq: Seq(self.isn[side].wrapping_add(seq)),
            ack: after("ack").map_or(Seq(0), |ack| Seq(self.isn[1 - side].wrapping_add(ack))),
            window: after("win").map_or(1000, |win| u16::try_from(win).expect("a window")),
            len: len.map_or(0, number),
            mss: None,
            window_shift: flags.has(Flags::SYN).then_some(3),
            sack_permitted: false,
            sack: Default::default(),
            timestamps: None,
        };
        let id = self.next_id;
        self.next_id += 1;
        let sent = self.capture.sent(self.now, id, &packet);
        assert_eq!(sent.segment.seq, Seq(seq), "relative again");
        assert_eq!(sent.segment.ack, Seq(after("ack").unwrap_or(0)));
        self.moved = sent.moves;
        self.why.insert(id, sent.why);
        self.repeats_of.insert(id, sent.repeats_of);
        self.packets.insert(id, packet);
        id
    }

    fn deliver(&mut self, id: u64) {
        let packet = self.packets.get(&id).expect("a segment that was sent");
        self.moved = self.capture.delivered(self.now, packet);
    }

    fn states(&self) -> String {
        let name = |end| self.capture.state(end).map_or("-", State::name);
        ends().map(name).join(" ")
    }

    fn proven(&self, side: usize) -> Proven {
        self.capture.proven(ends()[side]).expect("a known end")
    }

    fn repeats(&self, id: u64) -> Option<u64> {
        self.repeats_of[&id]
    }
}

fn side(end: &str) -> usize {
    match end {
        "a" => 0,
        "b" => 1,
        other => panic!("no host {other}"),
    }
}

fn number(word: &str) -> u32 {
    word.parse().expect("a number")
}

#[test]
fn four_segments_close() {
    let mut exchange = Exchange::open();
    exchange.goes(
        "a PA 1 +10 ack 1 > | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         b A 1 ack 11 >     | ESTABLISHED ESTABLISHED | AnswersSeq(Seq(1))
         a FA 11 ack 1      | FIN-WAIT-1 ESTABLISHED  | Fin { acks_fin: false }
         > 6                | FIN-WAIT-1 CLOSE-WAIT
         b A 1 ack 12       | FIN-WAIT-1 CLOSE-WAIT   | AckOfFin { again: false }
         > 7                | FIN-WAIT-2 CLOSE-WAIT
         b FA 1 ack 12      | FIN-WAIT-2 LAST-ACK     | Fin { acks_fin: false }
         > 8                | TIME-WAIT LAST-ACK
         a A 12 ack 2       | TIME-WAIT LAST-ACK      | AckOfFin { again: false }
         > 9                | TIME-WAIT CLOSED",
    );
    let all = Proven {
        syn_sent: true,
        syn_received: true,
        fin_sent: true,
        fin_acked: true,
        fin_received: true,
        reset: false,
    };
    assert_eq!((exchange.proven(0), exchange.proven(1)), (all, all));
    assert_eq!(
        exchange.moved,
        [Moved {
            end: ends()[1],
            from: State::LastAck,
            to: State::Closed,
            cause: Cause::AckOfFin
        }]
    );
}

#[test]
fn three_segments_close() {
    Exchange::open().goes(
        "a FA 1 ack 1 >  | FIN-WAIT-1 CLOSE-WAIT | Fin { acks_fin: false }
         b FA 1 ack 2    | FIN-WAIT-1 LAST-ACK   | Fin { acks_fin: true }
         > 5             | TIME-WAIT LAST-ACK
         a A 2 ack 2 >   | TIME-WAIT CLOSED      | AckOfFin { again: false }",
    );
}

#[test]
fn an_ack_that_does_not_cover_the_fin_moves_nobody() {
    Exchange::open().goes(
        "a PA 1 +4 ack 1   | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         a FA 5 ack 1      | FIN-WAIT-1 ESTABLISHED
         > 4               | FIN-WAIT-1 ESTABLISHED
         b A 1 ack 5 >     | FIN-WAIT-1 ESTABLISHED | AnswersSeq(Seq(1))
         > 5               | FIN-WAIT-1 CLOSE-WAIT
         b PA 1 +1 ack 5 > | FIN-WAIT-1 CLOSE-WAIT
         b A 2 ack 6 >     | FIN-WAIT-2 CLOSE-WAIT",
    );
}

#[test]
fn crossing_fins_stand_in_closing() {
    Exchange::open().goes(
        "a FA 1 ack 1  | FIN-WAIT-1 ESTABLISHED
         b FA 1 ack 1  | FIN-WAIT-1 FIN-WAIT-1
         > 4           | FIN-WAIT-1 CLOSING
         > 5           | CLOSING CLOSING
         a A 2 ack 2   | CLOSING CLOSING | AckOfFin { again: false }
         b A 2 ack 2   | CLOSING CLOSING | AckOfFin { again: false }
         > 6           | CLOSING TIME-WAIT
         > 7           | TIME-WAIT TIME-WAIT",
    );
}

/// The FIN that comes again in CLOSING acknowledges one more than it did.
#[test]
fn a_repeated_fin_can_carry_the_last_ack() {
    Exchange::open().goes(
        "a FA 1 ack 1    | FIN-WAIT-1 ESTABLISHED
         b FA 1 ack 1 >  | CLOSING FIN-WAIT-1
         > 4             | CLOSING CLOSING
         a FA 1 ack 2 >  | CLOSING TIME-WAIT | Retransmission { n: 1, of: Seq(1) }",
    );
}

#[test]
fn simultaneous_open() {
    let mut exchange = Exchange::begin();
    exchange.goes(
        "a S 0          | SYN-SENT -            | Syn
         b S 0          | SYN-SENT SYN-SENT     | Syn
         > 1            | SYN-SENT SYN-RECEIVED
         > 2            | SYN-RECEIVED SYN-RECEIVED
         a SA 0 ack 1   | SYN-RECEIVED SYN-RECEIVED | SynAck
         b SA 0 ack 1   | SYN-RECEIVED SYN-RECEIVED | SynAck
         > 3            | SYN-RECEIVED ESTABLISHED
         > 4            | ESTABLISHED ESTABLISHED
         a SA 0 ack 1   | SYN-RECEIVED ESTABLISHED | Retransmission { n: 1, of: Seq(0) }",
    );
    assert_eq!((exchange.repeats(3), exchange.repeats(5)), (None, Some(3)));
}

#[test]
fn half_close_with_data_the_other_way() {
    Exchange::open().goes(
        "a FA 1 ack 1 >       | FIN-WAIT-1 CLOSE-WAIT
         b PA 1 +20 ack 2 >   | FIN-WAIT-2 CLOSE-WAIT | Data { acks_fin: true }
         a A 2 ack 21 >       | FIN-WAIT-2 CLOSE-WAIT | AnswersSeq(Seq(1))
         b PA 21 +5 ack 2 >   | FIN-WAIT-2 CLOSE-WAIT | Data { acks_fin: false }
         b FPA 26 +5 ack 2    | FIN-WAIT-2 LAST-ACK   | Fin { acks_fin: false }
         > 8                  | FIN-WAIT-2 LAST-ACK
         a A 2 ack 32         | TIME-WAIT LAST-ACK    | AckOfFin { again: false }
         > 9                  | TIME-WAIT CLOSED",
    );
}

/// Data lost, FIN delivered: the receiver is not in CLOSE-WAIT until the hole is filled.
#[test]
fn a_fin_beyond_a_hole_has_not_arrived() {
    let mut exchange = Exchange::open();
    exchange.goes(
        "a PA 1 +4 ack 1    | ESTABLISHED ESTABLISHED
         a FA 5 ack 1 >     | FIN-WAIT-1 ESTABLISHED
         b A 1 ack 1 >      | FIN-WAIT-1 ESTABLISHED | DuplicateAck",
    );
    assert!(!exchange.proven(1).fin_received);
    exchange.goes(
        "a PA 1 +4 ack 1 >  | FIN-WAIT-1 ESTABLISHED | Retransmission { n: 1, of: Seq(1) }
         b A 1 ack 6        | FIN-WAIT-1 CLOSE-WAIT  | AckOfFin { again: false }",
    );
    assert_eq!(exchange.repeats(7), Some(4));
}

#[test]
fn a_lost_fin_comes_again_merged_with_the_data_before_it() {
    let mut exchange = Exchange::open();
    exchange.goes(
        "a PA 1 +100 ack 1    | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         a PA 101 +50 ack 1   | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         a FA 151 ack 1       | FIN-WAIT-1 ESTABLISHED  | Fin { acks_fin: false }
         a FPA 1 +150 ack 1   | FIN-WAIT-1 ESTABLISHED  | Retransmission { n: 1, of: Seq(1) }
         a FPA 1 +150 ack 1 > | FIN-WAIT-1 ESTABLISHED  | Retransmission { n: 2, of: Seq(1) }
         b A 1 ack 152        | FIN-WAIT-1 CLOSE-WAIT   | AckOfFin { again: false }
         > 9                  | FIN-WAIT-2 CLOSE-WAIT",
    );
    let repeated: Vec<_> = (4..=8).map(|id| exchange.repeats(id)).collect();
    assert_eq!(repeated, [None, None, None, Some(4), Some(4)]);
}

#[test]
fn a_dropped_last_ack_is_drawn_again_by_the_repeated_fin() {
    Exchange::open().goes(
        "a FA 1 ack 1 >  | FIN-WAIT-1 CLOSE-WAIT
         b FA 1 ack 2 >  | TIME-WAIT LAST-ACK
         a A 2 ack 2     | TIME-WAIT LAST-ACK | AckOfFin { again: false }
         b FA 1 ack 2 >  | TIME-WAIT LAST-ACK | Retransmission { n: 1, of: Seq(1) }
         a A 2 ack 2     | TIME-WAIT LAST-ACK | AckOfFin { again: true }
         b FA 1 ack 2 >  | TIME-WAIT LAST-ACK | Retransmission { n: 2, of: Seq(1) }
         a A 2 ack 2 >   | TIME-WAIT CLOSED   | AckOfFin { again: true }",
    );
}

#[test]
fn a_reset_ends_the_sender_at_once_and_the_receiver_when_it_arrives() {
    let mut exchange = Exchange::open();
    exchange.goes(
        "a RA 1 ack 1  | CLOSED ESTABLISHED | Reset { answers: None }
         b PA 1 +3 ack 1 > | CLOSED ESTABLISHED | Data { acks_fin: false }
         a R 1             | CLOSED ESTABLISHED | Reset { answers: Some(Seq(1)) }
         > 6               | CLOSED CLOSED",
    );
    assert!(exchange.proven(0).reset && exchange.proven(1).reset);
}

/// RFC 5961: only the very next number kills; within the window it draws a challenge ACK, outside nothing.
#[test]
fn a_reset_must_fit() {
    for (seq, told) in [
        ("5", "ESTABLISHED"),
        ("900", "ESTABLISHED"),
        ("1", "CLOSED"),
    ] {
        let mut exchange = Exchange::open();
        exchange.goes(&format!("a RA {seq} ack 1 > | CLOSED {told}"));
    }
    Exchange::open().goes(
        "a RA 5 ack 1 >  | CLOSED ESTABLISHED
         b A 1 ack 1     | CLOSED ESTABLISHED | ChallengeAck",
    );
    // In CLOSE-WAIT, LAST-ACK and CLOSING Linux takes the number of the FIN as well.
    Exchange::open().goes(
        "a FA 1 ack 1 >  | FIN-WAIT-1 CLOSE-WAIT
         a RA 1 ack 1 >  | CLOSED CLOSED",
    );
}

#[test]
fn a_reset_in_time_wait_is_decided_by_a_setting_that_no_segment_tells() {
    Exchange::open().goes(
        "a FA 1 ack 1 >  | FIN-WAIT-1 CLOSE-WAIT
         b FA 1 ack 2 >  | TIME-WAIT LAST-ACK
         a A 2 ack 2 >   | TIME-WAIT CLOSED
         b R 1 >         | TIME-WAIT CLOSED
         b R 2 >         | - CLOSED",
    );
}

#[test]
fn a_refused_connection() {
    let mut exchange = Exchange::begin();
    exchange.goes("a S 0 > | SYN-SENT -");
    // A host without a listener answers with sequence number 0, absolute.
    let [a, b] = ends();
    let refusal = Packet {
        src: b.local,
        dst: a.local,
        flags: Flags::parse("RA").expect("letters"),
        seq: Seq(0),
        ack: Seq(ISN[0].wrapping_add(1)),
        window: 0,
        window_shift: None,
        ..exchange.packets[&1].clone()
    };
    let sent = exchange.capture.sent(Micros(0), 2, &refusal);
    assert_eq!((sent.segment.seq, sent.segment.ack), (Seq(0), Seq(1)));
    let answers = Some(Seq(0));
    assert_eq!(sent.why, Explanation::Reset { answers });
    let moved = exchange.capture.delivered(Micros(0), &refusal);
    assert_eq!(moved.len(), 1);
    assert_eq!(exchange.states(), "CLOSED -");
}

#[test]
fn a_late_syn_ack_to_one_that_gave_up() {
    Exchange::begin().goes(
        "a S 0 >        | SYN-SENT -
         b SA 0 ack 1   | SYN-SENT SYN-RECEIVED
         a S 0          | SYN-SENT SYN-RECEIVED | Retransmission { n: 1, of: Seq(0) }
         a S 0 >        | SYN-SENT SYN-RECEIVED | Retransmission { n: 2, of: Seq(0) }
         b SA 0 ack 1 > | ESTABLISHED SYN-RECEIVED | Retransmission { n: 1, of: Seq(0) }
         a R 1 >        | CLOSED CLOSED | Reset { answers: Some(Seq(0)) }",
    );
    // Still in SYN-SENT: it may have given up, or be trying still. Nobody can tell before the next SYN.
    Exchange::begin().goes(
        "a S 0 >        | SYN-SENT -
         b A 1 ack 900 > | SYN-SENT -
         a R 900        | - -
         a S 0          | SYN-SENT -",
    );
}

/// Linux: the accept queue is full, the last ACK of the handshake is ignored, and the SYN,ACK comes again.
#[test]
fn a_full_accept_queue_keeps_it_in_syn_received() {
    Exchange::open().goes(
        "b SA 0 ack 1   | ESTABLISHED SYN-RECEIVED | Retransmission { n: 1, of: Seq(0) }
         > 4            | ESTABLISHED SYN-RECEIVED
         a A 1 ack 1 >  | ESTABLISHED ESTABLISHED  | AckOfSyn
         b PA 1 +1 ack 1 > | ESTABLISHED ESTABLISHED
         a A 1 ack 2 >  | ESTABLISHED ESTABLISHED  | AnswersSeq(Seq(1))",
    );
}

#[test]
fn time_wait_is_used_again_by_a_new_syn() {
    let mut exchange = Exchange::open();
    exchange.goes(
        "b FA 1 ack 1 >  | CLOSE-WAIT FIN-WAIT-1
         a FA 1 ack 2 >  | LAST-ACK TIME-WAIT
         b A 2 ack 2 >   | CLOSED TIME-WAIT",
    );
    // The same ports, other initial numbers.
    exchange.isn = [5_000_000, 9_000_000];
    exchange.goes(
        "a S 0           | SYN-SENT TIME-WAIT    | Syn
         > 7             | SYN-SENT TIME-WAIT
         b SA 0 ack 1    | SYN-SENT SYN-RECEIVED | SynAck
         > 8             | ESTABLISHED SYN-RECEIVED
         a A 1 ack 1 >   | ESTABLISHED ESTABLISHED | AckOfSyn",
    );
    assert!(
        !exchange.proven(1).fin_sent,
        "the old connection's FIN is gone"
    );
}

/// A host that forgot the connection dials again: the other end still stands in the old one.
#[test]
fn a_rebooted_host_finds_the_old_connection_in_its_way() {
    let mut exchange = Exchange::open();
    exchange.goes(
        "a PA 1 +9 ack 1 > | ESTABLISHED ESTABLISHED
         b A 1 ack 10 >    | ESTABLISHED ESTABLISHED",
    );
    exchange.capture.rebooted(&[ends()[0].local.ip()]);
    assert_eq!(exchange.states(), "- ESTABLISHED");
    let old = exchange.isn[0];
    exchange.isn[0] = 70_000;
    exchange.goes("a S 0 > | SYN-SENT ESTABLISHED | Syn");
    // From here the numbers are those that b still knows.
    exchange.isn[0] = old;
    exchange.goes(
        "b A 1 ack 10 >  | SYN-SENT ESTABLISHED | ChallengeAck
         a R 10 >        | - CLOSED             | Reset { answers: Some(Seq(1)) }",
    );
    exchange.isn[0] = 70_000;
    exchange.goes("a S 0 > | SYN-SENT CLOSED | Retransmission { n: 1, of: Seq(0) }");
}

#[test]
fn probes_and_what_answers_them() {
    Exchange::open().goes(
        "a A 0 ack 1 >          | ESTABLISHED ESTABLISHED | KeepaliveProbe
         b A 1 ack 1 >          | ESTABLISHED ESTABLISHED | AnswersProbe
         a PA 1 +8000 ack 1 >   | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         b A 1 ack 8001 win 0 > | ESTABLISHED ESTABLISHED | AnswersSeq(Seq(1))
         a A 8000 ack 1 >       | ESTABLISHED ESTABLISHED | ZeroWindowProbe
         b A 1 ack 8001 win 0 > | ESTABLISHED ESTABLISHED | AnswersProbe
         b A 1 ack 8001 win 9 > | ESTABLISHED ESTABLISHED | WindowUpdate
         a FA 8001 ack 1 >      | FIN-WAIT-1 CLOSE-WAIT   | Fin { acks_fin: false }",
    );
}

/// Recorded from Linux 6.18: the wire delivers everything twice, and both times before the first answer is seen. A copy
/// is no retransmission, and each answer is drawn by one of the two.
#[test]
fn what_comes_twice_is_answered_twice() {
    Exchange::open().goes(
        "a PA 1 +5 ack 1 >  | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         > 4
         b A 1 ack 6 >      | ESTABLISHED ESTABLISHED | AnswersSeq(Seq(1))
         b A 1 ack 6 >      | ESTABLISHED ESTABLISHED | DuplicateAck
         b FA 1 ack 6 >     | CLOSE-WAIT FIN-WAIT-1   | Fin { acks_fin: false }
         > 7
         a A 6 ack 2 >      | CLOSE-WAIT FIN-WAIT-2   | AckOfFin { again: false }
         a A 6 ack 2        | CLOSE-WAIT FIN-WAIT-2   | AckOfFin { again: true }
         a FA 6 ack 2 >     | LAST-ACK TIME-WAIT      | Fin { acks_fin: false }
         b A 2 ack 7 >      | CLOSED TIME-WAIT        | AckOfFin { again: false }
         > 11
         > 11
         a R 7              | CLOSED TIME-WAIT        | Reset { answers: Some(Seq(2)) }
         a R 7              | CLOSED TIME-WAIT        | Reset { answers: Some(Seq(2)) }",
    );
}

/// Linux throws payload away where its buffer is full, also inside the window that it told: only the acknowledgement
/// of what stands before a FIN proves that the FIN was taken.
#[test]
fn what_was_delivered_is_taken_when_it_is_acknowledged() {
    // Beyond the window: b allowed 1000 octets in its SYN,ACK.
    Exchange::open().goes(
        "a PA 1 +2000 ack 1 >  | ESTABLISHED ESTABLISHED
         a FA 2001 ack 1 >     | FIN-WAIT-1 ESTABLISHED
         b A 1 ack 2002        | FIN-WAIT-1 CLOSE-WAIT | AckOfFin { again: false }
         > 6                   | FIN-WAIT-2 CLOSE-WAIT",
    );
    // A FIN alone needs no room, and its data were acknowledged after it was delivered.
    Exchange::open().goes(
        "a PA 1 +1000 ack 1 >    | ESTABLISHED ESTABLISHED
         a FA 1001 ack 1 >       | FIN-WAIT-1 ESTABLISHED
         b A 1 ack 1001 win 0 >  | FIN-WAIT-1 CLOSE-WAIT",
    );
    // Thrown away: the data come again, and are taken, but the FIN behind them may have been lost with them.
    Exchange::open().goes(
        "a PA 1 +900 ack 1 >   | ESTABLISHED ESTABLISHED
         b A 1 ack 1 win 0 >   | ESTABLISHED ESTABLISHED | DuplicateAck
         a FA 901 ack 1 >      | FIN-WAIT-1 ESTABLISHED
         a PA 1 +900 ack 1 >   | FIN-WAIT-1 ESTABLISHED
         b A 1 ack 901 >       | FIN-WAIT-1 ESTABLISHED | AnswersSeq(Seq(1))
         a FA 901 ack 1 >      | FIN-WAIT-1 ESTABLISHED
         b A 1 ack 902 >       | FIN-WAIT-2 CLOSE-WAIT",
    );
}

/// Recorded from Linux 6.18: the receiver had thrown data away, so the sender's RST lay inside its window, and only
/// the second one, drawn by the challenge ACK, was exact.
#[test]
fn a_reset_after_data_that_found_no_room() {
    Exchange::open().goes(
        "a PA 1 +900 ack 1 >    | ESTABLISHED ESTABLISHED | Data { acks_fin: false }
         b A 1 ack 1 win 0 >    | ESTABLISHED ESTABLISHED | DuplicateAck
         b A 1 ack 1 win 90 >   | ESTABLISHED ESTABLISHED | WindowUpdate
         a RA 721 ack 1 >       | CLOSED ESTABLISHED      | Reset { answers: None }
         b A 1 ack 1 win 90 >   | CLOSED ESTABLISHED      | ChallengeAck
         a R 1 >                | CLOSED CLOSED           | Reset { answers: Some(Seq(1)) }",
    );
}

#[test]
fn a_fin_that_waits_behind_data_is_known_from_the_call() {
    // The application closed while its data waited; then the peer's FIN came: CLOSING, not CLOSE-WAIT.
    Exchange::open().goes(
        "close a         | FIN-WAIT-1 ESTABLISHED
         b FA 1 ack 1 >  | CLOSING FIN-WAIT-1
         a FPA 1 +3 ack 2 >  | CLOSING FIN-WAIT-2 | Fin { acks_fin: true }
         b A 2 ack 5     | CLOSING TIME-WAIT | AckOfFin { again: false }
         > 6             | TIME-WAIT TIME-WAIT",
    );
}

/// The call is told by one thread, the segment by another: either may come first.
#[test]
fn which_fin_was_first_is_known_from_the_kernel() {
    // b took the FIN, and closed, before the delivery was told.
    Exchange::open().goes(
        "a FA 1 ack 1
         close b second   | FIN-WAIT-1 ESTABLISHED
         > 4              | FIN-WAIT-1 CLOSE-WAIT
         b FA 1 ack 2 >   | TIME-WAIT LAST-ACK",
    );
    // b closed before it took the FIN, and that was told later; its own waits behind data, or has left meanwhile.
    for way in ["", "b FA 1 ack 2"] {
        let mut exchange = Exchange::open();
        exchange.goes("a FA 1 ack 1 > | FIN-WAIT-1 CLOSE-WAIT");
        if !way.is_empty() {
            exchange.goes(way);
        }
        exchange.goes("close b | FIN-WAIT-1 CLOSING");
    }
}

/// No SYN was seen: halves are proven by number all the same, states are not.
#[test]
fn a_connection_older_than_the_capture() {
    let mut exchange = Exchange::begin();
    exchange.goes(
        "a PA 1 +5 ack 1 >  | - - | Data { acks_fin: false }
         b A 1 ack 6 >      | - - | AnswersSeq(Seq(1))
         a FA 6 ack 1 >     | - - | Fin { acks_fin: false }
         b A 1 ack 7 >      | - - | AckOfFin { again: false }",
    );
    let (a, b) = (exchange.proven(0), exchange.proven(1));
    assert!(a.fin_sent && a.fin_acked && !a.fin_received);
    assert!(b.fin_received && !b.fin_sent);
}

#[test]
fn windows_are_scaled_once_both_have_said_so() {
    let mut exchange = Exchange::open();
    let mut window = |line: &str, id: u64| {
        exchange.goes(line);
        let packet = exchange.packets[&id].clone();
        exchange
            .capture
            .sent(Micros(0), id + 100, &packet)
            .segment
            .win
    };
    assert_eq!(window("b PA 1 +1 ack 1 win 64 >", 4), 512);
    let syn = exchange.packets[&1].clone();
    assert_eq!(
        exchange.capture.sent(Micros(0), 200, &syn).segment.win,
        1000,
        "not in a SYN"
    );
}

#[test]
fn the_oldest_closed_connection_is_forgotten_first() {
    let mut exchange = Exchange::open();
    exchange.capture = Capture::new(3);
    let syn = exchange.packets[&1].clone();
    let port = |packet: &Packet, port: u16| {
        let mut packet = packet.clone();
        packet.src.set_port(port);
        packet
    };
    for n in 1..=3 {
        exchange.capture.sent(Micros(0), n, &port(&syn, n as u16));
    }
    let end = |port: u16| End {
        local: SocketAddr::new(ends()[0].local.ip(), port),
        peer: ends()[0].peer,
    };
    let mut reset = port(&syn, 2);
    reset.flags = Flags::RST;
    exchange.capture.sent(Micros(0), 4, &reset);
    exchange.capture.sent(Micros(0), 5, &port(&syn, 4));
    let known = [1, 2, 3, 4].map(|port| exchange.capture.state(end(port)).is_some());
    assert_eq!(known, [true, false, true, true]);
    exchange.capture.sent(Micros(0), 6, &port(&syn, 5));
    assert_eq!(
        exchange.capture.state(end(1)),
        None,
        "then the longest silent"
    );
}
