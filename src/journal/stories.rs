//! The fold against what Linux does: each story is a teardown as it was measured, event by event.

use super::event::{Hold, Host};
use super::tale::{Tale, portrait, told};
use crate::tcp::{Outlook, RecvHalf, RstCause, SendHalf};

/// A connection that stands, both ends ours.
const PAIR: &str = "
    server.listen socket = 3
    server.listen listen = 0
    server.listen LISTEN
    client socket = 4
    client SYN-SENT
    client ESTABLISHED acked=1 inq=0 outq=0 local=198.51.100.1:43210 peer=198.51.100.2:6000
    client connect 198.51.100.2:6000 = 0
    server.listen accept server = 5
    server ESTABLISHED inq=0 outq=0 local=198.51.100.2:6000 peer=198.51.100.1:43210
";

fn pair(story: &str) -> Tale {
    let mut tale = told(PAIR);
    tale.tell(story);
    tale
}

/// Tells the story with the two events in either order: the end must be the same.
fn either_order(before: &str, events: [&str; 2], name: &str, end: &str) {
    for [first, second] in [events, [events[1], events[0]]] {
        let tale = pair(&format!("{before}\n{first}\n{second}"));
        assert_eq!(portrait(tale.end(name)), end, "{first}, then {second}");
    }
}

#[test]
fn a_pair_faces_each_other() {
    let tale = told(PAIR);
    let world = tale.journal.world();
    let facing = |name: &str| world.facing(tale.end(name).id).map(|e| e.name.to_string());
    assert_eq!(facing("client").as_deref(), Some("server"));
    assert_eq!(facing("server").as_deref(), Some("client"));
    assert_eq!(facing("server.listen"), None);
    assert_eq!(tale.end("server.listen").accepted, 1);
    assert_eq!(
        tale.end("server").listener,
        Some(tale.end("server.listen").id)
    );
}

/// The lab's addresses may be this machine's own too.
#[test]
fn the_lab_and_this_machine_do_not_face_each_other() {
    let ends = "local=198.51.100.1:4 peer=198.51.100.2:6";
    let mirrored = "local=198.51.100.2:6 peer=198.51.100.1:4";
    let mut tale = told(&format!(
        "here ESTABLISHED {ends}
         there ESTABLISHED {mirrored} host=b
         a ESTABLISHED {ends} host=a"
    ));
    let facing = |tale: &Tale, name: &str| {
        let world = tale.journal.world();
        world.facing(tale.end(name).id).map(|e| e.name.to_string())
    };
    assert_eq!(facing(&tale, "here"), None);
    assert_eq!(facing(&tale, "a").as_deref(), Some("there"));
    assert_eq!(facing(&tale, "there").as_deref(), Some("a"));
    tale.tell(&format!("near ESTABLISHED {mirrored}"));
    assert_eq!(facing(&tale, "here").as_deref(), Some("near"));
    // Told afterwards: it was in the lab all the time.
    tale.tell(&format!("near reading {mirrored} host=b"));
    assert_eq!(tale.end("near").host, Some(Host::B));
    assert_eq!(facing(&tale, "here"), None);
}

#[test]
fn an_accepted_or_second_descriptor_is_on_the_same_host() {
    let tale = told(
        "server.listen LISTEN local=198.51.100.2:6000 peer=0.0.0.0:0 host=b
         server.listen accept server = 5
         server dup twin = 6",
    );
    assert_eq!(tale.end("server").host, Some(Host::B));
    assert_eq!(tale.end("twin").host, Some(Host::B));
}

