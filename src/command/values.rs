//! The values of the language: TIME, BYTES, TEXT, PATH, addresses and names, read from one word each.

use std::net::Ipv6Addr;
use std::path::PathBuf;
use std::time::Duration;

use super::ask::HostPort;
use super::error::{Expected, NumberFault, ParseError, ParseErrorKind};
use super::lexer::Body;
use super::words::Words;

/// The longest TIME: later moments have no use, and adding one to a clock must not overflow.
const LONGEST_S: u64 = u32::MAX as u64;

/// The units of TIME in microseconds, as they are written.
pub(super) const TIME_UNITS: [(&str, u64); 4] = [
    ("us", 1),
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
];

/// The units of BYTES, as they are written.
pub(super) const BYTE_UNITS: [(&str, u64); 3] =
    [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl<'a> Words<'a> {
    /// TIME, whole multiples of `unit_us` microseconds.
    pub fn time(&mut self, unit_us: u64) -> Result<Duration, ParseError> {
        self.expects(Expected::Time);
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        let us = time_us(word).and_then(|us| match us % unit_us {
            0 => Ok(us),
            _ => Err(NumberFault::TooFine { unit_us }),
        });
        self.number(word, us).map(Duration::from_micros)
    }

    /// BYTES between two bounds.
    pub fn bytes(&mut self, min: u64, max: u64) -> Result<u64, ParseError> {
        self.expects(Expected::Bytes);
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        let count = byte_count(word).and_then(|n| bounded(n, min, max));
        self.number(word, count)
    }

    /// A plain number between two bounds.
    pub fn count(&mut self, min: u64, max: u64) -> Result<u32, ParseError> {
        self.expects(Expected::Count);
        self.plain(min, max)
    }

    /// A plain number of any size: a seed, a segment's number.
    pub fn whole(&mut self) -> Result<u64, ParseError> {
        self.expects(Expected::Count);
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        self.number(word, digits(word))
    }

    /// A plain number that may be left out, at least `min`.
    pub fn leading_count(&mut self, min: u64) -> Result<Option<u32>, ParseError> {
        self.expects(Expected::Count);
        match self.bare() {
            Some(word) if word.starts_with(|c: char| c.is_ascii_digit()) => {
                self.count(min, u32::MAX.into()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A share of a hundred, in hundredths of a percent.
    pub fn percent(&mut self) -> Result<u32, ParseError> {
        self.expects(Expected::Percent);
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        self.number(word, basis_points(word))
    }

    /// A plain number of seconds, as `int` in the kernel.
    pub fn seconds(&mut self) -> Result<u32, ParseError> {
        self.expects(Expected::Seconds);
        self.plain(0, i32::MAX as u64)
    }

    fn plain(&mut self, min: u64, max: u64) -> Result<u32, ParseError> {
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        let count = digits(word).and_then(|n| bounded(n, min, max));
        let count = count.and_then(|n| u32::try_from(n).map_err(|_| NumberFault::TooLarge { max }));
        self.number(word, count)
    }

    fn number<T>(&mut self, word: &str, value: Result<T, NumberFault>) -> Result<T, ParseError> {
        match value {
            Ok(value) => {
                self.advance();
                Ok(value)
            }
            // A word that is not even meant as a number is no number gone wrong.
            Err(NumberFault::NotANumber) if !word.starts_with(|c: char| c.is_ascii_digit()) => {
                Err(self.unexpected())
            }
            Err(fault) => {
                let kind = ParseErrorKind::BadNumber {
                    word: word.to_owned(),
                    fault,
                };
                let nearest = mended(word, fault);
                Err(ParseError {
                    nearest,
                    ..self.fault(kind)
                })
            }
        }
    }

    /// TEXT: quoted, or one bare word. Any bytes.
    pub fn text(&mut self) -> Result<Vec<u8>, ParseError> {
        self.expects(Expected::Text);
        self.raw_text()
    }

    fn raw_text(&mut self) -> Result<Vec<u8>, ParseError> {
        let bytes = match self.token().map(|t| &t.body) {
            Some(Body::Quoted(bytes)) => bytes.clone(),
            Some(Body::Bare) => self.source().unwrap_or_default().as_bytes().to_vec(),
            None => return Err(self.unexpected()),
        };
        self.advance();
        Ok(bytes)
    }

    /// TEXT that is UTF-8: what the screen's own verbs take.
    pub fn word(&mut self) -> Result<String, ParseError> {
        let not_utf8 = self.fault(ParseErrorKind::NotUtf8);
        String::from_utf8(self.raw_text()?).map_err(|_| not_utf8)
    }

    pub fn path(&mut self) -> Result<PathBuf, ParseError> {
        self.expects(Expected::Path);
        let empty = self.fault(ParseErrorKind::EmptyText);
        match self.word()? {
            path if path.is_empty() => Err(empty),
            path => Ok(PathBuf::from(path)),
        }
    }

    /// The name of an actor, new or old as `expected` says.
    pub fn name(&mut self, expected: Expected) -> Result<String, ParseError> {
        self.expects(expected);
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        if !is_name(word) {
            return Err(self.fault(ParseErrorKind::BadName(word.to_owned())));
        }
        self.advance();
        Ok(word.to_owned())
    }

    /// `[ADDR:]PORT`
    pub fn address(&mut self) -> Result<HostPort, ParseError> {
        self.expects(Expected::Address);
        let word = self.bare().ok_or_else(|| self.unexpected())?;
        match host_port(word) {
            Some(at) => {
                self.advance();
                Ok(at)
            }
            None => Err(self.bad_address(word)),
        }
    }

    /// The word here is meant as an address and is none.
    pub fn bad_address(&self, word: &str) -> ParseError {
        let fault = self.fault(ParseErrorKind::BadAddress(word.to_owned()));
        ParseError {
            nearest: bracketed(word).or(fault.nearest),
            ..fault
        }
    }
}

/// A name begins with a letter of any script and goes on with letters, digits, `-`, `_` and `.`.
pub(super) fn is_name(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !word.ends_with('.')
}

/// `PORT`, `HOST:PORT`, `[v6]:PORT`
pub(super) fn host_port(word: &str) -> Option<HostPort> {
    let Some((host, digits)) = word.rsplit_once(':') else {
        return Some(HostPort {
            host: None,
            port: port(word)?,
        });
    };
    let host = match host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        Some(v6) => is_v6(v6).then_some(v6)?,
        None => is_host(host).then_some(host)?,
    };
    Some(HostPort {
        host: Some(host.to_owned()),
        port: port(digits)?,
    })
}

/// Decimal digits alone: `u16::from_str` would take a sign too.
fn port(word: &str) -> Option<u16> {
    word.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| word.parse().ok())?
}

/// An IPv6 address, perhaps with a zone (`fe80::1%eth0`, RFC 4007).
fn is_v6(word: &str) -> bool {
    let (address, zone) = word
        .split_once('%')
        .map_or((word, None), |(a, z)| (a, Some(z)));
    let zone_ok = zone.is_none_or(|z| {
        !z.is_empty()
            && z.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    });
    address.parse::<Ipv6Addr>().is_ok() && zone_ok
}

/// A name for the resolver or an IPv4 address; only what no name can hold is refused here.
fn is_host(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// `::1:80` as it should be: `[::1]:80`.
fn bracketed(word: &str) -> Option<String> {
    let (host, digits) = word.rsplit_once(':')?;
    (is_v6(host) && port(digits).is_some()).then(|| format!("[{host}]:{digits}"))
}

fn digits(word: &str) -> Result<u64, NumberFault> {
    if word.is_empty() || !word.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberFault::NotANumber);
    }
    word.parse()
        .map_err(|_| NumberFault::TooLarge { max: u64::MAX })
}

fn bounded(n: u64, min: u64, max: u64) -> Result<u64, NumberFault> {
    match n {
        _ if n < min => Err(NumberFault::TooSmall { min }),
        _ if n > max => Err(NumberFault::TooLarge { max }),
        _ => Ok(n),
    }
}

/// `4096`, `64KiB`. Upper and lower case of the unit are one.
fn byte_count(word: &str) -> Result<u64, NumberFault> {
    let (number, unit) = split_unit(word, |c| c.is_ascii_digit());
    let number = digits(number)?;
    if unit.is_empty() {
        return Ok(number);
    }
    let (_, factor) = BYTE_UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit))
        .ok_or(NumberFault::UnknownUnit)?;
    number
        .checked_mul(*factor)
        .ok_or(NumberFault::TooLarge { max: u64::MAX })
}

