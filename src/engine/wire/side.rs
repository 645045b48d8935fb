//! One end of a connection as the segments show it: its numbers, what is proven of it, and the state that follows.
//!
//! It reasons by sequence number alone. What segments cannot decide, it leaves open (`None`), and it moves only by rows
//! of the transition table.

use super::capture::Turn;
use super::octets::{ArrivedOctets, Fit, Repeat, SentOctets};
use super::stimuli::{Progress, Stimuli, Stimulus, StimulusKind};
use crate::journal::Micros;
use crate::tcp::{Cause, Explanation, Flags, Packet, Segment, Seq, State, TRANSITIONS};

/// What the segments prove about one end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    pub syn_sent: bool,
    /// It has taken the peer's SYN: it answered it, or it was waiting for it.
    pub syn_received: bool,
    pub fin_sent: bool,
    /// An ACK that covers its FIN was delivered to it.
    pub fin_acked: bool,
    /// The peer's FIN was delivered to it, and it has taken everything before it.
    pub fin_received: bool,
    /// It sent a RST, or one that it must accept was delivered to it.
    pub reset: bool,
}

/// A row of the transition table that a segment made this end take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub from: State,
    pub to: State,
    pub cause: Cause,
}

/// What a segment is, seen from the end that sends it.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub segment: Segment,
    pub repeat: Option<Repeat>,
    pub why: Explanation,
    pub steps: Vec<Step>,
}

#[derive(Debug, Default)]
pub(super) struct Side {
    pub proven: Proven,
    pub state: Option<State>,
    // --- what it sends: absolute numbers -------------------------------------------------------------------------
    pub isn: Option<Seq>,
    /// The window shift that its SYN offered.
    shift: Option<u8>,
    /// SND.NXT as far as seen.
    max: Option<Seq>,
    /// Where its FIN stands.
    fin: Option<Seq>,
    /// The highest ACK that was delivered to it.
    pub una: Option<Seq>,
    octets: SentOctets,
    syn_ack_sent: bool,
    /// It has sent more than SYN and SYN,ACK.
    pub spoken: bool,
    /// The ACK and the window that it told last.
    pub told: Option<(Seq, u32)>,
    /// The highest octet that it ever allowed, plus one.
    edge: Option<Seq>,
    // --- what it takes -------------------------------------------------------------------------------------------
    /// The peer's initial sequence number, as this end knows it.
    irs: Option<Seq>,
    arrived: Option<ArrivedOctets>,
    pub peer_fin: Option<Seq>,
    pub fin_answered: bool,
    /// Once it did not acknowledge what should have fitted.
    throws_away: bool,
    pub peer_window: Option<u32>,
    /// When a RST was delivered that must not count.
    pub refused_reset: Option<Micros>,
    /// What was delivered and not answered yet.
    stimuli: Stimuli,
}

// --- sending ---------------------------------------------------------------------------------------------------------

impl Side {
    /// This end's kernel handed a segment to the wire.
    pub(super) fn sends(&mut self, left: Micros, id: u64, p: &Packet, peer: &Side) -> Outgoing {
        let flags = p.flags;
        if flags.has(Flags::SYN) && self.isn != Some(p.seq) {
            *self = Side {
                state: Some(State::Closed),
                shift: p.window_shift,
                isn: Some(p.seq),
                una: Some(p.seq),
                ..Side::default()
            };
        }
        self.learn_numbers(p, peer);
        let segment = self.relative(p, peer);
        let repeat = self.repeats(id, p);
        self.stimuli.forget_unanswered(left);
        let untaken = flags.has(Flags::ACK) && self.stimuli.left_out(p.ack);
        let answered = self.answers(p, segment.win);
        let why = self.explain(p, &segment, repeat, answered);
        if flags.has(Flags::ACK) {
            self.told = Some((p.ack, segment.win));
            let edge = p.ack + segment.win;
            self.edge = self.edge.filter(|old| *old > edge).or(Some(edge));
            self.fin_answered |= self.answers_fin(p);
        }
        let mut steps = Vec::new();
        match (flags.has(Flags::RST), flags.has(Flags::SYN)) {
            (true, _) => self.sends_rst(&mut steps),
            (_, true) => self.sends_syn(p, &mut steps),
            _ => self.sends_more(p, untaken, &mut steps),
        }
        if !flags.has(Flags::RST) {
            self.max = self
                .max
                .filter(|max| *max > p.next_seq())
                .or(Some(p.next_seq()));
        }
        Outgoing {
            segment,
            repeat,
            why,
            steps,
        }
    }

