//! From the peer's FIN to `recv() = 0` in the journal, beside a bare epoll loop in the same process.
//!
//! The peer is this thread: it stamps CLOCK_MONOTONIC and calls shutdown(SHUT_WR) at once. One side is the engine, whose
//! events count from [`Engine::started`] on the same clock; the other is a thread that does epoll_wait, recv, and looks
//! at the clock. They take turns, a fresh and quiet connection each time. `cargo bench --bench latency`

#[path = "aside/asked.rs"]
mod asked;
#[path = "aside/figures.rs"]
mod figures;

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use figures::{Figures, heads};
use finspect::command::{Origin, Statement, parse_line};
use finspect::engine::{Config, Engine, Pace, Reader};
use finspect::journal::{Event, Fact, Op};
use socket2::SockRef;

const ROUNDS: usize = 400;
/// Not measured: caches, and pages touched for the first time.
const WARM_UP: usize = 20;
/// Until everything about a new connection is told, and both threads sleep.
const QUIET: Duration = Duration::from_millis(3);

fn main() {
    if !asked::for_figures() {
        return;
    }
    let mut engine = Inspected::start();
    let bare = Bare::start();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for round in 0..WARM_UP + ROUNDS {
        // A B, B A, A B: neither always follows the other.
        let (x, y) = if round % 2 == 0 {
            let x = engine.round(&listener, round);
            (x, bare.round(&listener))
        } else {
            let y = bare.round(&listener);
            (engine.round(&listener, round), y)
        };
        if round >= WARM_UP {
            a.push(x);
            b.push(y);
        }
    }
    engine.end();
    report(&a, &b);
}

/// One round: until recv had returned 0, and until another thread knew it.
#[derive(Clone, Copy)]
struct Taken {
    recv: Duration,
    elsewhere: Duration,
}

fn report(a: &[Taken], b: &[Taken]) {
    let recv = |all: &[Taken]| Figures::of(all.iter().map(|t| t.recv).collect());
    let elsewhere = |all: &[Taken]| Figures::of(all.iter().map(|t| t.elsewhere).collect());
    let ratio = |a: &Figures, b: &Figures| a.median.as_secs_f64() / b.median.as_secs_f64();
    println!("{}", heads("from shutdown(SHUT_WR) at the peer until"));
    let (engine, bare) = (recv(a), recv(b));
    println!("{}", engine.row("recv = 0 stamped by finspect"));
    println!("{}", bare.row("recv = 0 stamped by a bare epoll loop"));
    println!("  median: {:.2} times the bare loop", ratio(&engine, &bare));
    let (engine, bare) = (elsewhere(a), elsewhere(b));
    println!("{}", engine.row("another thread read it from the journal"));
    println!("{}", bare.row("another thread got it through a channel"));
    println!("  median: {:.2} times the bare loop", ratio(&engine, &bare));
}

/// Ends without leaving a TIME-WAIT behind.
fn vanish(peer: TcpStream) {
    SockRef::from(&peer)
        .set_linger(Some(Duration::ZERO))
        .expect("SO_LINGER");
}

/// The engine, with a reader of its journal on this thread.
struct Inspected {
    engine: Engine,
    reader: Reader,
    runtime: tokio::runtime::Runtime,
    events: Vec<Event>,
}

impl Inspected {
    fn start() -> Inspected {
        let engine = Engine::start(Config::default()).expect("the engine");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Inspected {
            reader: engine.reader(),
            engine,
            runtime: runtime.expect("a runtime"),
            events: Vec::new(),
        }
    }

    fn round(&mut self, listener: &TcpListener, round: usize) -> Taken {
        let name = format!("client{round}");
        let at = listener.local_addr().expect("its address");
        self.ask(&name, &format!("connect {at}"));
        let (peer, _) = listener.accept().expect("a connection");
        thread::sleep(QUIET);
        self.events.clear();
        while self.reader.take(&mut self.events) > 0 {}
        self.events.clear();

        let before = Instant::now();
        peer.shutdown(Shutdown::Write).expect("shutdown");
        let (event, read) = self.eof(&name);

        // The stamp is cut to whole microseconds: count the one that may be missing.
        let stamp = self.engine.started() + Duration::from_micros(event.at.0 + 1);
        vanish(peer);
        self.ask(&name, "close");
        Taken {
            recv: stamp.saturating_duration_since(before),
            elsewhere: read - before,
        }
    }

