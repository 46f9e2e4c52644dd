//! What screens are made of. A part reads no context: everything comes in as a prop.

pub mod attach;
pub mod attached;
pub mod choice;
pub mod diff;
pub mod form;
pub mod goal_card;
pub mod ink;
pub mod mark;
pub mod message;
pub mod pick;
pub mod picture;
pub mod receipt;
pub mod scale;
pub mod sheet;
pub mod trend;
