//! Percorso's server: keeps the log, decides who may do what, serves the app.
//!
//! A handler extracts, calls [`store::Store`] and replies; it decides nothing itself.

pub mod demo;
pub mod store;
pub mod sync;
