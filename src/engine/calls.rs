//! The closing calls and setsockopt: each is made as asked, told with its result, and followed by a reading.

use std::net::SocketAddr;
use std::time::Instant;

use super::driver::{Draining, Driver};
use super::order::{Answer, Outcome};
use super::wire::Turn;
use crate::command::Setting;
use crate::journal::{By, Call, Fact, Note, Op, ShutdownHow};
use crate::kernel::{How, SockOption, Socket};
use crate::tcp::{Errno, State};

impl Driver {
    pub(super) fn call(&self, op: Op, result: Result<u64, Errno>, by: By) {
        self.room.call(&self.who, op, result, by);
    }

    /// Takes over a socket that is connected already.
    pub(super) fn adopt(
        &mut self,
        socket: Socket,
        local: Option<SocketAddr>,
        peer: Option<SocketAddr>,
        opener: bool,
    ) {
        // An accepted socket inherits its listener's SO_LINGER.
        let linger = socket.linger().unwrap_or(None);
        self.socket = Some(socket);
        self.known.local = local;
        self.known.peer = peer;
        self.known.opener = opener;
        self.identify();
        if linger.is_some() {
            self.room.note(&self.who, Note::Linger { seconds: linger });
        }
        if self.known.twin {
            self.incoming.off();
            self.room.note(&self.who, Note::Reading { mode: None });
        }
        self.observe();
        self.enter_readiness();
        self.incoming.begin();
        self.outgoing.begin();
    }

    pub(super) fn enter_readiness(&mut self) {
        if self.token.is_some() {
            return;
        }
        if let Some(socket) = &self.socket {
            self.token = self.room.readiness.add(socket, &self.cell).ok();
        }
    }

    pub(super) fn leave_readiness(&mut self, socket: &Socket) {
        if let Some(token) = self.token.take() {
            // A failure here means that the set has forgotten the descriptor already.
            let _ = self.room.readiness.remove(socket, token);
        }
    }

    pub(super) fn shutdown(&mut self, how: ShutdownHow, by: By) {
        if how.sends() {
            self.abandon();
        }
        self.glance();
        let Some(socket) = &self.socket else { return };
        let result = socket.shutdown(match how {
            ShutdownHow::Send => How::Send,
            ShutdownHow::Receive => How::Receive,
            ShutdownHow::Both => How::Both,
        });
        self.call(Op::Shutdown(how), result.map(|()| 0), by);
        if result.is_ok() && how.receives() {
            self.incoming.shut_now();
        }
        self.after_call();
    }

    /// A reading right after a call, and a look at what it did to the other end.
    pub(super) fn after_call(&mut self) {
        self.schedule.restart();
        self.observe();
        self.fin_is_queued();
        self.room.poke_facing(&self.who);
    }

    /// A FIN that waits behind data cannot be seen on the wire yet, but the kernel says whether there is one.
    fn fin_is_queued(&self) {
        let known = &self.known;
        let turn = match known.state {
            State::FinWait1 | State::FinWait2 | State::Closing | State::TimeWait => Turn::First,
            State::LastAck => Turn::Second,
            // CLOSED: by a RST, or everything has crossed the wire already.
            State::Closed
            | State::Listen
            | State::SynSent
            | State::SynReceived
            | State::Established
            | State::CloseWait => return,
        };
        if let (Some(local), Some(peer)) = (known.local, known.peer) {
            self.room.queues_fin(known.host, local, peer, turn);
        }
    }

    pub(super) async fn close(&mut self, by: By) {
        // What stands unread at this moment decides between FIN and RST.
        self.observe();
        self.abandon();
        let Some(socket) = self.socket.take() else {
            return;
        };
        let linger = socket.linger().unwrap_or(None);
        self.known.closed_in_order = self.ends_in_order(linger);
        self.leave_readiness(&socket);
        self.room.listens(&self.who, None);
        let waits = linger.is_some_and(|s| s > 0) && self.accepting.is_none();
        let (result, blocked_us) = if waits {
            self.close_aside(socket).await
        } else {
            (socket.close(), None)
        };
        let call = Call {
            op: Op::Close,
            result: result.map(|()| 0),
            by,
            blocked_us,
        };
        self.room.log(&self.who, Fact::App(call));
        if let Some(mut draining) = self.draining.take() {
            draining.reply.give(Outcome::Done);
        }
        self.after_call();
    }

