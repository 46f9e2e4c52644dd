//! Days and hours in words. A person reads «giovedì 22 ottobre», never 22/10.

use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::words::{Language, Words};

const MONTHS_IT: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

words! {
    /// Today, in a sentence.
    day_today: "oggi", "today";
    /// Yesterday.
    day_yesterday: "ieri", "yesterday";
    /// Tomorrow.
    day_tomorrow: "domani", "tomorrow";
    /// Less than a minute ago.
    just_now: "adesso", "just now";
}

counts! {
    /// Days to go.
    in_days(n): "tra {n} giorno" | "tra {n} giorni", "in {n} day" | "in {n} days";
    /// Days gone by.
    days_ago(n): "{n} giorno fa" | "{n} giorni fa", "{n} day ago" | "{n} days ago";
    /// Minutes to go.
    in_minutes(n): "tra {n} minuto" | "tra {n} minuti", "in {n} minute" | "in {n} minutes";
    /// Hours to go.
    in_hours(n): "tra {n} ora" | "tra {n} ore", "in {n} hour" | "in {n} hours";
    /// For so many minutes.
    for_minutes(n): "da {n} minuto" | "da {n} minuti", "for {n} minute" | "for {n} minutes";
    /// For so many hours.
    for_hours(n): "da {n} ora" | "da {n} ore", "for {n} hour" | "for {n} hours";
    /// For so many days.
    for_days(n): "da {n} giorno" | "da {n} giorni", "for {n} day" | "for {n} days";
}