    fn ask(&self, name: &str, line: &str) {
        let parsed = parse_line(&format!("{name}: {line}"), Origin::Script);
        let Ok(Some(Statement::Do { command, .. })) = parsed else {
            panic!("{line} is no command");
        };
        let reply = self.engine.order(name, command, Pace::Script);
        self.runtime.block_on(reply).expect("an answer");
    }

    /// Waits for `recv = 0` of this endpoint; the event, and when it was in our hands.
    fn eof(&mut self, name: &str) -> (Event, Instant) {
        loop {
            let more = self.runtime.block_on(self.reader.next(&mut self.events));
            let now = Instant::now();
            assert!(more, "the engine has ended");
            if let Some(event) = self.events.drain(..).find(|e| is_eof(e, name)) {
                return (event, now);
            }
        }
    }

    fn end(self) {
        self.runtime
            .block_on(self.engine.finish(Duration::from_secs(10)));
    }
}

fn is_eof(event: &Event, name: &str) -> bool {
    let Fact::App(call) = &event.fact else {
        return false;
    };
    matches!(call.op, Op::Recv { .. })
        && call.result == Ok(0)
        && event.who.as_ref().is_some_and(|w| &*w.name == name)
}

/// The bare loop: a thread in epoll_wait(2).
struct Bare {
    set: OwnedFd,
    eofs: mpsc::Receiver<Instant>,
}

impl Bare {
    fn start() -> Bare {
        // SAFETY: takes no pointer; the descriptor is new and ours.
        let set = unsafe { OwnedFd::from_raw_fd(told(libc::epoll_create1(libc::EPOLL_CLOEXEC))) };
        let (tell, eofs) = mpsc::channel();
        let fd = set.as_raw_fd();
        thread::spawn(move || bare_loop(fd, &tell));
        Bare { set, eofs }
    }

    fn round(&self, listener: &TcpListener) -> Taken {
        let at: SocketAddr = listener.local_addr().expect("its address");
        let client = TcpStream::connect(at).expect("a connection");
        let (peer, _) = listener.accept().expect("a connection");
        let wanted = libc::EPOLLET | libc::EPOLLIN | libc::EPOLLRDHUP;
        let mut event = libc::epoll_event {
            events: wanted.cast_unsigned(),
            u64: client.as_raw_fd().cast_unsigned().into(),
        };
        // SAFETY: `event` lives through the call, which only reads it.
        told(unsafe {
            let (set, fd) = (self.set.as_raw_fd(), client.as_raw_fd());
            libc::epoll_ctl(set, libc::EPOLL_CTL_ADD, fd, &raw mut event)
        });
        thread::sleep(QUIET);
        // A RST in CLOSE-WAIT made the last client's recv say 0 once more.
        while self.eofs.try_recv().is_ok() {}

        let before = Instant::now();
        peer.shutdown(Shutdown::Write).expect("shutdown");
        let recv = self.eofs.recv().expect("the bare loop");
        let got = Instant::now();

        vanish(peer);
        Taken {
            recv: recv - before,
            elsewhere: got - before,
        }
    }
}

/// Until the set is closed with the process.
fn bare_loop(set: RawFd, eofs: &mpsc::Sender<Instant>) {
    let mut events = [libc::epoll_event { events: 0, u64: 0 }; 16];
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        // SAFETY: room for 16 events.
        let count = told(unsafe { libc::epoll_wait(set, events.as_mut_ptr(), 16, -1) });
        for event in &events[..count.cast_unsigned() as usize] {
            let Ok(fd) = RawFd::try_from(event.u64) else {
                continue;
            };
            // SAFETY: pointer and length are those of a live buffer. A descriptor closed meanwhile gives EBADF.
            let n = unsafe {
                let (to, room) = (buffer.as_mut_ptr().cast(), buffer.len());
                libc::recv(fd, to, room, libc::MSG_DONTWAIT)
            };
            let now = Instant::now();
            if n == 0 && eofs.send(now).is_err() {
                return;
            }
        }
    }
}

fn told(returned: i32) -> i32 {
    assert!(returned >= 0, "{}", io::Error::last_os_error());
    returned
}