/// Row 1.
#[test]
fn half_close() {
    let mut tale = pair(
        "client send 100 = 100
         client shutdown send = 0
         client is ESTABLISHED open open
         client FIN-WAIT-1 notsent=0 outq=1 acked=101
         client is FIN-WAIT-1 fin-sent open
         server CLOSE-WAIT inq=100
         server recv 4096 = 100
         server is CLOSE-WAIT open fin-received
         server recv 4096 = 0
         server is CLOSE-WAIT open eof-read
         client FIN-WAIT-2 acked=102
         client is FIN-WAIT-2 fin-acked open
         client send 10 = EPIPE
         client is FIN-WAIT-2 fin-acked open
         server send 200 = 200
         client recv 4096 = 200
         server close = 0
         server is CLOSE-WAIT open eof-read
         server LAST-ACK notsent=0 outq=1 acked=200
         server is LAST-ACK fin-sent eof-read
         client TIME-WAIT
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 0
         client recv 4096 = 0
         client is TIME-WAIT fin-acked eof-read, fin by this, unread 0, unsent 0
         server CLOSED gone
         server is CLOSED gone gone, fin by peer~, unread 0, unsent 0
         client shutdown send = ENOTCONN
         client close = 0
         client is TIME-WAIT fin-acked eof-read, fin by this, unread 0, unsent 0
         client CLOSED gone
         client is CLOSED gone gone, fin by this, unread 0, unsent 0",
    );
    assert_eq!(
        (tale.end("client").sent, tale.end("client").received),
        (100, 200)
    );
    assert!(tale.end("client").eof && tale.end("server").eof);
    let halves: Vec<String> = tale
        .events()
        .iter()
        .filter_map(|e| match &e.fact {
            super::Fact::Half(h) => Some(format!(
                "{} {} {} > {}",
                e.who.as_ref()?.name,
                h.half,
                h.from,
                h.to
            )),
            _ => None,
        })
        .collect();
    assert_eq!(
        halves,
        [
            "client send open > fin-sent",
            "server receive open > fin-received",
            "server receive fin-received > eof-read",
            "client send fin-sent > fin-acked",
            "server send open > fin-sent",
            "client receive open > fin-received",
            "client receive fin-received > eof-read",
            "server send fin-sent > gone",
            "server receive eof-read > gone",
            "client send fin-acked > gone",
            "client receive eof-read > gone",
        ]
    );
}

/// Row 2: the active closer's orphan, FIN-WAIT-2 to TIME-WAIT.
#[test]
fn close_then_close() {
    pair(
        "client close = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2 timer=time-wait:60000:0
         server CLOSE-WAIT
         server recv 100 = 0
         server close = 0
         server ~LAST-ACK
         server is LAST-ACK fin-sent eof-read
         server CLOSED gone
         server is CLOSED gone gone, fin by peer~, unread 0, unsent 0
         client TIME-WAIT timer=time-wait:60000:0
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 0",
    );
}

/// The passive closer that holds its descriptor: the counters say that its FIN was acknowledged.
#[test]
fn out_of_last_ack_with_the_descriptor_held() {
    let last_ack = "server CLOSE-WAIT inq=0
         server recv 10 = 0
         server send 200 = 200
         server shutdown send = 0
         server LAST-ACK notsent=0 outq=1 acked=200";
    let mut acked = pair(last_ack);
    acked.tell(
        "server CLOSED acked=201 sent=200 received=1 inq=0
         server is CLOSED fin-acked eof-read, fin by peer, unread 0, unsent 0
         server send 1 = EPIPE
         server close = 0
         server CLOSED gone
         server is CLOSED gone gone, fin by peer, unread 0, unsent 0",
    );
    let mut reset = pair(last_ack);
    reset.tell(
        "server CLOSED acked=200 sent=200 received=1 inq=0 error
         server is CLOSED reset reset, rst by peer~, unread 0, unsent 0",
    );
}

/// Linger 0 in LAST-ACK: no RST goes out, so none is told.
#[test]
fn linger_zero_in_last_ack() {
    pair(
        "server CLOSE-WAIT inq=0
         server recv 10 = 0
         server shutdown send = 0
         server LAST-ACK notsent=0 outq=1
         server linger 0
         server close = 0
         server CLOSED gone
         server is CLOSED gone gone, fin by peer~, unread 0, unsent 0",
    );
}

/// A close that was thought to reset, and did not: the state that follows is believed.
#[test]
fn a_forecast_is_no_fact() {
    pair(
        "client reading inq=5
         client close = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2 timer=time-wait:60000:0
         client TIME-WAIT
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 5, unsent 0",
    );
}