impl Words {
    /// A day of the week: `giovedì`.
    pub const fn weekday(self, day: Weekday) -> &'static str {
        match (day, self.0) {
            (Weekday::Monday, Language::Italian) => "lunedì",
            (Weekday::Tuesday, Language::Italian) => "martedì",
            (Weekday::Wednesday, Language::Italian) => "mercoledì",
            (Weekday::Thursday, Language::Italian) => "giovedì",
            (Weekday::Friday, Language::Italian) => "venerdì",
            (Weekday::Saturday, Language::Italian) => "sabato",
            (Weekday::Sunday, Language::Italian) => "domenica",
            (Weekday::Monday, Language::English) => "Monday",
            (Weekday::Tuesday, Language::English) => "Tuesday",
            (Weekday::Wednesday, Language::English) => "Wednesday",
            (Weekday::Thursday, Language::English) => "Thursday",
            (Weekday::Friday, Language::English) => "Friday",
            (Weekday::Saturday, Language::English) => "Saturday",
            (Weekday::Sunday, Language::English) => "Sunday",
        }
    }

    /// The month of a day: `ottobre`.
    pub fn month(self, day: Date) -> &'static str {
        let months = match self.0 {
            Language::Italian => &MONTHS_IT,
            Language::English => &MONTHS_EN,
        };
        let index = usize::try_from(day.month() - 1).expect("a month is 1..=12");
        months.get(index).expect("a month is 1..=12")
    }

    /// A day in full, without the year: `giovedì 22 ottobre`.
    pub fn long_day(self, day: Date) -> String {
        format!("{} {}", self.weekday(day.weekday()), self.day(day))
    }

    /// A day of this year: `22 ottobre`.
    pub fn day(self, day: Date) -> String {
        format!("{} {}", day.day(), self.month(day))
    }

    /// A day with its year: `22 ottobre 2026`.
    pub fn full_day(self, day: Date) -> String {
        format!("{} {}", self.day(day), day.year())
    }

    /// A day with all that names it: `venerdì 4 dicembre 2026`.
    pub fn whole_day(self, day: Date) -> String {
        format!("{} {}", self.weekday(day.weekday()), self.full_day(day))
    }

    /// A day in little room: `22 ott`, with the year if it is another.
    pub fn short_day(self, day: Date, today: Date) -> String {
        let month: String = self.month(day).chars().take(3).collect();
        let short = format!("{} {month}", day.day());
        if day.year() == today.year() {
            short
        } else {
            format!("{short} {}", day.year())
        }
    }

    /// A day seen from today: `ieri`, `tra 3 giorni`, farther away the day itself.
    pub fn relative_day(self, day: Date, today: Date) -> String {
        let away = days_between(today, day);
        match away {
            0 => self.day_today().to_owned(),
            1 => self.day_tomorrow().to_owned(),
            -1 => self.day_yesterday().to_owned(),
            2..=14 => self.in_days(count(away)),
            -14..=-2 => self.days_ago(count(away)),
            _ if day.year() == today.year() => self.day(day),
            _ => self.full_day(day),
        }
    }

    /// A day, with its year where it is another one: `23 gennaio 2027`.
    pub fn known_day(self, day: Date, today: Date) -> String {
        if day.year() == today.year() {
            self.day(day)
        } else {
            self.full_day(day)
        }
    }

    /// A day as a sentence names it: `il 23 gennaio`, `l’8 gennaio`.
    pub fn the_day(self, day: Date, today: Date) -> String {
        let known = self.known_day(day, today);
        match (self.0, day.day()) {
            (Language::Italian, 8 | 11) => format!("l’{known}"),
            (Language::Italian, _) => format!("il {known}"),
            (Language::English, _) => known,
        }
    }

    /// Until when something is to be done: `entro domani`, `entro il 23 gennaio`.
    pub fn due_by(self, day: Date, today: Date) -> String {
        match days_between(today, day) {
            0 => self.by_day(self.day_today()),
            1 => self.by_day(self.day_tomorrow()),
            _ => self.by_day(&self.the_day(day, today)),
        }
    }

    /// The day of a visit, and the hour if one was agreed: `domani alle 10:30`, `lunedì 7 dicembre
    /// alle 9:30`.
    pub fn day_and_time(self, day: Date, time: Option<Time>, today: Date) -> String {
        let day = match days_between(today, day) {
            -1..=1 => self.relative_day(day, today),
            _ => format!(
                "{} {}",
                self.weekday(day.weekday()),
                self.known_day(day, today)
            ),
        };
        match time {
            Some(time) => self.day_at(&day, time),
            None => day,
        }
    }

    fn day_at(self, day: &str, time: Time) -> String {
        let hour = self.time(time);
        match (self.0, time.hour()) {
            // One o’clock is the only hour that is one.
            (Language::Italian, 1) => format!("{day} all’{hour}"),
            (Language::Italian, _) => format!("{day} alle {hour}"),
            (Language::English, _) => format!("{day} at {hour}"),
        }
    }

    /// An hour: `10:41`.
    pub fn time(self, time: Time) -> String {
        format!("{}:{:02}", time.hour(), time.minute())
    }

    /// A moment seen from today: `oggi 8:12`, `ieri 17:40`, `13 ott 18:05`.
    pub fn moment(self, at: DateTime, today: Date) -> String {
        let day = match days_between(today, at.date()) {
            0 => self.day_today().to_owned(),
            -1 => self.day_yesterday().to_owned(),
            _ => self.short_day(at.date(), today),
        };
        format!("{day} {}", self.time(at.time()))
    }

    /// How long something has lasted: `da 25 minuti`.
    pub fn lasting(self, ms: i64) -> String {
        let minutes = ms.max(0) / 60_000;
        match minutes {
            0 => self.just_now().to_owned(),
            1..60 => self.for_minutes(count(minutes)),
            60..2_880 => self.for_hours(count(minutes / 60)),
            _ => self.for_days(count(minutes / 1_440)),
        }
    }

    /// How far away an hour of today is: `tra 40 minuti`. `None` once it has come.
    pub fn until(self, at: DateTime, now: DateTime) -> Option<String> {
        let seconds = now.duration_until(at).as_secs();
        match seconds / 60 {
            minutes if minutes <= 0 => None,
            minutes @ 1..90 => Some(self.in_minutes(count(minutes))),
            minutes => Some(self.in_hours(count((minutes + 30) / 60))),
        }
    }
}

/// Days from one day to another: positive when the other is later.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// The same weekday of the next week.
pub fn week_after(day: Date) -> Date {
    (0..7).fold(day, |day, _| day.tomorrow().unwrap_or(day))
}

/// The same day of the next month, or its last one where it is shorter.
pub fn month_after(day: Date) -> Date {
    let Ok(next) = day.last_of_month().tomorrow() else {
        return day;
    };
    let wanted = day.day().min(next.days_in_month());
    Date::new(next.year(), next.month(), wanted).unwrap_or(next)
}

