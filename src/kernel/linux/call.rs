//! System calls that neither std nor socket2 wraps, each as a small safe function. It decides nothing.

use std::ffi::{CStr, c_int, c_long, c_uint, c_ushort};
use std::io;
use std::mem::{size_of_val, zeroed};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::ptr::from_mut;

use super::control::Control;
use crate::tcp::Errno;

/// What recvmsg(2) returned.
pub struct Received {
    /// With MSG_TRUNC among the flags asked for: the length of the whole message, also where it was cut.
    pub len: usize,
    /// How much of the control buffer was filled.
    pub control: usize,
}

/// The errno inside a library's error. `Errno(0)`, which is no errno, stands for an error that no system call
/// returned; none of the calls made here yields one.
pub fn errno(error: io::Error) -> Errno {
    Errno(error.raw_os_error().unwrap_or(0))
}

/// The result of a call that returns -1 for an error.
pub fn check(returned: c_int) -> Result<c_int, Errno> {
    if returned < 0 {
        Err(errno(io::Error::last_os_error()))
    } else {
        Ok(returned)
    }
}

/// The same for a call that returns a length.
pub fn check_size(returned: isize) -> Result<usize, Errno> {
    usize::try_from(returned).map_err(|_| errno(io::Error::last_os_error()))
}

/// Takes a descriptor that a call has just made.
pub fn take(returned: c_int) -> Result<OwnedFd, Errno> {
    let fd = check(returned)?;
    // SAFETY: the call that returned `fd` made it for us, so nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// close(2) with its result. Linux frees the descriptor whatever it returns.
pub fn close(fd: OwnedFd) -> Result<(), Errno> {
    // SAFETY: `into_raw_fd` gives up ownership, so this is the only close of this descriptor.
    check(unsafe { libc::close(fd.into_raw_fd()) }).map(drop)
}

/// recv(2).
pub fn recv(fd: BorrowedFd<'_>, buf: &mut [u8], flags: c_int) -> Result<usize, Errno> {
    // SAFETY: pointer and length are those of a live, writable slice.
    check_size(unsafe { libc::recv(fd.as_raw_fd(), buf.as_mut_ptr().cast(), buf.len(), flags) })
}

/// recvmsg(2).
pub fn receive(
    socket: BorrowedFd<'_>,
    bytes: &mut [u8],
    control: &mut Control,
    flags: c_int,
) -> Result<Received, Errno> {
    let mut into = libc::iovec {
        iov_base: bytes.as_mut_ptr().cast(),
        iov_len: bytes.len(),
    };
    // SAFETY: all zeroes is a valid `msghdr`: null pointers of length 0.
    let mut header: libc::msghdr = unsafe { zeroed() };
    header.msg_iov = &raw mut into;
    header.msg_iovlen = 1;
    header.msg_control = control.0.as_mut_ptr().cast();
    header.msg_controllen = control.0.len() as _;
    // SAFETY: `header` points to one live `iovec` over a live, writable slice, and to a live, writable control buffer,
    // each with its own length.
    let len = check_size(unsafe { libc::recvmsg(socket.as_raw_fd(), &raw mut header, flags) })?;
    Ok(Received {
        len,
        control: header.msg_controllen as usize,
    })
}

/// bind(2) of an AF_PACKET socket: this protocol (ETH_P_ALL: every one, 0: none) on one interface.
pub fn bind_packet(socket: BorrowedFd<'_>, protocol: c_int, index: i32) -> Result<(), Errno> {
    // SAFETY: all zeroes is a valid `sockaddr_ll`, which is made of numbers.
    let mut address: libc::sockaddr_ll = unsafe { zeroed() };
    address.sll_family = libc::AF_PACKET as u16;
    address.sll_protocol = (protocol as u16).to_be();
    address.sll_ifindex = index;
    let len = size_of_val(&address) as libc::socklen_t;
    // SAFETY: `address` lives through the call and `len` is its size.
    check(unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), len) }).map(drop)
}

