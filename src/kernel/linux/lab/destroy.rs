//! SOCK_DESTROY for every TCP socket of a host. Whose right to it counts: the asking process's, at that moment.

use crate::kernel::Diag;
use crate::kernel::reading::{Found, StateMask};
use crate::tcp::{Errno, State};

/// Passes over the tables at most. What lives after a pass came into being during it: a connection out of a queue, a
/// row that an interrupted dump left out.
const PASSES: usize = 8;

/// One pass over the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    pub found: usize,
    pub destroyed: usize,
    /// The last refusal. EOPNOTSUPP: a kernel without CONFIG_INET_DIAG_DESTROY; of a TIME-WAIT alone: an older kernel.
    pub refused: Option<Errno>,
}

/// Destroys until nothing is left; how many sockets.
pub fn destroy_all(diag: &mut Diag) -> Result<usize, Errno> {
    let mut total = 0;
    for _ in 0..PASSES {
        let pass = pass(diag)?;
        total += pass.destroyed;
        if pass.destroyed == 0 {
            return pass.refused.map_or(Ok(total), Err);
        }
    }
    Ok(total)
}

/// Asks for the end of each socket that the tables show: TIME-WAIT and orphans too, not those only bound, which are
/// in no table of connections and keep nothing alive.
pub fn pass(diag: &mut Diag) -> Result<Pass, Errno> {
    let states: Vec<State> = State::ALL
        .into_iter()
        .filter(|state| *state != State::Closed)
        .collect();
    let mut rows: Vec<Found> = Vec::new();
    for v6 in [false, true] {
        match diag.dump(v6, StateMask::of(&states), |found| rows.push(found)) {
            // A kernel without IPv6 has no such table.
            Err(Errno::ENOENT) if v6 => {}
            dumped => dumped?,
        }
    }
    let mut pass = Pass {
        found: rows.len(),
        ..Pass::default()
    };
    for row in rows {
        match diag.destroy(row.local, row.peer, row.cookie) {
            Ok(()) => pass.destroyed += 1,
            // It ended by itself, or was told twice.
            Err(Errno::ENOENT) => {}
            Err(errno) => pass.refused = Some(errno),
        }
    }
    Ok(pass)
}
