//! `doctor`, and the powers that head every stream: what this machine grants, why not, and the remedy.

use finspect::kernel::probe;
use finspect::tcp::Power;

use crate::outside::{Room, require};
use crate::program::run;

#[test]
fn the_doctor_speaks_of_every_power() {
    let text = run(&Room::new(), &["doctor"]).ends_with(0);
    for power in Power::ALL {
        let row = text
            .out()
            .lines()
            .position(|line| line.split_whitespace().nth(1) == Some(power.word()))
            .unwrap_or_else(|| panic!("{power} is missing:\n{}", text.out()));
        let rows: Vec<&str> = text.out().lines().skip(row).take(3).collect();
        if rows[0].starts_with("no ") {
            assert!(rows[1].trim().starts_with("why:"), "{rows:?}");
            assert!(rows[2].trim().starts_with("remedy:"), "{rows:?}");
        } else {
            assert!(rows[0].starts_with("yes "), "{rows:?}");
        }
    }
    assert_eq!(text.err, "");
}

#[test]
fn the_doctors_json_is_one_object() {
    let page = run(&Room::new(), &["doctor", "--json"]).ends_with(0);
    let objects = page.json();
    assert_eq!(objects.len(), 1, "{}", page.out());
    assert_eq!(objects[0]["finspect"], 1);
    let powers = objects[0]["powers"].as_object().expect("powers");
    assert_eq!(powers.len(), Power::ALL.len());
    for power in Power::ALL {
        let told = &powers[power.word()];
        match told["granted"].as_bool().expect("granted") {
            true => assert!(told["detail"].is_string(), "{power}: {told}"),
            false => {
                for key in ["why", "remedy"] {
                    let words = told[key].as_str().unwrap_or_default();
                    assert!(!words.is_empty(), "{power} has no {key}: {told}");
                }
            }
        }
    }
}

#[test]
fn the_doctor_and_the_kernel_agree() {
    let page = run(&Room::new(), &["doctor", "--json"]).ends_with(0);
    // Only powers that cannot come and go between two questions.
    for power in [Power::TcpInfo, Power::SockDiag, Power::Ipv6] {
        let told = &page.json()[0]["powers"][power.word()]["granted"];
        assert_eq!(told.as_bool(), Some(probe(power).is_ok()), "{power}");
    }
}

#[test]
fn what_must_be_tested_is_spelt_right_and_granted() {
    let required = std::env::var("FINSPECT_REQUIRE").unwrap_or_default();
    for word in required.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        let power = Power::ALL.into_iter().find(|power| power.word() == word);
        let power = power.unwrap_or_else(|| panic!("FINSPECT_REQUIRE names {word}, no power"));
        assert!(require(power));
    }
}
