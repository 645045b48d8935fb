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

/// The header after the flags, the longest wording first; `true`: with the window behind it.
pub(super) fn headers(s: &Segment) -> Vec<(String, bool)> {
    let Segment { seq, ack, len, .. } = s;
    let (seq, ack) = (seq.0, ack.0);
    if is_pure_ack(s) {
        let number = format!(" {ack}");
        return vec![
            (number.clone(), true),
            (number, false),
            (String::new(), false),
        ];
    }
    let acks = match s.flags.has(Flags::ACK) {
        true => format!(" ack {ack}"),
        false => String::new(),
    };
    let carries = match *len {
        0 => String::new(),
        len => format!(" len {len}"),
    };
    let whole = format!(" seq {seq}{acks}{carries}");
    vec![
        (whole.clone(), true),
        (whole, false),
        (format!(" seq {seq}{carries}"), false),
        (format!(" seq {seq}"), false),
        (format!(" {seq}"), false),
        (String::new(), false),
    ]
}

/// All of it.
pub(super) fn header(s: &Segment) -> String {
    let longest = headers(s).into_iter().next();
    let (text, _) = longest.unwrap_or_default();
    format!("{text} win {}", s.win)
}