#[test]
fn the_queues_now() {
    let mut tale = pair(
        "client reading inq=100 outq=70 notsent=30
         client waiting 1000
         client recv 40 = 40",
    );
    let queues = |tale: &Tale| {
        let e = tale.end("client");
        (e.unread(), e.unsent(), e.unacked())
    };
    assert_eq!(queues(&tale), (Some(60), 1030, Some(40)));
    let forecast = tale.journal.world().forecast(tale.end("client").id);
    let rst = Outlook::Rst {
        unread: 60,
        unacked: 70,
        why: RstCause::Unread,
    };
    assert_eq!(forecast.map(|f| f.close), Some(rst));
    tale.tell("client close = 0\nclient abandoned 1000\nclient CLOSED gone");
    assert_eq!(
        queues(&tale),
        (Some(0), 0, Some(0)),
        "the last reading is stale"
    );
    tale.tell("client is CLOSED reset reset, rst by this~, unread 60, unsent 1070");
}

/// Row 13a: a listener has no halves to lose, and may listen again.
#[test]
fn a_listener_that_stops() {
    told(
        "server.listen socket = 3
         server.listen listen = 0
         server.listen LISTEN
         server.listen shutdown receive = 0
         server.listen CLOSED
         server.listen is CLOSED open open
         server.listen accept server = EINVAL
         server.listen listen = 0
         server.listen LISTEN
         server.listen is LISTEN open open",
    );
}

/// Row 3: simultaneous close.
#[test]
fn crossing_fins() {
    pair(
        "client shutdown send = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client CLOSING notsent=0 outq=1
         client is CLOSING fin-sent fin-received
         client TIME-WAIT
         client is TIME-WAIT fin-acked fin-received, fin by both, unread 0, unsent 0",
    );
}

/// Row 4.
#[test]
fn shutdown_receive_alone() {
    let tale = pair(
        "client shutdown receive = 0
         client is ESTABLISHED open shut
         client recv 100 = 0
         client is ESTABLISHED open shut
         client recv 100 = 100
         client recv 100 = 0
         client is ESTABLISHED open shut
         client CLOSE-WAIT
         client is CLOSE-WAIT open fin-received",
    );
    assert_eq!(
        tale.end("client").receive,
        RecvHalf::FinReceived { shut: true }
    );
    assert!(!tale.end("client").eof, "our own shutdown is no EOF");
}

/// Row 4b: what was queued is still read.
#[test]
fn shutdown_receive_with_data_queued() {
    pair(
        "client reading inq=100
         client shutdown receive = 0
         client recv 60 = 60
         client recv 60 = 40
         client recv 60 = 0
         client is ESTABLISHED open shut
         client close = 0
         client FIN-WAIT-1 outq=1 notsent=0
         client is FIN-WAIT-1 fin-sent shut",
    );
}

/// Rows 4c and 5a: the owner of both shutdowns reads ECONNRESET though it sent the RST itself.
#[test]
fn data_after_shutdown_both() {
    for shutdowns in [
        "client shutdown both = 0",
        "client shutdown receive = 0\nclient shutdown send = 0",
    ] {
        let story = format!(
            "{shutdowns}
             client FIN-WAIT-1 notsent=0 outq=1
             client FIN-WAIT-2 acked=2
             client recv 10 = 0
             client is FIN-WAIT-2 fin-acked shut
             server CLOSE-WAIT inq=0
             server recv 10 = 0
             server send 50 = 50"
        );
        let rst = [
            "client recv 10 = ECONNRESET",
            "client CLOSED acked=2 received=0 inq=0 outq=0 error",
        ];
        either_order(
            &story,
            rst,
            "client",
            "CLOSED reset reset, rst by this, unread 0, unsent 0",
        );
        let broken = [
            "server send 10 = EPIPE",
            "server CLOSED acked=0 sent=50 received=1 inq=0 error",
        ];
        either_order(
            &story,
            broken,
            "server",
            "CLOSED reset reset, rst by peer, unread 0, unsent 50",
        );
    }
}

/// Row 5b: SHUT_RDWR with unread data sends a FIN, and the data can still be read.
#[test]
fn shutdown_both_with_data_queued() {
    let tale = pair(
        "client reading inq=50
         client shutdown both = 0
         client FIN-WAIT-1 inq=50 notsent=0 outq=1
         client FIN-WAIT-2 inq=50
         client TIME-WAIT inq=50
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 50, unsent 0
         client recv 100 = 50
         client recv 100 = 0
         client is TIME-WAIT fin-acked eof-read, fin by this, unread 0, unsent 0",
    );
    assert!(tale.end("client").eof);
}

