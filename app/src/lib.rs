//! Placeholder

pub mod device;
pub mod parts;
pub mod preferences;
pub mod words;
