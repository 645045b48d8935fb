//! What holds for every list of events, also for lists that no kernel would tell.

use std::sync::Arc;

use proptest::prelude::*;

use super::event::{
    By, Call, DropReason, EndpointId, Event, Fact, Fate, Host, KernelFact, LabChange, Micros, Note,
    Op, Payload, ShutdownHow, Signal, Source, Tuple, Who, WireFact,
};
use super::json::{Line, Names, from_line, to_line};
use super::ledger::{Journal, Limits};
use super::world::World;
use crate::tcp::{
    Counters, Edge, Errno, Explanation, Flags, RecvHalf, Sample, Segment, SendHalf, Seq,
    ShutdownFlags, State, Timer, TimerKind,
};

fn who(id: u32) -> Who {
    Who {
        id: EndpointId(id),
        name: format!("actor{id}").into(),
    }
}

/// Few endpoints, so that much happens to each.
fn an_endpoint() -> impl Strategy<Value = u32> {
    0..5u32
}

/// Small numbers mostly, and the largest.
fn bytes() -> impl Strategy<Value = u64> {
    prop_oneof![6 => 0..200u64, 1 => Just(u64::MAX)]
}

fn queue() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 0..200u32, 1 => Just(u32::MAX)]
}

fn an_errno() -> impl Strategy<Value = Errno> {
    prop::sample::select(vec![
        Errno::ECONNRESET,
        Errno::EPIPE,
        Errno::ETIMEDOUT,
        Errno::ECONNREFUSED,
        Errno::ECONNABORTED,
        Errno::EHOSTUNREACH,
        Errno::ENOTCONN,
        Errno::EBADF,
        Errno(4321),
    ])
}

fn a_state() -> impl Strategy<Value = State> {
    prop::sample::select(State::ALL.to_vec())
}

fn an_addr() -> impl Strategy<Value = std::net::SocketAddr> {
    prop::sample::select(vec![
        "127.0.0.1:1".parse().unwrap(),
        "127.0.0.1:2".parse().unwrap(),
        "[2001:db8::1]:3".parse().unwrap(),
    ])
}

fn a_payload() -> impl Strategy<Value = Payload> {
    prop_oneof![
        Just(Payload::default()),
        prop::collection::vec(any::<u8>(), 1..20).prop_map(|b| Payload::of(&b)),
    ]
}

/// Few, so that some are those that hold.
fn a_pid() -> impl Strategy<Value = u32> {
    1..4_u32
}

fn an_op() -> impl Strategy<Value = Op> {
    prop_oneof![
        any::<bool>().prop_map(|v6| Op::Socket { v6 }),
        an_addr().prop_map(|addr| Op::Bind { addr }),
        any::<u32>().prop_map(|backlog| Op::Listen { backlog }),
        (prop::option::of(an_endpoint()), prop::option::of(an_addr())).prop_map(|(id, peer)| {
            Op::Accept {
                accepted: id.map(who),
                peer,
            }
        }),
        prop::option::of(an_addr()).prop_map(|to| Op::Connect { to }),
        (bytes(), any::<bool>(), a_payload()).prop_map(|(asked, oob, data)| Op::Send {
            asked,
            oob,
            data
        }),
        (bytes(), a_payload()).prop_map(|(asked, data)| Op::Recv { asked, data }),
        (bytes(), a_payload()).prop_map(|(asked, data)| Op::Recv { asked, data }),
        prop::sample::select(vec![
            ShutdownHow::Send,
            ShutdownHow::Receive,
            ShutdownHow::Both
        ])
        .prop_map(Op::Shutdown),
        Just(Op::Close),
        ".*".prop_map(|value| Op::SetSockOpt {
            option: "SO_LINGER",
            value
        }),
        prop::option::of(an_endpoint()).prop_map(|id| Op::Dup { twin: id.map(who) }),
        (prop::option::of(an_endpoint()), a_pid()).prop_map(|(id, pid)| Op::Fork {
            twin: id.map(who),
            pid
        }),
        a_pid().prop_map(|pid| Op::Kill {
            pid,
            signal: Signal::Kill
        }),
    ]
}

fn a_call() -> impl Strategy<Value = Call> {
    let result = prop_oneof![3 => bytes().prop_map(Ok), 2 => an_errno().prop_map(Err)];
    let by = prop::sample::select(vec![By::Asked, By::End]);
    (an_op(), result, by, prop::option::of(bytes())).prop_map(|(op, result, by, blocked_us)| Call {
        op,
        result,
        by,
        blocked_us,
    })
}

prop_compose! {
    fn a_timer()(
        kind in prop::sample::select(vec![
            TimerKind::Retransmit, TimerKind::Keepalive, TimerKind::TimeWait, TimerKind::Persist,
        ]),
        expires_ms in queue(),
        retries in any::<u8>(),
    ) -> Timer {
        Timer { kind, expires_ms, retries }
    }
}

