//! How a segment is named: its flags, and as much of its header as there is room for. The names are those of the RFC,
//! the same in every language.

use crate::tcp::{Flags, Segment};

/// `FIN,ACK`, in the public order of the flags.
pub(super) fn flags(flags: Flags) -> String {
    let names = [
        (Flags::FIN, "FIN"),
        (Flags::SYN, "SYN"),
        (Flags::RST, "RST"),
        (Flags::PSH, "PSH"),
        (Flags::ACK, "ACK"),
        (Flags::URG, "URG"),
    ];
    let set: Vec<&str> = names
        .into_iter()
        .filter(|(flag, _)| flags.has(*flag))
        .map(|(_, name)| name)
        .collect();
    set.join(",")
}

/// Nothing but an acknowledgement.
pub(super) fn is_pure_ack(s: &Segment) -> bool {
    s.flags == Flags::ACK && s.len == 0
}

/// The header after the flags, the longest wording first.
pub(super) fn headers(s: &Segment) -> Vec<String> {
    let Segment {
        seq, ack, len, win, ..
    } = s;
    let (seq, ack) = (seq.0, ack.0);
    if is_pure_ack(s) {
        return vec![
            format!(" {ack} win {win}"),
            format!(" {ack}"),
            String::new(),
        ];
    }
    let acks = if s.flags.has(Flags::ACK) {
        format!(" ack {ack}")
    } else {
        String::new()
    };
    let carries = if *len > 0 {
        format!(" len {len}")
    } else {
        String::new()
    };
    vec![
        format!(" seq {seq}{acks}{carries} win {win}"),
        format!(" seq {seq}{acks}{carries}"),
        format!(" seq {seq}{carries}"),
        format!(" {seq}"),
        String::new(),
    ]
}
