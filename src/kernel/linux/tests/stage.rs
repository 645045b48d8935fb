//! The stage of the tests: a connected pair, waiting with a deadline, and powers that a machine may lack.

use std::io::Write;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::time::{Duration, Instant};

use crate::kernel::{Diag, Edges, Found, Socket, probe};
use crate::tcp::{Edge, Errno, Power, Sample, State};

const DEADLINE: Duration = Duration::from_secs(10);

/// A connection over loopback, both ends ours, and an epoll set that watches both.
pub struct Pair {
    pub listener: Socket,
    pub client: Socket,
    pub server: Socket,
    pub edges: Edges,
}

pub const CLIENT: u64 = 1;
pub const SERVER: u64 = 2;

pub fn v4() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

pub fn v6() -> SocketAddr {
    (Ipv6Addr::LOCALHOST, 0).into()
}

pub fn listener(at: SocketAddr, backlog: u32) -> Socket {
    let socket = Socket::tcp(at.is_ipv6()).expect("socket");
    socket.bind(at).expect("bind");
    socket.listen(backlog).expect("listen");
    socket
}

/// A client of this listener, connected as far as the listener's queue.
pub fn client_of(listener: &Socket, to: SocketAddr) -> Socket {
    let to = SocketAddr::new(to.ip(), listener.local().expect("getsockname").port());
    let client = Socket::tcp(to.is_ipv6()).expect("socket");
    match client.connect(to) {
        Ok(()) | Err(Errno::EINPROGRESS) => {}
        Err(errno) => panic!("connect: {errno}"),
    }
    client
}

impl Pair {
    pub fn new() -> Pair {
        Pair::at(v4(), v4())
    }

    /// Listening at one address, connecting to another (they differ for mapped addresses).
    pub fn at(listen: SocketAddr, to: SocketAddr) -> Pair {
        Pair::of(listener(listen, 8), to)
    }

    /// Connecting to this address of a listener.
    pub fn of(listener: Socket, to: SocketAddr) -> Pair {
        let client = client_of(&listener, to);
        let end = Instant::now() + DEADLINE;
        let server = loop {
            match listener.accept() {
                Ok((server, _)) => break server,
                Err(Errno::EAGAIN) => {
                    assert!(readable(listener.fd(), end), "no connection to accept")
                }
                Err(errno) => panic!("accept: {errno}"),
            }
        };
        client.connect_result().expect("connected");
        let edges = Edges::new().expect("epoll_create1");
        edges.add(&client, CLIENT).expect("epoll_ctl");
        edges.add(&server, SERVER).expect("epoll_ctl");
        Pair {
            listener,
            client,
            server,
            edges,
        }
    }

    /// Waits until the fact holds.
    pub fn until(&self, what: &str, mut fact: impl FnMut(&Pair) -> bool) {
        let end = Instant::now() + DEADLINE;
        let mut edges = Vec::new();
        while !fact(self) {
            assert!(
                Instant::now() < end,
                "not in time: {what}; {:?}",
                edges.last()
            );
            // Not every fact makes an edge (an acknowledgement does not), so look again at least every 5 ms.
            readable(
                self.edges.as_raw_fd(),
                end.min(Instant::now() + Duration::from_millis(5)),
            );
            self.edges.wait(&mut edges).expect("epoll_wait");
        }
    }

    pub fn until_state(&self, socket: impl Fn(&Pair) -> &Socket, state: State) {
        self.until(state.name(), |pair| socket(pair).state() == Ok(state));
    }

    /// Takes the edges that have come already.
    pub fn settle(&self) {
        while self.edges.wait(&mut Vec::new()).expect("epoll_wait") > 0 {}
    }
}

/// The next edge of one end for which this holds.
pub fn edge(set: &Edges, token: u64, what: &str, wanted: impl Fn(&Edge) -> bool) -> Edge {
    let end = Instant::now() + DEADLINE;
    let mut edges = Vec::new();
    loop {
        set.wait(&mut edges).expect("epoll_wait");
        let mut ours = edges.iter().filter(|(who, _)| *who == token);
        if let Some((_, edge)) = ours.find(|(_, edge)| wanted(edge)) {
            return *edge;
        }
        assert!(
            readable(set.as_raw_fd(), end),
            "no edge: {what}; came: {edges:?}"
        );
    }
}

/// What a descriptor says, without an edge.
pub fn sample(socket: &Socket) -> Sample {
    socket.sample(Edge::default()).expect("TCP_INFO")
}

/// What the tables say about a socket of ours.
pub fn find(diag: &mut Diag, socket: &Socket) -> Found {
    let (local, peer) = (
        socket.local().expect("getsockname"),
        socket.peer().expect("getpeername"),
    );
    diag.find(local, peer, Some(socket.cookie().expect("cookie")))
        .expect("sock_diag")
        .expect("the socket is there")
}

/// poll(2) for POLLIN until a moment. Whether it came.
pub fn readable(fd: RawFd, end: Instant) -> bool {
    let left = end.saturating_duration_since(Instant::now()).as_millis() as i32;
    let mut wanted = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one live `pollfd`, and its count is 1.
    unsafe { libc::poll(&raw mut wanted, 1, left) > 0 }
}

/// Reads until recv says 0 or fails otherwise; the bytes read and how it ended.
pub fn read_out(socket: &Socket) -> (usize, Result<usize, Errno>) {
    let end = Instant::now() + DEADLINE;
    let (mut total, mut buf) = (0, vec![0; 1 << 16]);
    loop {
        match socket.recv(&mut buf) {
            Ok(count) if count > 0 => total += count,
            Err(Errno::EAGAIN) => assert!(
                readable(socket.fd(), end),
                "nothing to read after {total} bytes"
            ),
            ended => return (total, ended),
        }
    }
}

/// Whether this machine grants a power. A refusal is told past the test harness's capture, and is a failure where
/// FINSPECT_REQUIRE names the power.
pub fn granted(power: Power) -> bool {
    let Err(refusal) = probe(power) else {
        return true;
    };
    let required = std::env::var("FINSPECT_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|word| word.trim() == power.word()),
        "FINSPECT_REQUIRE names {power}, and it is not granted: {refusal:?}"
    );
    let _ = writeln!(
        std::io::stderr(),
        "NOT TESTED: needs {power}: {} ({})",
        refusal.why,
        refusal.remedy
    );
    false
}
