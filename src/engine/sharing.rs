//! Several descriptors of one socket: dup, a process of our own that holds one, and the end of that process.

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::driver::{Birth, Driver};
use super::observe::Known;
use super::order::{Answer, Outcome, Refusal};
use crate::journal::{By, Hold, Note, Op, Signal, Who};
use crate::kernel::Holder;
use crate::tcp::Unavailable;

/// A process that holds a descriptor, with a way to hear of its end.
#[derive(Debug)]
pub(super) struct Holding(AsyncFd<Holder>);

impl Holding {
    #[expect(
        deprecated,
        reason = "the successor is `unsafe`, which stays in kernel/; a `Holder` owns one pidfd for as long as it lives"
    )]
    fn of(holder: Holder) -> Result<Holding, Unavailable> {
        AsyncFd::with_interest(holder, Interest::READABLE)
            .map(Holding)
            .map_err(|error| Unavailable {
                why: format!("epoll_ctl(pidfd): {error}"),
                remedy: "raise the limit on epoll watches: fs.epoll.max_user_watches".to_owned(),
            })
    }

    pub(super) fn pid(&self) -> u32 {
        self.0.get_ref().pid()
    }
}

/// The end of the process; never, where there is none.
pub(super) async fn ended(holding: Option<&Holding>) {
    let Some(holding) = holding else {
        return std::future::pending().await;
    };
    // An error is told by the reaping that follows.
    let _ = holding.0.readable().await;
}

impl Driver {
    pub(super) fn dup(&mut self, name: &str, by: By, reply: &mut Answer) {
        let Some(socket) = &self.socket else { return };
        if self.accepting.is_some() {
            return self.wrong_kind("dup", reply);
        }
        let made = socket.dup();
        let twin = match &made {
            Ok(_) => match self.mint(name, reply) {
                Some(who) => Some(who),
                None => return,
            },
            Err(_) => None,
        };
        let result = match &made {
            Ok(socket) => Ok(u64::try_from(socket.fd()).unwrap_or(0)),
            Err(errno) => Err(*errno),
        };
        self.call(Op::Dup { twin: twin.clone() }, result, by);
        if let (Ok(socket), Some(who)) = (made, twin) {
            self.room.enter(
                who,
                Birth::Connected {
                    socket,
                    local: self.known.local,
                    peer: self.known.peer,
                    opener: self.known.opener,
                    state: self.known.state,
                    place: self.known.host,
                    twin: true,
                },
            );
        }
    }

    pub(super) fn fork(&mut self, name: &str, by: By, reply: &mut Answer) {
        let Some(socket) = &self.socket else { return };
        if self.accepting.is_some() {
            return self.wrong_kind("fork", reply);
        }
        let holding = match Holder::start(socket).and_then(Holding::of) {
            Ok(holding) => holding,
            Err(why) => return reply.give(Outcome::Refused(Refusal::NoFork(why))),
        };
        let Some(who) = self.mint(name, reply) else {
            return;
        };
        let pid = holding.pid();
        let twin = Some(who.clone());
        self.call(Op::Fork { twin, pid }, Ok(pid.into()), by);
        let known = Box::new(Known {
            state: self.known.state,
            local: self.known.local,
            peer: self.known.peer,
            cookie: self.known.cookie,
            host: self.known.host,
            opener: self.known.opener,
            untold: true,
            twin: true,
            ..Known::default()
        });
        self.room.enter(who, Birth::Held { holding, known });
    }

    /// SIGKILL, and then what the process left to the kernel.
    pub(super) async fn kill(&mut self, by: By, reply: &mut Answer) {
        // What stands unread at this moment decides between FIN and RST.
        self.observe();
        let Some(holding) = &self.holding else {
            let actor = self.who.name.to_string();
            return reply.give(Outcome::Refused(Refusal::NoProcess { actor }));
        };
        let (pid, signal) = (holding.pid(), Signal::Kill);
        let result = holding.0.get_ref().kill();
        self.call(Op::Kill { pid, signal }, result.map(|()| 0), by);
        if result.is_ok() {
            ended(self.holding.as_ref()).await;
            self.process_ended();
        }
    }

    /// The process is gone, by our signal or another's, and the kernel has closed its descriptor.
    pub(super) fn process_ended(&mut self) {
        let Some(Holding(mut holder)) = self.holding.take() else {
            return;
        };
        let pid = holder.get_ref().pid();
        let how = match holder.get_mut().reap() {
            Ok(how) => how,
            // Whoever started us has children reaped by the kernel (SIGCHLD ignored).
            Err(errno) => format!("waitpid: {errno}"),
        };
        self.room.note(&self.who, Note::Ended { pid, how });
        let linger = self.told_linger();
        self.known.closed_in_order = self.ends_in_order(linger);
        self.after_call();
    }

    /// The addresses of a socket that was disconnected and connected again: a descriptor of ours tells them.
    pub(super) fn follow_addresses(&mut self) {
        let journal = self.room.tape.journal();
        let world = journal.world();
        let twins = world.get(self.who.id).map_or(&[][..], |e| &e.twins);
        let open = twins
            .iter()
            .filter_map(|id| world.get(*id))
            .find(|twin| twin.descriptor && twin.hold == Hold::Owned);
        let Some((local, peer)) = open.map(|twin| (twin.local, twin.peer)) else {
            return;
        };
        let known = &mut self.known;
        if peer.is_some() && (known.local, known.peer) != (local, peer) {
            (known.local, known.peer) = (local, peer);
            known.untold = true;
        }
    }

    fn told_linger(&self) -> Option<u32> {
        let journal = self.room.tape.journal();
        journal.world().get(self.who.id).and_then(|e| e.linger)
    }

    /// This descriptor's close is the socket's, and lets it end by FIN: nothing stands unread, and nobody asked for a RST.
    pub(super) fn ends_in_order(&self, linger: Option<u32>) -> bool {
        let journal = self.room.tape.journal();
        let situation = journal.world().situation(self.who.id);
        let unread = self.known.sample.as_ref().and_then(|s| s.unread());
        !situation.is_some_and(|s| s.shared) && unread.unwrap_or(0) == 0 && linger != Some(0)
    }

    /// A new endpoint's name; where it has been used, that is the answer.
    fn mint(&self, name: &str, reply: &mut Answer) -> Option<Who> {
        let who = self.room.mint(name);
        if who.is_none() {
            let name = name.to_owned();
            reply.give(Outcome::Refused(Refusal::NameTaken { name }));
        }
        who
    }

    /// A listener carries no connection that could be shared.
    fn wrong_kind(&self, verb: &'static str, reply: &mut Answer) {
        let actor = self.who.name.to_string();
        reply.give(Outcome::Refused(Refusal::WrongKind { actor, verb }));
    }
}
