//! sock_diag on sockets of our own: it agrees with the descriptor, and says what the descriptor cannot.

use std::net::{Ipv6Addr, SocketAddr};

use super::stage::{Pair, client_of, find, granted, listener, read_out, sample, v4, v6};
use crate::kernel::{Diag, Family, How, SockOption, merge};
use crate::tcp::{Power, State, TimerKind};

fn open() -> Option<Diag> {
    granted(Power::SockDiag).then(|| Diag::open().expect("sock_diag"))
}

#[test]
fn the_tables_agree_with_the_descriptor() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    pair.client.send(&[1; 100]).expect("send");
    pair.until("100 bytes", |p| sample(&p.server).inq == Some(100));
    pair.until("acknowledged", |p| sample(&p.client).outq == Some(0));
    for socket in [&pair.client, &pair.server] {
        let (held, found) = (sample(socket), find(&mut diag, socket));
        assert_eq!(found.sample.state, held.state);
        assert!(!found.sample.by_descriptor);
        assert_eq!(
            (found.sample.rqueue, found.sample.wqueue),
            (held.inq, held.outq)
        );
        assert_eq!(
            (Ok(found.local), Ok(found.peer)),
            (socket.local(), socket.peer())
        );
        assert_eq!(
            (Ok(found.cookie), found.family),
            (socket.cookie(), Family::V4)
        );
        let link =
            std::fs::read_link(format!("/proc/self/fd/{}", socket.fd())).expect("our descriptor");
        assert_eq!(link.to_string_lossy(), format!("socket:[{}]", found.inode));
        let counted =
            |s: &crate::tcp::Sample| s.counters.map(|c| (c.bytes_received, c.bytes_acked, c.mss));
        assert_eq!(counted(&found.sample), counted(&held));
        assert!(
            found
                .sample
                .shutdown
                .is_some_and(|flags| !flags.receive && !flags.send)
        );
    }
}

#[test]
fn another_cookie_is_another_socket() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    let (local, peer) = (
        pair.client.local().expect("local"),
        pair.client.peer().expect("peer"),
    );
    let cookie = pair.client.cookie().expect("cookie");
    assert!(matches!(diag.find(local, peer, None), Ok(Some(found)) if found.cookie == cookie));
    assert_eq!(diag.find(local, peer, Some(cookie ^ 1)), Ok(None));
    assert_eq!(diag.find(local, peer, Some(cookie ^ 1 << 40)), Ok(None));
    let listening = pair.listener.local().expect("local");
    assert_eq!(diag.listener(listening, Some(cookie)), Ok(None));
}

#[test]
fn time_wait_is_seen_while_the_descriptor_says_closed_and_after_it_is_gone() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    let (local, peer) = (
        pair.client.local().expect("local"),
        pair.client.peer().expect("peer"),
    );
    let cookie = pair.client.cookie().expect("cookie");
    pair.client.shutdown(How::Send).expect("shutdown");
    assert_eq!(read_out(&pair.server), (0, Ok(0)));
    pair.server.shutdown(How::Send).expect("shutdown");
    pair.until_state(|p| &p.client, State::Closed);

    let found = diag
        .find(local, peer, Some(cookie))
        .expect("sock_diag")
        .expect("TIME-WAIT");
    let timer = found.sample.timer.expect("a countdown");
    assert_eq!(
        (found.sample.state, timer.kind),
        (State::TimeWait, TimerKind::TimeWait)
    );
    assert!((1..=60_000).contains(&timer.expires_ms), "{timer:?}");
    assert_eq!(
        (found.inode, found.sample.counters, found.sample.shutdown),
        (0, None, None)
    );
    let both = merge(sample(&pair.client), &found.sample);
    assert_eq!((both.state, both.timer), (State::TimeWait, Some(timer)));
    assert!(both.counters.is_some());

    let Pair {
        client,
        server,
        listener,
        ..
    } = pair;
    client.close().expect("close");
    let later = diag
        .find(local, peer, Some(cookie))
        .expect("sock_diag")
        .expect("TIME-WAIT");
    assert!(
        later
            .sample
            .timer
            .is_some_and(|later| later.expires_ms <= timer.expires_ms)
    );
    assert_eq!(server.state(), Ok(State::Closed));
    assert_eq!(
        diag.find(peer, local, None),
        Ok(None),
        "the passive closer is gone, and its listener is no answer"
    );
    drop(listener);
}

#[test]
fn a_dead_connection_is_not_mistaken_for_its_listener() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    let (local, peer) = (
        pair.server.local().expect("local"),
        pair.server.peer().expect("peer"),
    );
    pair.client.connect_unspec().expect("a RST");
    assert_eq!(pair.server.state(), Ok(State::Closed));
    assert_eq!(diag.find(local, peer, None), Ok(None));
    let cookie = pair.listener.cookie().expect("cookie");
    let listening = diag
        .listener(local, Some(cookie))
        .expect("sock_diag")
        .expect("the listener");
    assert_eq!(
        (listening.sample.state, listening.cookie),
        (State::Listen, cookie)
    );
    pair.listener.shutdown(How::Receive).expect("shutdown");
    assert_eq!(diag.listener(local, None), Ok(None));
}

