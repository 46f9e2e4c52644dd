//! The line under a family's name: who, where, in which language, when the next visit is.

use domain::id::ScopeId;
use domain::vocabulary::Place;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::mark::{Icon, place_icon};
use crate::screens::appointment::appointment_href;
use crate::screens::family::Head;
use crate::words::lands::capitalized;
use crate::words::{Words, use_words};

/// What is known of the family at a glance.
pub fn head_facts(head: &Head, scope: ScopeId, today: Date) -> impl IntoView + use<> {
    let words = use_words();
    let members: Vec<String> = head
        .members
        .iter()
        .map(|(name, age)| age.map_or_else(|| name.clone(), |age| format!("{name} ({age})")))
        .collect();
    let members = (!members.is_empty()).then(|| {
        view! { <li class="only-wide"><Icon name="users" /><span dir="auto">{members.join(", ")}</span></li> }
    });
    let comune = head.comune.clone().map(|comune| {
        let icon = place_icon(Place::AtHome);
        view! { <li class="only-wide"><Icon name=icon />{comune}</li> }
    });
    let language = head.language.as_ref().map(|tag| {
        let mut line = capitalized(&words.language(tag));
        if head.is_interpreter_needed {
            line = format!("{line}, {}", words.interpreter_needed().to_lowercase());
        }
        view! { <li><Icon name="languages" />{line}</li> }
    });
    let safe = head.safe_contact.clone().map(|rule| {
        view! { <li class="is-safe"><Icon name="phone" /><span dir="auto">{rule}</span></li> }
    });
    let next = next_visit(head, today, words).map(|(line, visit)| {
        let line = if head.may_write {
            let href = appointment_href(scope, visit);
            view! { <a class="btn btn--bare btn--inline" href=href>{line}</a> }.into_any()
        } else {
            line.into_any()
        };
        view! { <li><Icon name="calendar-days" />{line}</li> }
    });
    view! { <ul class="famhead__facts">{members}{comune}{language}{safe}{next}</ul> }
}

/// When the next visit is, and which; where none is planned, that one can be.
fn next_visit(
    head: &Head,
    today: Date,
    words: Words,
) -> Option<(String, Option<domain::id::VisitId>)> {
    match head.next {
        Some((visit, day, time)) => {
            let when = words.day_and_time(day, time, today);
            Some((capitalized(&words.visit_on(&when)), Some(visit)))
        }
        None if head.may_change() => Some((words.plan_visit().to_owned(), None)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{Millis, VisitId};
    use domain::plan::Stage;
    use jiff::civil::{date, time};

    use super::*;

    #[test]
    fn the_head_tells_the_next_visit_or_offers_to_plan_one() {
        let today = date(2026, 10, 14);
        let visit = VisitId::new(Millis(0), [1; 10]);
        let head = |next, may_write, rest| Head {
            next,
            may_write,
            rest,
            ..Head::default()
        };
        let tomorrow = Some((visit, date(2026, 10, 15), Some(time(10, 30, 0, 0))));
        for (head, told) in [
            (head(tomorrow, true, None), Some("Visita domani alle 10:30")),
            (
                head(tomorrow, false, None),
                Some("Visita domani alle 10:30"),
            ),
            (head(None, true, None), Some("Pianifica visita")),
            (head(None, true, Some(Stage::Suspended)), None),
            (head(None, false, None), None),
        ] {
            let line = next_visit(&head, today, Words::default());
            assert_eq!(line.as_ref().map(|(line, _)| line.as_str()), told);
        }
    }
}