prop_compose! {
    fn counters()(
        (bytes_acked, bytes_received, bytes_sent, bytes_retrans) in (bytes(), bytes(), bytes(), bytes()),
        (notsent, unacked, retransmits) in (queue(), queue(), 0..3u8),
        (snd_wnd, rcv_wnd) in (prop::option::of(queue()), prop::option::of(queue())),
    ) -> Counters {
        Counters {
            bytes_acked, bytes_received, bytes_sent, bytes_retrans, notsent, unacked, retransmits, snd_wnd, rcv_wnd,
            ..Counters::default()
        }
    }
}

prop_compose! {
    fn a_sample()(
        state in a_state(),
        by_descriptor in any::<bool>(),
        queues in prop::array::uniform4(prop::option::of(queue())),
        shutdown in prop::option::of((any::<bool>(), any::<bool>())),
        timer in prop::option::of(a_timer()),
        (error, hup, urgent) in (any::<bool>(), any::<bool>(), any::<bool>()),
        counters in prop::option::of(counters()),
    ) -> Sample {
        let [inq, outq, rqueue, wqueue] = queues;
        Sample {
            state, by_descriptor, inq, outq, rqueue, wqueue, timer, counters,
            shutdown: shutdown.map(|(receive, send)| ShutdownFlags { receive, send }),
            edge: Edge { error, hup, urgent, ..Edge::default() },
        }
    }
}

prop_compose! {
    fn a_kernel_fact()(
        source in prop::sample::select(vec![Source::Measured, Source::Captured, Source::Inferred]),
        change in prop::option::of((a_state(), a_state())),
        sample in prop::option::of(a_sample()),
        local in prop::option::of(an_addr()),
        peer in prop::option::of(an_addr()),
        host in a_host(),
        gone in prop::bool::weighted(0.1),
    ) -> KernelFact {
        let tuple = (local.is_some() || peer.is_some()).then_some(Tuple { local, peer, cookie: Some(7), host });
        KernelFact { source, change, sample, tuple, gone }
    }
}

fn a_change() -> impl Strategy<Value = LabChange> {
    prop_oneof![
        (".*", ".*").prop_map(|(sysctl, value)| LabChange::Set { sysctl, value }),
        Just(LabChange::Reset),
        prop::sample::select(Host::ALL.to_vec()).prop_map(LabChange::Reboot),
    ]
}

fn a_note() -> impl Strategy<Value = Note> {
    prop_oneof![
        bytes().prop_map(|bytes| Note::Waiting { bytes }),
        bytes().prop_map(|bytes| Note::Abandoned { bytes }),
        ".*".prop_map(|host| Note::Resolving { host }),
        (".*", prop::collection::vec(an_addr(), 0..3))
            .prop_map(|(host, addrs)| Note::Resolved { host, addrs }),
        (".*", ".*").prop_map(|(host, why)| Note::Unresolved { host, why }),
        ".*".prop_map(|path| Note::Saving { path }),
        (".*", ".*").prop_map(|(path, why)| Note::FileFailed { path, why }),
        prop::option::of(prop::option::of(bytes())).prop_map(|mode| Note::Reading { mode }),
        any::<bool>().prop_map(|on| Note::Accepting { on }),
        bytes().prop_map(|limit| Note::OutOfDescriptors { limit }),
        prop::option::of(0..3u32).prop_map(|seconds| Note::Linger { seconds }),
        (a_state(), a_state())
            .prop_map(|(segments, kernel)| Note::Disagreement { segments, kernel }),
        a_state().prop_map(|state| Note::Agreement { state }),
        (a_pid(), ".*").prop_map(|(pid, how)| Note::Ended { pid, how }),
        prop_oneof![Just("clear".to_owned()), ".*"].prop_map(|rule| Note::Wire { rule }),
        bytes().prop_map(|frames| Note::WireLost { frames }),
        any::<String>().prop_map(|rule| Note::WireUnmet { rule }),
        (a_change(), prop::option::of(".*"))
            .prop_map(|(change, failed)| Note::Lab { change, failed }),
        ".*".prop_map(Note::Text),
    ]
}

fn a_host() -> impl Strategy<Value = Option<Host>> {
    prop::sample::select(vec![None, Some(Host::A), Some(Host::B)])
}

fn an_explanation() -> impl Strategy<Value = Explanation> {
    let of = any::<u32>().prop_map(Seq);
    prop_oneof![
        any::<bool>().prop_map(|acks_fin| Explanation::Data { acks_fin }),
        Just(Explanation::ZeroWindowProbe),
        any::<bool>().prop_map(|again| Explanation::AckOfFin { again }),
        (any::<u32>(), of.clone()).prop_map(|(n, of)| Explanation::Retransmission { n, of }),
        prop::option::of(of).prop_map(|answers| Explanation::Reset { answers }),
    ]
}