/// `200ms`, `1.5s`, in microseconds.
fn time_us(word: &str) -> Result<u64, NumberFault> {
    let (number, unit) = split_unit(word, |c| c.is_ascii_digit() || c == '.');
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole = digits(whole)?;
    digits(fraction)?;
    let (_, factor) = match unit {
        "" => return Err(NumberFault::NoUnit),
        _ => TIME_UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .ok_or(NumberFault::UnknownUnit)?,
    };
    let mut us = u128::from(whole) * u128::from(*factor);
    let mut place = u128::from(*factor);
    for digit in fraction.trim_end_matches('0').bytes() {
        if place % 10 != 0 {
            return Err(NumberFault::TooFine { unit_us: 1 });
        }
        place /= 10;
        us += place * u128::from(digit - b'0');
    }
    match u64::try_from(us) {
        Ok(us) if us <= LONGEST_S * 1_000_000 => Ok(us),
        _ => Err(NumberFault::TooLarge { max: LONGEST_S }),
    }
}

/// `10%`, `0.5%`, `12.25%`, in hundredths of a percent.
fn basis_points(word: &str) -> Result<u32, NumberFault> {
    let (number, unit) = split_unit(word, |c| c.is_ascii_digit() || c == '.');
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let whole = digits(whole)?;
    digits(fraction)?;
    match unit {
        "%" => {}
        "" => return Err(NumberFault::NoPercent),
        _ => return Err(NumberFault::NotANumber),
    }
    let fraction = match fraction.trim_end_matches('0').as_bytes() {
        [] => 0,
        [tenths] => u64::from(tenths - b'0') * 10,
        [tenths, hundredths] => u64::from(tenths - b'0') * 10 + u64::from(hundredths - b'0'),
        _ => return Err(NumberFault::TooPrecise),
    };
    let points = whole.saturating_mul(100).saturating_add(fraction);
    match u32::try_from(points) {
        Ok(points) if points <= 100 * 100 => Ok(points),
        _ => Err(NumberFault::TooLarge { max: 100 }),
    }
}

