//! When a benchmark with a harness of its own may run at all.

/// `cargo bench` says so with an argument. Without it (`cargo test --all-targets`) building was the test.
pub fn for_figures() -> bool {
    let asked = std::env::args().any(|a| a == "--bench");
    if !asked {
        println!("measures only under `cargo bench`");
    }
    asked
}
