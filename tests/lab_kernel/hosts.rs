//! Sockets, tables and sysctls of one host, and what the other and this machine see of them: nothing.

use std::fs;

use finspect::kernel::{How, Socket, SysctlRefused};
use finspect::tcp::{Errno, Host, State};

use crate::stage::{Stage, at, before_long, create, signal};

fn states(stage: &mut Stage, host: Host) -> Vec<State> {
    let rows = stage.table(host);
    rows.iter().map(|found| found.sample.state).collect()
}

#[test]
fn two_hosts_talk_and_close_over_ipv4_and_ipv6() {
    let mut stage = Stage::new();
    for v6 in [false, true] {
        let pair = stage.pair(v6, 6000);
        assert_eq!(pair.client.peer(), Ok(at(Host::B, v6, 6000)));
        assert_eq!(
            pair.client.local().expect("local").ip(),
            at(Host::A, v6, 0).ip()
        );

        assert_eq!(pair.client.send(b"hello"), Ok(5));
        let mut heard = [0; 8];
        stage.until("hello", |_| pair.server.recv(&mut heard) == Ok(5));
        assert_eq!(&heard[..5], b"hello");

        assert_eq!(
            pair.listener.accept().map(drop),
            Err(Errno::EAGAIN),
            "there was one connection"
        );
        pair.client.shutdown(How::Send).expect("shutdown");
        stage.until("FIN", |_| pair.server.recv(&mut heard) == Ok(0));
        stage.until("ACK of the FIN", |_| {
            pair.client.state() == Ok(State::FinWait2)
        });
        assert_eq!(pair.server.state(), Ok(State::CloseWait));
    }
}

#[test]
fn without_the_wire_nothing_arrives() {
    let mut stage = Stage::new();
    let listener = stage.listener(false, 6000);
    let client = stage.lab.socket(Host::A, false).expect("socket");
    assert_eq!(
        client.connect(at(Host::B, false, 6000)),
        Err(Errno::EINPROGRESS)
    );
    assert_eq!(client.state(), Ok(State::SynSent));
    assert_eq!(listener.accept().map(drop), Err(Errno::EAGAIN));
    assert_eq!(states(&mut stage, Host::B), [State::Listen]);
}

#[test]
fn each_socket_lives_in_its_host() {
    let mut stage = Stage::new();
    for v6 in [false, true] {
        for host in Host::ALL {
            let socket = stage.lab.socket(host, v6).expect("socket");
            assert_eq!(
                socket.bind(at(host.other(), v6, 0)),
                Err(Errno::EADDRNOTAVAIL),
                "the other host's address"
            );
            socket.bind(at(host, v6, 0)).expect("its own address");
        }
    }
    let ours = Socket::tcp(false).expect("socket");
    assert_eq!(
        ours.bind(at(Host::A, false, 0)),
        Err(Errno::EADDRNOTAVAIL),
        "this machine has no such address"
    );
}

#[test]
fn a_host_reaches_itself_without_the_wire() {
    let mut stage = Stage::new();
    for v6 in [false, true] {
        let listener = stage.listener(v6, 7000);
        let client = stage.lab.socket(Host::B, v6).expect("socket");
        assert!(matches!(
            client.connect(at(Host::B, v6, 7000)),
            Ok(()) | Err(Errno::EINPROGRESS)
        ));
        before_long("accept", crate::stage::DEADLINE, || {
            listener.accept().is_ok()
        });
        let seen = stage.wires.each_ref().map(crate::stage::next);
        assert_eq!(seen, [None, None], "IPv6: {v6}");
    }
}

#[test]
fn tables_show_their_own_host_only() {
    let mut stage = Stage::new();
    let pair = stage.pair(false, 6000);
    assert_eq!(states(&mut stage, Host::A), [State::Established]);
    let mut b = states(&mut stage, Host::B);
    b.sort_by_key(|state| *state == State::Listen);
    assert_eq!(b, [State::Established, State::Listen]);

    let cookie = pair.client.cookie().expect("cookie");
    let (local, peer) = (
        pair.client.local().expect("local"),
        at(Host::B, false, 6000),
    );
    let [a, b] = &mut stage.diags;
    assert!(
        a.find(local, peer, Some(cookie))
            .expect("sock_diag")
            .is_some()
    );
    assert_eq!(b.find(local, peer, Some(cookie)), Ok(None));
}

#[test]
fn time_wait_stands_where_the_active_closer_lives() {
    let mut stage = Stage::new();
    for v6 in [false, true] {
        let pair = stage.pair(v6, 6000);
        pair.client.close().expect("close");
        stage.until("FIN", |_| pair.server.recv(&mut [0]) == Ok(0));
        pair.server.close().expect("close");
        stage.until("TIME-WAIT in a, nothing in b", |stage| {
            states(stage, Host::A) == [State::TimeWait] && states(stage, Host::B) == [State::Listen]
        });
        assert_eq!(stage.lab.destroy_all(Host::A), Ok(1));
        assert_eq!(stage.count(Host::A, State::TimeWait), 0);
    }
}

