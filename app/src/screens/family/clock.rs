//! The day and the clock by which a screen tells time: given to models, never read by them.

use domain::id::Millis;
use jiff::civil::{Date, DateTime};

use crate::words::dates::days_between;

/// Today, and what an instant is called in this device's time zone.
#[derive(Clone, Copy)]
pub struct Clock<'a> {
    /// Today.
    pub today: Date,
    /// An instant in local time.
    pub local: &'a dyn Fn(Millis) -> DateTime,
}

impl Clock<'_> {
    /// An instant in local time.
    pub fn local(&self, at: Millis) -> DateTime {
        (self.local)(at)
    }

    /// The day of an instant.
    pub fn day(&self, at: Millis) -> Date {
        self.local(at).date()
    }

    /// Whole days from `then` until today; none for a day that is still to come.
    pub fn days_since(&self, then: Date) -> u32 {
        u32::try_from(days_between(then, self.today)).unwrap_or(0)
    }
}