    /// What was delivered before that this segment answers.
    fn answers(&mut self, p: &Packet, win: u32) -> Option<Stimulus> {
        match p.flags {
            flags if flags.has(Flags::RST) => self.stimuli.refuse(p),
            flags if flags.has(Flags::ACK) => {
                let told = Progress {
                    ack: p.ack,
                    advances: self.told.is_none_or(|(ack, _)| p.ack > ack),
                    widens: self.told.is_some_and(|(_, before)| win > before),
                };
                self.stimuli.answer(told, !p.takes_numbers())
            }
            _ => None,
        }
    }

    /// Numbers that the SYNs would have told, where those were not seen: the connection is older than the capture.
    fn learn_numbers(&mut self, p: &Packet, peer: &Side) {
        if p.flags.has(Flags::RST) {
            return;
        }
        let one_before = |seq: Seq| seq + u32::MAX;
        self.isn = self.isn.or(peer.irs).or(Some(one_before(p.seq)));
        if p.flags.has(Flags::ACK) {
            self.irs = self.irs.or(peer.isn).or(Some(one_before(p.ack)));
            self.arrived.get_or_insert_with(|| ArrivedOctets::at(p.ack));
        }
    }

    /// As it is told. A RST is measured by what its receiver compares it with.
    fn relative(&self, p: &Packet, peer: &Side) -> Segment {
        let rst = p.flags.has(Flags::RST);
        let (seq_base, ack_base) = match rst {
            // A host without the connection answers a SYN with sequence number 0 (RFC 9293, section 3.10.7.1).
            true if p.seq == Seq(0) && peer.irs.is_none() => (None, peer.isn),
            true => (peer.irs.or(self.isn), peer.isn.or(self.irs)),
            false => (self.isn, self.irs),
        };
        let relative = |seq: Seq, base: Option<Seq>| base.map_or(Seq(0), |base| Seq(seq - base));
        let scaled = !p.flags.has(Flags::SYN) && peer.shift.is_some();
        let shift = self.shift.filter(|_| scaled).unwrap_or(0);
        Segment {
            flags: p.flags,
            seq: relative(p.seq, seq_base),
            ack: relative(p.ack, ack_base.filter(|_| p.flags.has(Flags::ACK))),
            len: p.len,
            win: u32::from(p.window) << shift,
        }
    }

    fn repeats(&mut self, id: u64, p: &Packet) -> Option<Repeat> {
        if p.flags.has(Flags::RST) || !p.takes_numbers() {
            return None;
        }
        // Simultaneous open: the first SYN,ACK carries the SYN's number, and yet says something new.
        let first_syn_ack = p.flags.has(Flags::SYN.with(Flags::ACK)) && !self.syn_ack_sent;
        let max = match first_syn_ack {
            true => {
                self.octets = SentOctets::default();
                None
            }
            false => self.max,
        };
        self.octets.send(id, p.seq, p.next_seq(), max)
    }

