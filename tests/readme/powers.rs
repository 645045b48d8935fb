//! What the tour needs of this machine. Where it is missing that is said loudly, and where FINSPECT_REQUIRE names it, fails.

use std::io::Write;

use finspect::kernel::probe;
use finspect::tcp::Power;

/// Whether this machine tells what the tour shows: TIME-WAIT and queues come from sock_diag.
#[must_use]
pub fn tells_the_tour() -> bool {
    let Err(refused) = probe(Power::SockDiag) else {
        return true;
    };
    let required = std::env::var("FINSPECT_REQUIRE").unwrap_or_default();
    assert!(
        !required
            .split(',')
            .any(|word| word.trim() == Power::SockDiag.word()),
        "FINSPECT_REQUIRE names sock_diag, and it is not granted: {refused:?}"
    );
    // Past the harness, so that a passed run says what it did not test.
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    let _ = writeln!(
        std::io::stderr(),
        "NOT TESTED: {test} needs sock_diag: {} ({})",
        refused.why,
        refused.remedy
    );
    false
}
