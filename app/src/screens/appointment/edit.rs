//! The form of an appointment: what it holds, and the one write that it leads to. Pure.
//!
//! The write names what was on screen when the form was opened: a time that somebody else wrote
//! meanwhile stands beside it until a person chooses.

use domain::civil::Civil;
use domain::id::{OpId, ScopeId, VisitId};
use domain::op::Known;
use domain::state::Case;
use domain::visit::{Appointment, VisitField, VisitKey};
use domain::vocabulary::Place;
use jiff::civil::{Date, Time, Weekday};
use replica::replica::{Receipt, Replica};
use serde::{Deserialize, Serialize};

use crate::screens::family::facts::latest;
use crate::screens::family::is_closed;
use crate::session::Writing;
use crate::words::dates::{month_after, week_after};

/// A form and what it held when it was opened. Texts are as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentEdit {
    /// Which visit this will be.
    pub visit: VisitId,
    /// Day.
    #[serde(default, with = "domain::civil::option")]
    pub date: Option<Date>,
    /// Hour, as `10:30`; empty where none was agreed.
    #[serde(default)]
    pub time: String,
    /// Where.
    pub place: Place,
    /// What for.
    #[serde(default)]
    pub about: String,
    was: Option<Appointment>,
    #[serde(default)]
    heads: Vec<OpId>,
}

/// Why an appointment cannot be saved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// No day, or one that is past.
    Day,
    /// What is written is no hour.
    Time,
}

impl AppointmentEdit {
    /// A visit to plan: a month after the last one, at the same place.
    pub fn new(case: &Case, visit: VisitId, today: Date) -> Self {
        let last = case.last_visit();
        Self {
            visit,
            date: Some(next_day(last.map(|record| record.date), today)),
            time: String::new(),
            place: last.map_or(Place::AtHome, |record| record.place),
            about: String::new(),
            was: None,
            heads: Vec::new(),
        }
    }

    /// A visit that is planned and was neither made nor called off.
    pub fn of(case: &Case, visit: VisitId) -> Option<Self> {
        let known = case.visits.get(&visit)?;
        let appointment = known.appointment()?;
        let hour = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        known.record().is_none().then(|| Self {
            visit,
            date: Some(appointment.date),
            time: appointment.time.map(hour).unwrap_or_default(),
            place: appointment.place,
            about: appointment.about.clone(),
            was: Some(appointment.clone()),
            heads: known.planned.heads(VisitKey::Appointment),
        })
    }

    /// Whether the visit is not planned yet.
    pub fn is_new(&self) -> bool {
        self.was.is_none()
    }

    /// The appointment as the form says it.
    ///
    /// # Errors
    /// [`Lacking`] says what has to be filled in first.
    pub fn appointment(&self, today: Date) -> Result<Appointment, Lacking> {
        let was = self.was.as_ref().map(|was| was.date);
        let is_possible = |day: &Date| *day >= today || was == Some(*day);
        let date = self.date.filter(is_possible).ok_or(Lacking::Day)?;
        let time = match self.time.trim() {
            "" => None,
            text => Some(Time::read(text).ok_or(Lacking::Time)?),
        };
        Ok(Appointment {
            date,
            time,
            place: self.place,
            about: self.about.trim().to_owned(),
        })
    }

    /// The write; `None` where nothing changed.
    pub fn writing(&self, appointment: Appointment) -> Option<Writing> {
        (self.was.as_ref() != Some(&appointment)).then(|| {
            let change = Known::VisitPlanned {
                visit: self.visit,
                field: VisitField::Appointment(appointment),
            };
            Writing::replacing(self.heads.clone(), change)
        })
    }
}

/// How far the last thing that was written of a planned visit has gone.
pub fn receipt_of(replica: &Replica, scope: ScopeId, visit: VisitId) -> Option<Receipt> {
    let case = replica.state().cases.get(&scope)?;
    let planned = &case.visits.get(&visit)?.planned;
    let written = planned.iter().flat_map(|(_, register)| register.history());
    replica.receipt(latest(written.map(|(op, _)| op))?)
}