/// Row 5c: unread data turns a half-closed socket into a RST.
#[test]
fn close_with_unread_data_after_shutdown_both() {
    pair(
        "client reading inq=50
         client shutdown both = 0
         client FIN-WAIT-1 inq=50 notsent=0 outq=1
         client FIN-WAIT-2 inq=50
         client close = 0
         client is FIN-WAIT-2 fin-acked shut
         client CLOSED gone
         client is CLOSED reset reset, rst by this~, unread 50, unsent 0",
    );
}

/// Row 6: the data that was queued at the other end survives the RST.
#[test]
fn close_with_unread_data() {
    let mut tale = pair(
        "server send 70 = 70
         server.listen reading
         client reading inq=100
         client recv 40 = 40
         client close = 0
         client is ESTABLISHED open open
         client CLOSED gone
         client is CLOSED reset reset, rst by this~, unread 60, unsent 0",
    );
    tale.tell(
        "server CLOSED inq=70 sent=70 acked=70 received=70 error
         server is CLOSED reset reset, rst by peer~, unread 70, unsent 0
         server recv 20 = 20
         server is CLOSED reset reset, rst by peer~, unread 50, unsent 0
         server recv 50 = 50
         server recv 50 = ECONNRESET
         server recv 50 = 0
         server send 5 = EPIPE
         server is CLOSED reset reset, rst by peer, unread 0, unsent 0
         server close = 0
         server CLOSED gone
         server is CLOSED reset reset, rst by peer, unread 0, unsent 0",
    );
    assert!(
        !tale.end("server").eof,
        "recv = 0 after the errno is no EOF"
    );
}

/// Row 6b: one call takes the errno, the others see its shadow.
#[test]
fn one_call_takes_the_errno() {
    for taker in [
        "server send 5 = ECONNRESET",
        "server recv 5 = ECONNRESET",
        "server send 5 = EPIPE",
    ] {
        either_order(
            "",
            [taker, "server CLOSED inq=0 acked=0 received=0"],
            "server",
            "CLOSED reset reset, rst by peer, unread 0, unsent 0",
        );
    }
}

/// Row 7a, and 7b in FIN-WAIT-2 and CLOSE-WAIT.
#[test]
fn linger_zero() {
    pair(
        "client linger 0
         client close = 0
         client CLOSED gone
         client is CLOSED reset reset, rst by this~, unread 0, unsent 0",
    );
    pair(
        "client shutdown send = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2
         client linger 0
         client close = 0
         client CLOSED gone
         client is CLOSED reset reset, rst by this~, unread 0, unsent 0",
    );
    pair(
        "server CLOSE-WAIT
         server recv 10 = 0
         server linger 0
         server close = 0
         server CLOSED gone
         server is CLOSED reset reset, rst by peer~, unread 0, unsent 0",
    );
}

/// Row 7b in TIME-WAIT: too late.
#[test]
fn linger_zero_in_time_wait() {
    pair(
        "client shutdown send = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2
         client TIME-WAIT
         client linger 0
         client close = 0
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 0",
    );
}

/// Row 7c: the descriptor stays, and may connect again.
#[test]
fn disconnect() {
    let mut tale = pair(
        "client send 10 = 10
         client reading inq=7 outq=10 notsent=0 acked=1 sent=10
         client connect AF_UNSPEC = 0
         client CLOSED error outq=65485 acked=0
         client is CLOSED reset reset, rst by this, unread 7, unsent 10
         client recv 10 = ECONNRESET
         client is CLOSED reset reset, rst by this, unread 7, unsent 10",
    );
    tale.tell(
        "client SYN-SENT
         client is SYN-SENT open open
         client ESTABLISHED local=198.51.100.1:43211 peer=198.51.100.2:6000
         client connect 198.51.100.2:6000 = 0
         client is ESTABLISHED open open",
    );
    assert!(tale.end("client").descriptor);
    assert_eq!(
        tale.end("client").sent,
        0,
        "counted over a connection's life"
    );
}

