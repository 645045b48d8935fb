//! What there is to know about a lab without making a call: its addresses, the steps that make one, why it or a
//! sysctl was refused, and a frame read from the wire. Values, no calls.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use crate::tcp::{Errno, Host, Unavailable};

/// Bytes of the Ethernet header before the IP packet in each frame of the wire.
pub const ETHERNET: usize = 14;

/// The longest frame of the wire: an IP packet of the MTU (1500) behind its Ethernet header.
pub const LONGEST_FRAME: usize = ETHERNET + 1500;

/// A host's address in the lab: 198.51.100.1 or .2 (RFC 5737), 2001:db8::1 or ::2 (RFC 3849).
pub const fn lab_address(host: Host, v6: bool) -> IpAddr {
    let last = match host {
        Host::A => 1,
        Host::B => 2,
    };
    if v6 {
        IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last))
    } else {
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, last as u8))
    }
}

/// One frame read from the wire, Ethernet header included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// How many bytes of the buffer are the frame.
    pub len: usize,
    /// When the host's kernel put it on the wire (SO_TIMESTAMPNS), which may be long before it was read.
    pub left: Instant,
}

macro_rules! steps {
    ($($step:ident = $call:literal),* $(,)?) => {
        /// A step on the way to a lab, in the order in which they are made.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum LabStep { $($step),* }

        impl LabStep {
            pub const ALL: &'static [LabStep] = &[$(LabStep::$step),*];

            /// The call, as a reader of man pages would write it.
            pub const fn call(self) -> &'static str {
                match self { $(LabStep::$step => $call),* }
            }
        }
    };
}

steps! {
    Control = "socketpair(AF_UNIX, SOCK_SEQPACKET)",
    Spawn = "starting the lab's own process",
    User = "unshare(CLONE_NEWUSER|CLONE_NEWNET)",
    Net = "unshare(CLONE_NEWNET)",
    Namespace = "open(/proc/self/ns/net)",
    Enter = "setns(CLONE_NEWNET)",
    Rtnetlink = "socket(NETLINK_ROUTE)",
    Veth = "RTM_NEWLINK (a veth pair)",
    Up = "RTM_NEWLINK (IFF_UP)",
    Address = "RTM_NEWADDR",
    Checksum = "ioctl(SIOCETHTOOL, ETHTOOL_STXCSUM)",
    SockDiag = "socket(NETLINK_SOCK_DIAG) and a first query",
    Sysctl = "open(/proc/sys/net/ipv4)",
    Packet = "socket(AF_PACKET)",
    PacketOption = "setsockopt on the AF_PACKET socket",
    PacketBind = "bind(AF_PACKET)",
    Carrier = "RTM_GETLINK",
    Own = "RTM_GETROUTE",
    HandOver = "sendmsg(SCM_RIGHTS)",
    Receive = "recvmsg(SCM_RIGHTS)",
    Answer = "the answer of the lab's own process",
}

/// Why there is no lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabRefused {
    pub step: LabStep,
    /// `None`: no call failed; the lab's process ended without a word, and `evidence` says how.
    pub errno: Option<Errno>,
    /// What else was measured that points to the cause.
    pub evidence: Option<String>,
}

impl LabRefused {
    pub(super) fn at(step: LabStep) -> impl FnOnce(Errno) -> LabRefused + Copy {
        move |errno| LabRefused {
            step,
            errno: Some(errno),
            evidence: None,
        }
    }

    /// The step, its errno, and the evidence.
    pub fn why(&self) -> String {
        let mut why = self.step.call().to_owned();
        if let Some(errno) = self.errno {
            why.push_str(&format!(": {errno}"));
        }
        if let Some(evidence) = &self.evidence {
            why.push_str(&format!(" ({evidence})"));
        }
        why
    }

    /// What a person can do about it. A restriction is never to be switched off for the whole machine first.
    pub const fn remedy(&self) -> &'static str {
        const PROFILE: &str = "grant user namespaces to finspect alone, by an AppArmor profile for its path \
             that says `userns,`; or run finspect as root";
        const LINUX: &str = "run a kernel with CONFIG_USER_NS and CONFIG_NET_NS";
        const AGAIN: &str = "run finspect doctor again";
        let Some(errno) = self.errno else {
            return AGAIN;
        };
        match (self.step, errno) {
            (_, Errno::EMFILE | Errno::ENFILE) => "raise the limit on descriptors: ulimit -n",
            (_, Errno::ENOMEM | Errno::ENOBUFS) => "free memory, then try again",
            (LabStep::Spawn, Errno::ENOENT) => "mount /proc: finspect starts itself again from it",
            (LabStep::Spawn | LabStep::User, Errno::EAGAIN) => {
                "raise the limit on processes: ulimit -u"
            }
            (LabStep::User | LabStep::Net, Errno::ENOSPC | Errno::EUSERS) => {
                "raise user.max_user_namespaces and user.max_net_namespaces (sysctl); a lab takes 1 and 3"
            }
            (LabStep::User, Errno::EPERM) => {
                "allow this one program user namespaces: not inside a chroot, and in a container with a \
                 seccomp profile that allows unshare; or run finspect as root"
            }
            (LabStep::User, Errno::EACCES) => {
                "allow this program user namespaces in the SELinux policy (user_namespace create), \
                 or run finspect as root"
            }
            (LabStep::User | LabStep::Net, Errno::EINVAL | Errno::ENOSYS) => LINUX,
            (LabStep::Veth, Errno::EOPNOTSUPP) => "load the module veth: modprobe veth",
            (LabStep::Packet, Errno::EAFNOSUPPORT) => {
                "load the module af_packet: modprobe af_packet"
            }
            (LabStep::Address, Errno::EACCES) => {
                "IPv6 is switched off for new interfaces, and /proc/sys is read-only: let it be written, \
                 or start the kernel without ipv6.disable_ipv6=1"
            }
            (LabStep::SockDiag, Errno::ENOENT | Errno::EPROTONOSUPPORT) => {
                "load the module tcp_diag: modprobe tcp_diag"
            }
            // unshare succeeded, and the namespace came without its capabilities: Ubuntu 23.10 and later.
            (_, Errno::EPERM | Errno::EACCES) => PROFILE,
            _ => AGAIN,
        }
    }
}

