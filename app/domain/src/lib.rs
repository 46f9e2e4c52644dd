//! What a family's integration plan *is*: words, facts, rules.
//!
//! This crate never does I/O, never reads a clock and never draws a random number: time and ids
//! come in as values. The only types that are serialized are [`op::Op`] and what it carries;
//! state and scores are always computed from the set of operations.
//!
//! Italian words kept in English code because English would lie: `Comune` (the municipality that
//! pays and answers, with its ISTAT code).

#![deny(missing_docs)]

pub mod attachment;
pub mod authorize;
pub mod civil;
pub mod code;
pub mod family;
pub mod field;
pub mod forward;
pub mod id;
pub mod likeness;
pub mod merge;
pub mod merging;
pub mod op;
pub mod order;
pub mod place;
pub mod plan;
pub mod register;
pub mod removal;
pub mod score;
pub mod search;
pub mod stall;
pub mod state;
pub mod twins;
pub mod upcast;
pub mod validate;
pub mod visit;
pub mod vocabulary;
