//! Two hosts with a real TCP each, and the wire between them, without root.
//!
//! ```text
//!   parent: this program, in its own namespaces            child: this program again, owner of the namespaces
//!
//!   Lab ------------- control: SOCK_SEQPACKET ------------ serve(): "a socket in host a" -> descriptor
//!                                                          end of file: destroy what lives, end
//!
//!        host a                  the wire (w)                 host b
//!   198.51.100.1/24                                      198.51.100.2/24
//!   2001:db8::1/64                                       2001:db8::2/64
//!        eth0 ====== veth ===== w0     w1 ===== veth ====== eth0
//!         |                     |       |                     |
//!     AF_PACKET             AF_PACKET  AF_PACKET          AF_PACKET
//!    what is sent               what is received         what is sent
//!         |                     |       |                     |
//!   parent:        WireEnd                       WireEnd             what one has sent the other receives, or not
//! ```
//!
//! A descriptor keeps the namespace it was made in, so the parent drives the hosts' sockets like any other. And it has
//! all capabilities over them: it stands in the namespace above, with the user id that made the child's
//! (user_namespaces(7)). Only making sockets needs the child.
//!
//! ```text
//! parent.rs     the lab, as the program holds it         sysctl.rs      a host's sysctls
//! wire_end.rs   one end of the wire                      frames.rs      many frames at once
//! destroy.rs    SOCK_DESTROY for everything in a host
//! child.rs      the child: build, hand over, serve       build.rs       the namespaces, step by step
//! links.rs      what is asked of rtnetlink               rtnetlink.rs   one such socket, messages and answers
//! message.rs    what parent and child say                evidence.rs    what points to the cause of a refusal
//! call.rs       the calls
//! ```

mod build;
mod call;
mod child;
mod destroy;
mod evidence;
mod frames;
mod links;
mod message;
mod parent;
mod rtnetlink;
mod sysctl;
mod wire_end;

pub use child::live;
pub use frames::Frames;
pub use parent::{Lab, LabParts};
pub use wire_end::WireEnd;