impl From<LabRefused> for Unavailable {
    fn from(refused: LabRefused) -> Unavailable {
        Unavailable {
            why: refused.why(),
            remedy: refused.remedy().to_owned(),
        }
    }
}

/// Why a sysctl of a host was not read or set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SysctlRefused {
    /// Not a name below `net.ipv4`: nothing was tried.
    Name,
    /// ENOENT of open: no such sysctl in this kernel, or not one of a network namespace. EROFS: /proc/sys is
    /// read-only. EINVAL of write: not a value for it. EACCES of open: it cannot be written.
    Call { call: &'static str, errno: Errno },
}

/// The path below /proc/sys/net/ipv4 of a sysctl, with or without `net.ipv4.` before it.
///
/// `None`: a name that leads elsewhere.
pub(super) fn sysctl_path(name: &str) -> Option<String> {
    let below = name.strip_prefix("net.ipv4.").unwrap_or(name);
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    let fits = below.split('.').all(part) && !below.starts_with("net.");
    fits.then(|| below.replace('.', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_documentation() {
        let rows = [
            (Host::A, false, "198.51.100.1"),
            (Host::B, false, "198.51.100.2"),
            (Host::A, true, "2001:db8::1"),
            (Host::B, true, "2001:db8::2"),
        ];
        for (host, v6, text) in rows {
            assert_eq!(lab_address(host, v6).to_string(), text);
        }
    }

    #[test]
    fn a_refusal_names_step_errno_and_evidence() {
        let refused = LabRefused {
            evidence: Some("user.max_net_namespaces = 2".to_owned()),
            ..LabRefused::at(LabStep::Net)(Errno::ENOSPC)
        };
        let told = Unavailable::from(refused);
        assert_eq!(
            told.why,
            "unshare(CLONE_NEWNET): ENOSPC (user.max_net_namespaces = 2)"
        );
        assert!(told.remedy.contains("user.max_net_namespaces"));
    }

    #[test]
    fn every_refusal_has_the_remedy_of_its_cause() {
        let remedy = |step, errno| LabRefused::at(step)(errno).remedy();
        let rows = [
            (LabStep::User, Errno::EPERM, "seccomp"),
            (LabStep::User, Errno::EINVAL, "CONFIG_USER_NS"),
            (LabStep::User, Errno::EACCES, "SELinux"),
            (LabStep::Net, Errno::EPERM, "AppArmor"),
            (LabStep::Sysctl, Errno::EACCES, "AppArmor"),
            (LabStep::Veth, Errno::EPERM, "AppArmor"),
            (LabStep::Address, Errno::EPERM, "AppArmor"),
            (LabStep::Address, Errno::EACCES, "disable_ipv6"),
            (LabStep::Veth, Errno::EOPNOTSUPP, "modprobe veth"),
            (LabStep::Packet, Errno::EAFNOSUPPORT, "af_packet"),
            (LabStep::Packet, Errno::EMFILE, "ulimit -n"),
        ];
        for (step, errno, word) in rows {
            let found = remedy(step, errno);
            assert!(found.contains(word), "{step:?} {errno}: {found}");
        }
        for step in LabStep::ALL {
            for errno in Errno::names().filter_map(Errno::parse) {
                assert!(!remedy(*step, errno).is_empty());
            }
        }
    }

    #[test]
    fn names_of_sysctls_stay_below_their_folder() {
        assert_eq!(sysctl_path("tcp_rfc1337").as_deref(), Some("tcp_rfc1337"));
        assert_eq!(
            sysctl_path("net.ipv4.conf.all.rp_filter").as_deref(),
            Some("conf/all/rp_filter")
        );
        for wrong in [
            "",
            "..",
            "../../kernel/hostname",
            "a/b",
            "net.core.somaxconn",
            "net.ipv4.",
            "tcp fin",
            "a\0b",
            ".a",
        ] {
            assert_eq!(sysctl_path(wrong), None, "{wrong:?}");
        }
    }
}
