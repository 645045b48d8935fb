//! Finding a text in a stream of bytes, however it is cut into reads: Knuth, Morris and Pratt (1977).

/// Looks for one text. It keeps no bytes of the stream, only how much of the text they end with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needle {
    text: Vec<u8>,
    /// For each length of a matched beginning, the longest shorter one that it ends with.
    fallback: Vec<usize>,
    matched: usize,
    found: bool,
}

impl Needle {
    /// An empty text is found at once.
    pub fn new(text: &[u8]) -> Needle {
        let mut fallback = vec![0; text.len()];
        let mut matched = 0;
        for i in 1..text.len() {
            while matched > 0 && text[i] != text[matched] {
                matched = fallback[matched - 1];
            }
            matched += usize::from(text[i] == text[matched]);
            fallback[i] = matched;
        }
        Needle {
            text: text.to_vec(),
            fallback,
            matched: 0,
            found: text.is_empty(),
        }
    }

    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text has stood in the stream. It stays found.
    pub fn found(&self) -> bool {
        self.found
    }

    /// The next bytes of the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.found {
                return;
            }
            while self.matched > 0 && self.text[self.matched] != *byte {
                self.matched = self.fallback[self.matched - 1];
            }
            self.matched += usize::from(self.text[self.matched] == *byte);
            self.found = self.matched == self.text.len();
        }
    }

    /// Bytes of the stream are not known: nothing is found across the gap.
    pub fn gap(&mut self) {
        self.matched = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(text: &str, reads: &[&str]) -> bool {
        let mut needle = Needle::new(text.as_bytes());
        reads.iter().for_each(|read| needle.feed(read.as_bytes()));
        needle.found()
    }

    #[test]
    fn across_reads() {
        assert!(finds("Thank you", &["..Tha", "", "nk", " you.."]));
        assert!(finds("aab", &["aaa", "ab"]));
        assert!(finds("abab", &["abaab", "ab"]));
        assert!(!finds("Thank you", &["Thank", "you"]));
        assert!(finds("", &[]));
    }

    #[test]
    fn never_across_a_gap() {
        let mut needle = Needle::new(b"abc");
        needle.feed(b"ab");
        needle.gap();
        needle.feed(b"c");
        assert!(!needle.found());
        needle.feed(b"abc");
        assert!(needle.found());
    }

    proptest! {
        #[test]
        fn as_a_search_over_the_whole(text in "[ab]{1,6}", stream in "[ab]{0,40}", cut in 1usize..9) {
            let mut needle = Needle::new(text.as_bytes());
            stream.as_bytes().chunks(cut).for_each(|read| needle.feed(read));
            prop_assert_eq!(needle.found(), stream.contains(&text));
        }
    }
}
