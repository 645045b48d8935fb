//! An event as one line of plain text, for `run` without `--json` and for the story on stderr.

use crate::journal::Event;

pub fn line(_event: &Event) -> Option<String> {
    None
}
