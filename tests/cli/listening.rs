//! `listen` in a pipe, ports that cannot be had, and thirty clients on one listener.

use std::collections::HashMap;
use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use serde_json::Value;

use crate::outside::{Room, signal};
use crate::peer::{all_of, dial, reset};
use crate::program::{Program, command, play, run, start};

/// Where the story on stderr says that it listens.
fn listens(program: &mut Program) -> SocketAddr {
    program.until_said("where it listens", |line| {
        let told = line
            .contains("LISTEN")
            .then(|| line.split_whitespace().last())??;
        told.parse().ok()
    })
}

#[test]
fn a_client_is_served_like_a_good_netcat_does() {
    let mut program = start(&Room::new(), &["listen", "0"]);
    let at = listens(&mut program);
    assert!(
        at.ip().is_loopback(),
        "a bare port listens on loopback: {at}"
    );
    program.say(b"welcome\n");
    let mut client = dial(at);
    client.write_all(b"hello\n").expect("bytes");
    client.shutdown(Shutdown::Write).expect("the half-close");
    program.until_said("EOF", |line| line.contains("EOF").then_some(()));
    program.say(b"bye\n").no_more_input();
    assert_eq!(all_of(&mut client), b"welcome\nbye\n");
    let ended = program.ended().ends_with(0).says("accept() = ");
    assert_eq!(ended.out(), "hello\n");
}

#[test]
fn a_client_that_resets_is_exit_1() {
    let mut program = start(&Room::new(), &["listen", "127.0.0.1:0"]);
    let client = dial(listens(&mut program));
    program.until_said("accept", |line| line.contains("accept() = ").then_some(()));
    reset(client);
    program.ended().ends_with(1).says("ECONNRESET");
}

#[test]
fn a_port_in_use_is_said_with_address_and_errno() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = taken.local_addr().expect("its number").to_string();
    let ended = run(&Room::new(), &["listen", &at])
        .ends_with(1)
        .says(&at)
        .says("EADDRINUSE")
        .says("the address is in use");
    assert_eq!(ended.out(), "");
    // In a script it is an event, and the script goes on.
    play(
        &format!("server: listen {at}\nserver.listen: expect error EADDRINUSE\nother: listen 0\n"),
        &[],
    )
    .ends_with(0)
    .prints("EADDRINUSE");
}

#[test]
fn an_address_of_another_machine_is_said_with_address_and_errno() {
    // RFC 5737: 192.0.2.0/24 is for documentation, so nobody has it.
    run(&Room::new(), &["listen", "192.0.2.1:6000"])
        .ends_with(1)
        .says("192.0.2.1:6000")
        .says("EADDRNOTAVAIL")
        .says("no such address");
}

#[test]
fn a_port_without_permission_is_said_with_address_and_errno() {
    let room = Room::new();
    let asked = ["listen", "127.0.0.1:1"];
    let mut program = command(&room, &asked);
    // SAFETY: geteuid(2) cannot fail and takes nothing.
    if unsafe { libc::geteuid() } == 0 {
        let Some(nobody) = as_nobody(&room) else {
            return left_out("EACCES: root may not become another user here");
        };
        program = nobody;
        program.args(asked);
    }
    let first = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if first.is_ok_and(|n| n.trim().parse::<u32>().is_ok_and(|n| n <= 1)) {
        return left_out("EACCES: this machine gives port 1 to everybody");
    }
    Program::start(&mut program)
        .end()
        .ends_with(1)
        .says("127.0.0.1:1")
        .says("EACCES")
        .says("this port needs a privilege");
}

/// The program as the user `nobody`, from a copy that everybody may run. `None`: the system does not let us.
fn as_nobody(room: &Room) -> Option<Command> {
    let copy = room.path("finspect");
    std::fs::copy(env!("CARGO_BIN_EXE_finspect"), &copy).expect("a copy");
    let everybody = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(room.path(""), everybody).expect("a folder for everybody");
    let nobody = || {
        let mut command = Command::new(&copy);
        command.current_dir(room.path("")).uid(65534);
        command
    };
    let tried = nobody().arg("--version").output();
    tried.is_ok_and(|t| t.status.success()).then(nobody)
}

/// Past the capture of the test harness.
fn left_out(why: &str) {
    // Without a stderr there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "NOT TESTED: {why}");
}