#[test]
fn a_listener_is_found_with_its_queue() {
    let Some(mut diag) = open() else { return };
    let anywhere = listener("0.0.0.0:0".parse().expect("an address"), 5);
    let local = anywhere.local().expect("local");
    let _client = client_of(&anywhere, v4());
    let found = diag
        .listener(local, None)
        .expect("sock_diag")
        .expect("the listener");
    assert_eq!(
        (found.sample.rqueue, found.sample.wqueue),
        (Some(1), Some(5))
    );
    assert_eq!(
        (found.local, found.peer.port(), found.sample.counters),
        (local, 0, None)
    );
    let loopback_only = SocketAddr::new(v4().ip(), local.port());
    assert_eq!(
        diag.listener(loopback_only, None),
        Ok(None),
        "bound elsewhere"
    );
}

#[test]
fn our_shut_rd_is_visible_in_the_tables_alone() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    pair.client.shutdown(How::Receive).expect("shutdown");
    assert_eq!(pair.client.state(), Ok(State::Established));
    let flags =
        |diag: &mut Diag, socket| find(diag, socket).sample.shutdown.expect("a full socket");
    let client = flags(&mut diag, &pair.client);
    assert_eq!((client.receive, client.send), (true, false));
    let server = flags(&mut diag, &pair.server);
    assert_eq!(
        (server.receive, server.send),
        (false, false),
        "the peer cannot tell"
    );
    pair.client.shutdown(How::Send).expect("shutdown");
    let client = flags(&mut diag, &pair.client);
    assert_eq!((client.receive, client.send), (true, true));
}

#[test]
fn a_closed_window_runs_the_persist_timer() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    while pair.client.send(&[2; 1 << 16]).is_ok() {}
    let mut timer = None;
    pair.until("persist", |p| {
        timer = find(&mut diag, &p.client).sample.timer;
        timer.is_some_and(|timer| timer.kind == TimerKind::Persist)
    });
    assert!(timer.is_some_and(|timer| timer.expires_ms > 0));
}

#[test]
fn a_keepalive_timer_counts_down() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    let second = std::time::Duration::from_secs(1);
    pair.client
        .set(SockOption::Keepalive(Some((second * 100, second, 3))))
        .expect("setsockopt");
    pair.until("keepalive", |p| {
        let timer = find(&mut diag, &p.client).sample.timer;
        timer.is_some_and(|t| {
            t.kind == TimerKind::Keepalive && (90_000..=100_000).contains(&t.expires_ms)
        })
    });
}

#[test]
fn an_orphan_is_followed_by_its_addresses() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    let (local, peer) = (
        pair.client.local().expect("local"),
        pair.client.peer().expect("peer"),
    );
    let cookie = pair.client.cookie().expect("cookie");
    let Pair { client, server, .. } = pair;
    client.close().expect("close");
    assert_eq!(read_out(&server), (0, Ok(0)));
    let orphan = diag
        .find(local, peer, Some(cookie))
        .expect("sock_diag")
        .expect("an orphan");
    assert!(
        matches!(orphan.sample.state, State::FinWait1 | State::FinWait2),
        "{orphan:?}"
    );
    assert_eq!(orphan.inode, 0);
    server.set(SockOption::Linger(Some(0))).expect("setsockopt");
    server.close().expect("close");
    assert_eq!(
        diag.find(local, peer, Some(cookie)),
        Ok(None),
        "the RST took it away"
    );
}

#[test]
fn ipv6_and_mapped_addresses_are_found() {
    let Some(mut diag) = open() else { return };
    if !granted(Power::Ipv6) {
        return;
    }
    let six = Pair::at(v6(), v6());
    for socket in [&six.client, &six.server] {
        let found = find(&mut diag, socket);
        assert_eq!(
            (found.family, found.sample.state),
            (Family::V6, State::Established)
        );
        assert_eq!(
            (Ok(found.local), Ok(found.peer)),
            (socket.local(), socket.peer())
        );
    }
    let dual = Pair::at((Ipv6Addr::UNSPECIFIED, 0).into(), v4());
    let found = find(&mut diag, &dual.server);
    assert_eq!(
        (found.family, Ok(found.local), Ok(found.peer)),
        (Family::V6, dual.server.local(), dual.server.peer())
    );
    assert!(found.local.is_ipv6() && found.local.ip().to_canonical().is_ipv4());
    assert_eq!(find(&mut diag, &dual.client).family, Family::V4);
    let (plain, to) = (
        dual.client.peer().expect("peer"),
        dual.client.local().expect("local"),
    );
    let spelled_plain = diag.find(plain, to, None).expect("sock_diag");
    assert_eq!(spelled_plain.map(|other| other.cookie), Some(found.cookie));
    let listening = dual.listener.local().expect("local");
    assert!(diag.listener(listening, None).expect("sock_diag").is_some());
}
