//! Pages that the server renders whole: sign-in and the office. No wasm, no script.
//!
//! A page gets everything it shows as values. It reads no database, no clock and no request, and
//! nothing of a family's file ever reaches it: the office knows a family by its code.

pub mod language;
pub mod office;
pub mod parts;
pub mod people;
pub mod sign_in;
pub mod suspensions;
