//! No lab: which step was refused, with which errno, and what stays behind: nothing.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use finspect::kernel::{Lab, LabRefused, LabStep};
use finspect::tcp::{Errno, Unavailable};

use crate::stage::{create, limited, played, plays, role, unshare_user};

fn refused() -> LabRefused {
    create().map(drop).expect_err("no lab can be had here")
}

#[test]
fn a_limit_on_namespaces_is_named_with_its_value() {
    let rows: [(&str, &[(&str, &str)]); 3] = [
        (
            "refusal::no_user_namespaces",
            &[("/proc/sys/user/max_user_namespaces", "0")],
        ),
        (
            "refusal::no_net_namespaces",
            &[("/proc/sys/user/max_net_namespaces", "0")],
        ),
        (
            "refusal::two_net_namespaces",
            &[("/proc/sys/user/max_net_namespaces", "2")],
        ),
    ];
    for (test, limits) in rows {
        played(limited(&mut role(test), limits).output().expect("started"));
    }
}

fn full(step: LabStep, evidence: &str) {
    let refused = refused();
    assert_eq!((refused.step, refused.errno), (step, Some(Errno::ENOSPC)));
    let told = Unavailable::from(refused);
    assert!(told.why.contains(evidence), "{}", told.why);
    assert!(told.remedy.contains("user.max_"), "{}", told.remedy);
}

#[test]
#[ignore = "a role of another test"]
fn no_user_namespaces() {
    if plays("refusal::no_user_namespaces") {
        full(LabStep::User, "user.max_user_namespaces = 0");
    }
}

#[test]
#[ignore = "a role of another test"]
fn no_net_namespaces() {
    if plays("refusal::no_net_namespaces") {
        full(LabStep::User, "user.max_net_namespaces = 0");
    }
}

#[test]
#[ignore = "a role of another test"]
fn two_net_namespaces() {
    if plays("refusal::two_net_namespaces") {
        full(LabStep::Net, "user.max_net_namespaces = 2");
    }
}

#[test]
fn a_user_whom_the_namespace_does_not_know_is_refused() {
    let mut role = role("refusal::unknown_user");
    // SAFETY: one system call that takes no pointer.
    unsafe { role.pre_exec(unshare_user) };
    played(role.output().expect("started"));
}

#[test]
#[ignore = "a role of another test"]
fn unknown_user() {
    if plays("refusal::unknown_user") {
        let refused = refused();
        assert_eq!(
            (refused.step, refused.errno),
            (LabStep::User, Some(Errno::EPERM))
        );
        assert!(
            refused
                .why()
                .starts_with("unshare(CLONE_NEWUSER|CLONE_NEWNET): EPERM")
        );
    }
}

#[test]
fn another_program_in_place_of_ours_is_told() {
    let with = |exe| {
        Lab::create_with(Path::new(exe))
            .map(drop)
            .expect_err("no finspect")
    };
    let missing = with("/nowhere/finspect");
    assert_eq!(
        (missing.step, missing.errno),
        (LabStep::Spawn, Some(Errno::ENOENT))
    );
    let other = with("/bin/true");
    assert_eq!((other.step, other.errno), (LabStep::Answer, None));
    assert_eq!(
        other.evidence.as_deref(),
        Some("it ended with exit status: 0")
    );
}

#[test]
fn without_descriptors_it_says_so_at_any_step() {
    let mut role = role("refusal::few_descriptors");
    let lower = || {
        let limit = libc::rlimit {
            rlim_cur: 64,
            rlim_max: 64,
        };
        // SAFETY: reads a live `rlimit`.
        match unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY: one system call on a value of its own.
    unsafe { role.pre_exec(lower) };
    played(role.output().expect("started"));
}

#[test]
#[ignore = "a role of another test"]
fn few_descriptors() {
    if !plays("refusal::few_descriptors") {
        return;
    }
    let mut taken: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    let mut steps = Vec::new();
    loop {
        let free = taken.len();
        match create() {
            Ok(_) => break,
            Err(refused) => {
                assert_eq!(refused.errno, Some(Errno::EMFILE), "{}", refused.why());
                steps.push(refused.step);
            }
        }
        assert_eq!(free, taken.len());
        taken.pop().expect("a lab needs no 60 descriptors");
    }
    steps.dedup();
    assert_eq!(steps, [LabStep::Control, LabStep::Spawn, LabStep::Receive]);
    drop(taken);
    assert!(fs::read_dir("/proc/self/fd").expect("/proc").count() < 20);
}

#[test]
fn the_hidden_argument_typed_by_hand_is_no_lab() {
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_finspect"))
        .arg("--lab-child")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("started")
        .status;
    assert_eq!(status.code(), Some(2), "wrong usage");
}

/// The program with a script on a machine that grants no user namespaces: exit code, stdout, stderr.
fn run_without_a_lab(script: &str) -> (Option<i32>, String, String) {
    let limits: &[(&str, &str)] = &[("/proc/sys/user/max_user_namespaces", "0")];
    let mut command = Command::new(env!("CARGO_BIN_EXE_finspect"));
    command
        .args(["run", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = limited(&mut command, limits).spawn().expect("started");
    let mut stdin = run.stdin.take().expect("its input");
    stdin.write_all(script.as_bytes()).expect("written");
    drop(stdin);
    let out = run.wait_with_output().expect("its end");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

#[test]
fn a_script_that_needs_no_wire_runs_on_loopback_with_a_note() {
    let script = "server: listen 0\nclient: connect server\nclient: expect state ESTABLISHED\n";
    let (code, out, err) = run_without_a_lab(script);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains(r#""world":"loopback""#), "{out}");
    assert!(out.contains("127.0.0.1:"), "{out}");
    let told: Vec<&str> = err.lines().map(str::trim).collect();
    assert!(told[0].contains("this is loopback"), "{err}");
    assert!(told[1].starts_with("why:    unshare("), "{err}");
    assert!(told[2].starts_with("remedy: "), "{err}");
}

#[test]
fn a_script_that_needs_the_wire_ends_with_3_and_names_line_and_remedy() {
    let script = "server: listen 0\nclient: connect server\nwire: hold\n";
    let (code, out, err) = run_without_a_lab(script);
    assert_eq!(code, Some(3), "{err}");
    assert_eq!(out, "");
    assert!(err.contains("-:3: `wire: hold` needs the lab"), "{err}");
    assert!(err.contains("user.max_user_namespaces = 0"), "{err}");
    assert!(err.contains("remedy: "), "{err}");
}
