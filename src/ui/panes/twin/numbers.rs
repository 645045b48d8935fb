//! The line below each half: its bytes in words, in parts of which the weightiest stands first.

use crate::journal::Endpoint;
use crate::locale::{Locale, Pipe};
use crate::tcp::{How, RecvHalf, SendHalf};

/// `4096 sent, 1024 unacknowledged, 59040 waiting here`; what is 0 is left out.
pub(super) fn sending(e: &Endpoint, locale: &Locale) -> Vec<String> {
    let with = |word, bytes: u64| locale.with(word, &[("bytes", bytes.into())]);
    let mut parts = match e.send {
        SendHalf::Open => open_sending(e, locale),
        SendHalf::FinQueued { ahead } => {
            let mut parts = vec![with(Pipe::BeforeFin, ahead), with(Pipe::SentCount, e.sent)];
            // What is unsent is what stands before the FIN.
            parts.extend(nonzero(locale, Pipe::Unacked, e.unacked().unwrap_or(0)));
            parts.extend(nonzero(locale, Pipe::Waiting, e.waiting));
            parts
        }
        SendHalf::FinSent => open_sending(e, locale),
        SendHalf::FinAcked => vec![all_acked(e, locale)],
        SendHalf::Reset | SendHalf::Gone => match e.ending {
            Some(ending) if ending.how == How::Fin && ending.unsent == 0 => {
                vec![all_acked(e, locale)]
            }
            ending => {
                let mut parts = vec![sent(e, locale)];
                parts.extend(nonzero(
                    locale,
                    Pipe::NeverAcked,
                    ending.map_or(0, |ending| ending.unsent),
                ));
                parts
            }
        },
    };
    parts.extend(nonzero(locale, Pipe::Abandoned, e.abandoned));
    if matches!(e.send, SendHalf::FinSent | SendHalf::FinAcked) {
        // SYN and FIN take a sequence number each (RFC 9293, section 3.4); they are no bytes, and never counted as such.
        parts.push(locale.say(Pipe::SeqAdds).into_owned());
    }
    parts
}

fn open_sending(e: &Endpoint, locale: &Locale) -> Vec<String> {
    let queued: Vec<String> = [
        (Pipe::Unacked, e.unacked().unwrap_or(0)),
        (Pipe::Unsent, unsent_in_kernel(e).unwrap_or(0)),
        (Pipe::Waiting, e.waiting),
    ]
    .into_iter()
    .filter_map(|(word, bytes)| nonzero(locale, word, bytes))
    .collect();
    if !queued.is_empty() {
        let mut parts = vec![locale.with(Pipe::SentCount, &[("bytes", e.sent.into())])];
        parts.extend(queued);
        return parts;
    }
    // Only a reading can say that all is acknowledged.
    let read = e.unacked().is_some() && unsent_in_kernel(e).is_some();
    vec![if read {
        all_acked(e, locale)
    } else {
        sent(e, locale)
    }]
}

/// Bytes in the kernel's queue that were never sent, at the last reading.
fn unsent_in_kernel(e: &Endpoint) -> Option<u64> {
    e.sample.as_ref().and_then(|(_, sample)| sample.unsent())
}

fn nonzero(locale: &Locale, word: Pipe, bytes: u64) -> Option<String> {
    (bytes > 0).then(|| locale.with(word, &[("bytes", bytes.into())]))
}

fn sent(e: &Endpoint, locale: &Locale) -> String {
    match e.sent {
        0 => locale.say(Pipe::NothingSent).into_owned(),
        bytes => locale.with(Pipe::Sent, &[("bytes", bytes.into())]),
    }
}

fn all_acked(e: &Endpoint, locale: &Locale) -> String {
    match e.sent {
        0 => locale.say(Pipe::NothingSent).into_owned(),
        bytes => locale.with(Pipe::SentAllAcked, &[("bytes", bytes.into())]),
    }
}

/// `4096 received, 0 unread`, and from the peer's FIN on how far the program has come.
pub(super) fn receiving(e: &Endpoint, locale: &Locale) -> Vec<String> {
    let unread = e.unread().unwrap_or(0);
    let with = |word| {
        locale.with(
            word,
            &[("bytes", e.received.into()), ("unread", unread.into())],
        )
    };
    let mut parts = match e.receive {
        RecvHalf::Open if e.received == 0 && unread == 0 => {
            vec![locale.say(Pipe::NothingReceived).into_owned()]
        }
        RecvHalf::Open => vec![
            with(Pipe::Received),
            locale.with(Pipe::Unread, &[("bytes", unread.into())]),
        ],
        RecvHalf::Shut if !e.descriptor => vec![with(Pipe::ReadClosed)],
        RecvHalf::Shut => {
            let mut parts = vec![with(Pipe::ReadShut)];
            parts.extend(nonzero(locale, Pipe::Unread, unread));
            parts
        }
        RecvHalf::FinReceived { .. } if unread > 0 => vec![with(Pipe::UnreadThenFin)],
        RecvHalf::FinReceived { .. } => vec![with(Pipe::ReadThenFin)],
        RecvHalf::EofRead => vec![with(Pipe::ReadThenEof)],
        RecvHalf::Reset | RecvHalf::Gone if e.eof => vec![with(Pipe::ReadThenEof)],
        RecvHalf::Reset | RecvHalf::Gone => {
            let mut parts = match e.received {
                0 => vec![locale.say(Pipe::NothingReceived).into_owned()],
                _ => vec![with(Pipe::Received)],
            };
            parts.extend(nonzero(
                locale,
                Pipe::LostUnread,
                e.ending.map_or(0, |ending| ending.unread),
            ));
            parts
        }
    };
    parts.extend(reading(e, locale));
    parts
}

/// Reading that is off or limited, where there is still something to read.
fn reading(e: &Endpoint, locale: &Locale) -> Option<String> {
    let to_come = matches!(
        e.receive,
        RecvHalf::Open | RecvHalf::Shut | RecvHalf::FinReceived { .. }
    );
    match e.reading {
        _ if !e.descriptor || !to_come => None,
        None => Some(locale.say(Pipe::ReadingOff).into_owned()),
        Some(None) => None,
        Some(Some(bytes)) => Some(locale.with(Pipe::ReadingSome, &[("bytes", bytes.into())])),
    }
}
