//! What the descriptor says while the halves of a connection close.

use super::stage::{Pair, client_of, granted, listener, read_out, sample, v4, v6};
use crate::kernel::{How, SockOption, Socket};
use crate::tcp::{Errno, Power, SendHalf, State};

#[test]
fn a_fresh_pair_is_established_with_empty_queues() {
    let pair = Pair::new();
    for socket in [&pair.client, &pair.server] {
        let sample = sample(socket);
        assert_eq!(
            (sample.state, socket.state()),
            (State::Established, Ok(State::Established))
        );
        assert!(sample.by_descriptor);
        assert_eq!((sample.inq, sample.outq), (Some(0), Some(0)));
        assert!(sample.counters.is_some_and(|c| c.mss > 0 && c.cwnd > 0));
    }
    assert_eq!(pair.client.peer(), pair.server.local());
    assert_eq!(pair.client.local(), pair.server.peer());
}

#[test]
fn closing_one_half_after_the_other() {
    let pair = Pair::new();
    pair.client.shutdown(How::Send).expect("shutdown");
    pair.until_state(|p| &p.server, State::CloseWait);
    pair.until_state(|p| &p.client, State::FinWait2);
    assert_eq!(sample(&pair.client).send_half(), Some(SendHalf::FinAcked));
    assert_eq!(pair.client.send(b"late"), Err(Errno::EPIPE));

    assert_eq!(pair.server.send(b"still open"), Ok(10));
    assert_eq!(pair.server.recv(&mut [0; 8]), Ok(0), "the peer's FIN");
    pair.server.shutdown(How::Send).expect("shutdown");
    assert_eq!(read_out(&pair.client), (10, Ok(0)));
    pair.until_state(|p| &p.client, State::Closed);
    pair.until_state(|p| &p.server, State::Closed);
    assert_eq!(pair.client.shutdown(How::Both), Err(Errno::ENOTCONN));
}

#[test]
fn a_fin_behind_a_closed_window_is_queued_and_not_sent() {
    let pair = Pair::new();
    let block = vec![7; 1 << 16];
    let mut sent = 0;
    while let Ok(count) = pair.client.send(&block) {
        sent += count;
    }
    pair.client.shutdown(How::Send).expect("shutdown");
    let queued = sample(&pair.client);
    assert_eq!(queued.state, State::FinWait1);
    assert!(queued.fin_queued(), "{queued:?}");
    assert!(
        matches!(queued.send_half(), Some(SendHalf::FinQueued { ahead }) if ahead > 0),
        "{queued:?}"
    );
    assert!(queued.outq > Some(0));
    assert_eq!(
        pair.server.state(),
        Ok(State::Established),
        "no FIN on the wire"
    );

    assert_eq!(
        read_out(&pair.server),
        (sent, Ok(0)),
        "the FIN travels behind the last byte"
    );
    pair.until_state(|p| &p.client, State::FinWait2);
    let acked = sample(&pair.client);
    assert!(!acked.fin_queued());
    assert_eq!(acked.fin_acked_by_count(true), Some(true));
    assert_eq!(acked.acked_payload(true, true), Some(sent as u64));
}

#[test]
fn linger_zero_and_close_reset_the_peer_once() {
    let Pair { client, server, .. } = Pair::new();
    client.set(SockOption::Linger(Some(0))).expect("setsockopt");
    assert_eq!(client.close(), Ok(()));
    assert_eq!(server.state(), Ok(State::Closed));
    assert_eq!(server.recv(&mut [0; 8]), Err(Errno::ECONNRESET));
    assert_eq!(server.recv(&mut [0; 8]), Ok(0), "the errno is told once");
    assert_eq!(server.send(b"x"), Err(Errno::EPIPE));
}

#[test]
fn connecting_to_nowhere_resets_and_keeps_the_descriptor() {
    let pair = Pair::new();
    assert_eq!(pair.client.connect_unspec(), Ok(()));
    assert_eq!(pair.client.state(), Ok(State::Closed));
    assert_eq!(pair.server.recv(&mut [0; 8]), Err(Errno::ECONNRESET));
    assert_eq!(pair.client.peer(), Err(Errno::ENOTCONN));
}

#[test]
fn a_refused_connect_tells_its_errno_once() {
    let gone = listener(v4(), 1);
    let port = gone.local().expect("getsockname");
    gone.close().expect("close");
    let client = Socket::tcp(false).expect("socket");
    assert_eq!(client.connect(port), Err(Errno::EINPROGRESS));
    assert_eq!(client.connect_result(), Err(Errno::ECONNREFUSED));
    assert_eq!(client.connect_result(), Ok(()));
    assert_eq!(client.state(), Ok(State::Closed));
}

#[test]
fn a_duplicate_holds_the_fin_back() {
    let Pair {
        client,
        server,
        edges,
        ..
    } = Pair::new();
    let twin = client.dup().expect("dup");
    assert_ne!(twin.fd(), client.fd());
    assert_eq!(twin.cookie(), client.cookie());
    edges.remove(&client).expect("epoll_ctl");
    client.close().expect("close");
    assert_eq!(server.state(), Ok(State::Established));
    twin.close().expect("close");
    assert_eq!(read_out(&server), (0, Ok(0)));
    assert_eq!(server.state(), Ok(State::CloseWait));
}

#[test]
fn a_listener_says_how_many_wait() {
    let listener = listener(v4(), 5);
    assert_eq!(listener.accept().map(drop), Err(Errno::EAGAIN));
    let client = client_of(&listener, v4());
    let reading = sample(&listener);
    assert_eq!(reading.state, State::Listen);
    assert_eq!((reading.rqueue, reading.wqueue), (Some(1), Some(5)));
    assert_eq!(
        (reading.inq, reading.outq, reading.counters),
        (None, None, None)
    );
    let (server, peer) = listener.accept().expect("a connection waits");
    assert_eq!((Ok(peer), server.local()), (client.local(), client.peer()));
    assert_eq!(sample(&listener).rqueue, Some(0));
}

#[test]
fn ipv6_is_no_different() {
    if !granted(Power::Ipv6) {
        return;
    }
    let pair = Pair::at(v6(), v6());
    assert_eq!(pair.server.recv(&mut [0; 8]), Err(Errno::EAGAIN));
    pair.server.shutdown(How::Both).expect("shutdown");
    pair.until_state(|p| &p.client, State::CloseWait);
    pair.until_state(|p| &p.server, State::FinWait2);
}

#[test]
fn a_port_in_use_and_an_address_not_ours_are_told_as_they_are() {
    let holder = listener(v4(), 1);
    let second = Socket::tcp(false).expect("socket");
    assert_eq!(
        second.bind(holder.local().expect("getsockname")),
        Err(Errno::EADDRINUSE)
    );
    let foreign = "203.0.113.1:0".parse().expect("an address");
    assert_eq!(second.bind(foreign), Err(Errno::EADDRNOTAVAIL));
}
