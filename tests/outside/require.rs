//! Powers that a test needs: missing ones are told loudly, and are a failure where FINSPECT_REQUIRE names them.

use std::io::Write;

use finspect::kernel::probe;
use finspect::tcp::Power;

/// Whether this machine grants the power.
#[must_use]
pub fn require(power: Power) -> bool {
    let Err(refusal) = probe(power) else {
        return true;
    };
    let required = std::env::var("FINSPECT_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|word| word.trim() == power.word()),
        "FINSPECT_REQUIRE names {power}, and it is not granted: {refusal:?}"
    );
    left_out(&format!(
        "needs {power}: {} ({})",
        refusal.why, refusal.remedy
    ));
    false
}

/// Past the capture of the test harness, so that a passed run says what it did not test.
fn left_out(why: &str) {
    let test = std::thread::current().name().unwrap_or("?").to_owned();
    // Without a stderr there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "NOT TESTED: {test}: {why}");
}
