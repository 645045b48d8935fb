//! How fast events become knowledge: the fold, the journal around it, and the JSON line, beside a mere copy.
//!
//! 1,000 endpoints open, talk eight times, half-close, close and are forgotten. `cargo bench --bench fold`

#[path = "aside/scene.rs"]
mod scene;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use finspect::journal::{Event, Journal, Limits, World, to_line};
use scene::{Scene, Told};

const ENDPOINTS: u32 = 1_000;
const TALKS: usize = 8;

fn main() {
    divan::main();
}

fn told() -> Vec<Told> {
    let mut scene = Scene::new(ENDPOINTS);
    scene.open();
    for _ in 0..TALKS {
        scene.talk();
    }
    scene.half_close(1);
    scene.close(1);
    scene.told()
}

fn journal(told: Vec<Told>) -> Journal {
    let mut journal = Journal::new(Limits::default());
    for (at, who, fact) in told {
        journal.append(at, who, fact);
    }
    journal
}

/// As a reader gets them: the derived moves of halves included.
fn events() -> Vec<Event> {
    journal(told()).events().cloned().collect()
}

/// What any reader pays at least.
#[divan::bench(max_time = 2)]
fn beside_events_cloned(bencher: Bencher) {
    let events = events();
    bencher
        .counter(ItemsCount::new(events.len()))
        .bench(|| events.iter().for_each(|e| drop(black_box(e.clone()))));
}

#[divan::bench(max_time = 2)]
fn world_apply(bencher: Bencher) {
    let events = events();
    bencher
        .counter(ItemsCount::new(events.len()))
        .with_inputs(World::default)
        .bench_refs(|world| {
            for event in &events {
                black_box(world.apply(event));
            }
        });
}

/// The same without the derived events, which cost the fold nearly nothing.
#[divan::bench(max_time = 2)]
fn world_apply_of_calls_and_readings_alone(bencher: Bencher) {
    let mut events = events();
    events.retain(|e| !matches!(e.fact, finspect::journal::Fact::Half(_)));
    bencher
        .counter(ItemsCount::new(events.len()))
        .with_inputs(World::default)
        .bench_refs(|world| {
            for event in &events {
                black_box(world.apply(event));
            }
        });
}

/// The fold, the derived events and the keeping.
#[divan::bench(max_time = 2)]
fn journal_append(bencher: Bencher) {
    let told = told();
    bencher
        .counter(ItemsCount::new(told.len()))
        .with_inputs(|| told.clone())
        .bench_values(journal);
}

#[divan::bench(max_time = 2)]
fn json_line(bencher: Bencher) {
    let events = events();
    bencher
        .counter(ItemsCount::new(events.len()))
        .bench(|| events.iter().for_each(|e| drop(black_box(to_line(e)))));
}