    /// close(2) with SO_LINGER blocks even on a non-blocking socket, so it runs on a thread of its own,
    /// and the connection is followed meanwhile.
    async fn close_aside(&mut self, socket: Socket) -> (Result<(), Errno>, Option<u64>) {
        let mut closing = tokio::task::spawn_blocking(move || {
            let start = Instant::now();
            (socket.close(), start.elapsed())
        });
        loop {
            let pause = std::time::Duration::from_millis(20);
            tokio::select! {
                closed = &mut closing => return match closed {
                    Ok((result, took)) => (result, u64::try_from(took.as_micros()).ok()),
                    // The thread is gone with the runtime; the descriptor is closed all the same.
                    Err(_) => (Ok(()), None),
                },
                () = tokio::time::sleep(pause) => self.watch_closing(),
            }
        }
    }

    pub(super) async fn abort(&mut self, by: By) {
        self.set(Setting::Linger(Some(0)), by);
        self.close(by).await;
    }

    pub(super) fn disconnect(&mut self, by: By) {
        self.observe();
        self.abandon();
        let Some(socket) = &self.socket else { return };
        let result = socket.connect_unspec();
        self.call(Op::Connect { to: None }, result.map(|()| 0), by);
        self.after_call();
    }

    pub(super) fn set(&mut self, setting: Setting, by: By) {
        let Some(socket) = &self.socket else { return };
        for option in option_of(setting).calls() {
            let result = socket.apply(&option);
            let op = Op::SetSockOpt {
                option: option.name,
                value: option.value,
            };
            self.call(op, result.map(|()| 0), by);
            if result.is_err() {
                return;
            }
        }
        match setting {
            Setting::Linger(seconds) => {
                self.room.note(&self.who, Note::Linger { seconds });
            }
            Setting::Keepalive(keepalive) => self.keepalive = keepalive.is_some(),
            Setting::NoDelay(_)
            | Setting::ReuseAddr(_)
            | Setting::UserTimeout(_)
            | Setting::TcpLinger2(_)
            | Setting::RcvBuf(_)
            | Setting::SndBuf(_) => {}
        }
    }

    // --- drain: shutdown send, read to EOF, close ----------------------------------------------------------------

    pub(super) async fn drain(&mut self, by: By, reply: Answer) {
        self.shutdown(ShutdownHow::Send, by);
        self.read_to_the_end();
        self.draining = Some(Draining { reply });
        self.finish_drain().await;
    }

    /// Closes once recv has said 0 or failed: nothing more can come. A shutdown that failed changes nothing in that.
    pub(super) async fn finish_drain(&mut self) {
        if self.draining.is_some() && self.reading_is_over() {
            self.close(By::Asked).await;
        }
    }
}

fn option_of(setting: Setting) -> SockOption {
    match setting {
        Setting::Linger(seconds) => SockOption::Linger(seconds),
        Setting::NoDelay(on) => SockOption::NoDelay(on),
        Setting::ReuseAddr(on) => SockOption::ReuseAddr(on),
        Setting::Keepalive(k) => SockOption::Keepalive(k.map(|k| (k.idle, k.interval, k.count))),
        Setting::UserTimeout(time) => SockOption::UserTimeout(time),
        Setting::TcpLinger2(time) => SockOption::TcpLinger2(time),
        Setting::RcvBuf(bytes) => SockOption::RcvBuf(bytes),
        Setting::SndBuf(bytes) => SockOption::SndBuf(bytes),
    }
}
