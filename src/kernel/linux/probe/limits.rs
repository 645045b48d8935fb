//! Enough descriptors.

use super::grant::{refused, unavailable};
use crate::kernel::linux::descriptors::descriptor_limit;
use crate::tcp::Grant;

/// 5,000 connections, and what the program itself has open.
const WANTED: u64 = 5_200;

const REMEDY: &str = "raise the hard limit: ulimit -Hn 20000 as root in the starting shell, `nofile` in \
                      /etc/security/limits.conf, or LimitNOFILE= in the systemd unit";

pub(super) fn descriptors() -> Grant {
    let (soft, hard) =
        descriptor_limit().map_err(|errno| refused("getrlimit(RLIMIT_NOFILE)", errno, REMEDY))?;
    if hard < WANTED {
        return Err(unavailable(
            format_args!(
                "RLIMIT_NOFILE: soft {soft}, hard {hard}; 5,000 connections want {WANTED}"
            ),
            REMEDY,
        ));
    }
    Ok(format!("soft {soft}, hard {hard}"))
}