/// Row 9: FIN-WAIT-1 with the FIN behind a zero window.
#[test]
fn fin_behind_a_zero_window() {
    let mut tale = pair(
        "client send 73728 = 73728
         client shutdown send = 0
         client FIN-WAIT-1 notsent=61441 outq=61441 acked=12289 timer=persist:400:0
         client is FIN-WAIT-1 fin-queued open",
    );
    assert_eq!(
        tale.end("client").send,
        SendHalf::FinQueued { ahead: 61440 }
    );
    tale.tell("client reading notsent=20001 outq=61441");
    assert_eq!(
        tale.end("client").send,
        SendHalf::FinQueued { ahead: 20000 }
    );
    tale.tell(
        "client reading notsent=0 outq=4097
         client is FIN-WAIT-1 fin-sent open
         client FIN-WAIT-2 notsent=0 outq=0
         client is FIN-WAIT-2 fin-acked open",
    );
    let told = tale
        .events()
        .iter()
        .filter(|e| matches!(e.fact, super::Fact::Half(_)))
        .count();
    assert_eq!(told, 3, "a shorter queue is no move");
}

/// Row 10: EOF is read though the RST came first, and both halves are reset.
#[test]
fn write_after_the_peer_closed() {
    for eof_first in [true, false] {
        let mut tale = pair("server CLOSE-WAIT inq=0");
        let calls = ["server recv 10 = 0", "server send 10 = EPIPE"];
        tale.tell(
            "server send 10 = 10\nserver CLOSED acked=0 sent=10 received=1 inq=0 outq=10 error",
        );
        tale.tell(calls[usize::from(!eof_first)]);
        tale.tell(calls[usize::from(eof_first)]);
        tale.tell("server is CLOSED reset reset, rst by peer, unread 0, unsent 10");
        assert!(tale.end("server").eof);
    }
}

/// Row 11: an orphan in FIN-WAIT-2 that the peer never answers; and one that answers data with a RST.
#[test]
fn an_orphan_in_fin_wait_2() {
    let orphan = "client close = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2 timer=time-wait:3000:0
         client is FIN-WAIT-2 fin-acked shut";
    let mut expired = pair(orphan);
    expired.tell(
        "client wait 3000
         client CLOSED gone
         client is CLOSED gone gone, timeout by this~, unread 0, unsent 0",
    );
    let mut reset = pair(orphan);
    reset.tell(
        "client wait 1000
         client CLOSED gone
         client is CLOSED reset reset, rst by this~, unread 0, unsent 0",
    );
}

/// Row 12: the descriptor says CLOSED while the kernel's tables say TIME-WAIT.
#[test]
fn time_wait_is_invisible_to_the_descriptor() {
    let fins = "client shutdown both = 0
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2 acked=2";
    let mut by_count = pair(fins);
    by_count.tell(
        "client CLOSED acked=2 received=1 inq=0
         client is CLOSED fin-acked fin-received, fin by this, unread 0, unsent 0
         client TIME-WAIT
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 0",
    );
    let mut without_counters = pair(fins);
    without_counters.tell(
        "client CLOSED
         client is CLOSED fin-acked shut
         client recv 10 = 0
         client is CLOSED fin-acked shut
         client TIME-WAIT
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 0",
    );
    let mut zero_first = pair("client shutdown send = 0\nclient FIN-WAIT-1\nclient FIN-WAIT-2");
    zero_first.tell(
        "client CLOSED
         client recv 10 = 0
         client is CLOSED fin-acked open
         client TIME-WAIT
         client is TIME-WAIT fin-acked eof-read, fin by this, unread 0, unsent 0",
    );
}

/// Row 13b: shutdown gives an attempt up; nothing was ever sent, so nothing was reset.
#[test]
fn an_attempt_given_up() {
    told(
        "client socket = 3
         client SYN-SENT outq=1
         client shutdown send = 0
         client CLOSED error
         client connect 198.51.100.2:6000 = ECONNRESET
         client is CLOSED gone gone",
    );
}

#[test]
fn a_second_connect_changes_nothing() {
    let tale = pair("client connect 203.0.113.9:1 = EISCONN");
    let client = tale.end("client");
    assert_eq!(client.peer, "198.51.100.2:6000".parse().ok());
    assert_eq!(portrait(client), "ESTABLISHED open open");
    let (_, errno, call) = client.last_error.unwrap();
    assert_eq!((errno.to_string().as_str(), call), ("EISCONN", "connect"));
    let mut closed = pair("client CLOSED error\nclient recv 1 = ECONNRESET");
    closed.tell("client connect 203.0.113.9:1 = EISCONN");
    assert_eq!(closed.end("client").peer, "198.51.100.2:6000".parse().ok());
}