    fn sends_syn(&mut self, p: &Packet, steps: &mut Vec<Step>) {
        self.proven.syn_sent = true;
        match (p.flags.has(Flags::ACK), self.state) {
            (false, Some(State::Closed)) => self.step(Cause::ActiveOpen, steps),
            // It was in doubt after a RST of its own; a repeated SYN says that it still tries.
            (false, None) => self.state = Some(State::SynSent),
            (false, Some(_)) => {}
            (true, Some(State::Closed)) => self.step(Cause::Syn, steps),
            // The accept queue is full: Linux ignores the last ACK of the handshake and repeats its SYN,ACK
            // (tcp_v4_syn_recv_sock).
            (true, Some(State::Established)) if !self.spoken => {
                self.state = Some(State::SynReceived);
            }
            (true, _) => {}
        }
        if p.flags.has(Flags::ACK) {
            self.syn_ack_sent = true;
            self.proven.syn_received = true;
        }
    }

    fn sends_rst(&mut self, steps: &mut Vec<Step>) {
        self.proven.reset = true;
        match self.state {
            // It may answer a stray ACK and go on trying (RFC 9293, section 3.10.7.3), or have given up.
            Some(State::SynSent | State::SynReceived) => self.state = None,
            Some(State::Closed) | None => {}
            Some(_) => self.step(Cause::Reset, steps),
        }
    }

    fn sends_more(&mut self, p: &Packet, untaken: bool, steps: &mut Vec<Step>) {
        if p.takes_numbers() && self.state == Some(State::SynReceived) {
            self.step(Cause::AckOfSyn, steps);
        }
        self.spoken |= self.state != Some(State::SynReceived);
        if let Some(arrived) = self.arrived.as_mut().filter(|_| p.flags.has(Flags::ACK)) {
            // What it acknowledges has arrived, also where that was not seen.
            arrived.reach(p.ack);
            self.throws_away |= untaken;
        }
        if self.takes_fin() {
            self.step(Cause::Fin, steps);
        }
        if p.flags.has(Flags::FIN) && self.fin.is_none() {
            self.fin = Some(p.seq + p.len);
            self.proven.fin_sent = true;
            self.step(Cause::Close, steps);
        }
    }

    /// shutdown(SHUT_WR) or close was called here: the state moves now, the FIN may leave later. The call and the
    /// segments are told by two threads, so what was told last need not have happened last.
    pub(super) fn queues_fin(&mut self, turn: Turn) {
        match (self.state, turn) {
            (Some(State::CloseWait | State::LastAck), Turn::First) => {
                self.state = Some(State::Closing);
            }
            (Some(State::CloseWait), Turn::Second) => self.step(Cause::Close, &mut Vec::new()),
            // The peer's FIN is still to be told; the own one follows it.
            (_, Turn::Second) => {}
            (_, Turn::First) if self.fin.is_none() => self.step(Cause::Close, &mut Vec::new()),
            (_, Turn::First) => {}
        }
    }
}

// --- receiving -------------------------------------------------------------------------------------------------------

impl Side {
    /// A segment of the peer was delivered to this end's host.
    pub(super) fn takes(&mut self, at: Micros, p: &Packet, peer: &Side) -> Vec<Step> {
        let mut steps = Vec::new();
        let base = peer.isn.or(self.irs);
        let seq = base.map_or(Seq(0), |base| Seq(p.seq - base));
        let kind = match (p.flags.has(Flags::RST), p.flags.has(Flags::SYN)) {
            (true, _) => self.takes_rst(at, p, &mut steps),
            (_, true) => self.takes_syn(p, &mut steps),
            _ => self.takes_more(p, peer, &mut steps),
        };
        if let Some(kind) = kind {
            let stimulus = Stimulus {
                at,
                seq,
                from: p.seq,
                end: p.next_seq(),
                ack: p.flags.has(Flags::ACK).then_some(p.ack),
                kind,
            };
            let limited = self.state.is_some_and(State::synchronised);
            self.stimuli.delivered(stimulus, limited);
        }
        steps
    }

