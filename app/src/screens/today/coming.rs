//! In arrivo: the visits of the next days.

use domain::family::Name;
use domain::id::{ScopeId, VisitId};
use domain::order;
use domain::visit::Appointment;
use jiff::civil::Date;
use leptos::prelude::*;
use replica::replica::Replica;

use crate::parts::mark::place_icon;
use crate::screens::appointment::appointment_href;
use crate::screens::appointment::edit::{planned, two_stand};
use crate::screens::family::may_write;
use crate::screens::today::{Row, family_href};
use crate::session::use_session;
use crate::words::dates::days_between;
use crate::words::use_words;

/// How far ahead visits are listed, in days.
const COMING_DAYS: i64 = 7;

/// A visit of the next days.
#[derive(Clone, Debug, PartialEq)]
pub struct Coming {
    /// The family's file.
    pub scope: ScopeId,
    /// The visit.
    pub visit: VisitId,
    /// The family's name.
    pub family: Name,
    /// When, where and what for.
    pub planned: Appointment,
    /// Whether the reader may move it.
    pub may_move: bool,
    /// Whether two people planned it differently.
    pub is_disputed: bool,
}

/// The visits from tomorrow on, the earliest first.
pub fn coming(replica: &Replica, today: Date) -> Vec<Coming> {
    let role = replica.owner().role;
    let mut all = Vec::new();
    for (scope, case) in &replica.state().cases {
        let relation = replica.relation(*scope);
        let Some(name) = case.household.name() else {
            continue;
        };
        let soon = planned(case)
            .filter(|(_, at)| (1..=COMING_DAYS).contains(&days_between(today, at.date)));
        all.extend(soon.map(|(visit, at)| Coming {
            scope: *scope,
            visit,
            family: name.clone(),
            planned: at.clone(),
            may_move: relation.is_some_and(|relation| may_write(role, relation)),
            is_disputed: two_stand(replica, *scope, visit),
        }));
    }
    order::sort_by_key(&mut all, |one| {
        let at = &one.planned;
        (at.date, at.time.is_none(), at.time, one.visit)
    });
    all
}

/// The list of them; nothing where none is planned.
#[component]
pub fn ComingUp() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let all = Memo::new(move |_| session.read(|replica| coming(replica, session.today())));
    let rows = move || {
        let row = |one: Coming| {
            let at = one.planned;
            let place = words.place(at.place).to_owned();
            let two = one.is_disputed.then(|| words.two_values().to_owned());
            let about = Some(at.about).filter(|about| !about.is_empty());
            let parts: Vec<String> = [two, Some(place), about].into_iter().flatten().collect();
            let note = parts.join(" · ");
            let href = if one.may_move {
                appointment_href(one.scope, Some(one.visit))
            } else {
                family_href(one.scope)
            };
            view! {
                <Row href=href icon=place_icon(at.place) title=words.family_named(&one.family.latin)
                    note=note
                    end=words.day_and_time(at.date, at.time, session.today()) />
            }
        };
        all.get().into_iter().map(row).collect_view()
    };
    move || {
        (!all.read().is_empty()).then(|| {
            view! {
                <section class="section" aria-labelledby="coming">
                    <div class="section__head"><h2 id="coming">{words.coming_up()}</h2></div>
                    <div class="card card--flush rows">{rows()}</div>
                </section>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
    use domain::visit::{Rating, VisitField};
    use domain::vocabulary::{Place, Role};
    use jiff::civil::{Time, date, time};

    use super::*;
    use crate::screens::fixture::{Family, reviewer, tutor, visit};

    fn plan(family: &mut Family, number: u8, day: Date, hour: Option<Time>) {
        let appointment = Appointment {
            date: day,
            time: hour,
            place: Place::AtHome,
            about: String::new(),
        };
        family.write(
            tutor(),
            Known::VisitPlanned {
                visit: visit(number),
                field: VisitField::Appointment(appointment),
            },
        );
    }

    #[test]
    fn the_next_seven_days_come_in_order_without_what_was_made() {
        let today = date(2026, 10, 14);
        let mut family = Family::hassan();
        for (number, day, hour) in [
            (1, date(2026, 10, 14), None),
            (2, date(2026, 10, 21), None),
            (3, date(2026, 10, 22), None),
            (4, date(2026, 10, 20), None),
            (5, date(2026, 10, 20), Some(time(16, 0, 0, 0))),
            (6, date(2026, 10, 15), None),
        ] {
            plan(&mut family, number, day, hour);
        }
        family.visited(6, today, Rating::default());
        let all = coming(&family.held_by(tutor(), Role::Mediator), today);
        let order: Vec<VisitId> = all.iter().map(|one| one.visit).collect();
        assert_eq!(order, [visit(5), visit(4), visit(2)]);
        assert!(all.iter().all(|one| one.may_move));
        let hers = coming(&family.held_by(reviewer(), Role::SocialWorker), today);
        assert!(!hers.is_empty() && hers.iter().all(|one| !one.may_move));
    }

    #[test]
    fn a_visit_that_two_people_planned_differently_is_marked() {
        let today = date(2026, 10, 14);
        let mut family = Family::hassan();
        plan(&mut family, 1, date(2026, 10, 15), None);
        plan(&mut family, 2, date(2026, 10, 16), None);
        // Neither knew of the other: neither takes the other's place.
        plan(&mut family, 2, date(2026, 10, 17), None);
        let all = coming(&family.held_by(tutor(), Role::Mediator), today);
        let marked: Vec<(VisitId, bool)> =
            all.iter().map(|one| (one.visit, one.is_disputed)).collect();
        assert_eq!(marked, [(visit(1), false), (visit(2), true)]);
    }
}
