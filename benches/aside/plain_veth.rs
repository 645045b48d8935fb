//! Two network namespaces joined by one veth pair, made with `ip` in a user namespace of this process.
//!
//! This thread is one host, a second thread is the other: a thread has a network namespace of its own.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use crate::traffic::{self, Carried};

const HERE: &str = "198.51.100.1";
const THERE: &str = "198.51.100.2";
const PORT: u16 = 6000;
/// uapi/linux/sockios.h, uapi/linux/ethtool.h.
const SIOCETHTOOL: libc::Ioctl = 0x8946;
const ETHTOOL_STXCSUM: u32 = 0x17;

pub fn carry() -> Result<Carried, String> {
    own_namespaces().map_err(|e| format!("unshare(CLONE_NEWUSER|CLONE_NEWNET): {e}"))?;
    let (tell, heard) = mpsc::channel();
    let (joined, wait) = mpsc::channel();
    let (accepted, servers) = mpsc::channel();
    thread::spawn(move || other_host(&tell, &wait, &accepted));
    let other = heard.recv().map_err(|e| e.to_string())??;
    let peer = other.to_string();
    ip(&[
        "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", &peer,
    ])?;
    furnish(HERE)?;
    joined.send(()).map_err(|e| e.to_string())?;
    heard.recv().map_err(|e| e.to_string())??;
    let to: SocketAddr = format!("{THERE}:{PORT}").parse().expect("an address");
    traffic::measure(|| {
        let client = TcpStream::connect(to).map_err(|e| e.to_string())?;
        let server = servers.recv().map_err(|e| e.to_string())?;
        Ok((client, server))
    })
}

fn other_host(
    tell: &mpsc::Sender<Result<libc::pid_t, String>>,
    joined: &mpsc::Receiver<()>,
    accepted: &mpsc::Sender<TcpStream>,
) {
    let made = unshare(libc::CLONE_NEWNET).map_err(|e| format!("unshare(CLONE_NEWNET): {e}"));
    // SAFETY: takes nothing, never fails.
    let _ = tell.send(made.map(|()| unsafe { libc::gettid() }));
    if joined.recv().is_err() {
        return;
    }
    let listener =
        furnish(THERE).and_then(|()| TcpListener::bind((THERE, PORT)).map_err(|e| e.to_string()));
    let listener = match listener {
        Ok(listener) => listener,
        Err(why) => return drop(tell.send(Err(why))),
    };
    let _ = tell.send(Ok(0));
    while let Ok((server, _)) = listener.accept() {
        if accepted.send(server).is_err() {
            return;
        }
    }
}

/// An address, the link up, and complete checksums: what is measured goes as in the lab, in frames of 1500 bytes.
fn furnish(address: &str) -> Result<(), String> {
    ip(&["address", "add", &format!("{address}/24"), "dev", "eth0"])?;
    ip(&["link", "set", "eth0", "up"])?;
    whole_checksums().map_err(|e| format!("ETHTOOL_STXCSUM: {e}"))
}

/// With the thread's own namespace.
fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(arguments).output();
    let output = output.map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => "this machine has no `ip` (iproute2)".to_owned(),
        _ => format!("ip: {e}"),
    })?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "ip {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        )),
    }
}

/// Before this process has a second thread. Mapped to root, so that `ip` keeps the capabilities.
fn own_namespaces() -> io::Result<()> {
    // SAFETY: neither takes anything nor fails.
    let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
    unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("0 {uid} 1"))?;
    fs::write("/proc/self/gid_map", format!("0 {gid} 1"))
}

fn unshare(namespaces: i32) -> io::Result<()> {
    // SAFETY: takes no pointer. It changes the calling thread's namespaces and nothing in its memory.
    told(unsafe { libc::unshare(namespaces) })
}

fn whole_checksums() -> io::Result<()> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0")?;
    let mut words = [ETHTOOL_STXCSUM, 0];
    // SAFETY: all zeroes is a valid `ifreq`: bytes, numbers and null pointers.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"eth0") {
        *to = from.cast_signed();
    }
    request.ifr_ifru.ifru_data = words.as_mut_ptr().cast();
    // SAFETY: `request` and the two words behind it live through the call; the kernel writes no more than these.
    told(unsafe { libc::ioctl(socket.as_raw_fd(), SIOCETHTOOL, &raw mut request) })
}

fn told(returned: i32) -> io::Result<()> {
    match returned {
        0.. => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
