//! SIGTERM, SIGHUP and SIGINT as one future: the program ends by itself, with everything given back.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for the signals that end a program.
pub struct Ends {
    term: Signal,
    hup: Signal,
    int: Signal,
}

impl Ends {
    pub fn listen() -> io::Result<Ends> {
        Ok(Ends {
            term: signal(SignalKind::terminate())?,
            hup: signal(SignalKind::hangup())?,
            int: signal(SignalKind::interrupt())?,
        })
    }

    /// The number of the signal that came. Cancel-safe.
    pub async fn came(&mut self) -> u8 {
        tokio::select! {
            _ = self.term.recv() => 15,
            _ = self.hup.recv() => 1,
            _ = self.int.recv() => 2,
        }
    }
}