fn split_unit(word: &str, number: impl Fn(char) -> bool) -> (&str, &str) {
    word.split_at(word.find(|c| !number(c)).unwrap_or(word.len()))
}

/// What was probably meant by a number without its unit, or with a unit of daily life.
fn mended(word: &str, fault: NumberFault) -> Option<String> {
    match fault {
        NumberFault::NoUnit => Some(format!("{word}s")),
        NumberFault::UnknownUnit => {
            let (number, unit) = split_unit(word, |c| c.is_ascii_digit() || c == '.');
            let unit = match unit.to_lowercase().as_str() {
                "k" | "kb" => "KiB",
                "mb" => "MiB",
                "g" | "gb" => "GiB",
                "sec" | "secs" | "second" | "seconds" => "s",
                "min" | "mins" | "minute" | "minutes" => "m",
                "msec" | "millis" => "ms",
                "usec" | "micros" | "µs" | "μs" => "us",
                _ => return None,
            };
            Some(format!("{number}{unit}"))
        }
        NumberFault::NoPercent => Some(format!("{word}%")),
        NumberFault::NotANumber
        | NumberFault::TooPrecise
        | NumberFault::TooSmall { .. }
        | NumberFault::TooLarge { .. }
        | NumberFault::TooFine { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_exact_to_the_microsecond() {
        let cases = [
            ("0s", Ok(0)),
            ("1us", Ok(1)),
            ("200ms", Ok(200_000)),
            ("1.5s", Ok(1_500_000)),
            ("0.000001s", Ok(1)),
            ("2m", Ok(120_000_000)),
            ("1.25m", Ok(75_000_000)),
            ("0.5us", Err(NumberFault::TooFine { unit_us: 1 })),
            ("0.0000001s", Err(NumberFault::TooFine { unit_us: 1 })),
            ("2", Err(NumberFault::NoUnit)),
            ("2h", Err(NumberFault::UnknownUnit)),
            ("2S", Err(NumberFault::UnknownUnit)),
            ("s", Err(NumberFault::NotANumber)),
            (".5s", Err(NumberFault::NotANumber)),
            ("1.s", Err(NumberFault::NotANumber)),
            ("1.2.3s", Err(NumberFault::NotANumber)),
            ("-1s", Err(NumberFault::NotANumber)),
            (
                "99999999999999999999s",
                Err(NumberFault::TooLarge { max: u64::MAX }),
            ),
            ("9999999999s", Err(NumberFault::TooLarge { max: LONGEST_S })),
        ];
        for (word, us) in cases {
            assert_eq!(time_us(word), us, "{word}");
        }
    }

    #[test]
    fn byte_counts() {
        let cases = [
            ("0", Ok(0)),
            ("4096", Ok(4096)),
            ("64KiB", Ok(65536)),
            ("1mib", Ok(1 << 20)),
            ("3GiB", Ok(3 << 30)),
            ("18446744073709551615", Ok(u64::MAX)),
            (
                "18446744073709551616",
                Err(NumberFault::TooLarge { max: u64::MAX }),
            ),
            (
                "18446744073709551615KiB",
                Err(NumberFault::TooLarge { max: u64::MAX }),
            ),
            ("4KB", Err(NumberFault::UnknownUnit)),
            ("1.5MiB", Err(NumberFault::UnknownUnit)),
            ("+1", Err(NumberFault::NotANumber)),
        ];
        for (word, n) in cases {
            assert_eq!(byte_count(word), n, "{word}");
        }
    }

    #[test]
    fn shares_are_exact_to_a_hundredth_of_a_percent() {
        let cases = [
            ("0%", Ok(0)),
            ("10%", Ok(1_000)),
            ("0.5%", Ok(50)),
            ("12.25%", Ok(1_225)),
            ("0.01%", Ok(1)),
            ("1.2500%", Ok(125)),
            ("100%", Ok(10_000)),
            ("100.01%", Err(NumberFault::TooLarge { max: 100 })),
            (
                "99999999999999999999%",
                Err(NumberFault::TooLarge { max: u64::MAX }),
            ),
            ("1.125%", Err(NumberFault::TooPrecise)),
            ("10", Err(NumberFault::NoPercent)),
            ("10p", Err(NumberFault::NotANumber)),
            ("%", Err(NumberFault::NotANumber)),
            (".5%", Err(NumberFault::NotANumber)),
            ("1.%", Err(NumberFault::NotANumber)),
            ("10%%", Err(NumberFault::NotANumber)),
        ];
        for (word, points) in cases {
            assert_eq!(basis_points(word), points, "{word}");
        }
    }

    #[test]
    fn addresses_with_their_port() {
        let cases = [
            ("6000", Some((None, 6000))),
            ("0", Some((None, 0))),
            ("127.0.0.1:80", Some((Some("127.0.0.1"), 80))),
            ("localhost:80", Some((Some("localhost"), 80))),
            ("[::1]:80", Some((Some("::1"), 80))),
            ("[fe80::1%eth0]:80", Some((Some("fe80::1%eth0"), 80))),
            ("сервер.рф:80", Some((Some("сервер.рф"), 80))),
            ("65536", None),
            ("+80", None),
            (":80", None),
            ("host:", None),
            ("::1:80", None),
            ("[::1]", None),
            ("[host]:80", None),
            ("a/b:80", None),
        ];
        for (word, at) in cases {
            let at = at.map(|(host, port): (Option<&str>, u16)| HostPort {
                host: host.map(str::to_owned),
                port,
            });
            assert_eq!(host_port(word), at, "{word}");
        }
    }
}
