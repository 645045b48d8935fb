//! The program's own wire: an engine with a lab, whose journal a thread reads as the screen would.

use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use finspect::command::{Origin, Statement, parse_line};
use finspect::engine::{Config, Engine, Outcome, Pace, Reader};
use finspect::journal::World;
use finspect::tcp::Errno;
use tokio::runtime::{Builder, Runtime};

use crate::traffic::{self, Carried};

/// Of the transfer between two inspected ends.
const BYTES: u64 = 256 << 20;

/// The wire alone: its ends are not the engine's.
pub fn carry() -> Result<Carried, String> {
    let inspected = Inspected::start()?;
    let socket = |host| {
        let made = inspected.engine.foreign_socket(host, false).blocking_recv();
        made.unwrap_or(Err(Errno::EPIPE))
    };
    let carried = traffic::measure(|| traffic::across(socket));
    let world = inspected.end()?;
    Ok(Carried {
        aside: Some(told(&world)),
        ..carried?
    })
}

/// The program as it is used: `send bytes` at one end, reading at the other.
pub fn carry_inspected() -> Result<Carried, String> {
    let inspected = Inspected::start()?;
    inspected.ask("server", "listen 6000 on b")?;
    inspected.ask("client", "connect server")?;
    let begun = Instant::now();
    inspected.ask("server", &format!("send bytes {BYTES}"))?;
    inspected.ask("server", "shutdown send")?;
    // To the end of what the server sent.
    inspected.ask("client", "drain")?;
    let time = begun.elapsed();
    let world = inspected.end()?;
    let received = world.by_name("client").map_or(0, |client| client.received);
    assert_eq!(received, BYTES, "every byte arrived");
    Ok(Carried {
        bytes: received,
        time,
        packets: world.wire.passed,
        repeated: 0,
        median: Duration::ZERO,
        p99: Duration::ZERO,
        aside: Some(told(&world)),
    })
}

fn told(world: &World) -> String {
    format!(
        "{} segments told, {} events, {} frames dropped by the kernel before the wire",
        world.wire.passed, world.last, world.wire.lost
    )
}

/// An engine with a lab, and a reader who folds what it tells.
struct Inspected {
    engine: Engine,
    runtime: Runtime,
    reading: JoinHandle<World>,
}

impl Inspected {
    fn start() -> Result<Inspected, String> {
        let config = Config {
            lab: true,
            ..Config::default()
        };
        let engine = Engine::start(config).map_err(|error| error.to_string())?;
        if let Some(refused) = engine.lab_refused() {
            return Err(refused.why.clone());
        }
        let reader = engine.reader();
        Ok(Inspected {
            engine,
            runtime: runtime(),
            reading: thread::spawn(|| read(reader)),
        })
    }

    fn ask(&self, actor: &str, line: &str) -> Result<(), String> {
        let parsed = parse_line(&format!("{actor}: {line}"), Origin::Script);
        let Ok(Some(Statement::Do { command, .. })) = parsed else {
            return Err(format!("{line} is no command"));
        };
        let reply = self.engine.order(actor, command, Pace::Script);
        match self.runtime.block_on(reply) {
            Ok(Outcome::Done) => Ok(()),
            other => Err(format!("{line}: {other:?}")),
        }
    }

    fn end(self) -> Result<World, String> {
        self.runtime
            .block_on(self.engine.finish(Duration::from_secs(10)));
        self.reading.join().map_err(|_| "the reader".to_owned())
    }
}

fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().expect("a runtime")
}

fn read(mut reader: Reader) -> World {
    let runtime = runtime();
    let (mut world, mut events) = (World::default(), Vec::new());
    while runtime.block_on(reader.next(&mut events)) {
        for event in events.drain(..) {
            world.apply(&event);
        }
    }
    world
}
