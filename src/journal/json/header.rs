//! The first line of a stream or recording.

use super::fields::{Fields, Mistake, Need, ReadError, parse};
use super::object::Object;
use crate::tcp::{Grant, Power};

/// Where the bare ports of a session live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ground {
    /// Two hosts of our own with a wire between them.
    Lab,
    /// This machine.
    Loopback,
}

impl Ground {
    const ALL: [Ground; 2] = [Ground::Lab, Ground::Loopback];

    pub const fn word(self) -> &'static str {
        match self {
            Ground::Lab => "lab",
            Ground::Loopback => "loopback",
        }
    }
}

/// The version of the schema that is written, and the newest that is read.
pub const SCHEMA: u64 = 1;

/// What the first line says about all the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// When the journal began, RFC 3339.
    pub started: String,
    /// The field is called `world`; a line without it was written where there was no lab.
    pub ground: Ground,
    /// Granted, or why not.
    pub powers: Vec<(Power, Result<(), String>)>,
}

impl Header {
    pub fn new(started: impl Into<String>, ground: Ground, grants: &[(Power, Grant)]) -> Header {
        let word = |(power, grant): &(Power, Grant)| match grant {
            Ok(_) => (*power, Ok(())),
            Err(refused) => (*power, Err(refused.why.clone())),
        };
        Header {
            started: started.into(),
            ground,
            powers: grants.iter().map(word).collect(),
        }
    }

    /// The line, without its end.
    pub fn to_line(&self) -> String {
        let mut line = String::new();
        let mut o = Object::begin(&mut line);
        o.plain("finspect", SCHEMA);
        o.text("started", &self.started);
        o.object("powers", |o| {
            for (power, grant) in &self.powers {
                match grant {
                    Ok(()) => o.plain(power.word(), true),
                    Err(why) => o.text(power.word(), why),
                }
            }
        });
        o.text("world", self.ground.word());
        o.end();
        line
    }

    /// # Errors
    /// The line is no header, or one of a newer schema. Powers that this version does not know are left out.
    pub fn from_line(line: &str) -> Result<Header, ReadError> {
        let map = parse(line)?;
        let f = Fields::new(line, &map);
        let schema: u64 = f.number("finspect")?.need(&f, "finspect")?;
        if schema > SCHEMA {
            let column = f.not_a("finspect", "").column;
            return Err(ReadError {
                column,
                what: Mistake::Schema(schema),
            });
        }
        let started = f.text("started")?.need(&f, "started")?.to_owned();
        let ground = f
            .word("world", "lab or loopback", |word| {
                Ground::ALL.into_iter().find(|ground| ground.word() == word)
            })?
            .unwrap_or(Ground::Loopback);
        let told = f.object("powers")?.need(&f, "powers")?;
        let mut powers = Vec::new();
        for (word, value) in told.iter() {
            let Some(power) = Power::ALL.into_iter().find(|p| p.word() == word) else {
                continue;
            };
            let grant = match (value.as_bool(), value.as_str()) {
                (Some(true), _) => Ok(()),
                (_, Some(why)) => Err(why.to_owned()),
                _ => return Err(told.not_a(word, "true or a reason")),
            };
            powers.push((power, grant));
        }
        Ok(Header {
            started,
            ground,
            powers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tcp::Unavailable;

    #[test]
    fn a_header_says_what_is_refused_and_why() {
        let refused = Unavailable {
            why: "socket(AF_PACKET): EPERM".into(),
            remedy: "run as root".into(),
        };
        let header = Header::new(
            "2026-11-20T09:00:00Z",
            Ground::Lab,
            &[
                (Power::TcpInfo, Ok("280 bytes".into())),
                (Power::Capture, Err(refused)),
            ],
        );
        let line = header.to_line();
        assert_eq!(
            line,
            r#"{"finspect":1,"started":"2026-11-20T09:00:00Z","powers":{"tcp_info":true,"capture":"socket(AF_PACKET): EPERM"},"world":"lab"}"#
        );
        let mut back = Header::from_line(&line).unwrap();
        back.powers
            .sort_by_key(|(p, _)| Power::ALL.iter().position(|q| q == p));
        assert_eq!(back, header);
    }

    #[test]
    fn a_newer_schema_is_refused_and_an_unknown_power_is_not() {
        let newer = Header::from_line(r#"{"finspect":2,"started":"x","powers":{}}"#).unwrap_err();
        assert_eq!((newer.column, newer.what), (2, Mistake::Schema(2)));
        let line =
            r#"{"finspect":1,"started":"x","more":[1],"powers":{"teleport":true,"ipv6":true}}"#;
        assert_eq!(
            Header::from_line(line).unwrap().powers,
            [(Power::Ipv6, Ok(()))]
        );
    }
}