/// SO_ATTACH_FILTER with a classic BPF program, in place of the one before.
pub fn attach_filter(
    socket: BorrowedFd<'_>,
    program: &mut [libc::sock_filter],
) -> Result<(), Errno> {
    let filter = libc::sock_fprog {
        // More than 4096 (BPF_MAXINSNS) are EINVAL, and so is this.
        len: c_ushort::try_from(program.len()).unwrap_or(c_ushort::MAX),
        filter: program.as_mut_ptr(),
    };
    let len = size_of_val(&filter) as libc::socklen_t;
    // SAFETY: `filter` and the instructions that it points to live through the call, which only reads them.
    check(unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const filter).cast(),
            len,
        )
    })
    .map(drop)
}

/// if_nametoindex(3). ENODEV: there is no such interface.
pub fn interface(name: &CStr) -> Result<i32, Errno> {
    // SAFETY: `name` is a string with its end, alive through the call.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(errno(io::Error::last_os_error())),
        index => Ok(index.cast_signed()),
    }
}

/// connect(2) with AF_UNSPEC.
pub fn connect_unspec(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    let nowhere = libc::sockaddr {
        sa_family: libc::AF_UNSPEC as libc::sa_family_t,
        sa_data: [0; 14],
    };
    let len = size_of_val(&nowhere) as libc::socklen_t;
    // SAFETY: `nowhere` lives through the call and `len` is its size.
    check(unsafe { libc::connect(fd.as_raw_fd(), &raw const nowhere, len) }).map(drop)
}

/// getsockopt(2) into bytes; how many the kernel wrote.
pub fn getsockopt(
    fd: BorrowedFd<'_>,
    level: c_int,
    name: c_int,
    buf: &mut [u8],
) -> Result<usize, Errno> {
    let mut len = buf.len() as libc::socklen_t;
    // SAFETY: the kernel writes at most `len` bytes, the length of a live, writable slice.
    check(unsafe {
        libc::getsockopt(
            fd.as_raw_fd(),
            level,
            name,
            buf.as_mut_ptr().cast(),
            &raw mut len,
        )
    })?;
    Ok(len as usize)
}

/// setsockopt(2) with one `int` or several in a row (`struct linger` is two).
pub fn setsockopt(
    fd: BorrowedFd<'_>,
    level: c_int,
    name: c_int,
    words: &[c_int],
) -> Result<(), Errno> {
    let len = size_of_val(words) as libc::socklen_t;
    // SAFETY: pointer and length are those of a live slice.
    check(unsafe { libc::setsockopt(fd.as_raw_fd(), level, name, words.as_ptr().cast(), len) })
        .map(drop)
}

/// SIOCINQ (FIONREAD): bytes that recv would return.
pub fn inq(fd: BorrowedFd<'_>) -> Result<u32, Errno> {
    ioctl(fd, libc::FIONREAD)
}

/// SIOCOUTQ (TIOCOUTQ): bytes not yet acknowledged.
pub fn outq(fd: BorrowedFd<'_>) -> Result<u32, Errno> {
    ioctl(fd, libc::TIOCOUTQ)
}

fn ioctl(fd: BorrowedFd<'_>, request: libc::Ioctl) -> Result<u32, Errno> {
    let mut value: c_int = 0;
    // SAFETY: both requests write one `int` to the pointer, which is that of a live `int`.
    check(unsafe { libc::ioctl(fd.as_raw_fd(), request, &raw mut value) })?;
    Ok(value.cast_unsigned())
}

/// epoll_create1(2), close-on-exec.
pub fn epoll_create() -> Result<OwnedFd, Errno> {
    // SAFETY: takes no pointer.
    take(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) })
}

/// EPOLL_CTL_ADD.
pub fn epoll_add(set: BorrowedFd<'_>, fd: RawFd, events: u32, token: u64) -> Result<(), Errno> {
    let mut event = libc::epoll_event { events, u64: token };
    // SAFETY: `event` lives through the call, which only reads it.
    check(unsafe { libc::epoll_ctl(set.as_raw_fd(), libc::EPOLL_CTL_ADD, fd, &raw mut event) })
        .map(drop)
}

/// EPOLL_CTL_DEL.
pub fn epoll_remove(set: BorrowedFd<'_>, fd: RawFd) -> Result<(), Errno> {
    // SAFETY: EPOLL_CTL_DEL ignores the event, which may be null since Linux 2.6.9.
    check(unsafe {
        libc::epoll_ctl(
            set.as_raw_fd(),
            libc::EPOLL_CTL_DEL,
            fd,
            std::ptr::null_mut(),
        )
    })
    .map(drop)
}

