//! The two pipes, the forecasts, the data pane.

super::words! {
    /// The two pipes, the forecasts, the data pane.
    Pipe {
        Sends = "pipe-send",
    }
}
