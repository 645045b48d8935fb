//! The same for many lessons at once: they mostly wait for timers of the kernel.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// At a time.
const ABREAST: usize = 6;

/// One after the other: on loopback the ports are the whole machine's.
pub fn in_turn<T: Sync>(items: &[T], name: impl Fn(&T) -> String + Sync, does: impl Fn(&T) + Sync) {
    abreast(1, items, name, does);
}

/// Does it for each, and names every one that failed.
pub fn each<T: Sync>(items: &[T], name: impl Fn(&T) -> String + Sync, does: impl Fn(&T) + Sync) {
    abreast(ABREAST, items, name, does);
}

fn abreast<T: Sync>(
    threads: usize,
    items: &[T],
    name: impl Fn(&T) -> String + Sync,
    does: impl Fn(&T) + Sync,
) {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(AssertUnwindSafe(|| does(item))).is_err() {
                        failed.lock().expect("the list").push(name(item));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("the list");
    assert!(failed.is_empty(), "these failed, see above: {failed:?}");
    assert!(!items.is_empty(), "nothing was done");
}
