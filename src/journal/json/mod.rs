//! Recordings and event streams: JSON Lines, one event a line. It reads and writes lines and opens no file.
//!
//! The first line is the header: the schema's version, when the session began (RFC 3339), and for each power either
//! `true` or the reason why this machine refuses it. `world` says where its bare ports live: `lab` or `loopback`.
//! ```text
//! {"finspect":1,"started":"2026-11-20T09:00:00Z","powers":{"tcp_info":true,"capture":"socket(AF_PACKET): EPERM"},"world":"lab"}
//! ```
//! Then an event a line. Every line opens with `n` (from 1, no gaps) and `t_us` (microseconds since the journal
//! began), then `who` (the endpoint's name) where the event is about one, and `lane`. A reader skips fields, lanes,
//! calls and notes that it does not know.
//!
//! **`app`**: a system call that returned.
//! ```text
//! {"n":7,"t_us":15340,"who":"client","lane":"app","call":"shutdown","how":"send","ret":0}
//! {"n":12,"t_us":15390,"who":"client","lane":"app","call":"send","ret":-1,"errno":"EPIPE","asked":10}
//! ```
//! | call | arguments before `ret` | after |
//! |---|---|---|
//! | `socket` | `family`: `inet` or `inet6` | |
//! | `bind` | `addr` | |
//! | `listen` | `backlog` | |
//! | `accept` | `accepted` (the new endpoint's name), `peer` | |
//! | `connect` | `to`: an address, or `AF_UNSPEC` | |
//! | `send` | | `asked`, `oob` (`true` or absent), `data` |
//! | `recv` | | `asked`, `data` |
//! | `shutdown` | `how`: `send`, `receive` or `both` | |
//! | `close` | | |
//! | `setsockopt` | `option`, `value` | |
//! | `dup` | `as` (the second descriptor's name) | |
//! | `fork` | `as` (the name of the descriptor in the process), `pid` | |
//! | `kill` | `pid`, `signal`: `SIGKILL` | |
//!
//! `fork` is told when the process holds its descriptor, and returns the process's number; `kill` is
//! pidfd_send_signal(2) to that process. `ret` is what the call returned; -1 comes with `errno`, by name (`E123` for a
//! number without one). `data` is base64; of more than [`DATA_LIMIT`] bytes only the first stand there, with
//! `"cut":true`. `"by":"end"`: one of the closes and kills at the end of a session. `blocked_us`: how long the call
//! blocked, where that is worth telling.
//!
//! **`kernel`**: what the kernel said. `from` and `to` stand there when the state changed. `source` is `measured`,
//! `captured` or `inferred`. Then, each when known: `reading`, `local`, `peer`, `cookie`, `host` (`a` or
//! `b`: the lab's host that has the socket), and `"gone":true` when the kernel has no such socket any more.
//! ```text
//! {"n":8,"t_us":15341,"who":"client","lane":"kernel","from":"ESTABLISHED","to":"FIN-WAIT-1","source":"measured",
//!  "reading":{"state":"FIN-WAIT-1","by_descriptor":true,"inq":0,"outq":1,"rqueue":0,"wqueue":1,"shutdown":"send",
//!   "timer":{"kind":"retransmit","expires_ms":204,"retries":0},"edge":["writable"],
//!   "tcp_info":{"bytes_acked":1025,"bytes_received":1, ...}}}
//! ```
//! (one line in the file). A reading holds what the kernel said, in its own units: the queues count SYN and FIN as
//! Linux does, see [`crate::tcp::Sample`] and [`crate::tcp::Counters`] for each field. `shutdown` is `none`, `send`,
//! `receive` or `both`; `edge` lists the poll flags `readable writable read_hup hup error urgent`.
//!
//! **`wire`**: a segment. `seq` and `ack` are relative to each side's initial sequence number, flags stand in the
//! order `SFRPAU`, `from` and `to` are endpoint names, else addresses; `fate` is `passed`, `held`, `dropped` or
//! `duplicated`.
//! ```text
//! {"n":9,"t_us":15352,"lane":"wire","from":"client","to":"server","flags":"FA","seq":1025,"ack":1,"len":0,"win":64240,"fate":"passed"}
//! ```
//! One segment may be told more than once (held, then passed): `id` is its number, the same each time and rising in
//! order of arrival. Then, each where it says something: `host` (`a` or `b`, the one that sent it), `left_us` (when the
//! sender's kernel handed it over, where that was not now; on loopback, where there is no `host`, it arrived then too),
//! `due_us` (`held` until then by a delay), `repeats` (so many retransmissions of it were counted on it while it was held), `repeats_of` (the `id` of the segment that it repeats),
//! `copy_of` (the wire made it, as a copy of the segment with that `id`), `dropped_by` (`cut`, `rule`, `loss`,
//! `discarded`, or `full`: the queue had no more room).
//!
//! `why` says what its sender sent it for, as far as sequence numbers tell; a copy has none.
//!
//! | `why` | |
//! |---|---|
//! | `syn`, `syn-ack`, `ack-of-syn` | the handshake |
//! | `data` | new payload |
//! | `fin` | the FIN, for the first time; as with `data`, `"acks_fin":true`: the first to acknowledge the peer's FIN too |
//! | `ack-of-fin` | `"again":true`: the FIN had come again |
//! | `answers` | acknowledges the segment with the number `of` |
//! | `retransmission` | of what began at `of`, for the `nth` time |
//! | `zero-window-probe`, `keepalive-probe`, `answers-probe` | |
//! | `window-update` | the window has opened, nothing new is acknowledged |
//! | `duplicate-ack` | nothing new: there is a hole before what came, or it was old, or found no room |
//! | `challenge-ack` | answers what does not fit (RFC 5961) |
//! | `reset` | `answers`: the number of the segment that drew it; without it the end's own wish |
//! | `ack` | acknowledges, and nothing seen says what for |
//! ```text
//! {"n":9,"t_us":900,"lane":"wire","from":"client","to":"server","flags":"FA","seq":1025,"ack":1,"len":0,"win":64240,
//!  "fate":"held","id":12,"host":"a","left_us":700,"repeats":2}
//! ```
//! **`half`**: a half moved; it follows from the lines before it and is skipped on replay. `ahead`: bytes before a
//! queued FIN. `"shut":true`: the peer's FIN reached a half that was shut here.
//! ```text
//! {"n":11,"t_us":15381,"who":"server","lane":"half","half":"receive","from":"fin-received","to":"eof-read","derived":true}
//! ```
//! **`script`**: an expectation was decided.
//! ```text
//! {"n":40,"t_us":99000,"who":"server","lane":"script","expect":"received \"Thank you\"","line":12,"held":true}
//! ```
//! **`note`**: what finspect itself has to say: `note` is its word, with the fields
//! `waiting` and `abandoned` `bytes` · `resolving` `host` · `resolved` `host addrs` · `unresolved` `host why` ·
//! `saving` `path` · `file-failed` `path why` · `reading` `mode` (`on`, `off`, or so many bytes) · `accepting` `on` ·
//! `out-of-descriptors` `limit` · `linger` `seconds` (`null`: off) · `disagreement` `segments kernel` (the two
//! states that the segments prove and that the kernel says, both settled) · `agreement` `state` (it is over) ·
//! `wire` `rule` (all that is in force now, as command lines joined by `; `; `clear`: nothing) · `wire-lost` `frames` (so many
//! more that the kernel dropped before the wire saw them) · `lab` `change` (`set` `sysctl value`, `reset`, or `reboot`
//! `host`) `failed` (nothing was changed, and why) · `ended` `pid how` (the process that held the endpoint's descriptor is
//! gone, and how it ended) · `text` `text`.
//! ```text
//! {"n":5,"t_us":900,"who":"client","lane":"note","note":"waiting","bytes":65536}
//! ```

mod fields;
mod header;
mod object;
mod read;
mod reading;
#[cfg(test)]
mod shapes;
mod why;
mod words;
mod write;

pub use fields::{Mistake, ReadError};
pub use header::{Ground, Header, SCHEMA};
pub use read::{Line, Names, Skipped, from_line};
pub use write::{DATA_LIMIT, to_line, write_line};