/// Row 14a.
#[test]
fn refused() {
    let orders = [
        "client CLOSED error\nclient connect 198.51.100.2:6000 = ECONNREFUSED",
        "client connect 198.51.100.2:6000 = ECONNREFUSED\nclient CLOSED",
    ];
    for order in orders {
        let mut tale = told("client socket = 3\nclient SYN-SENT outq=1");
        tale.tell(order);
        tale.tell("client is CLOSED gone gone, refused, unread 0, unsent 0");
        tale.tell("client close = 0\nclient CLOSED gone");
        tale.tell("client is CLOSED gone gone, refused, unread 0, unsent 0");
        assert_eq!(tale.end("client").role, super::Role::Client);
    }
    // The attempt itself may be told late; the errno stays.
    told(
        "client socket = 3
         client connect 198.51.100.2:6000 = ECONNREFUSED
         client ~SYN-SENT
         client CLOSED
         client is CLOSED gone gone, refused, unread 0, unsent 0",
    );
}

/// Row 14b, and a host that cannot be reached.
#[test]
fn no_answer_to_a_syn() {
    told(
        "client socket = 3
         client SYN-SENT outq=1 retransmits=5
         client CLOSED error
         client is CLOSED open open
         client connect 198.51.100.2:6000 = ETIMEDOUT
         client is CLOSED gone gone, timeout, unread 0, unsent 0",
    );
    told(
        "client socket = 3
         client SYN-SENT outq=1
         client CLOSED error
         client connect 198.51.100.2:6000 = EHOSTUNREACH
         client is CLOSED gone gone",
    );
}

/// Rows 15a and 15b: the errno wins over the guess, and its shadow changes nothing.
#[test]
fn a_timer_gives_up() {
    let retrying =
        "client send 10 = 10\nclient reading outq=10 notsent=0 acked=1 sent=10 retransmits=4";
    let closed = "client CLOSED error acked=1 sent=50 received=0 inq=0";
    let mut tale = pair(retrying);
    tale.tell(closed);
    tale.tell("client is CLOSED reset reset, timeout~, unread 0, unsent 10");
    tale.tell("client recv 10 = ETIMEDOUT\nclient recv 10 = 0\nclient send 1 = EPIPE");
    tale.tell("client is CLOSED reset reset, timeout, unread 0, unsent 10");
    assert!(!tale.end("client").eof);
    let end = "CLOSED reset reset, timeout, unread 0, unsent 10";
    either_order(
        retrying,
        ["client recv 10 = ETIMEDOUT", closed],
        "client",
        end,
    );
}

/// Row 15f: a RST that answers a probe comes before the timer is due again.
#[test]
fn a_segment_ends_it_before_the_timer() {
    pair(
        "client reading retransmits=2 timer=retransmit:800:2
         client CLOSED error
         client is CLOSED reset reset, rst by peer~, unread 0, unsent 0",
    );
    pair(
        "server CLOSE-WAIT
         server close = 0
         server LAST-ACK notsent=0 outq=1 timer=retransmit:800:3
         server CLOSED gone
         server is CLOSED gone gone, fin by peer~, unread 0, unsent 0",
    );
    pair(
        "server CLOSE-WAIT
         server close = 0
         server LAST-ACK notsent=0 outq=1 timer=retransmit:800:3
         server wait 900
         server CLOSED gone
         server is CLOSED reset reset, timeout by peer~, unread 0, unsent 0",
    );
}

/// Row 16: a RST in each state, its errno told before or after the reading.
#[test]
fn a_rst_in_each_state() {
    let cases = [
        ("", "ECONNRESET", "by peer"),
        (
            "client shutdown send = 0\nclient FIN-WAIT-1 notsent=0 outq=1",
            "ECONNRESET",
            "by this",
        ),
        (
            "client shutdown send = 0\nclient FIN-WAIT-1\nclient FIN-WAIT-2",
            "ECONNRESET",
            "by this",
        ),
        ("client CLOSE-WAIT", "EPIPE", "by peer"),
    ];
    for (before, errno, by) in cases {
        let call = if errno == "EPIPE" { "send" } else { "recv" };
        either_order(
            before,
            [
                &format!("client {call} 9 = {errno}"),
                "client CLOSED error inq=0 acked=1",
            ],
            "client",
            &format!("CLOSED reset reset, rst {by}, unread 0, unsent 0"),
        );
    }
}

