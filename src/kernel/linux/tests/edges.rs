//! Edges of the epoll set: what each change of a connection announces.

use super::stage::{CLIENT, Pair, SERVER, edge, read_out};
use crate::kernel::{How, SockOption};
use crate::tcp::{Edge, Errno, State};

#[test]
fn the_peers_fin_is_a_hang_up_of_the_reading_half() {
    let pair = Pair::new();
    pair.settle();
    pair.client.shutdown(How::Send).expect("shutdown");
    let fin = edge(&pair.edges, SERVER, "the FIN", |edge| edge.read_hup);
    assert_eq!(
        fin,
        Edge {
            readable: true,
            writable: true,
            read_hup: true,
            ..Edge::default()
        }
    );
}

#[test]
fn the_acknowledgement_of_our_fin_is_an_edge() {
    let pair = Pair::new();
    pair.client.shutdown(How::Send).expect("shutdown");
    while pair.client.state() != Ok(State::FinWait2) {
        edge(&pair.edges, CLIENT, "our FIN was acknowledged", |edge| {
            edge.writable
        });
    }
}

#[test]
fn a_reset_is_an_error_until_one_call_takes_it() {
    let Pair {
        client,
        server,
        edges,
        ..
    } = Pair::new();
    client.set(SockOption::Linger(Some(0))).expect("setsockopt");
    client.close().expect("close");
    let reset = edge(&edges, SERVER, "the RST", |edge| edge.error);
    assert!(reset.hup && reset.read_hup && reset.readable, "{reset:?}");
    assert_eq!(server.recv(&mut [0; 8]), Err(Errno::ECONNRESET));
    edges.remove(&server).expect("epoll_ctl");
    edges.add(&server, SERVER).expect("epoll_ctl");
    let after = edge(&edges, SERVER, "how it stands", |edge| edge.hup);
    assert!(!after.error, "{after:?}");
}

#[test]
fn edges_come_once_and_are_appended() {
    let pair = Pair::new();
    let mut edges = Vec::new();
    assert_eq!(
        pair.edges.wait(&mut edges),
        Ok(2),
        "each end's first edge tells how it stands"
    );
    assert_eq!(
        pair.edges.wait(&mut edges),
        Ok(0),
        "still writable, and not told again"
    );
    pair.client.send(b"x").expect("send");
    assert!(edge(&pair.edges, SERVER, "data", |edge| edge.readable).writable);
    let mut tokens: Vec<u64> = edges.iter().map(|(token, _)| *token).collect();
    tokens.sort_unstable();
    assert_eq!(tokens, [CLIENT, SERVER]);
}

#[test]
fn a_socket_is_watched_once_and_until_removed() {
    let pair = Pair::new();
    assert_eq!(pair.edges.add(&pair.client, 9), Err(Errno::EEXIST));
    pair.settle();
    assert_eq!(pair.edges.remove(&pair.server), Ok(()));
    assert_eq!(pair.edges.remove(&pair.server), Err(Errno::ENOENT));
    pair.client.shutdown(How::Send).expect("shutdown");
    assert_eq!(read_out(&pair.server), (0, Ok(0)));
    let mut edges = Vec::new();
    pair.edges.wait(&mut edges).expect("epoll_wait");
    assert!(edges.iter().all(|(token, _)| *token == CLIENT), "{edges:?}");
}
