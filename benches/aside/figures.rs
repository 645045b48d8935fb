//! Durations as figures.

use std::time::Duration;

/// The middle, the best, and what one in a hundred is worse than.
pub struct Figures {
    pub least: Duration,
    pub median: Duration,
    pub p99: Duration,
}

impl Figures {
    /// Of at least one duration.
    pub fn of(mut all: Vec<Duration>) -> Figures {
        assert!(!all.is_empty(), "nothing was measured");
        all.sort_unstable();
        let at = |percent: usize| all[(all.len() - 1) * percent / 100];
        Figures {
            least: at(0),
            median: at(50),
            p99: at(99),
        }
    }

    pub fn row(&self, name: &str) -> String {
        format!(
            "{name:<44} {:>10} {:>10} {:>10}",
            micros(self.least),
            micros(self.median),
            micros(self.p99)
        )
    }
}

/// The heads above [`Figures::row`].
pub fn heads(title: &str) -> String {
    format!("{title:<44} {:>10} {:>10} {:>10}", "least", "median", "p99")
}

fn micros(d: Duration) -> String {
    format!("{:.1} us", d.as_secs_f64() * 1e6)
}
