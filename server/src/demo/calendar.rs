//! Days and hours in Italy, told from a given today.

use domain::id::Millis;
use jiff::civil::{Date, Time, Weekday, date};
use jiff::{SignedDuration, Span, ToSpan};

/// A moment told from today: how many days away, and the minute of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Days from today; negative is past.
    pub days: i32,
    /// Minutes since midnight.
    pub minute: i32,
}

impl Moment {
    /// This moment a few minutes later.
    pub fn later(self, minutes: i32) -> Self {
        Self {
            days: self.days,
            minute: self.minute + minutes,
        }
    }
}

/// The day that lies `days` from `today`.
pub fn day(today: Date, days: i32) -> Date {
    today.saturating_add(Span::new().days(days))
}

/// The instant of a moment, on Italian clocks.
pub fn instant(today: Date, moment: Moment) -> Millis {
    let midnight = day(today, moment.days).at(0, 0, 0, 0);
    let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
    let local = midnight.duration_since(epoch)
        + SignedDuration::from_mins(i64::from(moment.minute))
        - SignedDuration::from_hours(offset_hours(day(today, moment.days)));
    Millis(i64::try_from(local.as_millis()).unwrap_or(i64::MAX))
}

/// How far Italian clocks are ahead of UTC on a day. Written out, so that the demonstration does
/// not depend on the time zone tables of the machine: summer time goes from the last Sunday of
/// March to the last Sunday of October (Directive 2000/84/EC).
fn offset_hours(day: Date) -> i64 {
    let last_sunday = |month| {
        let end = date(day.year(), month, 31);
        let since = end.weekday().since(Weekday::Sunday);
        end.saturating_sub(i32::from(since).days())
    };
    if (last_sunday(3)..last_sunday(10)).contains(&day) {
        2
    } else {
        1
    }
}

/// Whether nobody works on that day.
pub fn is_sunday(today: Date, days: i32) -> bool {
    day(today, days).weekday() == Weekday::Sunday
}

/// The hour that is `minute` minutes after midnight.
pub fn hour(minute: i32) -> Time {
    let hour = i8::try_from(minute / 60).unwrap_or(9);
    let minute = i8::try_from(minute % 60).unwrap_or(0);
    Time::new(hour, minute, 0, 0).unwrap_or_default()
}
