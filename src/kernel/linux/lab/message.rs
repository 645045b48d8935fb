//! What parent and child say to each other: one message each, a few bytes. No calls.

use crate::kernel::lab::{LabRefused, LabStep};
use crate::tcp::{Errno, Host};

/// Longest message: a refusal with its evidence.
pub const ROOM: usize = 512;

/// The parent asks for a TCP socket inside a host. Requests are numbered, so that an answer which came too late is not
/// taken for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub number: u32,
    pub host: Host,
    pub v6: bool,
}

impl Asked {
    pub fn bytes(self) -> Vec<u8> {
        let host = match self.host {
            Host::A => b'a',
            Host::B => b'b',
        };
        let family = if self.v6 { b'6' } else { b'4' };
        let mut bytes = vec![host, family];
        bytes.extend_from_slice(&self.number.to_ne_bytes());
        bytes
    }

    pub fn read(bytes: &[u8]) -> Option<Asked> {
        let (&[host, family], number) = bytes.split_first_chunk()?;
        Some(Asked {
            number: u32::from_ne_bytes(number.try_into().ok()?),
            host: match host {
                b'a' => Host::A,
                b'b' => Host::B,
                _ => return None,
            },
            v6: match family {
                b'4' => false,
                b'6' => true,
                _ => return None,
            },
        })
    }
}

/// What the child answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The hosts and the wire stand; their descriptors travel with this message.
    Ready,
    /// There will be no lab.
    Refused(LabRefused),
    /// The socket asked for travels with this message.
    Socket { number: u32 },
    /// The child has closed its own descriptor of it: from now on the parent's close is the last.
    Alone { number: u32 },
    /// socket(2) failed.
    NoSocket { number: u32, errno: Errno },
}

impl Told {
    pub fn bytes(&self) -> Vec<u8> {
        let numbered = |kind: u8, number: u32| {
            let mut bytes = vec![kind];
            bytes.extend_from_slice(&number.to_ne_bytes());
            bytes
        };
        match self {
            Told::Ready => vec![b'r'],
            Told::Refused(refused) => refusal(refused),
            Told::Socket { number } => numbered(b's', *number),
            Told::Alone { number } => numbered(b'a', *number),
            Told::NoSocket { number, errno } => {
                let mut bytes = numbered(b'n', *number);
                bytes.extend_from_slice(&errno.0.to_ne_bytes());
                bytes
            }
        }
    }

    pub fn read(bytes: &[u8]) -> Option<Told> {
        let (kind, rest) = bytes.split_first()?;
        if *kind == b'x' {
            return refused(rest);
        }
        if *kind == b'r' {
            return Some(Told::Ready);
        }
        let (number, rest) = rest.split_first_chunk()?;
        let number = u32::from_ne_bytes(*number);
        Some(match kind {
            b's' => Told::Socket { number },
            b'a' => Told::Alone { number },
            b'n' => Told::NoSocket {
                number,
                errno: Errno(i32::from_ne_bytes(*rest.first_chunk()?)),
            },
            _ => return None,
        })
    }
}

/// Step by its place among [`LabStep::ALL`], errno (0: none), evidence.
fn refusal(refused: &LabRefused) -> Vec<u8> {
    let mut bytes = vec![b'x', refused.step as u8];
    bytes.extend_from_slice(&refused.errno.map_or(0, |errno| errno.0).to_ne_bytes());
    bytes.extend_from_slice(refused.evidence.as_deref().unwrap_or_default().as_bytes());
    bytes.truncate(ROOM);
    bytes
}

fn refused(bytes: &[u8]) -> Option<Told> {
    let (step, rest) = bytes.split_first()?;
    let (errno, evidence) = rest.split_first_chunk()?;
    let errno = Errno(i32::from_ne_bytes(*errno));
    let evidence = String::from_utf8_lossy(evidence).into_owned();
    Some(Told::Refused(LabRefused {
        step: *LabStep::ALL.get(usize::from(*step))?,
        errno: (errno != Errno(0)).then_some(errno),
        evidence: (!evidence.is_empty()).then_some(evidence),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_said_is_understood() {
        for host in Host::ALL {
            for v6 in [false, true] {
                let asked = Asked {
                    number: 70_000,
                    host,
                    v6,
                };
                assert_eq!(Asked::read(&asked.bytes()), Some(asked));
            }
        }
        let number = u32::MAX;
        let mut told = vec![
            Told::Ready,
            Told::Socket { number },
            Told::Alone { number },
            Told::NoSocket {
                number,
                errno: Errno::EMFILE,
            },
        ];
        for step in LabStep::ALL {
            let refused = LabRefused::at(*step)(Errno::EPERM);
            told.push(Told::Refused(refused.clone()));
            told.push(Told::Refused(LabRefused {
                errno: None,
                evidence: Some("label".to_owned()),
                ..refused
            }));
        }
        for told in told {
            assert_eq!(Told::read(&told.bytes()), Some(told));
        }
    }

    proptest! {
        #[test]
        fn other_bytes_are_not_understood_and_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..12)) {
            if let Some(asked) = Asked::read(&bytes) {
                prop_assert_eq!(asked.bytes(), bytes.clone());
            }
            if let Some(told) = Told::read(&bytes) {
                prop_assert_eq!(bytes[0], told.bytes()[0]);
            }
        }
    }
}
