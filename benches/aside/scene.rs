//! A synthetic afternoon: one listener, so many connections to it, and everything that the engine would tell of them.

use std::net::SocketAddr;
use std::sync::Arc;

use finspect::journal::{
    By, Call, EndpointId, Fact, KernelFact, Micros, Op, Payload, ShutdownHow, Source, Tuple, Who,
};
use finspect::tcp::{Counters, Edge, Sample, State};

/// One fact as [`finspect::journal::Journal::append`] takes it.
pub type Told = (Micros, Option<Who>, Fact);

const TEXT: &[u8] = b"The quick brown fox half-closes, and still hears the lazy dog.\r\n";

/// The events of a scene, told stage by stage, all connections side by side.
pub struct Scene {
    listener: Who,
    pairs: Vec<Pair>,
    now: u64,
    told: Vec<Told>,
}

struct Pair {
    client: Who,
    server: Who,
    at: [SocketAddr; 2],
    /// Bytes sent by the client.
    sent: u64,
}

impl Scene {
    /// A listener and nothing else yet. `endpoints` counts both ends of each connection.
    pub fn new(endpoints: u32) -> Scene {
        let who = |id: u32, name: String| Who {
            id: EndpointId(id),
            name: name.into(),
        };
        let pairs = (0..endpoints / 2).map(|i| Pair {
            client: who(1 + 2 * i, format!("client{i}")),
            server: who(2 + 2 * i, format!("server.{i}")),
            at: [
                SocketAddr::from(([127, 0, 0, 1], 10_000 + u16::try_from(i).expect("a port"))),
                SocketAddr::from(([127, 0, 0, 1], 6000)),
            ],
            sent: 0,
        });
        let mut scene = Scene {
            listener: who(0, "server.listen".to_owned()),
            pairs: pairs.collect(),
            now: 0,
            told: Vec::new(),
        };
        scene.listen();
        scene
    }

    /// Takes what was told since the last time.
    pub fn told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    fn tell(&mut self, who: &Who, fact: Fact) {
        self.now += 1;
        self.told.push((Micros(self.now), Some(who.clone()), fact));
    }

    fn call(&mut self, who: &Who, op: Op, result: u64) {
        let call = Call {
            op,
            result: Ok(result),
            by: By::Asked,
            blocked_us: None,
        };
        self.tell(who, Fact::App(call));
    }

    fn listen(&mut self) {
        let listener = self.listener.clone();
        self.call(&listener, Op::Socket { v6: false }, 9);
        self.call(&listener, Op::Listen { backlog: 4096 }, 0);
        let tuple = Tuple {
            host: None,
            local: Some(SocketAddr::from(([127, 0, 0, 1], 6000))),
            peer: None,
            cookie: Some(1),
        };
        let listen = Some((State::Closed, State::Listen));
        self.tell(
            &listener,
            kernel(listen, Some(Sample::bare(State::Listen)), Some(tuple)),
        );
    }

    /// Every client connects and is accepted.
    pub fn open(&mut self) {
        let listener = self.listener.clone();
        self.each(|scene, pair| {
            let [c, s] = pair.at;
            scene.call(&pair.client, Op::Socket { v6: false }, 10);
            scene.tell(&pair.client, inferred(State::Closed, State::SynSent));
            scene.established(&pair.client, State::SynSent, c, s);
            scene.call(&pair.client, Op::Connect { to: Some(s) }, 0);
            let accept = Op::Accept {
                accepted: Some(pair.server.clone()),
                peer: Some(c),
            };
            scene.call(&listener, accept, 11);
            scene.tell(&pair.server, inferred(State::Closed, State::SynReceived));
            scene.established(&pair.server, State::SynReceived, s, c);
        });
    }

    fn established(&mut self, who: &Who, from: State, local: SocketAddr, peer: SocketAddr) {
        let tuple = Tuple {
            host: None,
            local: Some(local),
            peer: Some(peer),
            cookie: Some(u64::from(who.id.0) + 1),
        };
        let change = Some((from, State::Established));
        let sample = reading(State::Established, Queues::default());
        self.tell(who, kernel(change, Some(sample), Some(tuple)));
    }

    /// Every client says a line; its server reads it; both queues are read full and then empty.
    pub fn talk(&mut self) {
        let n = TEXT.len() as u32;
        self.each(|scene, pair| {
            let data = Payload(Some(Arc::from(TEXT)));
            let send = Op::Send {
                asked: u64::from(n),
                oob: false,
                data: data.clone(),
            };
            scene.call(&pair.client, send, u64::from(n));
            let full = |inq, outq| Queues {
                inq,
                outq,
                sent: pair.sent,
                ..Queues::default()
            };
            scene.reads(&pair.client, full(0, n));
            scene.reads(&pair.server, full(n, 0));
            let recv = Op::Recv { asked: 65536, data };
            scene.call(&pair.server, recv, u64::from(n));
            pair.sent += u64::from(n);
            let empty = Queues {
                sent: pair.sent,
                ..Queues::default()
            };
            scene.reads(&pair.server, empty);
            scene.reads(&pair.client, empty);
        });
    }