#[test]
fn thirty_clients_have_names_counts_and_their_own_bytes() {
    let room = Room::new();
    room.file("it.play", "server: listen 0\nwait 5m\n");
    let mut program = start(&room, &["run", "it.play", "--json", "--loopback"]);
    let at: SocketAddr = program.until_event("where it listens", |e| {
        (e["to"] == "LISTEN")
            .then(|| e["local"].as_str())??
            .parse()
            .ok()
    });
    let clients: Vec<_> = (0..30)
        .map(|i| {
            let mut client = dial(at);
            client.write_all(&vec![b'x'; i + 1]).expect("bytes");
            client
        })
        .collect();
    let name = |i: usize| match i {
        1 => "server".to_owned(),
        i => format!("server.{i}"),
    };
    for i in 1..=30 {
        program.until_event(&name(i), |e| {
            (e["call"] == "recv" && e["who"] == *name(i)).then_some(())
        });
    }
    // One resets, the others stay.
    let mut clients = clients.into_iter();
    let gone = clients.next().expect("thirty");
    let port = gone.local_addr().expect("its address").to_string();
    reset(gone);
    let who = program.until_event("the reset", |e| {
        (e["errno"] == "ECONNRESET").then(|| e["who"].as_str().map(str::to_owned))?
    });
    signal(program.id(), libc::SIGTERM);
    let events = program.ended().ends_with(143).json();

    let accepts: Vec<&Value> = events.iter().filter(|e| e["call"] == "accept").collect();
    let names: Vec<&str> = accepts
        .iter()
        .filter_map(|e| e["accepted"].as_str())
        .collect();
    assert_eq!(
        names,
        (1..=30).map(name).collect::<Vec<_>>(),
        "in order of accepting"
    );
    let reset = accepts
        .iter()
        .find(|e| e["peer"] == *port)
        .expect("its accept");
    assert_eq!(
        reset["accepted"], *who,
        "the one that was reset is told by name"
    );
    let mut received: HashMap<&str, u64> = HashMap::new();
    for event in events.iter().filter(|e| e["call"] == "recv") {
        let count = event["ret"].as_u64().unwrap_or(0);
        *received
            .entry(event["who"].as_str().expect("who"))
            .or_default() += count;
    }
    let mut counts: Vec<u64> = received.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=30).collect::<Vec<u64>>());
    drop(clients);
}

#[test]
fn a_script_names_its_thirtieth_client() {
    let clients: String = (1..=30)
        .map(|i| format!("c{i}: connect server\n"))
        .collect();
    let script = format!(
        "server: listen 0\n{clients}c30: send \"the last\"\nserver.30: expect received \"the last\" within 30s\nserver.29: expect no received at least 1 within 1ms\nserver: expect state ESTABLISHED\n"
    );
    play(&script, &[]).ends_with(0);
    play(
        "server: listen 0\nclient: connect server\nserver.2: expect eof within 1ms\n",
        &[],
    )
    .ends_with(1)
    .prints("no such endpoint");
}

#[test]
fn where_descriptors_run_out_the_limit_is_told_and_nothing_open_is_lost() {
    const LIMIT: u64 = 40;
    let room = Room::new();
    room.file("it.play", "server: listen 0\nwait 5m\n");
    let mut limited = command(&room, &["run", "it.play", "--json", "--loopback"]);
    // SAFETY: between fork and exec only setrlimit(2) is called, which is async-signal-safe.
    unsafe {
        limited.pre_exec(|| {
            let limit = libc::rlimit {
                rlim_cur: LIMIT,
                rlim_max: LIMIT,
            };
            match libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) {
                0 => Ok(()),
                _ => Err(std::io::Error::last_os_error()),
            }
        });
    }
    let mut program = Program::start(&mut limited);
    let at: SocketAddr = program.until_event("where it listens", |e| {
        (e["to"] == "LISTEN")
            .then(|| e["local"].as_str())??
            .parse()
            .ok()
    });
    let mut clients: Vec<_> = (0..LIMIT).map(|_| dial(at)).collect();
    let limit = program.until_event("the limit", |e| {
        (e["note"] == "out-of-descriptors").then(|| e["limit"].as_u64())?
    });
    assert_eq!(limit, LIMIT);
    clients[0].write_all(b"still here").expect("bytes");
    program.until_event("the first one", |e| {
        (e["who"] == "server" && e["call"] == "recv" && e["ret"] == 10).then_some(())
    });
    signal(program.id(), libc::SIGTERM);
    let events = program.ended().ends_with(143).json();
    let told = events.iter().filter(|e| e["errno"] == "EMFILE").count();
    assert!(told < 10, "it spins: EMFILE was told {told} times");
}
