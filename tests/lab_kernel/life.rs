//! What a lab leaves behind: nothing, however its program ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use finspect::kernel::{How, Lab, LabParts};
use finspect::tcp::{Errno, Host, State};

use crate::stage::{
    Stage, before_long, create, ended, limited, played, plays, reaped, role, root, signal,
};

/// A lab takes three network namespaces. With room for three, a second lab can be made only when every one of the
/// first is gone, also those that no process is in any more.
const ROOM_FOR_ONE: &[(&str, &str)] = &[("/proc/sys/user/max_net_namespaces", "3")];

#[test]
fn a_killed_program_leaves_no_process_and_no_namespace() {
    played(
        limited(&mut role("life::witness"), ROOM_FOR_ONE)
            .output()
            .expect("started"),
    );
}

/// Kills a program with a lab in full use, and sees it gone.
#[test]
#[ignore = "a role of another test"]
fn witness() {
    if !plays("life::witness") {
        return;
    }
    let mut holder = role("life::holder")
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut said = BufReader::new(holder.stdout.take().expect("piped")).lines();
    let child: u32 = said
        .find_map(|line| line.expect("a line").strip_prefix("child ")?.parse().ok())
        .expect("the lab's process");
    let refused = create().map(drop).expect_err("the room is taken");
    assert_eq!(refused.errno, Some(Errno::ENOSPC), "{}", refused.why());
    assert!(!ended(child));
    holder.kill().expect("SIGKILL");
    holder.wait().expect("reaped");
    before_long("the end of the child", Duration::from_secs(5), || {
        ended(child)
    });
    // An orphan left to itself would hold its host for a minute and a half.
    as_soon_as_there_is_room();
}

/// Holds a lab with connections in many states, among them orphans that nobody acknowledges.
#[test]
#[ignore = "a role of another test"]
fn holder() {
    if !plays("life::holder") {
        return;
    }
    let mut stage = Stage::new();
    let pairs: Vec<_> = (0..6).map(|n| stage.pair(n % 2 == 0, 6000 + n)).collect();
    pairs[0].client.shutdown(How::Send).expect("shutdown");
    pairs[1].client.send(&[0; 5000]).expect("send");
    let mut pairs = pairs;
    drop(pairs.pop());
    drop(pairs.pop());
    assert!(stage.count(Host::A, State::FinWait1) >= 2);
    println!("\nchild {}", stage.lab.pid());
    // Until it is killed.
    loop {
        std::thread::park();
    }
}

/// Room for twenty labs at once.
const ROOM_FOR_TWENTY: &[(&str, &str)] = &[("/proc/sys/user/max_net_namespaces", "60")];

#[test]
fn fifty_labs_leave_no_descriptor_no_process_and_no_namespace() {
    played(
        limited(&mut role("life::fifty"), ROOM_FOR_TWENTY)
            .output()
            .expect("started"),
    );
}

/// Fifty one after the other, then twenty at once, for which every namespace of the fifty must be gone.
#[test]
#[ignore = "a role of another test"]
fn fifty() {
    if !plays("life::fifty") {
        return;
    }
    let before = descriptors();
    for _ in 0..50 {
        let (mut lab, _parts) = as_soon_as_there_is_room();
        lab.socket(Host::A, false).expect("socket");
    }
    assert_eq!(descriptors(), before);
    let labs: Vec<_> = (0..20).map(|_| as_soon_as_there_is_room()).collect();
    assert!(create().is_err(), "room for twenty, and no more");
    drop(labs);
    assert_eq!(descriptors(), before);
    before_long("the last child", Duration::from_secs(5), || children() == 0);
}

/// The kernel takes a namespace down some time after its last user is gone (cleanup_net). An attempt that fails leaves
/// namespaces to take down too, so each pause is longer than the one before.
fn as_soon_as_there_is_room() -> (Lab, LabParts) {
    let start = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        match create() {
            Ok(made) => return made,
            Err(refused) => assert!(
                start.elapsed() < Duration::from_secs(40),
                "still no room: {}",
                refused.why()
            ),
        }
        std::thread::park_timeout(pause);
        pause *= 2;
    }
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("/proc").count()
}

/// Processes, zombies too, whose parent is this one.
fn children() -> usize {
    let us = std::process::id().to_string();
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    entries
        .filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok())
        .filter(|stat| {
            // pid (name) state parent
            let after_name = stat.rsplit(") ").next().unwrap_or_default();
            after_name.split(' ').nth(1) == Some(&us)
        })
        .count()
}

#[test]
fn dropping_a_lab_ends_its_connections_and_does_not_wait() {
    let mut stage = Stage::new();
    let pair = stage.pair(false, 6000);
    let child = stage.lab.pid();
    drop(stage);
    before_long("the child, reaped", Duration::from_secs(5), || {
        reaped(child)
    });
    assert_eq!(pair.client.recv(&mut [0]), Err(Errno::ECONNABORTED));
}

#[test]
fn the_labs_process_keeps_no_descriptor_of_its_program() {
    let (reader, writer) = std::io::pipe().expect("pipe");
    // SAFETY: takes no pointer; clears FD_CLOEXEC, as a descriptor from a shell comes.
    assert_eq!(
        unsafe { libc::fcntl(writer.as_raw_fd(), libc::F_SETFD, 0) },
        0
    );
    let stage = Stage::new();
    drop(writer);
    let mut asked = libc::pollfd {
        fd: reader.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one live `pollfd`, and its count is 1.
    let came = unsafe { libc::poll(&raw mut asked, 1, 5000) };
    assert_eq!(
        (came, asked.revents),
        (1, libc::POLLHUP),
        "the end of the pipe"
    );
    assert!(!ended(stage.lab.pid()));
}

#[test]
fn a_child_that_is_stopped_ends_when_it_goes_on() {
    let stage = Stage::new();
    let child = stage.lab.pid();
    signal(child, libc::SIGSTOP);
    drop(stage);
    assert!(!ended(child), "the drop did not wait");
    signal(child, libc::SIGCONT);
    before_long("the child, reaped", Duration::from_secs(5), || {
        reaped(child)
    });
}

/// Everything in this file and its neighbours once more, without any right.
#[test]
fn all_of_it_holds_for_a_user_without_rights() {
    if !root() {
        return;
    }
    const NOBODY: u32 = 65534;
    let output = Command::new(std::env::current_exe().expect("our own file"))
        .args(["--skip", "all_of_it_holds"])
        .uid(NOBODY)
        .gid(NOBODY)
        .output()
        .expect("a folder that everybody may enter");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}
