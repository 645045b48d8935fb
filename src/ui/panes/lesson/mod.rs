//! Lesson pane: the text as far as the learner has come, the step that is next, the question that waits.
//!
//! ```text
//!  ─ lesson  Half-close ──────────────── 3 of 9 ─
//!   A server sends a file. When it has sent all
//!   of it, it has nothing more to say.
//!   ✓ server: send file "report.txt"
//!   ▸ server: shutdown send
//!       press s or Enter
//!  ─ posix ──────────────────────────────────────
//!     send(fd, file, size, 0);       // (1)
//!   ▸ shutdown(fd, SHUT_WR);         // (2)
//! ```
//!
//! What comes after the step that is next is not shown: it may give an answer away. The listing stands pinned below.

mod code;
mod page;
mod question;
mod steps;
mod text;
mod view;

pub use page::lines;
pub use view::{View, draw, first_line, room};
