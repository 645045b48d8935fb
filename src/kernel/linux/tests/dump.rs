//! Dumps of sock_diag, and destroying through it.

use super::stage::{Pair, client_of, find, granted, listener, v4};
use crate::kernel::{Diag, Found, StateMask};
use crate::tcp::{Errno, Power, State};

fn open() -> Option<Diag> {
    granted(Power::SockDiag).then(|| Diag::open().expect("sock_diag"))
}

fn dumped(diag: &mut Diag, v6: bool, states: StateMask) -> Vec<Found> {
    let mut rows = Vec::new();
    diag.dump(v6, states, |found| rows.push(found))
        .expect("sock_diag");
    rows
}

#[test]
fn a_dump_holds_the_states_and_the_family_that_were_asked_for() {
    let Some(mut diag) = open() else { return };
    let pair = Pair::new();
    let has = |rows: &[Found], socket: &crate::kernel::Socket| {
        rows.iter()
            .any(|row| Ok(row.cookie) == socket.cookie() && Ok(row.local) == socket.local())
    };
    let all = dumped(&mut diag, false, StateMask::ALL);
    assert!(has(&all, &pair.client) && has(&all, &pair.server) && has(&all, &pair.listener));
    let listening = dumped(&mut diag, false, StateMask::of(&[State::Listen]));
    assert!(has(&listening, &pair.listener) && !has(&listening, &pair.client));
    assert!(
        listening
            .iter()
            .all(|row| row.sample.state == State::Listen)
    );
    let six = dumped(&mut diag, true, StateMask::ALL);
    assert!(!has(&six, &pair.client));
    assert!(
        find(&mut diag, &pair.client).sample.counters.is_some(),
        "a single question after dumps"
    );
}

#[test]
fn a_dump_of_many_batches_loses_no_row() {
    let Some(mut diag) = open() else { return };
    let listener = listener(v4(), 400);
    let clients: Vec<_> = (0..300).map(|_| client_of(&listener, v4())).collect();
    let rows = dumped(
        &mut diag,
        false,
        StateMask::of(&[State::Established, State::SynSent]),
    );
    let cookies: std::collections::HashSet<u64> = rows.iter().map(|row| row.cookie).collect();
    let missing = clients.iter().filter(|client| {
        !client
            .cookie()
            .is_ok_and(|cookie| cookies.contains(&cookie))
    });
    assert_eq!(missing.count(), 0);
}

#[test]
fn destroying_needs_the_right_cookie() {
    let Some(mut diag) = open() else { return };
    if !granted(Power::Destroy) {
        return;
    }
    let pair = Pair::new();
    let (local, peer) = (
        pair.client.local().expect("local"),
        pair.client.peer().expect("peer"),
    );
    let cookie = pair.client.cookie().expect("cookie");
    assert_eq!(diag.destroy(local, peer, cookie ^ 1), Err(Errno::ENOENT));
    assert_eq!(pair.client.state(), Ok(State::Established));
    assert_eq!(diag.destroy(local, peer, cookie), Ok(()));
    assert_eq!(pair.client.recv(&mut [0; 8]), Err(Errno::ECONNABORTED));
    assert_eq!(pair.server.recv(&mut [0; 8]), Err(Errno::ECONNRESET));
}
