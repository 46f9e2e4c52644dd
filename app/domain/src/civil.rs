//! Days and hours as text: `2026-10-14`, `09:30:00`.
//!
//! `jiff` can read and write these itself, but then carries everything it knows of calendars,
//! zones and what may be wrong with them into every phone: a tenth of the app, for ten digits.

use jiff::civil::{Date, Time};
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serializer};

/// A day or an hour that has a text.
pub trait Civil: Sized {
    /// Its text.
    fn text(&self) -> String;

    /// What a text says, if it is one of these.
    fn read(text: &str) -> Option<Self>;
}

impl Civil for Date {
    fn text(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let day = digits(parts.next()?, 2)?;
        Self::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        )
        .ok()
    }
}

impl Civil for Time {
    fn text(&self) -> String {
        format!(
            "{:02}:{:02}:{:02}",
            self.hour(),
            self.minute(),
            self.second()
        )
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let hour = digits(parts.next()?, 2)?;
        let minute = digits(parts.next()?, 2)?;
        let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
        Self::new(
            i8::try_from(hour).ok()?,
            i8::try_from(minute).ok()?,
            i8::try_from(second).ok()?,
            0,
        )
        .ok()
    }
}

fn digits(part: &str, length: usize) -> Option<u16> {
    let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| part.parse().ok()).flatten()
}

/// Writes a day or an hour.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<T: Civil, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&value.text())
}

/// Reads a day or an hour.
///
/// # Errors
/// If the text is none.
pub fn deserialize<'de, T: Civil, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    T::read(&text).ok_or_else(|| D::Error::custom("not a day or an hour"))
}

/// The same where there may be none.
pub mod option {
    use super::{Civil, Deserialize, Deserializer, Error, Serializer};

    /// Writes a day or an hour, or that there is none.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<T: Civil, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.serialize_str(&value.text()),
            None => to.serialize_none(),
        }
    }

    /// Reads a day or an hour, or that there is none.
    ///
    /// # Errors
    /// If the text is neither.
    pub fn deserialize<'de, T: Civil, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(None);
        };
        T::read(&text)
            .map(Some)
            .ok_or_else(|| D::Error::custom("not a day or an hour"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn days_and_hours_are_written_as_jiff_writes_them_and_read_back() {
        for day in [date(2026, 10, 14), date(1931, 1, 2), date(987, 12, 31)] {
            assert_eq!(day.text(), day.to_string());
            assert_eq!(Date::read(&day.text()), Some(day));
        }
        for hour in [time(9, 30, 0, 0), time(23, 59, 59, 0)] {
            assert_eq!(hour.text(), hour.to_string());
            assert_eq!(Time::read(&hour.text()), Some(hour));
        }
        assert_eq!(Time::read("07:05"), Some(time(7, 5, 0, 0)));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in [
            "",
            "2026",
            "2026-02-30",
            "26-1-1",
            "2026-10-14T09",
            "+026-10-14",
            "٢٠٢٦-١٠-١٤",
        ] {
            assert_eq!(Date::read(text), None, "{text}");
        }
        for text in ["", "9:30", "24:00", "10:61", "10:00:00.5"] {
            assert_eq!(Time::read(text), None, "{text}");
        }
    }
}
