//! Where the tour runs: the program under its name, in a folder of its own that holds what the README speaks of.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::room::Room;

/// Reached only by a test that fails.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// A folder with the demonstration in it, and a port for it that nobody uses.
pub struct Tour {
    room: Room,
    port: u16,
}

impl Tour {
    pub fn new() -> Tour {
        let tour = Tour {
            room: Room::new(),
            port: free_port(),
        };
        for folder in ["assets/demo", "assets/lessons/en"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
            for entry in fs::read_dir(path).expect("a folder of the assets") {
                let entry = entry.expect("an entry");
                let text = fs::read_to_string(entry.path()).expect("a text");
                let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
                tour.room.file(&name, tour.with_port(&text));
            }
        }
        tour
    }

    pub fn folder(&self) -> PathBuf {
        self.room.path("")
    }

    /// A file that a line of the tour has made.
    pub fn read(&self, name: &str) -> String {
        self.room.read(name)
    }

    /// The textbook's port may be taken on this machine: another one in its place.
    pub fn with_port(&self, text: &str) -> String {
        text.replace("6000", &self.port.to_string())
    }

    /// `finspect` is found, and nothing of the person who runs the tests is read or written.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        let program = Path::new(env!("CARGO_BIN_EXE_finspect"));
        let folder = program.parent().expect("a folder");
        let mut path = folder.as_os_str().to_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let settings = self.room.settings().into_iter();
        settings
            .map(|(name, value)| (name, value.into_os_string()))
            .chain([("PATH", path)])
            .collect()
    }

    /// A line of the shell.
    pub fn shell(&self, line: &str) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", line]).stdin(Stdio::null());
        self.run(command, line)
    }

    /// finspect with these arguments, and this on stdin.
    pub fn finspect(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = Command::new("sh");
        self.room.file("input", input);
        command
            .args(["-c", "exec finspect \"$@\" < input", "sh"])
            .args(arguments);
        self.run(command, &arguments.join(" "))
    }

    fn run(&self, mut command: Command, what: &str) -> Output {
        command
            .current_dir(self.folder())
            .envs(self.environment())
            .env_remove("NO_COLOR");
        let (done, came) = mpsc::channel();
        thread::spawn(move || {
            // A test that has given up does not listen.
            let _ = done.send(command.output());
        });
        match came.recv_timeout(DEADLINE) {
            Ok(output) => output.unwrap_or_else(|error| panic!("{what}: {error}")),
            Err(_) => panic!("it does not end: {what}"),
        }
    }
}

fn free_port() -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    socket.local_addr().expect("an address").port()
}

/// All that a program said.
pub fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// A web server for one visitor, who must half-close: it answers only what has come to its end.
pub fn web_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        let (mut visitor, _) = listener.accept().expect("a visitor");
        let asked = std::io::read_to_string(&visitor).expect("a request up to its FIN");
        assert!(asked.starts_with("GET / HTTP/1.0\r\n"), "{asked:?}");
        visitor
            .write_all(b"HTTP/1.0 200 OK\r\n\r\nhello\n")
            .expect("a visitor that still listens");
    });
    address
}
