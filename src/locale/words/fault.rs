//! Errors in plain sentences: errnos, refusals, parse errors.

super::words! {
    /// Errors in plain sentences: errnos, refusals, parse errors.
    Fault {
        Epipe = "fault-epipe",
    }
}
