//! Error numbers by name. The numbers are Linux's (uapi/asm-generic/errno.h); other systems map to the names.

use std::fmt;

macro_rules! errnos {
    ($($name:ident = $number:literal),* $(,)?) => {
        impl Errno {
            $(pub const $name: Errno = Errno($number);)*
            const TABLE: &'static [(&'static str, Errno)] = &[$((stringify!($name), Errno($number))),*];
        }
    };
}

/// The error of a system call. Made from what the kernel returned, never invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Errno(pub i32);

errnos! {
    EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, EIO = 5, EBADF = 9, EAGAIN = 11, ENOMEM = 12, EACCES = 13,
    EFAULT = 14, EBUSY = 16, EEXIST = 17, ENODEV = 19, ENOTDIR = 20, EISDIR = 21, EINVAL = 22, ENFILE = 23,
    EMFILE = 24, EFBIG = 27, ENOSPC = 28, ESPIPE = 29, EROFS = 30, EPIPE = 32, EDOM = 33, ERANGE = 34,
    ENOSYS = 38, EPROTO = 71, EOVERFLOW = 75, EUSERS = 87, ENOTSOCK = 88, EDESTADDRREQ = 89, EMSGSIZE = 90,
    EPROTOTYPE = 91, ENOPROTOOPT = 92, EPROTONOSUPPORT = 93, ESOCKTNOSUPPORT = 94, EOPNOTSUPP = 95,
    EPFNOSUPPORT = 96, EAFNOSUPPORT = 97, EADDRINUSE = 98, EADDRNOTAVAIL = 99, ENETDOWN = 100,
    ENETUNREACH = 101, ENETRESET = 102, ECONNABORTED = 103, ECONNRESET = 104, ENOBUFS = 105, EISCONN = 106,
    ENOTCONN = 107, ESHUTDOWN = 108, ETIMEDOUT = 110, ECONNREFUSED = 111, EHOSTDOWN = 112, EHOSTUNREACH = 113,
    EALREADY = 114, EINPROGRESS = 115,
}

impl Errno {
    /// The symbolic name, or `None` for a number outside the table.
    pub fn name(self) -> Option<&'static str> {
        Self::TABLE
            .iter()
            .find(|(_, e)| *e == self)
            .map(|(name, _)| *name)
    }

    /// The errno of a symbolic name; `E123` stands for a number outside the table.
    pub fn parse(name: &str) -> Option<Errno> {
        if let Some((_, errno)) = Self::TABLE
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            return Some(*errno);
        }
        let digits = name.strip_prefix('E')?;
        let number = digits
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| digits.parse().ok())?;
        number.map(Errno)
    }

    /// All names, for completion and suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::TABLE.iter().map(|(name, _)| *name)
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "E{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_one_to_one() {
        for (name, errno) in Errno::TABLE {
            assert_eq!(
                (errno.name(), Errno::parse(name)),
                (Some(*name), Some(*errno))
            );
        }
        assert_eq!(Errno::parse("econnreset"), Some(Errno::ECONNRESET));
    }

    #[test]
    fn a_number_without_a_name_reads_back() {
        assert_eq!(Errno(4321).to_string(), "E4321");
        assert_eq!(Errno::parse("E4321"), Some(Errno(4321)));
        for wrong in ["", "E", "EFOO", "104", "E-1", "E+1", "E99999999999"] {
            assert_eq!(Errno::parse(wrong), None, "{wrong}");
        }
    }
}
