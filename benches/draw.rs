//! One frame of a full screen: 10,000 endpoints at 200x60, beside a plain table of the rows that are seen.
//!
//! `cargo bench --bench draw`

#[path = "aside/scene.rs"]
mod scene;

use std::cell::RefCell;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use finspect::journal::{Event, Journal, Limits};
use finspect::ui::{Keymap, Model, Msg, Settings, draw, update};
use ratatui::backend::TestBackend;
use ratatui::layout::Constraint;
use ratatui::widgets::{Row, Table};
use ratatui::{Frame, Terminal};
use scene::Scene;

const ENDPOINTS: u32 = 10_000;
const WIDTH: u16 = 200;
const HEIGHT: u16 = 60;
/// Rows of the plain table: the whole screen but its heads.
const ROWS: usize = 59;
const BATCH: usize = 1_000;

fn main() {
    divan::main();
}

/// Half of the connections are open, every second is half-closed, every sixth is over.
fn scene() -> Scene {
    let mut scene = Scene::new(ENDPOINTS);
    scene.open();
    scene.talk();
    scene.half_close(2);
    scene.close(6);
    scene
}

/// What a reader gets from a journal that is told these facts.
fn read(journal: &mut Journal, scene: &mut Scene) -> Vec<Event> {
    let mut cursor = journal.open_now();
    for (at, who, fact) in scene.told() {
        journal.append(at, who, fact);
    }
    let mut events = Vec::new();
    journal.read(&mut cursor, usize::MAX, &mut events);
    journal.close_cursor(cursor);
    events
}

/// A screen that has folded the whole scene, and the next events.
fn stage() -> (Model, Vec<Event>) {
    let mut model = Model::new(Settings::new(Keymap::load(None).expect("the keymap")));
    update(&mut model, Msg::Resize(WIDTH, HEIGHT));
    let mut scene = scene();
    let mut journal = Journal::new(Limits::default());
    let events = read(&mut journal, &mut scene);
    for batch in events.chunks(2048) {
        update(&mut model, Msg::Journal(batch.to_vec()));
    }
    scene.talk();
    let mut next = read(&mut journal, &mut scene);
    next.truncate(BATCH);
    (model, next)
}

fn terminal() -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(WIDTH, HEIGHT)).expect("a terminal in memory")
}

/// One frame, through to the cells of the terminal.
fn paint(terminal: &mut Terminal<TestBackend>, render: impl FnOnce(&mut Frame<'_>)) {
    let frame = terminal.draw(render).expect("a terminal in memory");
    black_box(frame.buffer);
}

#[divan::bench(max_time = 2)]
fn frame(bencher: Bencher) {
    let (model, _) = stage();
    let mut terminal = terminal();
    bencher.bench_local(|| paint(&mut terminal, |f| draw(&model, f)));
}

/// The same rows in one ratatui table, without colours, pipes, log and forecasts.
#[divan::bench(max_time = 2)]
fn beside_plain_table_of_visible_rows(bencher: Bencher) {
    let (model, _) = stage();
    let mut terminal = terminal();
    let mut draw = || {
        let rows = model.world().endpoints().iter().take(ROWS).map(|e| {
            Row::new([
                e.name.to_string(),
                e.hold.word().to_owned(),
                e.local.map(|a| a.to_string()).unwrap_or_default(),
                e.peer.map(|a| a.to_string()).unwrap_or_default(),
                e.state.to_string(),
                e.send.word().to_owned(),
                e.receive.word().to_owned(),
                e.sent.to_string(),
                e.received.to_string(),
            ])
        });
        let heads = [
            "name", "hold", "local", "peer", "state", "send", "receive", "sent", "received",
        ];
        let table = Table::new(rows, [Constraint::Min(8); 9]).header(Row::new(heads));
        paint(&mut terminal, |f| f.render_widget(table, f.area()));
    };
    bencher.bench_local(&mut draw);
}

/// A thousand events told to a screen with 10,000 endpoints: sends, recvs and readings of 166 connections.
#[divan::bench(max_time = 2)]
fn update_with_1000_events(bencher: Bencher) {
    let (model, next) = stage();
    let model = RefCell::new(model);
    bencher
        .counter(ItemsCount::new(next.len()))
        .with_inputs(|| next.clone())
        .bench_local_values(|events| update(&mut model.borrow_mut(), Msg::Journal(events)));
}

/// The same, and the frame that follows.
#[divan::bench(max_time = 2)]
fn update_with_1000_events_and_frame(bencher: Bencher) {
    let (model, next) = stage();
    let model = RefCell::new(model);
    let terminal = RefCell::new(terminal());
    bencher
        .with_inputs(|| next.clone())
        .bench_local_values(|events| {
            update(&mut model.borrow_mut(), Msg::Journal(events));
            paint(&mut terminal.borrow_mut(), |f| draw(&model.borrow(), f));
        });
}
