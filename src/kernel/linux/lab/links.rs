//! What is asked of rtnetlink for a lab: links, addresses (uapi/linux/if_link.h, if_addr.h, veth.h).

use std::net::{IpAddr, Ipv6Addr};
use std::os::fd::{AsRawFd, BorrowedFd};

use super::rtnetlink::Message;

const RTM_NEWLINK: u16 = 16;
const RTM_GETLINK: u16 = 18;
const RTM_NEWADDR: u16 = 20;
const RTM_GETROUTE: u16 = 26;

const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_LINKINFO: u16 = 18;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const IFLA_NET_NS_FD: u16 = 28;
const IFLA_AF_SPEC: u16 = 26;
const IFLA_INET6_ADDR_GEN_MODE: u16 = 8;
/// No link-local address: with it come router solicitations and multicast reports, and the wire is not silent.
const IN6_ADDR_GEN_MODE_NONE: u8 = 1;

const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
/// No search for a duplicate: the address holds at once, and nothing is sent for it.
const IFA_F_NODAD: u8 = 0x02;

const RTA_DST: u16 = 1;
/// Where `rtm_type` stands in an answer: after `nlmsghdr` and seven bytes of `struct rtmsg`.
const RTM_TYPE: usize = 16 + 7;

/// The loopback device, first in every namespace; needed where a host connects to its own address.
pub const LO: i32 = 1;
/// Asked for by number, so that nothing has to be looked up. Above those that fallback tunnels take (tunl0, sit0 ..).
pub const ETH0: i32 = 100;

/// The hosts' interfaces have one MAC address, the same in both: without ARP (IFF_NOARP) the kernel takes its own
/// address for every neighbour's, which is then the other host's, and frames are carried as they are.
const HOST_MAC: [u8; 6] = [0x02, b'f', b'i', b'n', 0, 1];
/// Another one, so that the wire's own IP stack takes no frame for its own.
const WIRE_MAC: [u8; 6] = [0x02, b'f', b'i', b'n', 0, 2];

/// eth0 here, tied to `name` with number `index` in namespace `wire`. Both are down: IFF_UP of the far end fails with
/// ENOTCONN while the two are not tied yet.
pub fn veth(name: &str, index: i32, wire: BorrowedFd<'_>) -> Message {
    let create = libc::NLM_F_CREATE | libc::NLM_F_EXCL;
    Message::new(RTM_NEWLINK, create, &interface(ETH0, libc::IFF_NOARP))
        .attribute(IFLA_IFNAME, b"eth0\0")
        .attribute(IFLA_ADDRESS, &HOST_MAC)
        .nested(IFLA_LINKINFO, |info| {
            info.attribute(IFLA_INFO_KIND, b"veth")
                .nested(IFLA_INFO_DATA, |data| {
                    data.nested(VETH_INFO_PEER, |peer| {
                        peer.raw(&interface(index, libc::IFF_NOARP))
                            .attribute(IFLA_IFNAME, name.as_bytes())
                            .attribute(IFLA_ADDRESS, &WIRE_MAC)
                            .attribute(IFLA_NET_NS_FD, &wire.as_raw_fd().to_ne_bytes())
                    })
                })
        })
}

/// Takes the link-local address from a link, before it is up and would get one.
pub fn no_link_local(index: i32) -> Message {
    Message::new(RTM_NEWLINK, 0, &interface(index, 0)).nested(IFLA_AF_SPEC, |families| {
        families.nested(libc::AF_INET6 as u16, |inet6| {
            inet6.attribute(IFLA_INET6_ADDR_GEN_MODE, &[IN6_ADDR_GEN_MODE_NONE])
        })
    })
}

pub fn up(index: i32) -> Message {
    Message::new(RTM_NEWLINK, 0, &interface(index, libc::IFF_UP))
}

/// Asks for a link. Its answer is not needed: to give it the kernel first finishes what an "up" left to a worker
/// (linkwatch_sync_dev); until then what the link sends is lost without a word.
pub fn settle(index: i32) -> Message {
    Message::new(RTM_GETLINK, 0, &interface(index, 0))
}

/// An address of eth0, and by its prefix the route to the other host.
pub fn address(ip: IpAddr) -> Message {
    let (family, prefix, flags, octets) = match ip {
        IpAddr::V4(v4) => (libc::AF_INET, 24, 0, v4.octets().to_vec()),
        IpAddr::V6(v6) => (libc::AF_INET6, 64, IFA_F_NODAD, v6.octets().to_vec()),
    };
    // struct ifaddrmsg: family, prefix length, flags, scope (0: universe), index.
    let mut fixed = vec![family as u8, prefix, flags, 0];
    fixed.extend_from_slice(&ETH0.to_ne_bytes());
    Message::new(RTM_NEWADDR, libc::NLM_F_CREATE | libc::NLM_F_EXCL, &fixed)
        .attribute(IFA_LOCAL, &octets)
        .attribute(IFA_ADDRESS, &octets)
}

/// Asks which way this host's packets to an address go.
pub fn way_to(ip: Ipv6Addr) -> Message {
    // struct rtmsg: family, length of the destination, then what a question leaves open.
    let mut fixed = [0; 12];
    fixed[..2].copy_from_slice(&[libc::AF_INET6 as u8, 128]);
    Message::new(RTM_GETROUTE, 0, &fixed).attribute(RTA_DST, &ip.octets())
}

/// Whether the answer says that the address is the host's own.
pub fn is_own(answer: &[u8]) -> bool {
    answer.get(RTM_TYPE) == Some(&libc::RTN_LOCAL)
}

/// `struct ifinfomsg`: family and type (0), index, these flags on.
fn interface(index: i32, flags: i32) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[4..8].copy_from_slice(&index.to_ne_bytes());
    bytes[8..12].copy_from_slice(&flags.to_ne_bytes());
    bytes[12..16].copy_from_slice(&flags.to_ne_bytes());
    bytes
}
