//! The frame of the screen: titles, columns, footer, help, prompts.

super::words! {
    /// The frame of the screen: titles, columns, footer, help, prompts.
    Screen {
        Connections = "screen-connections",
    }
}
