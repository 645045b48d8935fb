//! Which end stands at the left, in every pane that shows both: the client, and of two equals the older one.

use crate::journal::{Endpoint, Role};

/// Whether this end stands at the left of the other, or of one that is not seen.
pub(super) fn stands_left(e: &Endpoint, other: Option<&Endpoint>) -> bool {
    match (e.role, other.map(|o| o.role)) {
        (Role::Client, Some(Role::Client)) | (Role::Server, Some(Role::Server)) => {
            other.is_none_or(|o| e.id < o.id)
        }
        (Role::Client, _) => true,
        (Role::Server, _) | (_, Some(Role::Client)) => false,
        (Role::Fresh | Role::Listener, _) => true,
    }
}