    /// RFC 9293, section 3.10.7, as RFC 5961 narrows it.
    fn takes_rst(&mut self, at: Micros, p: &Packet, steps: &mut Vec<Step>) -> Option<StimulusKind> {
        let next = self.arrived.as_ref().map(|arrived| arrived.next);
        // What was delivered may have been thrown away; then the last ACK says where it stands.
        let told = self.told.map(|(ack, _)| ack);
        let expected = [next, told].contains(&Some(p.seq));
        let accepted = match self.state {
            Some(State::Closed | State::Listen) => return None,
            Some(State::SynSent) => p.flags.has(Flags::ACK) && self.acks_something(p.ack),
            Some(State::TimeWait) => {
                // tcp_rfc1337 decides, and no segment tells how it is set.
                self.state = self.state.filter(|_| !expected);
                return None;
            }
            // Linux also takes the number of the peer's FIN (tcp_reset_check).
            Some(State::Closing | State::LastAck | State::CloseWait) => {
                expected || next == Some(p.seq + 1)
            }
            // Linux also takes the end of the highest SACK block that it sent (tcp_validate_incoming).
            Some(State::SynReceived | State::Established | State::FinWait1 | State::FinWait2)
            | None => {
                let edge = self.arrived.as_ref().and_then(ArrivedOctets::last_edge);
                expected || edge == Some(p.seq)
            }
        };
        if accepted {
            self.proven.reset = true;
            self.step(Cause::Reset, steps);
            return None;
        }
        self.refused_reset = Some(at);
        // Inside the window it draws a challenge ACK, outside nothing.
        let inside = told
            .zip(self.edge)
            .is_some_and(|(told, edge)| told < p.seq && p.seq <= edge);
        inside.then_some(StimulusKind::Misfit)
    }

    fn takes_syn(&mut self, p: &Packet, steps: &mut Vec<Step>) -> Option<StimulusKind> {
        let ack = p.flags.has(Flags::ACK);
        match (self.state, ack) {
            (Some(State::SynSent), true) if !self.acks_something(p.ack) => {
                return Some(StimulusKind::Misfit);
            }
            (Some(State::SynSent), _) => {
                self.irs = Some(p.seq);
                self.arrived = Some(ArrivedOctets::at(p.seq + 1));
                self.peer_window = Some(p.window.into());
                self.proven.syn_received = true;
                if ack {
                    self.una = Some(p.ack);
                }
                self.step(if ack { Cause::SynAck } else { Cause::Syn }, steps);
            }
            (Some(State::SynReceived), true) if self.irs == Some(p.seq) => {
                if self.acks_something(p.ack) {
                    self.una = Some(p.ack);
                    self.step(Cause::AckOfSyn, steps);
                }
            }
            (Some(State::SynReceived | State::TimeWait | State::Closed) | None, _) => {}
            // The ACK that answered it was lost: it is answered again.
            (Some(_), true) if self.irs == Some(p.seq) => {}
            // A SYN changes nothing in a synchronised state (RFC 5961, section 4).
            (Some(_), _) => return Some(StimulusKind::Misfit),
        }
        Some(match ack {
            true => StimulusKind::SynAck,
            false => StimulusKind::Syn,
        })
    }

    fn takes_more(
        &mut self,
        p: &Packet,
        peer: &Side,
        steps: &mut Vec<Step>,
    ) -> Option<StimulusKind> {
        let (empty, fin) = (!p.takes_numbers(), p.flags.has(Flags::FIN));
        let next = match (self.state, self.arrived.as_ref()) {
            (Some(State::SynSent), _) => return Some(StimulusKind::Misfit),
            // Nothing is known of this end: it may have no socket, or be older than the capture.
            (_, None) | (Some(State::Closed), _) if empty => return Some(StimulusKind::Misfit),
            (_, None) => {
                let fit = Fit::Next;
                return Some(StimulusKind::Octets { fit, fin });
            }
            (_, Some(arrived)) => arrived.next,
        };
        if empty && p.seq + 1 == next {
            return Some(StimulusKind::Probe);
        }
        // tcp_sequence: wholly before what was last acknowledged, or beyond the window; its ACK counts for nothing.
        let old = self.told.is_some_and(|(ack, _)| p.next_seq() < ack);
        let beyond = self.edge.is_some_and(|edge| p.seq > edge);
        if fin && !old {
            self.peer_fin = Some(p.seq + p.len);
        }
        if old || beyond {
            let fit = if old { Fit::Old } else { Fit::Beyond };
            return (!empty).then_some(StimulusKind::Octets { fit, fin });
        }
        if p.flags.has(Flags::ACK) && !self.takes_ack(p, peer, steps) {
            return Some(StimulusKind::Misfit);
        }
        let fin_acked = self.fin_is_acked();
        let kind = (!empty).then(|| StimulusKind::Octets {
            fit: self.takes_octets(p),
            fin,
        });
        match (fin_acked, self.takes_fin()) {
            (true, true) if self.state == Some(State::FinWait1) => {
                self.step(Cause::FinAndAckOfFin, steps);
            }
            (acked, taken) => {
                if acked {
                    self.step(Cause::AckOfFin, steps);
                }
                if taken {
                    self.step(Cause::Fin, steps);
                }
            }
        }
        kind
    }

