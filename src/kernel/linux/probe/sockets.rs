//! Powers tried on sockets of our own, on loopback: TCP_INFO, sock_diag, IPv6, SOCK_DESTROY.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;

use super::grant::{refused, unavailable};
use crate::kernel::linux::{Diag, Socket, call, tcp_info};
use crate::tcp::{Errno, Grant, Unavailable};

const LOOPBACK: &str = "bring the loopback interface up: ip link set lo up";
const NO_TCP_DIAG: &str = "load the module: modprobe tcp_diag (kernel option CONFIG_INET_TCP_DIAG); \
                           in a container its seccomp profile must allow AF_NETLINK sockets";

pub(super) fn tcp_info() -> Grant {
    let socket = open(false)?;
    let mut buf = [0; tcp_info::ROOM];
    let len = call::getsockopt(socket.as_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, &mut buf)
        .map_err(|errno| {
            refused(
                "getsockopt(TCP_INFO)",
                errno,
                "run on a Linux kernel itself, not on an emulation of it",
            )
        })?;
    let Some(info) = tcp_info::TcpInfo::parse(&buf[..len.min(buf.len())]) else {
        return Err(unavailable(
            "getsockopt(TCP_INFO) told no state",
            "run on a Linux kernel itself",
        ));
    };
    match info.counters {
        Some(_) => Ok(format!("{len} bytes")),
        None => Err(unavailable(
            format_args!("TCP_INFO has {len} bytes and no byte counters"),
            "run on Linux 4.19 or later",
        )),
    }
}

pub(super) fn sock_diag() -> Grant {
    let mut diag = open_diag()?;
    let listener = listen(Ipv4Addr::LOCALHOST.into())?;
    let step = |step: &'static str| move |errno| refused(step, errno, NO_TCP_DIAG);
    let local = listener.local().map_err(step("getsockname"))?;
    let cookie = listener.cookie().map_err(step("getsockopt(SO_COOKIE)"))?;
    match diag
        .listener(local, Some(cookie))
        .map_err(step("sock_diag query"))?
    {
        Some(_) => Ok("found a socket of our own by its cookie".to_owned()),
        None => Err(unavailable(
            "sock_diag does not know a socket of our own",
            NO_TCP_DIAG,
        )),
    }
}

pub(super) fn ipv6() -> Grant {
    let remedy = "enable IPv6 on loopback: sysctl net.ipv6.conf.lo.disable_ipv6=0";
    let step = |step: &'static str| move |errno| refused(step, errno, remedy);
    let socket = Socket::tcp(true).map_err(step("socket(AF_INET6)"))?;
    socket
        .bind(SocketAddr::from((Ipv6Addr::LOCALHOST, 0)))
        .map_err(step("bind([::1]:0)"))?;
    Ok("bound [::1]".to_owned())
}

/// Destroys one end of a loopback pair. The RST takes the other end along, so nothing is left in TIME-WAIT.
pub(super) fn destroy() -> Grant {
    let mut diag = open_diag()?;
    let step = |step: &'static str| move |errno| refused(step, errno, LOOPBACK);
    let listener = listen(Ipv4Addr::LOCALHOST.into())?;
    let server = listener.local().map_err(step("getsockname"))?;
    let client = open(false)?;
    match client.connect(server) {
        // On loopback the handshake is over when connect returns.
        Ok(()) | Err(Errno::EINPROGRESS) => {}
        Err(errno) => return Err(refused("connect(127.0.0.1)", errno, LOOPBACK)),
    }
    let local = client.local().map_err(step("getsockname"))?;
    let cookie = client.cookie().map_err(step("getsockopt(SO_COOKIE)"))?;
    diag.destroy(local, server, cookie)
        .map_err(destroy_refused)?;
    match client.recv(&mut [0]) {
        Err(Errno::ECONNABORTED) => {
            Ok("a socket of our own was destroyed: ECONNABORTED".to_owned())
        }
        other => Err(unavailable(
            format_args!("SOCK_DESTROY returned 0 and recv then {other:?}"),
            "run on Linux 4.5 or later",
        )),
    }
}

fn destroy_refused(errno: Errno) -> Unavailable {
    refused(
        "SOCK_DESTROY",
        errno,
        match errno {
            Errno::EPERM => {
                "run as root, or give the program CAP_NET_ADMIN: setcap cap_net_admin+ep finspect"
            }
            Errno::EOPNOTSUPP => "run a kernel with CONFIG_INET_DIAG_DESTROY",
            _ => "run on Linux 4.5 or later",
        },
    )
}

fn open_diag() -> Result<Diag, Unavailable> {
    Diag::open().map_err(|errno| {
        refused(
            "socket(NETLINK_SOCK_DIAG) and a first query",
            errno,
            NO_TCP_DIAG,
        )
    })
}

fn open(v6: bool) -> Result<Socket, Unavailable> {
    Socket::tcp(v6).map_err(|errno| {
        refused(
            "socket(SOCK_STREAM)",
            errno,
            "raise the limit on descriptors (ulimit -n), or allow TCP sockets here",
        )
    })
}

fn listen(ip: std::net::IpAddr) -> Result<Socket, Unavailable> {
    let listener = open(ip.is_ipv6())?;
    listener
        .bind(SocketAddr::new(ip, 0))
        .map_err(|errno| refused("bind(127.0.0.1:0)", errno, LOOPBACK))?;
    listener
        .listen(1)
        .map_err(|errno| refused("listen", errno, LOOPBACK))?;
    Ok(listener)
}
