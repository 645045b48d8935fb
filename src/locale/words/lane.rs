//! The log: lanes, calls and what they mean.

super::words! {
    /// The log: lanes, calls and what they mean.
    Lane {
        App = "lane-app",
    }
}
