//! Tests on real sockets over loopback, without sleeps: they wait for an edge or a fact, with a deadline.

mod diag;
mod dump;
mod edges;
mod halves;
mod options;
mod power;
mod queues;
mod stage;
mod tap;
