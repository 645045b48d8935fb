//! The program's own wire: an engine with a lab, whose journal a thread reads as the screen would.

use std::thread;
use std::time::Duration;

use finspect::engine::{Config, Engine};
use finspect::journal::World;
use finspect::tcp::Errno;

use crate::traffic::{self, Carried};

pub fn carry() -> Result<Carried, String> {
    let config = Config {
        lab: true,
        ..Config::default()
    };
    let engine = Engine::start(config).map_err(|error| error.to_string())?;
    if let Some(refused) = engine.lab_refused() {
        return Err(refused.why.clone());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let mut reader = engine.reader();
    let folding = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let (mut world, mut events) = (World::default(), Vec::new());
        while runtime.block_on(reader.next(&mut events)) {
            for event in events.drain(..) {
                world.apply(&event);
            }
        }
        world
    });
    let socket = |host| {
        let made = engine.foreign_socket(host, false).blocking_recv();
        made.unwrap_or(Err(Errno::EPIPE))
    };
    let carried = traffic::measure(|| traffic::across(socket));
    runtime.block_on(engine.finish(Duration::from_secs(10)));
    let world = folding.join().map_err(|_| "the reader".to_owned())?;
    carried.map(|carried| Carried {
        aside: Some(format!(
            "{} segments told, {} events, {} frames dropped by the kernel before the wire",
            world.wire.passed, world.last, world.wire.lost
        )),
        ..carried
    })
}
