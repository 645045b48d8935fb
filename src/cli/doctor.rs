//! `finspect doctor`: for each power, whether this machine grants it, why not, and the remedy.

use serde_json::{Map, Value, json};

use super::exit::{Exit, Failure};
use super::output;
use crate::kernel;
use crate::tcp::{Grant, Power};

pub fn run(json: bool) -> Result<Exit, Failure> {
    let grants: Vec<(Power, Grant)> = Power::ALL
        .into_iter()
        .map(|power| (power, kernel::probe(power)))
        .collect();
    let text = if json {
        as_json(&grants)
    } else {
        as_text(&grants)
    };
    output::page(&text)
}

fn as_json(grants: &[(Power, Grant)]) -> String {
    let powers: Map<String, Value> = grants
        .iter()
        .map(|(power, grant)| {
            let value = match grant {
                Ok(detail) => json!({"granted": true, "detail": detail}),
                Err(refused) => {
                    json!({"granted": false, "why": refused.why, "remedy": refused.remedy})
                }
            };
            (power.word().to_owned(), value)
        })
        .collect();
    let page = json!({"finspect": 1, "version": env!("CARGO_PKG_VERSION"), "powers": powers});
    format!("{page}\n")
}

fn as_text(grants: &[(Power, Grant)]) -> String {
    let mut text = format!("finspect {}\n\n", env!("CARGO_PKG_VERSION"));
    for (power, grant) in grants {
        let use_of = purpose(*power);
        match grant {
            Ok(detail) => text.push_str(&format!("yes  {power:<12} {use_of}\n       {detail}\n")),
            Err(refused) => text.push_str(&format!(
                "no   {power:<12} {use_of}\n       why:    {}\n       remedy: {}\n",
                refused.why, refused.remedy
            )),
        }
    }
    text
}

/// What finspect needs a power for.
const fn purpose(power: Power) -> &'static str {
    match power {
        Power::TcpInfo => "state and counters of our own sockets",
        Power::SockDiag => "queues, timers, and what the kernel keeps after close (TIME-WAIT)",
        Power::Ipv6 => "connections over IPv6",
        Power::Descriptors => "how many connections one process may hold",
        Power::Capture => "the segments of connections on loopback (the lab carries its own)",
        Power::Namespaces => "hosts of our own, with a wire between them",
        Power::Borrow => "closing halves of another process's connection",
        Power::Destroy => "aborting another process's connection",
        Power::Tracefs => "every state transition of every socket",
    }
}
