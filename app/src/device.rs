//! What the device offers: clock, chance, disk, wire. The only place in `app` that talks to a
//! browser, and the seam between phone and server builds. Its disk and its exchange with the
//! server belong to `driver.rs` and, before the copy is open, to `gate.rs` and `courier.rs`;
//! screens use no more than clock, timers, settings, media and voices.

pub mod drafts;
mod envelope;
mod kinds;
pub use kinds::unsent_key;
mod rules;

#[cfg(not(feature = "hydrate"))]
mod absent;
#[cfg(not(feature = "hydrate"))]
pub use absent::{Disk, media, panic, sealed, senses, vault, voices, wire};

#[cfg(feature = "hydrate")]
mod disk;
#[cfg(feature = "hydrate")]
mod kdf;
#[cfg(feature = "hydrate")]
mod rows;
#[cfg(feature = "hydrate")]
mod seal;
#[cfg(feature = "hydrate")]
mod store;
#[cfg(feature = "hydrate")]
mod tabs;
#[cfg(feature = "hydrate")]
mod turns;
#[cfg(feature = "hydrate")]
mod update;

#[cfg(feature = "hydrate")]
pub mod media;
#[cfg(feature = "hydrate")]
pub mod panic;
#[cfg(feature = "hydrate")]
pub mod sealed;
#[cfg(feature = "hydrate")]
pub mod senses;
#[cfg(feature = "hydrate")]
pub mod vault;
#[cfg(feature = "hydrate")]
pub mod voices;
#[cfg(feature = "hydrate")]
pub mod wire;
#[cfg(feature = "hydrate")]
pub use disk::Disk;
