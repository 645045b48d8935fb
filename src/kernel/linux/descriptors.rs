//! RLIMIT_NOFILE: how many descriptors this process may open.

use super::call;
use crate::tcp::Errno;

/// The limit on descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptors {
    /// What holds now.
    pub soft: u64,
    /// How far a process may raise it without privilege.
    pub hard: u64,
    /// The soft limit before it was raised.
    pub before: u64,
}

/// Raises the soft limit to the hard one. For a program of ours alone: select(2) in a child would break above 1024.
pub fn raise_descriptors() -> Result<Descriptors, Errno> {
    let (before, hard) = call::descriptor_limit()?;
    if before < hard {
        call::set_descriptor_limit(hard, hard)?;
    }
    let (soft, hard) = call::descriptor_limit()?;
    Ok(Descriptors { soft, hard, before })
}

/// The limits as they stand: soft, hard.
pub(super) fn descriptor_limit() -> Result<(u64, u64), Errno> {
    call::descriptor_limit()
}