fn count(n: i64) -> usize {
    usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime, time};

    use super::*;

    const IT: Words = Words(Language::Italian);
    const EN: Words = Words(Language::English);

    #[test]
    fn a_week_and_a_month_go_over_the_end_of_months() {
        assert_eq!(week_after(date(2026, 12, 28)), date(2027, 1, 4));
        assert_eq!(month_after(date(2026, 12, 14)), date(2027, 1, 14));
        assert_eq!(month_after(date(2026, 1, 31)), date(2026, 2, 28));
        assert_eq!(month_after(date(2028, 1, 30)), date(2028, 2, 29));
    }

    #[test]
    fn a_day_is_written_as_people_say_it() {
        let day = date(2026, 10, 22);
        assert_eq!(IT.long_day(day), "giovedì 22 ottobre");
        assert_eq!(EN.long_day(day), "Thursday 22 October");
        assert_eq!(IT.short_day(day, date(2026, 1, 1)), "22 ott");
        assert_eq!(IT.short_day(day, date(2027, 1, 1)), "22 ott 2026");
        assert_eq!(IT.time(time(10, 41, 0, 0)), "10:41");
    }

    #[test]
    fn a_near_day_is_told_from_today() {
        let today = date(2026, 10, 14);
        let cases = [
            (date(2026, 10, 14), "oggi", "today"),
            (date(2026, 10, 13), "ieri", "yesterday"),
            (date(2026, 10, 15), "domani", "tomorrow"),
            (date(2026, 10, 17), "tra 3 giorni", "in 3 days"),
            (date(2026, 10, 12), "2 giorni fa", "2 days ago"),
            (date(2026, 12, 25), "25 dicembre", "25 December"),
            (date(2027, 1, 2), "2 gennaio 2027", "2 January 2027"),
        ];
        for (day, it, en) in cases {
            assert_eq!(IT.relative_day(day, today), it);
            assert_eq!(EN.relative_day(day, today), en);
        }
        let tomorrow = date(2026, 10, 15);
        let half_past = Some(time(10, 30, 0, 0));
        assert_eq!(
            IT.day_and_time(tomorrow, half_past, today),
            "domani alle 10:30"
        );
        assert_eq!(
            EN.day_and_time(tomorrow, half_past, today),
            "tomorrow at 10:30"
        );
        let at_one = Some(time(1, 15, 0, 0));
        assert_eq!(IT.day_and_time(tomorrow, at_one, today), "domani all’1:15");
        assert_eq!(IT.day_and_time(tomorrow, None, today), "domani");
        let monday = date(2026, 12, 7);
        assert_eq!(
            IT.day_and_time(monday, Some(time(9, 30, 0, 0)), today),
            "lunedì 7 dicembre alle 9:30"
        );
        assert_eq!(
            EN.day_and_time(date(2027, 1, 4), None, today),
            "Monday 4 January 2027"
        );
    }

    #[test]
    fn what_is_due_is_told_by_its_day() {
        let today = date(2026, 10, 14);
        let cases = [
            (date(2026, 10, 14), "entro oggi", "by today"),
            (date(2026, 10, 15), "entro domani", "by tomorrow"),
            (date(2026, 10, 23), "entro il 23 ottobre", "by 23 October"),
            (date(2026, 11, 8), "entro l’8 novembre", "by 8 November"),
            (
                date(2027, 1, 23),
                "entro il 23 gennaio 2027",
                "by 23 January 2027",
            ),
        ];
        for (day, it, en) in cases {
            assert_eq!(IT.due_by(day, today), it);
            assert_eq!(EN.due_by(day, today), en);
        }
    }

    #[test]
    fn a_duration_knows_one_from_many() {
        assert_eq!(IT.lasting(30_000), "adesso");
        assert_eq!(IT.lasting(60_000), "da 1 minuto");
        assert_eq!(IT.lasting(26 * 3_600_000), "da 26 ore");
        assert_eq!(EN.lasting(72 * 3_600_000), "for 3 days");
    }

    #[test]
    fn the_next_hour_counts_down() {
        let now = datetime(2026, 10, 14, 9, 50, 0, 0);
        let at = datetime(2026, 10, 14, 10, 30, 0, 0);
        assert_eq!(IT.until(at, now).as_deref(), Some("tra 40 minuti"));
        assert_eq!(IT.until(now, at), None);
        assert_eq!(IT.moment(now, date(2026, 10, 15)), "ieri 9:50");
    }
}
