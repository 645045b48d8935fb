//! Bytes in the queues, as the descriptor and as the tables count them.

use super::stage::{Pair, SERVER, edge, find, granted, sample};
use crate::kernel::{Diag, How, merge};
use crate::tcp::{Errno, Power, State};

#[test]
fn a_hundred_bytes_unread_and_then_acknowledged() {
    let pair = Pair::new();
    assert_eq!(pair.client.send(&[1; 100]), Ok(100));
    pair.until("100 bytes unread", |p| sample(&p.server).inq == Some(100));
    pair.until("all acknowledged", |p| sample(&p.client).outq == Some(0));
    let sent = sample(&pair.client);
    assert_eq!((sent.unsent(), sent.unacked()), (Some(0), Some(0)));
    assert_eq!(
        sent.acked_payload(true, false),
        Some(100),
        "the SYN of the opener is taken out"
    );
    assert_eq!(
        sample(&pair.server).counters.map(|c| c.bytes_received),
        Some(100)
    );

    let mut buf = [0; 60];
    assert_eq!(pair.server.recv(&mut buf), Ok(60));
    assert_eq!(sample(&pair.server).unread(), Some(40));
}

#[test]
fn a_full_window_splits_the_send_queue_in_sent_and_unsent() {
    let pair = Pair::new();
    let mut sent = 0_u64;
    while let Ok(count) = pair.client.send(&[2; 1 << 16]) {
        sent += count as u64;
    }
    pair.until(
        "the window is full and all that was sent is acknowledged",
        |p| sample(&p.client).unacked() == Some(0),
    );
    let full = sample(&pair.client);
    let unread = sample(&pair.server).unread().expect("SIOCINQ");
    assert!(unread > 0);
    assert_eq!(
        full.unsent().map(|unsent| unsent + unread),
        Some(sent),
        "{full:?}"
    );
}

#[test]
fn an_unread_fin_counts_one_in_the_tables_and_nothing_on_the_descriptor() {
    if !granted(Power::SockDiag) {
        return;
    }
    let pair = Pair::new();
    let mut diag = Diag::open().expect("sock_diag");
    pair.client.send(&[3; 100]).expect("send");
    pair.client.shutdown(How::Send).expect("shutdown");
    pair.until_state(|p| &p.server, State::CloseWait);

    let held = sample(&pair.server);
    let table = find(&mut diag, &pair.server).sample;
    assert_eq!((held.inq, table.rqueue), (Some(100), Some(101)));
    assert_eq!(merge(held.clone(), &table).unread(), Some(100));
    assert_eq!((held.unread(), table.unread()), (Some(100), Some(100)));

    assert_eq!(pair.server.recv(&mut [0; 60]), Ok(60));
    let rqueue = |diag: &mut Diag| find(diag, &pair.server).sample.rqueue;
    assert_eq!(
        rqueue(&mut diag),
        Some(41),
        "the FIN still stands behind the rest"
    );
    // A recv with room to spare runs over the FIN as well (tcp_recvmsg_locked), though it returns bytes.
    assert_eq!(pair.server.recv(&mut [0; 200]), Ok(40));
    assert_eq!(rqueue(&mut diag), Some(0));
    assert_eq!(pair.server.recv(&mut [0; 200]), Ok(0));
}

#[test]
fn an_urgent_byte_stops_the_descriptors_count() {
    if !granted(Power::SockDiag) {
        return;
    }
    let pair = Pair::new();
    let mut diag = Diag::open().expect("sock_diag");
    assert_eq!(pair.server.recv_oob(), Err(Errno::EINVAL));
    assert_eq!(pair.client.send(b"abc"), Ok(3));
    assert_eq!(pair.client.send_oob(b'X'), Ok(1));
    assert_eq!(pair.client.send(b"def"), Ok(3));
    assert!(edge(&pair.edges, SERVER, "urgent data", |edge| edge.urgent).readable);
    pair.until("all seven arrived", |p| {
        sample(&p.server)
            .counters
            .is_some_and(|c| c.bytes_received == 7)
    });

    let held = sample(&pair.server);
    assert_eq!(held.inq, Some(3));
    let table = find(&mut diag, &pair.server).sample;
    assert_eq!(merge(held, &table).unread(), Some(7));
    assert_eq!(pair.server.recv_oob(), Ok(Some(b'X')));
    assert_eq!(
        pair.server.recv_oob(),
        Err(Errno::EINVAL),
        "it can be read once"
    );
    assert_eq!(
        pair.server.recv(&mut [0; 8]),
        Ok(3),
        "recv stops at the mark"
    );
}

#[test]
fn an_urgent_byte_outlives_our_shut_rd() {
    let pair = Pair::new();
    pair.client.send_oob(b'X').expect("send");
    pair.until("the byte arrived", |p| {
        sample(&p.server)
            .counters
            .is_some_and(|c| c.bytes_received == 1)
    });
    pair.server.shutdown(How::Receive).expect("shutdown");
    assert_eq!(
        pair.server.recv_oob(),
        Ok(Some(b'X')),
        "what came before stays readable"
    );
}
