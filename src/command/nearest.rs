//! The nearest word to a misspelt one: optimal string alignment distance (Damerau 1964), letters compared without case.

/// Longer words are no misspelling of anything here; the limit keeps the work small.
const LONGEST: usize = 40;

/// The candidate that most likely was meant, or none if all are too far away.
///
/// A swap of neighbours counts as one mistake (`shutdwon`). A third of the word may be wrong; a single candidate
/// that the word begins is taken too (`shut`).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(word)?;
    if wanted.is_empty() {
        return None;
    }
    let mut best: Option<((usize, bool), &str)> = None;
    let mut begun = Vec::new();
    for candidate in candidates {
        let Some(letters) = folded(candidate) else {
            continue;
        };
        let begins = wanted.len() >= 2 && letters.starts_with(&wanted);
        if begins {
            begun.push(candidate);
        }
        let distance = distance(&wanted, &letters);
        let allowed = (wanted.len().max(letters.len()) / 3).max(1);
        // Of two that are equally near, the one that the word begins: `of` is `off` rather than `on`.
        let rank = (distance, !begins);
        if distance <= allowed && distance < letters.len() && best.is_none_or(|(r, _)| rank < r) {
            best = Some((rank, candidate));
        }
    }
    match begun.as_slice() {
        [only] => best.map(|(_, word)| word).or(Some(only)),
        _ => best.map(|(_, word)| word),
    }
}

fn folded(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word
        .chars()
        .take(LONGEST + 1)
        .flat_map(char::to_lowercase)
        .collect();
    (letters.len() <= LONGEST).then_some(letters)
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_forgiven_and_a_guess_is_not_made() {
        let verbs = ["shutdown", "send", "set", "close", "connect"];
        let cases = [
            ("shutdwon", Some("shutdown")),
            ("SHUTDOWN", Some("shutdown")),
            ("shut", Some("shutdown")),
            ("sned", Some("send")),
            ("clsoe", Some("close")),
            ("conect", Some("connect")),
            ("x", None),
            ("s", None),
            ("", None),
            ("teleport", None),
        ];
        for (word, meant) in cases {
            assert_eq!(nearest(word, verbs), meant, "{word}");
        }
    }

    #[test]
    fn the_distance_counts_slips() {
        let d = |a: &str, b: &str| {
            distance(
                &folded(a).unwrap_or_default(),
                &folded(b).unwrap_or_default(),
            )
        };
        assert_eq!(d("", "abc"), 3);
        assert_eq!(d("abc", ""), 3);
        assert_eq!(d("ab", "ba"), 1);
        assert_eq!(d("kitten", "sitting"), 3);
        assert_eq!(d("клиент", "клеинт"), 1);
    }
}
