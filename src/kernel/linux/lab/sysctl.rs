//! The sysctls of one host, through its folder /proc/sys/net/ipv4.
//!
//! The folder is opened inside the host: below /proc/sys/net the kernel looks names up in the caller's network
//! namespace, so that a descriptor of /proc/sys/net would lead to this machine's own sysctls, without a word.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

use super::call;
use crate::kernel::lab::{SysctlRefused, sysctl_path};
use crate::kernel::linux::call::errno;
use crate::tcp::Errno;

/// A host's /proc/sys/net/ipv4.
#[derive(Debug)]
pub struct Sysctls(OwnedFd);

impl Sysctls {
    /// Of the network namespace that this thread is in.
    pub fn open() -> Result<Sysctls, Errno> {
        OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_DIRECTORY)
            .open("/proc/sys/net/ipv4")
            .map(|folder| Sysctls(folder.into()))
            .map_err(errno)
    }

    /// The value, without the line's end.
    pub fn get(&self, name: &str) -> Result<String, SysctlRefused> {
        let mut value = String::new();
        self.file(name, libc::O_RDONLY)?
            .read_to_string(&mut value)
            .map_err(at("read"))?;
        Ok(value.trim_end().to_owned())
    }

    /// Writes the value as `sysctl -w` does.
    pub fn set(&self, name: &str, value: &str) -> Result<(), SysctlRefused> {
        // One write: the kernel takes each for a whole value. With the line's end an empty value is one that it judges.
        let line = format!("{value}\n");
        self.file(name, libc::O_WRONLY)?
            .write(line.as_bytes())
            .map(drop)
            .map_err(at("write"))
    }

    fn file(&self, name: &str, flags: i32) -> Result<File, SysctlRefused> {
        let path = sysctl_path(name).ok_or(SysctlRefused::Name)?;
        // The path has letters, digits and slashes only.
        let path = CString::new(path).map_err(|_| SysctlRefused::Name)?;
        call::open_at(self.0.as_fd(), &path, flags)
            .map(File::from)
            .map_err(|errno| SysctlRefused::Call {
                call: "open",
                errno,
            })
    }
}

fn at(call: &'static str) -> impl FnOnce(std::io::Error) -> SysctlRefused {
    move |error| SysctlRefused::Call {
        call,
        errno: errno(error),
    }
}

impl AsFd for Sysctls {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl From<OwnedFd> for Sysctls {
    fn from(folder: OwnedFd) -> Sysctls {
        Sysctls(folder)
    }
}
