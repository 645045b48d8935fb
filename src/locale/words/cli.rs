//! The command line: doctor, run, connect, their reports.

super::words! {
    /// The command line: doctor, run, connect, their reports.
    Cli {
        Passed = "cli-passed",
    }
}
