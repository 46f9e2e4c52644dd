//! What the device offers: clock, chance, disk, wire. The only place in `app` that talks to a
//! browser, and the seam between phone and server builds. Only `driver.rs` calls it.

mod kinds;

mod absent;

pub use absent::{Disk, panic, senses, vault, wire};
