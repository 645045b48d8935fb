//! Writing one JSON object, its keys in the order in which they are given.

use std::fmt::{Display, Write};

/// An object that is being written at the end of a string.
pub(super) struct Object<'a> {
    out: &'a mut String,
    empty: bool,
}

impl<'a> Object<'a> {
    pub fn begin(out: &'a mut String) -> Object<'a> {
        out.push('{');
        Object { out, empty: true }
    }

    pub fn end(self) {
        self.out.push('}');
    }

    pub fn text(&mut self, key: &str, value: impl AsRef<str>) {
        self.key(key);
        quote(self.out, value.as_ref());
    }

    /// A number, `true`, `false` or `null`.
    pub fn plain(&mut self, key: &str, value: impl Display) {
        self.key(key);
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// A value whose text needs no escaping: an address, base64.
    pub fn shown(&mut self, key: &str, value: impl Display) {
        self.key(key);
        let _ = write!(self.out, "\"{value}\"");
    }

    pub fn texts(&mut self, key: &str, values: impl IntoIterator<Item = impl AsRef<str>>) {
        self.key(key);
        self.out.push('[');
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            quote(self.out, value.as_ref());
        }
        self.out.push(']');
    }

    pub fn object(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.key(key);
        let mut inner = Object::begin(self.out);
        fill(&mut inner);
        inner.end();
    }

    fn key(&mut self, key: &str) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
        quote(self.out, key);
        self.out.push(':');
    }
}

/// A JSON string (RFC 8259, section 7).
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Beyond the RFC: DEL and the C1 controls, so that a recording can be shown on a terminal.
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_reads_back() {
        for text in [
            "",
            "a \"b\" \\ c",
            "\u{1b}[31m\r\n\t\0\u{7f}\u{9b}",
            "日本 é 🦀",
        ] {
            let mut out = String::new();
            quote(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
            assert!(!out.chars().any(char::is_control), "{out:?}");
        }
    }
}