/// B.2: the socket was destroyed from outside; the RST left from this end.
#[test]
fn destroyed_from_outside() {
    either_order(
        "",
        [
            "client recv 9 = ECONNABORTED",
            "client CLOSED error inq=0 acked=1",
        ],
        "client",
        "CLOSED reset reset, rst by this, unread 0, unsent 0",
    );
}

/// Row 19: what belongs to the socket reaches every descriptor of it, what belongs to the descriptor does not.
#[test]
fn a_second_descriptor() {
    let mut tale = pair(
        "client send 30 = 30
         client dup spare = 9
         spare is ESTABLISHED open open
         spare send 12 = 12
         client close = 0
         spare shutdown receive = 0
         client is ESTABLISHED open shut
         spare is ESTABLISHED open shut",
    );
    let (client, spare) = (tale.end("client"), tale.end("spare"));
    assert!(!client.descriptor && spare.descriptor);
    assert_eq!((client.sent, spare.sent), (30, 12));
    assert_eq!(
        (&client.twins, &spare.twins),
        (&vec![spare.id], &vec![client.id])
    );
    let world = tale.journal.world();
    assert_eq!(world.facing(spare.id).map(|e| &*e.name), Some("server"));
    assert_eq!(
        world.facing(tale.end("server").id).map(|e| &*e.name),
        Some("spare")
    );
    tale.tell(
        "spare recv 5 = ECONNRESET
         client is ESTABLISHED reset reset, rst by peer, unread 0, unsent 0",
    );
    let of_client = tale
        .events()
        .iter()
        .filter(|e| e.who.as_ref().is_some_and(|w| &*w.name == "client"))
        .filter(|e| matches!(e.fact, super::Fact::Half(_)))
        .count();
    assert_eq!(
        of_client, 3,
        "shut, then reset twice, told though the calls were the twin's"
    );
}

/// A descriptor in a process of its own: a close beside it sends nothing, its end is the socket's close.
#[test]
fn a_process_that_holds_the_socket() {
    let mut tale = pair(
        "server recv 9 = 9
         server fork worker = 1234
         worker is ESTABLISHED open open
         server close = 0
         server is ESTABLISHED open open
         worker reading inq=0",
    );
    let worker = tale.end("worker");
    assert_eq!(worker.hold, Hold::Process { pid: 1234 });
    assert!(worker.descriptor && !tale.end("server").descriptor);
    assert_eq!(worker.reading, None, "it never reads");
    let close = |tale: &Tale, name: &str| {
        let world = tale.journal.world();
        world.forecast(tale.end(name).id).unwrap().close
    };
    assert_eq!(close(&tale, "server"), Outlook::NothingToCall);
    assert_eq!(close(&tale, "worker"), Outlook::Fin { behind: 0 });
    tale.tell(
        "worker kill 99 = 0
         worker is ESTABLISHED open open
         worker kill 1234 = 0
         worker is ESTABLISHED open shut
         worker ended 1234
         worker FIN-WAIT-1
         worker FIN-WAIT-2
         worker TIME-WAIT
         worker is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 0",
    );
    assert!(!tale.end("worker").descriptor);
    assert!(!tale.end("server.listen").gone);
}

/// Bytes that nobody read turn the end of the process into a RST, for every descriptor that the socket had. Nobody need
/// have asked for that end.
#[test]
fn a_process_that_ends_with_unread_bytes() {
    for end in ["kill 1234 = 0", "ended 1234"] {
        let tale = pair(&format!(
            "server fork worker = 1234
             server close = 0
             worker reading inq=6
             worker {end}
             worker CLOSED gone
             server CLOSED gone"
        ));
        for name in ["worker", "server"] {
            assert_eq!(
                portrait(tale.end(name)),
                "CLOSED reset reset, rst by this~, unread 6, unsent 0",
                "{name} after {end}"
            );
        }
    }
}

/// The tables have it no more, and the process holds it still: CLOSED, by whatever was seen before.
#[test]
fn a_process_outlives_its_connection() {
    let mut tale = pair(
        "server fork worker = 1234
         server close = 0
         worker CLOSED
         worker is CLOSED reset reset, rst~, unread 0, unsent 0",
    );
    let worker = tale.end("worker");
    assert!(worker.descriptor && !worker.gone);
    tale.tell("worker kill 1234 = 0\nworker CLOSED gone");
    assert!(tale.end("worker").gone);
}

