//! What this machine grants, and the limit on descriptors.

use super::stage::granted;
use crate::kernel::{probe, raise_descriptors};
use crate::tcp::Power;

#[test]
fn every_probe_grants_or_says_why_not_and_what_to_do() {
    for power in Power::ALL {
        match probe(power) {
            Ok(found) => assert!(!found.is_empty(), "{power}"),
            Err(refusal) => {
                assert!(
                    !refusal.why.is_empty() && !refusal.remedy.is_empty(),
                    "{power}: {refusal:?}"
                );
                granted(power);
            }
        }
    }
}

#[test]
fn a_probe_gives_the_same_answer_twice() {
    for power in Power::ALL {
        let (first, second) = (probe(power), probe(power));
        // The descriptor limits may be raised between the two by another test.
        assert_eq!(
            first.is_ok(),
            second.is_ok(),
            "{power}: {first:?} {second:?}"
        );
    }
}

#[test]
fn the_soft_limit_is_raised_to_the_hard_one() {
    let raised = raise_descriptors().expect("setrlimit");
    assert_eq!(raised.soft, raised.hard);
    assert!(raised.before <= raised.soft);
    let again = raise_descriptors().expect("setrlimit");
    assert_eq!(again.before, again.soft);
}