/// epoll_wait(2) with timeout 0; how many events were written.
pub fn epoll_wait(set: BorrowedFd<'_>, events: &mut [libc::epoll_event]) -> Result<usize, Errno> {
    let room = c_int::try_from(events.len()).unwrap_or(c_int::MAX);
    // SAFETY: the kernel writes at most `room` events, no more than the slice has.
    let count = check(unsafe { libc::epoll_wait(set.as_raw_fd(), events.as_mut_ptr(), room, 0) })?;
    Ok(count as usize)
}

/// RLIMIT_NOFILE: soft, hard.
pub fn descriptor_limit() -> Result<(u64, u64), Errno> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the call fills a live `rlimit`.
    check(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, from_mut(&mut limit)) })?;
    Ok((limit.rlim_cur, limit.rlim_max))
}

/// Sets RLIMIT_NOFILE.
pub fn set_descriptor_limit(soft: u64, hard: u64) -> Result<(), Errno> {
    let limit = libc::rlimit {
        rlim_cur: soft,
        rlim_max: hard,
    };
    // SAFETY: the call only reads a live `rlimit`.
    check(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }).map(drop)
}

/// pidfd_open(2), Linux 5.3.
pub fn pidfd_open(pid: u32) -> Result<OwnedFd, Errno> {
    // SAFETY: takes no pointer.
    let returned = unsafe { libc::syscall(libc::SYS_pidfd_open, pid as libc::pid_t, 0 as c_uint) };
    take(narrow(returned))
}

/// pidfd_getfd(2), Linux 5.6: a duplicate of another process's descriptor.
pub fn pidfd_getfd(pidfd: BorrowedFd<'_>, target: RawFd) -> Result<OwnedFd, Errno> {
    // SAFETY: takes no pointer.
    let returned = unsafe {
        libc::syscall(
            libc::SYS_pidfd_getfd,
            pidfd.as_raw_fd(),
            target,
            0 as c_uint,
        )
    };
    take(narrow(returned))
}

/// pidfd_send_signal(2) with SIGKILL, Linux 5.1.
pub fn pidfd_kill(pidfd: BorrowedFd<'_>) -> Result<(), Errno> {
    let about = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: the kernel fills the signal's description in itself where none is given.
    let returned = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            libc::SIGKILL,
            about,
            0 as c_uint,
        )
    };
    check(narrow(returned)).map(drop)
}

/// syscall(2) returns `long`; a descriptor or -1 always fits an `int`.
fn narrow(returned: c_long) -> c_int {
    c_int::try_from(returned).unwrap_or(-1)
}

/// poll(2) of one descriptor without waiting: its flags now.
pub fn poll_now(fd: BorrowedFd<'_>) -> Result<u32, Errno> {
    let mut asked = libc::pollfd {
        fd: fd.as_raw_fd(),
        events: libc::POLLIN | libc::POLLOUT | libc::POLLRDHUP | libc::POLLPRI,
        revents: 0,
    };
    // SAFETY: one pollfd, valid for the whole call; no time to wait.
    check(unsafe { libc::poll(&raw mut asked, 1, 0) })?;
    // POLLxxx and EPOLLxxx are the same bits on Linux (uapi/linux/eventpoll.h).
    Ok(u32::from(asked.revents.cast_unsigned()))
}

/// setsid(2): no terminal, no process group of the parent's.
pub fn new_session() {
    // SAFETY: takes no pointer. It fails only for a process group leader, which a child just started is not; and then
    // nothing changes.
    unsafe { libc::setsid() };
}

/// close_range(2): closes every descriptor from `first` on.
///
/// # Safety
/// No value of this process may own one of them.
pub unsafe fn close_from(first: c_uint) {
    // Linux 5.9; without it they stay open, which costs the others of those files no more than a late end.
    // SAFETY: takes no pointer; that nobody owns the descriptors is the caller's to see to.
    unsafe { libc::syscall(libc::SYS_close_range, first, c_uint::MAX, 0 as c_uint) };
}
