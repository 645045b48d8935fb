//! Five thousand connections, both ends in one process: time to open, memory, idle time, time to close; beside as many
//! plain `TcpStream`s.
//!
//! Each side runs in a process of its own, this program started again, so that neither finds the other's memory.
//! All on loopback; it ends by itself. `cargo bench --bench connections`

#[path = "aside/asked.rs"]
mod asked;
#[path = "aside/process.rs"]
mod process;

use std::collections::VecDeque;
use std::net::{TcpListener, TcpStream};
use std::process::Command as Child;
use std::thread;
use std::time::{Duration, Instant};

use finspect::command::{Command, Origin, Statement, parse_line};
use finspect::engine::{Config, Engine, Outcome, Pace, Reply};
use finspect::kernel::raise_descriptors;
use finspect::tcp::State;
use socket2::SockRef;

const CONNECTIONS: usize = 5_000;
/// Descriptors for everything else.
const SPARE: usize = 200;
/// Connects under way at a time: fewer than the listener's queue holds.
const AT_ONCE: usize = 64;
const IDLE: Duration = Duration::from_secs(5);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("held-by-finspect") => return inspected(),
        Some("held-plainly") => return plain(),
        _ => {}
    }
    if !asked::for_figures() {
        return;
    }
    println!("{} connections, {} endpoints", wanted(), wanted() * 2);
    let me = std::env::current_exe().expect("this program");
    for side in ["held-plainly", "held-by-finspect"] {
        let status = Child::new(&me)
            .arg(side)
            .status()
            .expect("this program again");
        assert!(status.success(), "{side}: {status}");
    }
}

/// As many as the limit on descriptors allows.
fn wanted() -> usize {
    let soft = raise_descriptors().map_or(1024, |d| d.soft);
    let fit = usize::try_from(soft)
        .unwrap_or(usize::MAX)
        .saturating_sub(SPARE)
        / 2;
    if fit < CONNECTIONS {
        println!("RLIMIT_NOFILE is {soft}: only {fit} connections fit");
    }
    fit.min(CONNECTIONS)
}

fn per_endpoint(before: u64, n: usize) -> String {
    let grown = process::resident(std::process::id()).saturating_sub(before);
    format!(
        "{} MiB, {} bytes an endpoint",
        grown >> 20,
        grown / (2 * n as u64)
    )
}

fn plain() {
    let n = wanted();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let at = listener.local_addr().expect("its address");
    let before = process::resident(std::process::id());
    let begun = Instant::now();
    let held: Vec<_> = (0..n)
        .map(|_| {
            let client = TcpStream::connect(at).expect("a connection");
            let (server, _) = listener.accept().expect("a connection");
            (client, server)
        })
        .collect();
    println!("plain TcpStreams    open {:.2?}", begun.elapsed());
    println!("plain TcpStreams    memory {}", per_endpoint(before, n));
    let begun = Instant::now();
    for (client, server) in held {
        // No TIME-WAIT is left for the other side to stumble over.
        SockRef::from(&client)
            .set_linger(Some(Duration::ZERO))
            .expect("SO_LINGER");
        drop(client);
        drop(server);
    }
    println!("plain TcpStreams    close {:.2?}", begun.elapsed());
}

fn inspected() {
    let n = wanted();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let me = std::process::id();
        let engine = Engine::start(Config::default()).expect("the engine");
        done(ask(&engine, "server", "listen 127.0.0.1:0 backlog 1024")).await;
        let before = process::resident(me);

        let begun = Instant::now();
        let mut pending = VecDeque::new();
        for i in 0..n {
            if pending.len() == AT_ONCE
                && let Some(reply) = pending.pop_front()
            {
                done(reply).await;
            }
            pending.push_back(ask(&engine, &format!("client{i}"), "connect server"));
        }
        for reply in pending {
            done(reply).await;
        }
        println!("finspect            open {:.2?}", begun.elapsed());
        println!("finspect            memory {}", per_endpoint(before, n));

        // What the last accepts left to be told is told in the first of these seconds.
        thread::sleep(Duration::from_secs(1));
        let (cpu, sleeps) = (process::cpu(me), process::sleeps(me));
        thread::sleep(IDLE);
        println!(
            "finspect            idle {:?} of {IDLE:?} on the processor, {} wake-ups",
            process::cpu(me) - cpu,
            // This thread's own sleep is one.
            (process::sleeps(me) - sleeps).saturating_sub(1),
        );

        let events = established(&engine, 2 * n);
        println!("finspect            told {events} events");
        let begun = Instant::now();
        engine.finish(Duration::from_secs(60)).await;
        println!("finspect            close {:.2?}", begun.elapsed());
    });
}

fn ask(engine: &Engine, name: &str, line: &str) -> Reply {
    engine.order(name, command(name, line), Pace::Script)
}

fn command(name: &str, line: &str) -> Command {
    match parse_line(&format!("{name}: {line}"), Origin::Script) {
        Ok(Some(Statement::Do { command, .. })) => command,
        other => panic!("{line} is no command: {other:?}"),
    }
}

async fn done(reply: Reply) {
    assert_eq!(reply.await.expect("an answer"), Outcome::Done);
}

/// Nothing was lost on the way: so many endpoints are open. Returns how many events told it.
fn established(engine: &Engine, wanted: usize) -> u64 {
    let mut world = finspect::journal::World::default();
    let mut reader = engine.reader();
    let mut events = Vec::new();
    while reader.take(&mut events) > 0 {
        for event in events.drain(..) {
            world.apply(&event);
        }
    }
    assert_eq!(world.count(State::Established), wanted);
    world.last
}
