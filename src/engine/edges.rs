//! Readiness: one raw epoll set under one `AsyncFd`; each edge becomes a message to the task that owns the socket.
//!
//! tokio's own readiness never clears READ_CLOSED, so a task that waited with it after a FIN would burn a core.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::os::fd::AsFd;
use std::rc::Rc;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::Notify;

use crate::kernel::{Edges, Socket};
use crate::tcp::{Edge, Errno};

/// The last edge of one socket, and the bell of its task. Edges that come faster than the task runs fall together:
/// each one carries the whole set of flags, so nothing is lost.
#[derive(Default)]
pub(super) struct EdgeCell {
    edge: Cell<Option<Edge>>,
    poked: Cell<bool>,
    bell: Notify,
}

/// What woke a task.
pub(super) enum Wake {
    Edge(Edge),
    /// The facing endpoint did something that may show here.
    Poke,
}

impl EdgeCell {
    fn ring(&self, edge: Edge) {
        self.edge.set(Some(edge));
        self.bell.notify_one();
    }

    pub(super) fn poke(&self) {
        self.poked.set(true);
        self.bell.notify_one();
    }

    /// Cancel-safe: the flags stay until they are taken.
    pub(super) async fn wake(&self) -> Wake {
        loop {
            if let Some(edge) = self.edge.take() {
                return Wake::Edge(edge);
            }
            if self.poked.take() {
                return Wake::Poke;
            }
            self.bell.notified().await;
        }
    }
}

/// All owned descriptors in one epoll set.
pub(super) struct Readiness {
    set: AsyncFd<Edges>,
    cells: RefCell<HashMap<u64, Rc<EdgeCell>>>,
    next: Cell<u64>,
}

/// A socket's place in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token(u64);

impl Readiness {
    /// Must be called inside the engine's runtime.
    #[expect(
        deprecated,
        reason = "the successor is `unsafe`, which stays in kernel/, and kernel/ knows no runtime; what it asks for \
                  is kept: `Edges` owns one descriptor, and never another, for as long as it lives"
    )]
    pub(super) fn new() -> std::io::Result<Readiness> {
        let edges = Edges::new().map_err(|e| std::io::Error::from_raw_os_error(e.0))?;
        Ok(Readiness {
            set: AsyncFd::with_interest(edges, Interest::READABLE)?,
            cells: RefCell::default(),
            next: Cell::new(0),
        })
    }

    pub(super) fn add(&self, socket: &impl AsFd, cell: &Rc<EdgeCell>) -> Result<Token, Errno> {
        let token = self.next.get();
        self.next.set(token + 1);
        self.set.get_ref().add(socket, token)?;
        self.cells.borrow_mut().insert(token, Rc::clone(cell));
        Ok(Token(token))
    }

    /// A descriptor with a duplicate stays in the kernel's set after close, so it is always taken out by name.
    pub(super) fn remove(&self, socket: &Socket, token: Token) -> Result<(), Errno> {
        self.cells.borrow_mut().remove(&token.0);
        self.set.get_ref().remove(socket)
    }

    /// Hands out edges for ever.
    pub(super) async fn run(self: Rc<Self>) {
        let mut edges = Vec::with_capacity(Edges::AT_ONCE);
        loop {
            let Ok(mut guard) = self.set.readable().await else {
                return;
            };
            loop {
                edges.clear();
                let Ok(count) = self.set.get_ref().wait(&mut edges) else {
                    break;
                };
                let cells = self.cells.borrow();
                for (token, edge) in &edges {
                    if let Some(cell) = cells.get(token) {
                        cell.ring(*edge);
                    }
                }
                // Fewer than fit: none is left, and the next one makes the set readable anew.
                if count < Edges::AT_ONCE {
                    break;
                }
            }
            guard.clear_ready();
        }
    }
}