/// Bytes that a closing call overtook are lost even when the end is clean.
#[test]
fn bytes_that_never_reached_the_kernel() {
    pair(
        "client send 1000 = 600
         client waiting 400
         client shutdown send = 0
         client abandoned 400
         client FIN-WAIT-1 notsent=0 outq=1
         client FIN-WAIT-2
         client TIME-WAIT
         client is TIME-WAIT fin-acked fin-received, fin by this, unread 0, unsent 400",
    );
}

/// The same addresses again while the old connection is still in TIME-WAIT (rows 12b and 12c).
#[test]
fn the_same_addresses_again() {
    let mut tale = pair(
        "client close = 0
         client FIN-WAIT-1
         client TIME-WAIT
         server CLOSED gone
         late socket = 7
         late ESTABLISHED local=198.51.100.1:43210 peer=198.51.100.2:6000",
    );
    let facing = |tale: &Tale, name: &str| {
        let world = tale.journal.world();
        world.facing(tale.end(name).id).map(|e| e.name.to_string())
    };
    assert_eq!(
        facing(&tale, "late"),
        None,
        "the old server belongs to the old client"
    );
    tale.tell(
        "server.listen accept server.2 = 8
         server.2 ESTABLISHED local=198.51.100.2:6000 peer=198.51.100.1:43210",
    );
    assert_eq!(facing(&tale, "late").as_deref(), Some("server.2"));
    assert_eq!(facing(&tale, "server.2").as_deref(), Some("late"));
    assert_eq!(facing(&tale, "client").as_deref(), Some("server"));
    assert_eq!(facing(&tale, "server").as_deref(), Some("client"));
}

#[test]
fn a_host_that_starts_anew_forgets_without_a_segment() {
    use super::event::{Fact, LabChange, Micros, Note};
    let ends = "client ESTABLISHED local=198.51.100.1:4 peer=198.51.100.2:6 host=a
        server ESTABLISHED local=198.51.100.2:6 peer=198.51.100.1:4 host=b";
    let anew = |tale: &mut Tale, change, failed: Option<String>| {
        let note = Note::Lab { change, failed };
        tale.journal.append(Micros(9_000), None, Fact::Note(note));
    };
    let mut tale = told(ends);
    anew(&mut tale, LabChange::Reboot(Host::B), None);
    // SOCK_DESTROY leaves an errno there; the other end then meets a RST in truth.
    tale.tell(
        "server CLOSED error
         server CLOSED gone
         server is CLOSED gone gone, forgotten, unread 0, unsent 0
         client recv 10 = ECONNRESET
         client CLOSED
         client is CLOSED reset reset, rst by peer, unread 0, unsent 0",
    );
    let mut tale = told(ends);
    tale.tell("client FIN-WAIT-1\nclient TIME-WAIT\nserver CLOSE-WAIT");
    anew(&mut tale, LabChange::Reset, None);
    tale.tell(
        "client CLOSED gone
         client is CLOSED gone gone, fin by this, unread 0, unsent 0
         server CLOSED gone
         server is CLOSED gone gone, forgotten, unread 0, unsent 0",
    );
    let mut tale = told(ends);
    anew(&mut tale, LabChange::Reboot(Host::B), None);
    let failed = Some("SOCK_DESTROY: EPERM".to_owned());
    anew(&mut tale, LabChange::Reboot(Host::B), failed);
    tale.tell(
        "server CLOSED error\nserver is CLOSED reset reset, rst by peer~, unread 0, unsent 0",
    );
}

#[test]
fn states_are_counted_while_they_are_there() {
    use crate::tcp::State;
    let tale = pair(
        "client close = 0
         client FIN-WAIT-1
         server CLOSED gone",
    );
    let world = tale.journal.world();
    let counts = State::ALL.map(|s| world.count(s));
    for (state, count) in State::ALL.into_iter().zip(counts) {
        assert_eq!(
            count,
            world.alive().filter(|e| e.state == state).count(),
            "{state}"
        );
    }
    assert_eq!(counts.iter().sum::<usize>(), 2);
}