prop_compose! {
    fn a_segment()(
        flags in any::<u8>(), seq in any::<u32>(), ack in any::<u32>(), len in any::<u32>(), win in any::<u32>(),
        fate in prop::sample::select(vec![Fate::Passed, Fate::Held, Fate::Dropped, Fate::Duplicated]),
        (id, host, repeats) in (0..6u64, a_host(), 0..3u32),
        (left, due) in (0..5_000_000u64, prop::option::of(bytes())),
        (repeats_of, copy_of) in (prop::option::of(1..6u64), prop::option::of(1..6u64)),
        why in prop::option::of(an_explanation()),
        (dropped_by, gso) in (prop::option::of(prop::sample::select(DropReason::ALL.to_vec())), any::<bool>()),
    ) -> WireFact {
        let segment = Segment { flags: Flags::from_octet(flags), seq: Seq(seq), ack: Seq(ack), len, win };
        WireFact {
            id, from: "a \"quoted\" end".into(), to: "[::1]:7".into(), host, segment, fate,
            left: Micros(left), due: due.map(Micros), repeats, repeats_of, copy_of, why, dropped_by,
            gso,
        }
    }
}

fn a_fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        5 => a_call().prop_map(Fact::App),
        5 => a_kernel_fact().prop_map(|fact| Fact::Kernel(Box::new(fact))),
        1 => a_note().prop_map(Fact::Note),
        1 => a_segment().prop_map(Fact::Wire),
        1 => (".*", any::<u32>(), any::<bool>())
            .prop_map(|(expect, line, held)| Fact::Script { expect, line, held }),
    ]
}

type Told = (u64, Option<u32>, Fact);

fn facts() -> impl Strategy<Value = Vec<Told>> {
    let one = (
        prop_oneof![9 => 0..5_000_000u64, 1 => Just(u64::MAX)],
        prop::option::weighted(0.95, an_endpoint()),
        a_fact(),
    );
    prop::collection::vec(one, 0..60)
}

fn tell(facts: Vec<Told>) -> (Journal, Vec<Event>) {
    let mut journal = Journal::new(Limits::default());
    let mut cursor = journal.open();
    for (at, id, fact) in facts {
        journal.append(Micros(at), id.map(who), fact);
    }
    let mut events = Vec::new();
    journal.read(&mut cursor, usize::MAX, &mut events);
    (journal, events)
}

/// All that a World says, in an order that does not depend on hashing.
fn everything(world: &World) -> String {
    let facing: Vec<_> = world
        .endpoints()
        .iter()
        .map(|e| world.facing(e.id).map(|f| f.id))
        .collect();
    let counts = State::ALL.map(|s| world.count(s));
    format!(
        "{:#?} {facing:?} {counts:?} {:?} {:?}",
        world.endpoints(),
        world.wire,
        world.now
    )
}

fn depth(send: SendHalf, receive: RecvHalf) -> [u8; 2] {
    let send = match send {
        SendHalf::Open => 0,
        SendHalf::FinQueued { .. } => 1,
        SendHalf::FinSent => 2,
        SendHalf::FinAcked => 3,
        SendHalf::Gone => 4,
        SendHalf::Reset => 5,
    };
    let receive = match receive {
        RecvHalf::Open => 0,
        RecvHalf::Shut => 1,
        RecvHalf::FinReceived { .. } => 2,
        RecvHalf::EofRead => 3,
        RecvHalf::Gone => 4,
        RecvHalf::Reset => 5,
    };
    [send, receive]
}

/// The one way back to open halves: another connection on the same socket.
fn may_begin_again(event: &Event) -> bool {
    match &event.fact {
        Fact::App(Call {
            op: Op::Connect { to: Some(_) },
            result,
            ..
        }) => result.is_ok(),
        Fact::Kernel(fact) => matches!(
            fact.change,
            Some((_, State::SynSent | State::SynReceived | State::Established))
        ),
        _ => false,
    }
}

