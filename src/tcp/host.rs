//! The two hosts of a lab. Only their names; what a host is made of is the kernel's part.

/// A host of the lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Host {
    A,
    B,
}

impl Host {
    pub const ALL: [Host; 2] = [Host::A, Host::B];

    pub const fn word(self) -> &'static str {
        match self {
            Host::A => "a",
            Host::B => "b",
        }
    }

    pub const fn other(self) -> Host {
        match self {
            Host::A => Host::B,
            Host::B => Host::A,
        }
    }
}