/// Whether two people planned a visit differently.
pub fn two_stand(replica: &Replica, scope: ScopeId, visit: VisitId) -> bool {
    let case = replica.state().cases.get(&scope);
    let visit = case.and_then(|case| case.visits.get(&visit));
    visit.is_some_and(|visit| visit.planned.disputed().next().is_some())
}

/// The day that is proposed: a month after the last visit, a week from now for the first one;
/// neither in the past nor on a Sunday.
fn next_day(last: Option<Date>, today: Date) -> Date {
    let day = last.map_or_else(|| week_after(today), month_after);
    let day = day.max(today);
    if day.weekday() == Weekday::Sunday {
        day.tomorrow().unwrap_or(day)
    } else {
        day
    }
}

/// The write that calls a visit off, or back.
pub fn calling_off(case: &Case, visit: VisitId, is_off: bool) -> Option<Writing> {
    let heads = case.visits.get(&visit)?.planned.heads(VisitKey::Cancelled);
    let field = VisitField::Cancelled(is_off);
    Some(Writing::replacing(
        heads,
        Known::VisitPlanned { visit, field },
    ))
}

/// The visits that are planned and not yet made; none of a plan that is closed.
pub fn planned(case: &Case) -> impl Iterator<Item = (VisitId, &Appointment)> {
    let is_open = !is_closed(case);
    case.visits
        .iter()
        .filter(move |(_, visit)| is_open && visit.record().is_none())
        .filter_map(|(id, visit)| Some((*id, visit.appointment()?)))
}

/// The next visit that is planned, from today on.
pub fn next_planned(case: &Case, today: Date) -> Option<(VisitId, &Appointment)> {
    planned(case)
        .filter(|(_, planned)| planned.date >= today)
        .min_by_key(|(id, planned)| (planned.date, planned.time.is_none(), planned.time, *id))
}

#[cfg(test)]
mod tests {
    use domain::plan::PlanMove;
    use domain::visit::Rating;
    use domain::vocabulary::{Closure, Role};
    use jiff::civil::{date, time};

    use super::*;
    use crate::screens::fixture::{Family, scope, tutor, visit};

    const TODAY: Date = date(2026, 10, 14);

    fn appointment(edit: &AppointmentEdit) -> Appointment {
        edit.appointment(TODAY).expect("the form is full")
    }

    /// A family with a visit planned through the form.
    fn with_visit(day: Date, hour: &str) -> Family {
        let mut family = Family::hassan();
        let mut edit = AppointmentEdit::new(&family.case(), visit(7), TODAY);
        edit.date = Some(day);
        edit.time = hour.to_owned();
        let made = edit.writing(appointment(&edit));
        family.wrote(tutor(), made.into_iter().collect());
        family
    }

    #[test]
    fn the_next_visit_is_a_month_after_the_last_one_at_the_same_place() {
        let mut family = Family::hassan();
        let first = AppointmentEdit::new(&family.case(), visit(7), TODAY);
        assert_eq!(first.date, Some(date(2026, 10, 21)), "a week from now");
        for (last, next) in [
            (date(2026, 9, 30), date(2026, 10, 30)),
            (date(2026, 8, 3), TODAY),
            // 8 November is a Sunday.
            (date(2026, 10, 8), date(2026, 11, 9)),
        ] {
            assert_eq!(next_day(Some(last), TODAY), next, "{last}");
        }
        family.visited(1, date(2026, 9, 30), Rating::default());
        let next = AppointmentEdit::new(&family.case(), visit(7), TODAY);
        assert_eq!(next.date, Some(date(2026, 10, 30)));
        assert_eq!((next.place, next.is_new()), (Place::AtHome, true));
    }

    #[test]
    fn a_day_is_needed_and_an_hour_is_not() {
        let mut edit = AppointmentEdit::new(&Family::hassan().case(), visit(7), TODAY);
        assert_eq!(appointment(&edit).time, None);
        edit.time = "10:30".to_owned();
        assert_eq!(appointment(&edit).time, Some(time(10, 30, 0, 0)));
        edit.time = "alle dieci".to_owned();
        assert_eq!(edit.appointment(TODAY), Err(Lacking::Time));
        edit.date = Some(date(2026, 10, 13));
        assert_eq!(edit.appointment(TODAY), Err(Lacking::Day));
        edit.date = None;
        assert_eq!(edit.appointment(TODAY), Err(Lacking::Day));
    }

