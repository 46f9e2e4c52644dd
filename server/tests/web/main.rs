//! The whole server, in process: what each address answers, to whom, and what it refuses.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a missing element fails the case, as it should"
)]

#[path = "../support/described.rs"]
mod described;
mod description;
mod desk;
mod door;
mod limits;
mod place;
mod site;
