//! Placeholder

pub mod device;
