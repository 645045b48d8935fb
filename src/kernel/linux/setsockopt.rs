//! Which setsockopt(2) calls an option is made of.

use std::ffi::c_int;
use std::os::fd::BorrowedFd;

use super::call;
use crate::kernel::SockOption;
use crate::kernel::option::{milliseconds, on_off, seconds};
use crate::tcp::Errno;

/// One setsockopt(2) call: what a journal tells, and what the kernel takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptCall {
    /// As the man pages spell it.
    pub name: &'static str,
    /// As the command language spells it; what is really set.
    pub value: String,
    level: c_int,
    number: c_int,
    /// One `int`; for `struct linger` two.
    words: Words,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    Int(c_int),
    /// `l_onoff`, `l_linger`.
    Linger(c_int, c_int),
}

impl OptCall {
    pub(super) fn make(&self, fd: BorrowedFd<'_>) -> Result<(), Errno> {
        match self.words {
            Words::Int(value) => call::setsockopt(fd, self.level, self.number, &[value]),
            Words::Linger(on, time) => call::setsockopt(fd, self.level, self.number, &[on, time]),
        }
    }
}

impl SockOption {
    /// The calls that set this option, in order. More than one only for keepalive: its times first, so that it is not
    /// switched on with times that the kernel refuses.
    pub fn calls(&self) -> Vec<OptCall> {
        let one = |level, number, words| {
            vec![OptCall {
                name: self.name(),
                value: self.value(),
                level,
                number,
                words,
            }]
        };
        let (socket, tcp) = (libc::SOL_SOCKET, libc::IPPROTO_TCP);
        let flag = |on| Words::Int(c_int::from(on));
        match *self {
            SockOption::Linger(None) => one(socket, libc::SO_LINGER, Words::Linger(0, 0)),
            SockOption::Linger(Some(time)) => one(
                socket,
                libc::SO_LINGER,
                Words::Linger(1, time.cast_signed()),
            ),
            SockOption::NoDelay(on) => one(tcp, libc::TCP_NODELAY, flag(on)),
            SockOption::ReuseAddr(on) => one(socket, libc::SO_REUSEADDR, flag(on)),
            SockOption::Keepalive(None) => one(socket, libc::SO_KEEPALIVE, flag(false)),
            SockOption::Keepalive(Some((idle, interval, count))) => vec![
                time("TCP_KEEPIDLE", libc::TCP_KEEPIDLE, seconds(idle)),
                time("TCP_KEEPINTVL", libc::TCP_KEEPINTVL, seconds(interval)),
                keepalive_count(count),
                keepalive_on(),
            ],
            SockOption::UserTimeout(time) => {
                one(tcp, libc::TCP_USER_TIMEOUT, Words::Int(milliseconds(time)))
            }
            SockOption::TcpLinger2(time) => one(tcp, libc::TCP_LINGER2, Words::Int(seconds(time))),
            // The kernel reads both as unsigned and cuts them at net.core.rmem_max and wmem_max.
            SockOption::RcvBuf(bytes) => {
                one(socket, libc::SO_RCVBUF, Words::Int(bytes.cast_signed()))
            }
            SockOption::SndBuf(bytes) => {
                one(socket, libc::SO_SNDBUF, Words::Int(bytes.cast_signed()))
            }
        }
    }
}

fn time(name: &'static str, number: c_int, seconds: c_int) -> OptCall {
    OptCall {
        name,
        value: format!("{seconds}s"),
        level: libc::IPPROTO_TCP,
        number,
        words: Words::Int(seconds),
    }
}

fn keepalive_count(count: u32) -> OptCall {
    OptCall {
        name: "TCP_KEEPCNT",
        value: count.to_string(),
        level: libc::IPPROTO_TCP,
        number: libc::TCP_KEEPCNT,
        words: Words::Int(c_int::try_from(count).unwrap_or(c_int::MAX)),
    }
}

fn keepalive_on() -> OptCall {
    OptCall {
        name: "SO_KEEPALIVE",
        value: on_off(true).to_owned(),
        level: libc::SOL_SOCKET,
        number: libc::SO_KEEPALIVE,
        words: Words::Int(1),
    }
}
