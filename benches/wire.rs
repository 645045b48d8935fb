//! What the lab's wire carries, beside two that do less, in the same minutes:
//!
//! ```text
//! plain veth    two network namespaces joined directly, tx checksums off as in the lab: no wire at all
//! bare loop     the lab's own ends, each frame read and written, nothing told
//! the wire      the program's cable, every segment told to a journal that somebody reads
//! both ends     the same, and the transfer itself by two inspected endpoints, every call told
//! ```
//!
//! In the first three the sockets are this program's own, the same in all: a bulk transfer, and one byte to and fro. They
//! take turns, each in a process of its own, and each ends by bytes or by time. `cargo bench --bench wire`

#[path = "aside/asked.rs"]
mod asked;
#[path = "aside/bare_loop.rs"]
mod bare_loop;
#[path = "aside/plain_veth.rs"]
mod plain_veth;
#[path = "aside/told_wire.rs"]
mod told_wire;
#[path = "aside/traffic.rs"]
mod traffic;

use std::process::{Command, Stdio};
use std::time::Duration;

use finspect::kernel::become_child_if_asked;
use traffic::Carried;

const ROUNDS: usize = 5;
type Side = (&'static str, fn() -> Result<Carried, String>);
const SIDES: [Side; 4] = [
    ("plain veth, no wire between", plain_veth::carry),
    ("bare loop: read, write", bare_loop::carry),
    ("the wire: read, write, tell", told_wire::carry),
    ("the wire, both ends inspected", told_wire::carry_inspected),
];

fn main() {
    // The lab starts this program again as its own process.
    become_child_if_asked();
    let side = std::env::args().nth(1).and_then(|word| {
        let at = word.strip_prefix("side-")?.parse::<usize>().ok()?;
        SIDES.get(at)
    });
    if let Some((_, carry)) = side {
        return match carry() {
            Ok(carried) => println!("{}", carried.to_line()),
            Err(why) => println!("{why}"),
        };
    }
    if !asked::for_figures() {
        return;
    }
    let mut all = SIDES.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (at, ((name, _), all)) in SIDES.iter().zip(&mut all).enumerate() {
            match one(at) {
                Ok(carried) => all.push(carried),
                Err(why) => println!("{name}: not measured: {why}"),
            }
        }
    }
    println!(
        "{:<30} {:>9} {:>9} {:>9} {:>12} {:>10}  {:>9}",
        format!("median of {ROUNDS} rounds"),
        "Gb/s",
        "kpkt/s",
        "repeated",
        "round trip",
        "p99",
        "of bare"
    );
    let bare = middle(&all[1], |c| c.gigabits());
    for ((name, _), all) in SIDES.iter().zip(&all).filter(|(_, all)| !all.is_empty()) {
        let us = |of: fn(&Carried) -> Duration| {
            let us = middle(all, |c| of(c).as_secs_f64() * 1e6);
            if us > 0.0 {
                format!("{us:.1} us")
            } else {
                "-".to_owned()
            }
        };
        println!(
            "{name:<30} {:>9.2} {:>9.0} {:>9.0} {:>12} {:>10}  {:>9.2}",
            middle(all, Carried::gigabits),
            middle(all, |c| c.packets as f64 / c.time.as_secs_f64() / 1e3),
            middle(all, |c| c.repeated as f64),
            us(|c| c.median),
            us(|c| c.p99),
            middle(all, Carried::gigabits) / bare,
        );
    }
    for (name, line) in SIDES.iter().zip(&all).flat_map(|((name, _), all)| {
        let asides = all.iter().filter_map(|c| c.aside.as_ref());
        asides.map(move |line| (name, line))
    }) {
        println!("{name}: {line}");
    }
}

/// In a process of its own: what one leaves behind, the other must not find.
fn one(side: usize) -> Result<Carried, String> {
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    let output = Command::new(me)
        .arg(format!("side-{side}"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    Carried::from_line(said.trim()).ok_or_else(|| said.trim().to_owned())
}

fn middle(all: &[Carried], of: impl Fn(&Carried) -> f64) -> f64 {
    let mut all: Vec<f64> = all.iter().map(of).collect();
    all.sort_unstable_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
