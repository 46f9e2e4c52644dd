//! What screens are made of. A part reads no context: everything comes in as a prop.

pub mod mark;

#[cfg(any(feature = "hydrate", test))]
pub mod attach;
#[cfg(any(feature = "hydrate", test))]
pub mod attached;
#[cfg(any(feature = "hydrate", test))]
pub mod choice;
#[cfg(any(feature = "hydrate", test))]
pub mod diff;
#[cfg(any(feature = "hydrate", test))]
pub mod form;
#[cfg(any(feature = "hydrate", test))]
pub mod goal_card;
#[cfg(any(feature = "hydrate", test))]
pub mod ink;
#[cfg(any(feature = "hydrate", test))]
pub mod message;
#[cfg(any(feature = "hydrate", test))]
pub mod pick;
#[cfg(any(feature = "hydrate", test))]
pub mod picture;
#[cfg(any(feature = "hydrate", test))]
pub mod receipt;
#[cfg(any(feature = "hydrate", test))]
pub mod scale;
#[cfg(any(feature = "hydrate", test))]
pub mod sheet;
#[cfg(any(feature = "hydrate", test))]
pub mod trend;
