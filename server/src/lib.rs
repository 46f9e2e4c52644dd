//! Percorso's server: keeps the log, decides who may do what, serves the app.
//!
//! A handler extracts, calls [`store::Store`] and replies; it decides nothing itself.

pub mod attachments;
pub mod auth;
pub mod backup;
pub mod cli;
pub mod config;
pub mod demo;
pub mod error;
pub mod import;
pub mod names;
pub mod office;
pub mod openapi;
pub mod pwa;
pub mod quarantine;
pub mod router;
pub mod sealed;
pub mod serve;
pub mod store;
pub mod sync;
