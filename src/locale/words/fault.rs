//! Errors in plain sentences: errnos, refusals.

super::words! {
    /// Errors in plain sentences: errnos, refusals.
    Fault {
        Failed = "fault-failed",
        NoSuchEndpoint = "fault-no-such-endpoint",
        NameTaken = "fault-name-taken",
        NoDescriptor = "fault-no-descriptor",
        TooMany = "fault-too-many",
        Other = "fault-other",
        Eperm = "fault-eperm",
        Enoent = "fault-enoent",
        Eintr = "fault-eintr",
        Eio = "fault-eio",
        Ebadf = "fault-ebadf",
        Eagain = "fault-eagain",
        Enomem = "fault-enomem",
        Eacces = "fault-eacces",
        Efault = "fault-efault",
        Enotdir = "fault-enotdir",
        Eisdir = "fault-eisdir",
        Einval = "fault-einval",
        Enfile = "fault-enfile",
        Emfile = "fault-emfile",
        Efbig = "fault-efbig",
        Enospc = "fault-enospc",
        Erofs = "fault-erofs",
        Epipe = "fault-epipe",
        Edom = "fault-edom",
        Eproto = "fault-eproto",
        Enotsock = "fault-enotsock",
        Edestaddrreq = "fault-edestaddrreq",
        Emsgsize = "fault-emsgsize",
        Enoprotoopt = "fault-enoprotoopt",
        Eprotonosupport = "fault-eprotonosupport",
        Eopnotsupp = "fault-eopnotsupp",
        Eafnosupport = "fault-eafnosupport",
        Eaddrinuse = "fault-eaddrinuse",
        Eaddrnotavail = "fault-eaddrnotavail",
        Enetdown = "fault-enetdown",
        Enetunreach = "fault-enetunreach",
        Enetreset = "fault-enetreset",
        Econnaborted = "fault-econnaborted",
        Econnreset = "fault-econnreset",
        Enobufs = "fault-enobufs",
        Eisconn = "fault-eisconn",
        Enotconn = "fault-enotconn",
        Eshutdown = "fault-eshutdown",
        Etimedout = "fault-etimedout",
        Econnrefused = "fault-econnrefused",
        Ehostdown = "fault-ehostdown",
        Ehostunreach = "fault-ehostunreach",
        Ealready = "fault-ealready",
        Einprogress = "fault-einprogress",
    }
}

impl Fault {
    /// The sentence of an errno by its name: `EPIPE`. `None` for one that has no sentence.
    pub fn of(errno: &str) -> Option<Fault> {
        let key = format!("fault-{}", errno.to_ascii_lowercase());
        Fault::ALL
            .iter()
            .copied()
            .find(|fault| super::Word::key(*fault) == key)
    }
}
