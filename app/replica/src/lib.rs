//! How copies agree: the phone's state machine, the server's judgement, and what they say to each
//! other.
//!
//! This crate never does I/O, never reads a clock and never draws a random number. IndexedDB, HTTP
//! and SQL are adapters around it; the simulator is one more.

#![deny(missing_docs)]

pub mod attachment;
pub mod hub;
pub mod message;
pub mod quarantine;
pub mod replica;
pub mod sealed;
pub mod stored;