    fn reads(&mut self, who: &Who, queues: Queues) {
        let sample = reading(State::Established, queues);
        self.tell(who, kernel(None, Some(sample), None));
    }

    /// Every `nth` client shuts down its sending half, and its server reads the EOF.
    pub fn half_close(&mut self, nth: usize) {
        self.each_nth(nth, |scene, pair| {
            let q = Queues {
                sent: pair.sent,
                fin: true,
                ..Queues::default()
            };
            scene.call(&pair.client, Op::Shutdown(ShutdownHow::Send), 0);
            let fin = Queues { outq: 1, ..q };
            scene.moves(&pair.client, State::Established, State::FinWait1, fin);
            scene.moves(&pair.server, State::Established, State::CloseWait, q);
            scene.eof(&pair.server);
            scene.moves(&pair.client, State::FinWait1, State::FinWait2, q);
        });
    }

    /// Every `nth` server, half-closed before, closes too, and the kernel forgets both ends.
    pub fn close(&mut self, nth: usize) {
        self.each_nth(nth, |scene, pair| {
            let q = Queues {
                sent: pair.sent,
                fin: true,
                ..Queues::default()
            };
            scene.call(&pair.server, Op::Close, 0);
            scene.tell(&pair.server, inferred(State::CloseWait, State::LastAck));
            scene.moves(&pair.client, State::FinWait2, State::TimeWait, q);
            scene.eof(&pair.client);
            scene.call(&pair.client, Op::Close, 0);
            scene.gone(&pair.server, State::LastAck);
            scene.gone(&pair.client, State::TimeWait);
        });
    }

    fn moves(&mut self, who: &Who, from: State, to: State, queues: Queues) {
        self.tell(
            who,
            kernel(Some((from, to)), Some(reading(to, queues)), None),
        );
    }

    fn eof(&mut self, who: &Who) {
        let recv = Op::Recv {
            asked: 65536,
            data: Payload::default(),
        };
        self.call(who, recv, 0);
    }

    fn gone(&mut self, who: &Who, from: State) {
        let fact = KernelFact {
            source: Source::Measured,
            change: Some((from, State::Closed)),
            sample: None,
            tuple: None,
            gone: true,
        };
        self.tell(who, Fact::Kernel(Box::new(fact)));
    }

    fn each(&mut self, stage: impl FnMut(&mut Scene, &mut Pair)) {
        self.each_nth(1, stage);
    }

    fn each_nth(&mut self, nth: usize, mut stage: impl FnMut(&mut Scene, &mut Pair)) {
        let mut pairs = std::mem::take(&mut self.pairs);
        for pair in pairs.iter_mut().step_by(nth) {
            stage(self, pair);
        }
        self.pairs = pairs;
    }
}

/// The queues of one reading, and what went before.
#[derive(Clone, Copy, Default)]
struct Queues {
    inq: u32,
    outq: u32,
    sent: u64,
    fin: bool,
}

fn reading(state: State, q: Queues) -> Sample {
    Sample {
        by_descriptor: true,
        inq: Some(q.inq),
        outq: Some(q.outq),
        edge: Edge {
            readable: q.inq > 0 || q.fin,
            writable: true,
            read_hup: q.fin,
            ..Edge::default()
        },
        counters: Some(Counters {
            bytes_acked: q.sent,
            bytes_received: q.sent + u64::from(q.inq),
            bytes_sent: q.sent + u64::from(q.outq),
            unacked: u32::from(q.outq > 0),
            rtt_us: 40,
            rto_us: 204_000,
            cwnd: 10,
            mss: 65_483,
            snd_wnd: Some(65_536),
            rcv_wnd: Some(65_536),
            ..Counters::default()
        }),
        ..Sample::bare(state)
    }
}

fn kernel(change: Option<(State, State)>, sample: Option<Sample>, tuple: Option<Tuple>) -> Fact {
    Fact::Kernel(Box::new(KernelFact {
        source: Source::Measured,
        change,
        sample,
        tuple,
        gone: false,
    }))
}

fn inferred(from: State, to: State) -> Fact {
    Fact::Kernel(Box::new(KernelFact {
        source: Source::Inferred,
        change: Some((from, to)),
        sample: None,
        tuple: None,
        gone: false,
    }))
}
