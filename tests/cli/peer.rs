//! Foreign peers: sockets of `std`, in a thread of the test or in a process of their own that can be killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use socket2::SockRef;

use crate::outside::DEADLINE;

/// A server for one connection, in a thread.
pub struct Peer<T> {
    pub at: SocketAddr,
    part: JoinHandle<T>,
}

impl<T: Send + 'static> Peer<T> {
    /// Accepts one connection and plays its part on it.
    pub fn serving(part: impl FnOnce(TcpStream) -> T + Send + 'static) -> Peer<T> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("its number");
        let part = thread::spawn(move || {
            let (stream, _) = listener.accept().expect("a connection");
            part(patient(stream))
        });
        Peer { at, part }
    }

    /// What its part returned; a part that panicked is a failure here.
    pub fn ended(self) -> T {
        match self.part.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// A connection to the program.
pub fn dial(at: SocketAddr) -> TcpStream {
    patient(TcpStream::connect(at).expect("the program listens"))
}

/// Neither reads nor writes for ever.
fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout");
    stream.set_write_timeout(Some(DEADLINE)).expect("a timeout");
    stream
}

/// Reads until EOF.
pub fn all_of(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("bytes, then EOF");
    bytes
}

/// Closes with a RST: linger 0.
pub fn reset(stream: TcpStream) {
    let linger = SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO));
    linger.expect("linger");
}

/// A port where nobody listens: it was ours a moment ago.
pub fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}

/// A server in a process of its own. It accepts one connection, says so, and never reads.
pub struct DeafProcess {
    child: Child,
    says: BufReader<std::process::ChildStdout>,
    pub at: SocketAddr,
}

const PART: &str = "peer::the_deaf_process";

impl DeafProcess {
    pub fn start() -> DeafProcess {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", PART, "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let says = BufReader::new(child.stdout.take().expect("stdout"));
        let mut peer = DeafProcess {
            child,
            says,
            at: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        peer.at = peer.until("AT ").parse().expect("an address");
        peer
    }

    pub fn until_accepted(&mut self) {
        self.until("ACCEPTED");
    }

    /// SIGKILL: the kernel closes its sockets, with what they have not read.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("its end");
    }

    fn until(&mut self, head: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.says.read_line(&mut line).expect("a line");
            assert!(read > 0, "the peer ended before it said {head}");
            if let Some(rest) = line.trim_end().strip_prefix(head) {
                return rest.to_owned();
            }
        }
    }
}

/// Lives until it is killed, or until the test that started it is gone.
#[test]
#[ignore = "the part of a peer, played in a process of its own by other tests"]
fn the_deaf_process() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut out = std::io::stdout();
    // The test harness has begun a line.
    writeln!(out, "\nAT {}", listener.local_addr().expect("its number")).expect("stdout");
    let _held = listener.accept().expect("a connection");
    writeln!(out, "ACCEPTED").expect("stdout");
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).expect("stdin");
}
