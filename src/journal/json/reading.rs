//! A kernel reading as a JSON object and back: every field that is known, in the kernel's own units.

use super::fields::{Fields, Need, ReadError};
use super::object::Object;
use super::words;
use crate::tcp::{Counters, Edge, Sample, Timer};

/// The fields of [`Counters`], once for both ways; those after the bar may be unknown.
macro_rules! counters {
    ($($field:ident),* | $($optional:ident),*) => {
        fn write_counters(o: &mut Object<'_>, c: &Counters) {
            $(o.plain(stringify!($field), c.$field);)*
            $(if let Some(value) = c.$optional { o.plain(stringify!($optional), value); })*
        }

        fn read_counters(f: &Fields<'_>) -> Result<Counters, ReadError> {
            Ok(Counters {
                $($field: f.number(stringify!($field))?.unwrap_or_default(),)*
                $($optional: f.number(stringify!($optional))?,)*
            })
        }
    };
}

counters!(
    bytes_acked,
    bytes_received,
    bytes_sent,
    bytes_retrans,
    notsent,
    unacked,
    retransmits,
    probes,
    backoff,
    total_retrans,
    rto_us,
    rtt_us,
    cwnd,
    mss,
    segs_out,
    segs_in,
    last_data_sent_ms,
    last_data_recv_ms | snd_wnd,
    rcv_wnd
);

pub(super) fn write(o: &mut Object<'_>, sample: &Sample) {
    o.text("state", sample.state.name());
    o.plain("by_descriptor", sample.by_descriptor);
    let queues = [
        ("inq", sample.inq),
        ("outq", sample.outq),
        ("rqueue", sample.rqueue),
        ("wqueue", sample.wqueue),
    ];
    for (key, bytes) in queues {
        if let Some(bytes) = bytes {
            o.plain(key, bytes);
        }
    }
    if let Some(flags) = sample.shutdown {
        o.text("shutdown", words::shutdown_word(flags));
    }
    if let Some(timer) = sample.timer {
        o.object("timer", |o| {
            o.text("kind", timer.kind.word());
            o.plain("expires_ms", timer.expires_ms);
            o.plain("retries", timer.retries);
        });
    }
    if sample.edge != Edge::default() {
        o.texts("edge", words::edge_words(sample.edge));
    }
    if let Some(counters) = &sample.counters {
        o.object("tcp_info", |o| write_counters(o, counters));
    }
}

pub(super) fn read(f: &Fields<'_>) -> Result<Sample, ReadError> {
    Ok(Sample {
        state: f
            .word("state", "a state", |w| w.parse().ok())?
            .need(f, "state")?,
        by_descriptor: f.flag("by_descriptor")?,
        inq: f.number("inq")?,
        outq: f.number("outq")?,
        rqueue: f.number("rqueue")?,
        wqueue: f.number("wqueue")?,
        shutdown: f.word("shutdown", "none, send, receive or both", words::shutdown)?,
        timer: f.object("timer")?.map(|f| timer(&f)).transpose()?.flatten(),
        edge: words::edge(&f.texts("edge")?),
        counters: f
            .object("tcp_info")?
            .map(|f| read_counters(&f))
            .transpose()?,
    })
}

/// `None` for a kind of timer that this version does not know.
fn timer(f: &Fields<'_>) -> Result<Option<Timer>, ReadError> {
    let kind = f.text("kind")?.need(f, "kind")?;
    let expires_ms = f.number("expires_ms")?.need(f, "expires_ms")?;
    let retries = f.number("retries")?.unwrap_or_default();
    Ok(words::timer(kind).map(|kind| Timer {
        kind,
        expires_ms,
        retries,
    }))
}
