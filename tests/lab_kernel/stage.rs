//! A lab whose wire the test itself carries, waiting with a deadline, and processes in a role.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use finspect::kernel::{
    Diag, Found, LONGEST_FRAME, Lab, LabParts, LabRefused, Socket, StateMask, WireEnd, lab_address,
};
use finspect::tcp::{Errno, Host, State};

pub const DEADLINE: Duration = Duration::from_secs(10);

pub fn create() -> Result<(Lab, LabParts), LabRefused> {
    Lab::create_with(Path::new(env!("CARGO_BIN_EXE_finspect")))
}

/// A lab whose frames move only while the test waits for something.
pub struct Stage {
    pub lab: Lab,
    pub diags: [Diag; 2],
    pub wires: [WireEnd; 2],
    /// Frames carried so far.
    pub seen: usize,
}

/// A connection from host a to host b, both ends ours.
pub struct Pair {
    pub listener: Socket,
    pub client: Socket,
    pub server: Socket,
}

impl Stage {
    pub fn new() -> Stage {
        let (lab, LabParts { diags, wires }) = create()
            .unwrap_or_else(|refused| panic!("no lab: {}; {}", refused.why(), refused.remedy()));
        Stage {
            lab,
            diags,
            wires,
            seen: 0,
        }
    }

    /// Carries what waits, until nothing does.
    pub fn carry(&mut self) {
        for (from, to) in [(0, 1), (1, 0)] {
            while let Some(frame) = next(&self.wires[from]) {
                self.wires[to].write(&frame).expect("write");
                self.seen += 1;
            }
        }
    }

    /// Carries until the fact holds.
    pub fn until(&mut self, what: &str, mut fact: impl FnMut(&mut Stage) -> bool) {
        let end = Instant::now() + DEADLINE;
        loop {
            self.carry();
            if fact(self) {
                return;
            }
            assert!(Instant::now() < end, "not in time: {what}");
            frames_wait(&self.wires, Duration::from_millis(5));
        }
    }

    pub fn listener(&mut self, v6: bool, port: u16) -> Socket {
        let listener = self.lab.socket(Host::B, v6).expect("socket in b");
        listener.bind(at(Host::B, v6, port)).expect("bind");
        listener.listen(8).expect("listen");
        listener
    }

    pub fn pair(&mut self, v6: bool, port: u16) -> Pair {
        let listener = self.listener(v6, port);
        let client = self.lab.socket(Host::A, v6).expect("socket in a");
        assert_eq!(
            client.connect(at(Host::B, v6, port)),
            Err(Errno::EINPROGRESS),
            "nothing has been carried yet"
        );
        let mut server = None;
        self.until("accept", |_| match listener.accept() {
            Ok((socket, peer)) => {
                assert_eq!(peer, client.local().expect("getsockname"));
                server = Some(socket);
                true
            }
            Err(errno) => {
                assert_eq!(errno, Errno::EAGAIN);
                false
            }
        });
        client.connect_result().expect("connected");
        let server = server.expect("accepted");
        Pair {
            listener,
            client,
            server,
        }
    }

    /// The TCP sockets that a host's tables show, both families.
    pub fn table(&mut self, host: Host) -> Vec<Found> {
        let mut rows = Vec::new();
        for v6 in [false, true] {
            let diag = &mut self.diags[place(host)];
            diag.dump(v6, StateMask::ALL, |found| rows.push(found))
                .expect("dump");
        }
        rows.retain(|found| found.sample.state != State::Closed);
        rows
    }

    /// How many sockets of a host are in this state.
    pub fn count(&mut self, host: Host, state: State) -> usize {
        let rows = self.table(host);
        rows.iter()
            .filter(|found| found.sample.state == state)
            .count()
    }
}

pub fn place(host: Host) -> usize {
    Host::ALL
        .iter()
        .position(|one| *one == host)
        .expect("one of two")
}

pub fn at(host: Host, v6: bool, port: u16) -> SocketAddr {
    SocketAddr::new(lab_address(host, v6), port)
}

/// The next frame, if one waits.
pub fn next(end: &WireEnd) -> Option<Vec<u8>> {
    let mut buffer = vec![0; LONGEST_FRAME];
    match end.read(&mut buffer) {
        Ok(frame) => {
            buffer.truncate(frame.len);
            Some(buffer)
        }
        Err(errno) => {
            assert_eq!(errno, Errno::EAGAIN);
            None
        }
    }
}

/// Waits until a frame does, on either end. Whether one came.
pub fn frames_wait(wires: &[WireEnd; 2], time: Duration) -> bool {
    let mut asked = [&wires[0], &wires[1]].map(|end| libc::pollfd {
        fd: end.as_raw_fd(),
        events: libc::POLLIN,
        revents: 0,
    });
    // SAFETY: two live `pollfd`s, and their count is 2.
    unsafe { libc::poll(asked.as_mut_ptr(), 2, time.as_millis() as i32) > 0 }
}

/// Looks again and again; for facts that nothing announces.
pub fn before_long(what: &str, time: Duration, mut fact: impl FnMut() -> bool) {
    let end = Instant::now() + time;
    while !fact() {
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

/// Whether the process is gone, and reaped.
pub fn reaped(pid: u32) -> bool {
    !fs::exists(format!("/proc/{pid}")).expect("/proc")
}

/// Whether the process does nothing any more; its parent, or init for an orphan, may not have reaped it yet.
pub fn ended(pid: u32) -> bool {
    // pid (name) state
    fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| {
        stat.rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with(['Z', 'X']))
    })
}

pub fn signal(pid: u32, signal: i32) {
    // SAFETY: takes no pointer; the process was started by this test and is not reaped yet.
    assert_eq!(unsafe { libc::kill(pid as i32, signal) }, 0);
}

pub fn root() -> bool {
    // SAFETY: takes nothing, never fails.
    unsafe { libc::geteuid() == 0 }
}

/// Which test, ignored otherwise, a process of the name plays.
const ROLE: &str = "LAB_TEST_ROLE";

/// This program once more, to play one test that is ignored otherwise: it has no other threads' labs beside it.
pub fn role(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("our own file"));
    command
        .args([
            "--ignored",
            "--exact",
            test,
            "--nocapture",
            "--test-threads=1",
        ])
        .env(ROLE, test)
        .stdin(Stdio::null());
    command
}

/// Whether this process was started to play that role, and not by somebody who runs every ignored test.
pub fn plays(test: &str) -> bool {
    std::env::var(ROLE).is_ok_and(|role| role == test)
}

pub fn played(output: Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    assert!(
        text(&output.stdout).contains("1 passed"),
        "nothing was played"
    );
}

/// The process in a user namespace of its own, as its root, with these limits (user.max_*) inside.
pub fn limited<'a>(command: &'a mut Command, limits: &'static [(&str, &str)]) -> &'a mut Command {
    // SAFETY: neither takes anything nor fails.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    let maps = [
        ("/proc/self/setgroups", "deny".to_owned()),
        ("/proc/self/uid_map", format!("0 {uid} 1")),
        ("/proc/self/gid_map", format!("0 {gid} 1")),
    ];
    let prepare = move || {
        unshare_user()?;
        for (file, line) in &maps {
            fs::write(file, line)?;
        }
        limits
            .iter()
            .try_for_each(|(file, value)| fs::write(file, value))
    };
    // SAFETY: system calls only, on paths short enough to need no allocation.
    unsafe { command.pre_exec(prepare) }
}

pub fn unshare_user() -> io::Result<()> {
    // SAFETY: takes no pointer.
    match unsafe { libc::unshare(libc::CLONE_NEWUSER) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