proptest! {
    #[test]
    fn folding_the_events_again_gives_the_same_world(facts in facts()) {
        let (journal, events) = tell(facts);
        let mut world = World::default();
        for event in &events {
            world.apply(event);
        }
        prop_assert_eq!(everything(&world), everything(journal.world()));
        prop_assert_eq!(world.last, journal.last());
    }

    #[test]
    fn numbers_have_no_gaps_and_derived_lines_change_nothing(facts in facts()) {
        let (journal, events) = tell(facts);
        let mut world = World::default();
        for (i, event) in events.iter().enumerate() {
            prop_assert_eq!(event.n, i as u64 + 1);
            if !matches!(event.fact, Fact::Half(_)) {
                world.apply(event);
            }
        }
        prop_assert_eq!(everything(&world), everything(journal.world()));
    }

    #[test]
    fn halves_only_move_down_and_the_half_lane_tells_every_move(facts in facts()) {
        let (_, events) = tell(facts);
        let mut world = World::default();
        let mut lane: Vec<[&str; 2]> = Vec::new();
        for event in &events {
            let before: Vec<_> = world.endpoints().iter().map(|e| depth(e.send, e.receive)).collect();
            world.apply(event);
            for (e, before) in world.endpoints().iter().zip(before) {
                let now = depth(e.send, e.receive);
                let down = now[0] >= before[0] && now[1] >= before[1];
                let again = event.who.as_ref().is_some_and(|w| w.id == e.id) && may_begin_again(event);
                prop_assert!(down || again, "{:?} to {:?} by {:?}", before, now, event);
            }
            // A descriptor made by dup is born with the halves of its socket: nothing moved.
            let born = match &event.fact {
                Fact::App(Call {
                    op: Op::Dup { twin: Some(twin) } | Op::Fork { twin: Some(twin), .. },
                    ..
                }) => Some(twin.id),
                _ => None,
            };
            for e in world.endpoints() {
                let words = [e.send.word(), e.receive.word()];
                match lane.get_mut(e.id.index()) {
                    None if born == Some(e.id) => lane.push(words),
                    None => lane.push(["open", "open"]),
                    Some(told) if born == Some(e.id) && *told == ["open", "open"] => *told = words,
                    Some(_) => {}
                }
            }
            if let (Fact::Half(change), Some(who)) = (&event.fact, &event.who) {
                let told = &mut lane[who.id.index()][change.half as usize];
                prop_assert_eq!(*told, change.from);
                *told = change.to;
            }
        }
        for e in world.endpoints() {
            prop_assert_eq!(lane[e.id.index()], [e.send.word(), e.receive.word()], "{}", e.name);
        }
    }

    #[test]
    fn a_line_reads_back_as_its_event(facts in facts()) {
        let (journal, events) = tell(facts);
        // The reader numbers the endpoints as the lines name them; the names are what must agree.
        let mut names = Names::default();
        let mut world = World::default();
        for event in &events {
            let line = to_line(event);
            prop_assert!(!line.contains('\n'));
            let Line::Event(back) = from_line(&line, &mut names).unwrap() else {
                return Err(TestCaseError::fail(format!("skipped {line}")));
            };
            prop_assert_eq!(&back, &renumbered(event, &mut names));
            if !matches!(back.fact, Fact::Half(_)) {
                world.apply(&back);
            }
        }
        for e in journal.world().endpoints().iter().filter(|e| !e.name.is_empty()) {
            let back = world.by_name(&e.name).unwrap();
            prop_assert_eq!(portrait(back), portrait(e));
        }
    }

    #[test]
    fn a_torn_line_is_an_error_or_skipped_and_never_a_panic(fact in a_fact(), cut in any::<prop::sample::Index>()) {
        let line = to_line(&Event { n: 1, at: Micros(2), who: Some(who(0)), fact });
        let mut at = cut.index(line.len());
        while !line.is_char_boundary(at) {
            at -= 1;
        }
        let torn = from_line(&line[..at], &mut Names::default());
        prop_assert!(torn.is_err());
    }
}

/// The event with its endpoints numbered as the reader does.
fn renumbered(event: &Event, names: &mut Names) -> Event {
    let mut event = event.clone();
    let mut renumber = |who: &mut Option<Who>| {
        if let Some(who) = who {
            *who = names.who(&who.name);
        }
    };
    renumber(&mut event.who);
    if let Fact::App(Call {
        op: Op::Accept { accepted: born, .. } | Op::Dup { twin: born } | Op::Fork { twin: born, .. },
        ..
    }) = &mut event.fact
    {
        renumber(born);
    }
    event
}

fn portrait(e: &super::world::Endpoint) -> String {
    format!(
        "{} {:?} {:?} {:?} {:?} {:?} {:?} {} {} {} {} {} {:?} {:?}",
        super::tale::portrait(e),
        e.role,
        e.hold,
        e.local,
        e.peer,
        e.cookie,
        e.reading,
        e.descriptor,
        e.gone,
        e.eof,
        e.sent,
        e.received,
        e.sample,
        e.last_error,
    )
}

#[test]
fn a_number_out_of_reach_makes_no_endpoints() {
    let mut world = World::default();
    let far = Who {
        id: EndpointId(u32::MAX),
        name: Arc::from("far"),
    };
    let fact = Fact::Note(Note::Waiting { bytes: 1 });
    world.apply(&Event {
        n: 1,
        at: Micros(1),
        who: Some(far),
        fact,
    });
    assert!(world.endpoints().is_empty());
}
