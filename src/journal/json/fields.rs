//! Reading one JSON object: typed fields, and for each mistake the column where it stands.

use std::fmt;
use std::net::SocketAddr;

use serde_json::{Map, Value};

/// A line that is no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Counted in bytes, from 1: where the mistake stands, or where the object of a missing field begins.
    pub column: usize,
    pub what: Mistake,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It is no JSON object; the parser's own words.
    NotJson(String),
    /// A field that must be there is not.
    Missing { field: String },
    /// A field has another kind of value than it must have.
    NotA { field: String, wanted: &'static str },
    /// The first line carries a schema that this version does not read.
    Schema(u64),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: ", self.column)?;
        match &self.what {
            Mistake::NotJson(why) => f.write_str(why),
            Mistake::Missing { field } => write!(f, "\"{field}\" is missing"),
            Mistake::NotA { field, wanted } => write!(f, "\"{field}\" is not {wanted}"),
            Mistake::Schema(n) => write!(f, "schema {n} is not known"),
        }
    }
}

impl std::error::Error for ReadError {}

/// The object of a line.
pub(super) fn parse(line: &str) -> Result<Map<String, Value>, ReadError> {
    serde_json::from_str(line).map_err(|e| {
        // The parser adds "at line 1 column 7", which our column says already.
        let words = e.to_string();
        let words = words
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        ReadError {
            column: e.column().max(1),
            what: Mistake::NotJson(words),
        }
    })
}

/// The fields of an object, with the line they stand in.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    line: &'a str,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub fn new(line: &'a str, map: &'a Map<String, Value>) -> Fields<'a> {
        Fields { line, map }
    }

    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|v| !v.is_null())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.map.iter()
    }

    pub fn text(&self, key: &str) -> Result<Option<&'a str>, ReadError> {
        self.typed(key, "text", Value::as_str)
    }

    pub fn flag(&self, key: &str) -> Result<bool, ReadError> {
        Ok(self
            .typed(key, "true or false", Value::as_bool)?
            .unwrap_or(false))
    }

    /// A whole number that is not negative and fits.
    pub fn number<N: TryFrom<u64>>(&self, key: &str) -> Result<Option<N>, ReadError> {
        self.typed(key, "a number in range", |v| N::try_from(v.as_u64()?).ok())
    }

    pub fn addr(&self, key: &str) -> Result<Option<SocketAddr>, ReadError> {
        self.typed(key, "an address", |v| v.as_str()?.parse().ok())
    }

    pub fn object(&self, key: &str) -> Result<Option<Fields<'a>>, ReadError> {
        let map = self.typed(key, "an object", Value::as_object)?;
        Ok(map.map(|map| Fields {
            line: self.line,
            map,
        }))
    }

    pub fn texts(&self, key: &str) -> Result<Vec<&'a str>, ReadError> {
        let all = |v: &'a Value| v.as_array()?.iter().map(Value::as_str).collect();
        Ok(self.typed(key, "a list of texts", all)?.unwrap_or_default())
    }

    /// One word of a list.
    pub fn word<T>(
        &self,
        key: &str,
        wanted: &'static str,
        find: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        self.typed(key, wanted, |v| find(v.as_str()?))
    }

    /// A field, `None` when it is absent or null; wrong when `read` cannot read it.
    pub fn typed<T>(
        &self,
        key: &str,
        wanted: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        read(value).map(Some).ok_or_else(|| self.not_a(key, wanted))
    }

    pub fn not_a(&self, key: &str, wanted: &'static str) -> ReadError {
        // The parsed value has no place of its own; the first such key is nearly always the one.
        let column = self.line.find(&format!("\"{key}\"")).map_or(1, |at| at + 1);
        ReadError {
            column,
            what: Mistake::NotA {
                field: key.to_owned(),
                wanted,
            },
        }
    }

    pub fn missing(&self, key: &str) -> ReadError {
        ReadError {
            column: 1,
            what: Mistake::Missing {
                field: key.to_owned(),
            },
        }
    }
}

/// A field that must be there.
pub(super) trait Need<T> {
    fn need(self, fields: &Fields<'_>, key: &str) -> Result<T, ReadError>;
}

impl<T> Need<T> for Option<T> {
    fn need(self, fields: &Fields<'_>, key: &str) -> Result<T, ReadError> {
        self.ok_or_else(|| fields.missing(key))
    }
}
