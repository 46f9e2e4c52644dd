//! What screens are made of. A part reads no context: everything comes in as a prop.

pub mod choice;
pub mod form;
pub mod mark;
pub mod message;
pub mod receipt;
pub mod scale;
pub mod sheet;