#[test]
fn destroying_a_host_is_not_felt_by_the_other_before_the_wire_says_so() {
    let mut stage = Stage::new();
    let four = stage.pair(false, 6000);
    let six = stage.pair(true, 6001);
    assert_eq!(
        stage.lab.destroy_all(Host::B),
        Ok(4),
        "two listeners, two connections"
    );
    assert_eq!(stage.table(Host::B), []);
    for server in [&four.server, &six.server] {
        assert_eq!(server.recv(&mut [0]), Err(Errno::ECONNABORTED));
    }
    assert_eq!(states(&mut stage, Host::A), [State::Established; 2]);
    for client in [&four.client, &six.client] {
        assert_eq!(client.recv(&mut [0]), Err(Errno::EAGAIN));
    }
    for client in [&four.client, &six.client] {
        stage.until("RST", |_| client.recv(&mut [0]) == Err(Errno::ECONNRESET));
    }
    assert_eq!(stage.lab.destroy_all(Host::B), Ok(0));
}

#[test]
fn sysctls_are_the_hosts_own() {
    let machine = |name: &str| {
        fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).expect("this machine's own")
    };
    let names = [("tcp_fin_timeout", "7"), ("conf.all.secure_redirects", "0")];
    let before = names.map(|(name, _)| machine(&name.replace('.', "/")));
    let stage = Stage::new();
    for (name, value) in names {
        let other = stage.lab.sysctl(Host::B, name).expect("read");
        assert_ne!(other, value, "{name}");
        stage.lab.set_sysctl(Host::A, name, value).expect("set");
        let full = format!("net.ipv4.{name}");
        assert_eq!(stage.lab.sysctl(Host::A, &full).as_deref(), Ok(value));
        assert_eq!(stage.lab.sysctl(Host::B, name), Ok(other));
    }
    assert_eq!(
        names.map(|(name, _)| machine(&name.replace('.', "/"))),
        before
    );
    for host in Host::ALL {
        let value = |name| stage.lab.sysctl(host, name).expect("read");
        assert_eq!(value("tcp_retrans_collapse"), "0");
        assert_eq!(value("tcp_no_metrics_save"), "1");
    }
}

#[test]
fn a_sysctl_that_cannot_be_set_says_why() {
    let stage = Stage::new();
    let set = |name, value| stage.lab.set_sysctl(Host::A, name, value);
    let at = |call, errno| Err(SysctlRefused::Call { call, errno });
    assert_eq!(set("tcp_fin_tmeout", "5"), at("open", Errno::ENOENT));
    for value in ["soon", ""] {
        assert_eq!(
            set("tcp_fin_timeout", value),
            at("write", Errno::EINVAL),
            "{value:?}"
        );
    }
    assert_eq!(set("conf", "1"), at("open", Errno::EISDIR));
    for name in ["../../kernel/hostname", "net.core.somaxconn", ""] {
        assert_eq!(set(name, "1"), Err(SysctlRefused::Name), "{name:?}");
    }
}

#[test]
fn two_labs_stand_side_by_side() {
    let (mut one, mut two) = (Stage::new(), Stage::new());
    let (first, second) = (one.pair(false, 6000), two.pair(false, 6000));
    one.lab
        .set_sysctl(Host::A, "tcp_fin_timeout", "3")
        .expect("set");
    assert_ne!(
        two.lab.sysctl(Host::A, "tcp_fin_timeout").as_deref(),
        Ok("3")
    );
    drop(one);
    assert_eq!(second.client.send(b"x"), Ok(1));
    two.until("x", |_| second.server.recv(&mut [0]) == Ok(1));
    drop(first);
}

#[test]
fn without_its_process_a_lab_makes_no_sockets_and_goes_on() {
    let mut stage = Stage::new();
    let pair = stage.pair(false, 6000);
    signal(stage.lab.pid(), libc::SIGKILL);
    before_long("the child's end", crate::stage::DEADLINE, || {
        stage.lab.socket(Host::A, false).map(drop) == Err(Errno::EPIPE)
    });
    assert_eq!(pair.client.send(b"still here"), Ok(10));
    stage.until("the bytes", |_| pair.server.recv(&mut [0; 10]) == Ok(10));
    stage
        .lab
        .set_sysctl(Host::B, "tcp_fin_timeout", "5")
        .expect("set");
    assert_eq!(stage.lab.destroy_all(Host::A), Ok(1));
}

#[test]
fn what_ends_a_terminals_programs_does_not_end_the_lab() {
    let mut stage = Stage::new();
    for kind in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT] {
        signal(stage.lab.pid(), kind);
    }
    stage.lab.socket(Host::A, true).expect("it still answers");
}

#[test]
fn a_lab_outlives_the_thread_that_made_it() {
    let made = std::thread::spawn(|| create().expect("a lab"));
    let (mut lab, _parts) = made.join().expect("the thread");
    lab.socket(Host::B, false).expect("it still answers");
}
