//! The cases of the store's contract. Each gets an empty ambito of its own.

mod agenda_cases;
mod anew_cases;
mod batch_cases;
mod full_cases;
mod log_cases;
mod naming_cases;
mod office_cases;
mod quarantine_cases;
mod reach_cases;
mod sealed_cases;
mod step_cases;
mod sync_cases;

pub use agenda_cases::*;
pub use anew_cases::*;
pub use batch_cases::*;
pub use full_cases::*;
pub use log_cases::*;
pub use naming_cases::*;
pub use office_cases::*;
pub use quarantine_cases::*;
pub use reach_cases::*;
pub use sealed_cases::*;
pub use step_cases::*;
pub use sync_cases::*;