    /// False: it acknowledges what was never sent.
    fn takes_ack(&mut self, p: &Packet, peer: &Side, steps: &mut Vec<Step>) -> bool {
        if self.max.is_some_and(|max| p.ack > max) {
            return false;
        }
        let shift = peer.shift.filter(|_| self.shift.is_some()).unwrap_or(0);
        self.peer_window = Some(u32::from(p.window) << shift);
        if self.una.is_none_or(|una| p.ack > una) {
            self.una = Some(p.ack);
            self.octets.acked(p.ack);
        }
        let syn_acked = self.isn.is_some_and(|isn| p.ack.covers(isn));
        if self.state == Some(State::SynReceived) && syn_acked {
            self.step(Cause::AckOfSyn, steps);
        }
        true
    }

    fn takes_octets(&mut self, p: &Packet) -> Fit {
        // Payload past the window may be thrown away (a FIN alone is taken): until it is acknowledged, nothing is proven.
        let roomy = self.edge.is_none_or(|edge| p.seq + p.len <= edge);
        match self.arrived.as_mut() {
            Some(arrived) if roomy || p.len == 0 => arrived.arrive(p.seq, p.next_seq()),
            _ => Fit::Beyond,
        }
    }

    /// True once: the peer's FIN has been taken. Its acknowledgement proves it; so does that of everything before it,
    /// once the FIN itself has been delivered. Delivery alone does not: Linux throws payload away, inside the window it
    /// told, where its receive buffer is full (tcp_try_rmem_schedule).
    fn takes_fin(&mut self) -> bool {
        let next = self.arrived.as_ref().map(|arrived| arrived.next);
        let here = (self.told.zip(self.peer_fin)).is_some_and(|((ack, _), fin)| {
            let delivered = next.is_some_and(|next| next.covers(fin));
            ack.covers(fin) || (ack == fin && delivered && !self.throws_away)
        });
        let first = here && !self.proven.fin_received;
        self.proven.fin_received |= here;
        first
    }

    /// True once: the FIN is covered by what was acknowledged.
    fn fin_is_acked(&mut self) -> bool {
        let covered = self
            .fin
            .zip(self.una)
            .is_some_and(|(fin, una)| una.covers(fin));
        let first = covered && !self.proven.fin_acked;
        self.proven.fin_acked |= covered;
        first
    }

    /// SND.UNA < SEG.ACK =< SND.NXT
    fn acks_something(&self, ack: Seq) -> bool {
        self.una.is_some_and(|una| ack > una) && self.max.is_some_and(|max| ack <= max)
    }

    fn step(&mut self, cause: Cause, steps: &mut Vec<Step>) {
        let Some(from) = self.state else { return };
        let row = TRANSITIONS
            .iter()
            .find(|row| row.from == from && row.cause == cause);
        if let Some(row) = row {
            self.state = Some(row.to);
            steps.push(Step {
                from,
                to: row.to,
                cause,
            });
        }
    }
}