    #[test]
    fn moving_a_visit_replaces_what_was_on_screen() {
        let mut family = with_visit(TODAY, "10:30");
        let mut edit = AppointmentEdit::of(&family.case(), visit(7)).expect("it is planned");
        assert_eq!(edit.time, "10:30");
        assert!(
            edit.writing(appointment(&edit)).is_none(),
            "nothing changed"
        );
        edit.date = Some(date(2026, 10, 15));
        let made = edit.writing(appointment(&edit)).expect("the day changed");
        family.wrote(tutor(), vec![made]);
        let case = family.case();
        let (id, planned) = next_planned(&case, TODAY).expect("it is planned");
        assert_eq!((id, planned.date), (visit(7), date(2026, 10, 15)));
        assert_eq!(case.visits[&visit(7)].planned.disputed().count(), 0);
    }

    #[test]
    fn a_past_visit_may_keep_its_day() {
        let mut family = Family::hassan();
        let mut edit = AppointmentEdit::new(&family.case(), visit(7), TODAY);
        edit.date = Some(date(2026, 10, 12));
        let then = edit.appointment(date(2026, 10, 1)).expect("it was to come");
        family.wrote(tutor(), edit.writing(then).into_iter().collect());
        let mut edit = AppointmentEdit::of(&family.case(), visit(7)).expect("it is planned");
        edit.about = " ISEE ".to_owned();
        assert_eq!(appointment(&edit).about, "ISEE");
        edit.date = Some(date(2026, 10, 11));
        assert_eq!(edit.appointment(TODAY), Err(Lacking::Day));
    }

    #[test]
    fn a_planned_visit_says_how_far_its_last_write_has_gone() {
        let mut family = with_visit(TODAY, "");
        let receipt = |family: &Family| {
            let replica = family.held_by(tutor(), Role::Mediator);
            receipt_of(&replica, scope(), visit(7))
        };
        assert_eq!(receipt(&family), Some(Receipt::Accepted(family.len())));
        let off = calling_off(&family.case(), visit(7), true);
        family.wrote(tutor(), off.into_iter().collect());
        assert_eq!(receipt(&family), Some(Receipt::Accepted(family.len())));
        family.visited(1, TODAY, Rating::default());
        assert_eq!(receipt(&family), Some(Receipt::Accepted(family.len() - 2)));
    }

    #[test]
    fn a_visit_is_called_off_and_back() {
        let mut family = with_visit(TODAY, "");
        for (is_off, is_planned) in [(true, false), (false, true), (true, false)] {
            let made = calling_off(&family.case(), visit(7), is_off).expect("it is known");
            family.wrote(tutor(), vec![made]);
            let case = family.case();
            assert_eq!(next_planned(&case, TODAY).is_some(), is_planned);
            assert_eq!(
                AppointmentEdit::of(&case, visit(7)).is_some(),
                is_planned,
                "a visit that was called off is not moved"
            );
            assert_eq!(case.visits[&visit(7)].planned.disputed().count(), 0);
        }
    }

    #[test]
    fn a_closed_plan_and_a_visit_that_was_made_remind_of_nothing() {
        let mut family = with_visit(TODAY, "");
        family.write(
            tutor(),
            Known::PlanMoved(PlanMove::Closed(Closure::Withdrew)),
        );
        assert_eq!(next_planned(&family.case(), TODAY), None);
        let mut family = with_visit(TODAY, "");
        family.visited(7, TODAY, Rating::default());
        assert_eq!(next_planned(&family.case(), TODAY), None);
        assert!(AppointmentEdit::of(&family.case(), visit(7)).is_none());
    }

    #[test]
    fn a_form_survives_the_disk() {
        let edit = AppointmentEdit::of(&with_visit(TODAY, "09:05").case(), visit(7))
            .expect("it is planned");
        let text = serde_json::to_string(&edit).expect("a form is JSON");
        let back: AppointmentEdit = serde_json::from_str(&text).expect("it reads back");
        assert_eq!((back.time.as_str(), &back), ("09:05", &edit));
    }
}
