//! What Oggi shows, computed from the copy. Pure.

use domain::family::{Name, Phone};
use domain::id::{GoalId, Millis, ScopeId, VisitId};
use domain::order;
use domain::state::Case;
use domain::vocabulary::{Area, Place, Verdict, WhoActs};
use jiff::civil::{Date, DateTime, Time};
use replica::replica::{Receipt, Replica, Status, SyncError};

use crate::parts::receipt::needs_person;
use crate::screens::dispute::choices;
use crate::screens::family::is_closed;
use crate::screens::takeover;
use crate::words::dates::days_between;

/// How far ahead a goal counts as due, in days.
const DUE_DAYS: i64 = 14;
/// How long an approval stays among the answers: two weeks.
const REPLY_MS: i64 = 14 * 86_400_000;
/// How long a visit that nobody closed is asked about, in days.
const TO_CLOSE_DAYS: i64 = 30;

/// Everything on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Now, by this device.
    pub now: DateTime,
    /// The visits of today, by the hour.
    pub visits: Vec<VisitCard>,
    /// The next day with a visit, and whose it is.
    pub next_day: Option<(Date, Name)>,
    /// What is to be settled.
    pub fixes: Vec<Fix>,
    /// What the social worker answered.
    pub replies: Vec<Reply>,
    /// Goals due soon or late, the earliest first.
    pub goals: Vec<DueGoal>,
}

/// One visit of today.
#[derive(Clone, Debug, PartialEq)]
pub struct VisitCard {
    /// The family's file.
    pub scope: ScopeId,
    /// The visit.
    pub visit: VisitId,
    /// The family's name.
    pub family: Name,
    /// The hour, if one was agreed.
    pub time: Option<Time>,
    /// Where.
    pub place: Place,
    /// What for.
    pub about: String,
    /// Whether it was made and closed.
    pub is_made: bool,
    /// Whether two people planned it differently.
    pub is_disputed: bool,
    /// Street and number.
    pub address: Option<String>,
    /// Comune.
    pub comune: Option<String>,
    /// The language spoken with the mediator.
    pub language: Option<String>,
    /// Whether an interpreter is needed.
    pub is_interpreter_needed: bool,
    /// Telephone.
    pub phone: Option<Phone>,
    /// What to know before calling.
    pub safe_contact: Option<String>,
    /// Goals that are worked on.
    pub goals: usize,
}

/// Something to be settled by a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Fix {
    /// Two people wrote different things.
    Disputed {
        /// The family.
        family: Name,
        /// In how many fields.
        count: usize,
    },
    /// A planned visit was neither closed nor called off.
    ToClose {
        /// The family's file.
        scope: ScopeId,
        /// The visit.
        visit: VisitId,
        /// The family.
        family: Name,
        /// The day it was planned for.
        day: Date,
    },
    /// Words of others wait for a decision.
    ToTakeOver {
        /// How many.
        count: usize,
    },
    /// Nothing is sent until a person does something.
    Standstill {
        /// Why.
        why: SyncError,
        /// How much waits for it.
        unsent: usize,
    },
    /// The server refused something.
    Refused {
        /// How many.
        count: usize,
    },
}

/// An answer of the social worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The family's file.
    pub scope: ScopeId,
    /// The family.
    pub family: Name,
    /// What was decided.
    pub verdict: Verdict,
    /// The version's number.
    pub number: u32,
    /// The comment; may be empty.
    pub comment: String,
    /// Who decided.
    pub by: Option<String>,
    /// When.
    pub at: Millis,
}

/// A goal whose date comes near, or is past.
#[derive(Clone, Debug, PartialEq)]
pub struct DueGoal {
    /// The family's file.
    pub scope: ScopeId,
    /// The goal.
    pub goal: GoalId,
    /// The family.
    pub family: Name,
    /// The family's words in Italian.
    pub words: Option<String>,
    /// The domain of need.
    pub area: Option<Area>,
    /// Who acts.
    pub who_acts: Option<WhoActs>,
    /// The date.
    pub due: Date,
}

/// What Oggi shows now.
pub fn model(replica: &Replica, status: &Status, at: Millis, now: DateTime) -> Card {
    let today = now.date();
    let mut card = Card {
        now,
        visits: Vec::new(),
        next_day: None,
        fixes: Vec::new(),
        replies: Vec::new(),
        goals: Vec::new(),
    };
    if let Some(why) = status.problem.filter(|why| needs_person(*why)) {
        let unsent = status.unsent;
        card.fixes.push(Fix::Standstill { why, unsent });
    }
    if status.refused > 0 {
        card.fixes.push(Fix::Refused {
            count: status.refused,
        });
    }
    let waiting = takeover::waiting(replica, None);
    if waiting > 0 {
        card.fixes.push(Fix::ToTakeOver { count: waiting });
    }
    for (scope, case) in &replica.state().cases {
        let Some(name) = case.household.name() else {
            continue;
        };
        let disputed = choices(*scope, case, replica.owner().role);
        if disputed > 0 {
            card.fixes.push(Fix::Disputed {
                family: name.clone(),
                count: disputed,
            });
        }
        add_visits(&mut card, *scope, case, name, today);
        add_goals(&mut card, *scope, case, name, today);
        card.replies.extend(reply(replica, *scope, case, name, at));
    }
    order::sort_by_key(&mut card.visits, |visit| {
        (visit.time.is_none(), visit.time, visit.visit)
    });
    order::sort_by_key(&mut card.goals, |goal| (goal.due, goal.goal));
    order::sort_by_key(&mut card.replies, |reply| std::cmp::Reverse(reply.at));
    card
}

fn add_visits(card: &mut Card, scope: ScopeId, case: &Case, name: &Name, today: Date) {
    for (id, visit) in &case.visits {
        let Some(appointment) = visit.appointment() else {
            continue;
        };
        let is_made = visit.record().is_some();
        if !is_made && is_closed(case) {
            // A plan that was closed reminds of nothing.
            continue;
        }
        let away = days_between(today, appointment.date);
        if away == 0 {
            let household = &case.household;
            card.visits.push(VisitCard {
                scope,
                visit: *id,
                family: name.clone(),
                time: appointment.time,
                place: appointment.place,
                about: appointment.about.clone(),
                is_made,
                is_disputed: visit.planned.disputed().next().is_some(),
                address: household.address().map(str::to_owned),
                comune: household.comune().map(|comune| comune.name.clone()),
                language: household.language().map(|language| language.0.clone()),
                is_interpreter_needed: household.is_interpreter_needed(),
                phone: household.phone().cloned(),
                safe_contact: household.safe_contact().map(str::to_owned),
                goals: case
                    .plan
                    .goals
                    .values()
                    .filter(|goal| goal.is_active())
                    .count(),
            });
        } else if away > 0 && !is_made {
            let is_sooner = card
                .next_day
                .as_ref()
                .is_none_or(|(day, _)| appointment.date < *day);
            if is_sooner {
                card.next_day = Some((appointment.date, name.clone()));
            }
        } else if !is_made && -away <= TO_CLOSE_DAYS {
            card.fixes.push(Fix::ToClose {
                scope,
                visit: *id,
                family: name.clone(),
                day: appointment.date,
            });
        }
    }
}

fn add_goals(card: &mut Card, scope: ScopeId, case: &Case, name: &Name, today: Date) {
    for (id, goal) in &case.plan.goals {
        let Some(due) = goal.due().filter(|_| !is_closed(case)) else {
            continue;
        };
        if !goal.is_active() || days_between(today, *due) > DUE_DAYS {
            continue;
        }
        card.goals.push(DueGoal {
            scope,
            goal: *id,
            family: name.clone(),
            words: goal
                .words()
                .map(|words| words.italian.trim().to_owned())
                .filter(|words| !words.is_empty()),
            area: goal.area().copied(),
            who_acts: goal.who_acts().copied(),
            due: *due,
        });
    }
}

/// The last decision about the latest version, while it is news or still asks for an answer.
fn reply(
    replica: &Replica,
    scope: ScopeId,
    case: &Case,
    name: &Name,
    now: Millis,
) -> Option<Reply> {
    let version = case.plan.latest_version()?;
    let me = replica.owner().user;
    let (op, statement) = case
        .plan
        .reviewed(version.id)
        .filter(|(_, statement)| statement.author != me)?;
    let seen = case.seen.get(&me).copied().unwrap_or(0);
    let is_new = match replica.receipt(op) {
        Some(Receipt::Accepted(seq) | Receipt::Seen(seq)) => seq > seen,
        Some(Receipt::Refused(_) | Receipt::OnPhone | Receipt::Sent) | None => false,
    };
    let is_recent = now.0.saturating_sub(statement.at.0) <= REPLY_MS;
    let is_open = statement.what.verdict != Verdict::Approved;
    let is_news = is_new && is_recent;
    if !is_open && !is_news {
        return None;
    }
    let by = replica.state().colleague(statement.author);
    Some(Reply {
        scope,
        family: name.clone(),
        verdict: statement.what.verdict,
        number: version.number,
        comment: statement.what.comment.trim().to_owned(),
        by: by.map(|colleague| colleague.name.clone()),
        at: statement.at,
    })
}

#[cfg(test)]
mod tests {
    use domain::family::FamilyField;
    use domain::op::Known;
    use domain::plan::{GoalField, PlanMove};
    use domain::visit::{Appointment, Rating, VisitField};
    use domain::vocabulary::{Agreement, Closure, Role};
    use jiff::civil::{date, datetime, time};

    use super::*;
    use crate::screens::fixture::{Family, NOON, goal, reviewer, tutor, visit};

    fn planned(number: u8, day: Date, hour: i8) -> Known {
        let appointment = Appointment {
            date: day,
            time: Some(time(hour, 30, 0, 0)),
            place: Place::AtHome,
            about: String::new(),
        };
        Known::VisitPlanned {
            visit: visit(number),
            field: VisitField::Appointment(appointment),
        }
    }

    fn today(family: &Family) -> Card {
        let replica = family.held_by(tutor(), Role::Mediator);
        model(
            &replica,
            &replica.status(),
            NOON,
            datetime(2026, 10, 14, 9, 50, 0, 0),
        )
    }

    #[test]
    fn todays_visits_come_by_the_hour_with_the_rule_for_calling() {
        let mut family = Family::hassan();
        let rule = FamilyField::SafeContact("Solo la mattina".to_owned());
        family
            .write(tutor(), planned(1, date(2026, 10, 14), 14))
            .write(tutor(), planned(2, date(2026, 10, 14), 10))
            .write(tutor(), planned(3, date(2026, 10, 20), 9))
            .write(tutor(), Known::FamilyWritten(rule))
            .visited(1, date(2026, 10, 14), Rating::default());
        let card = today(&family);
        let hours: Vec<_> = card
            .visits
            .iter()
            .map(|visit| (visit.time, visit.is_made))
            .collect();
        assert_eq!(
            hours,
            [
                (Some(time(10, 30, 0, 0)), false),
                (Some(time(14, 30, 0, 0)), true)
            ]
        );
        assert_eq!(
            card.visits[0].safe_contact.as_deref(),
            Some("Solo la mattina")
        );
        assert_eq!(card.next_day.map(|(day, _)| day), Some(date(2026, 10, 20)));
    }

    #[test]
    fn a_visit_that_nobody_closed_is_asked_about() {
        let mut family = Family::hassan();
        family.write(tutor(), planned(1, date(2026, 10, 12), 9));
        assert!(matches!(
            today(&family).fixes.as_slice(),
            [Fix::ToClose { .. }]
        ));
    }

    #[test]
    fn a_closed_plan_reminds_of_nothing() {
        let mut family = Family::hassan();
        let field = GoalField::Due(date(2026, 10, 16));
        family
            .write(tutor(), planned(1, date(2026, 10, 12), 9))
            .write(tutor(), planned(2, date(2026, 10, 14), 9))
            .write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field,
                },
            );
        let open = today(&family);
        assert_eq!(
            (open.visits.len(), open.fixes.len(), open.goals.len()),
            (1, 1, 1)
        );
        family.write(tutor(), Known::PlanMoved(PlanMove::Closed(Closure::Moved)));
        let closed = today(&family);
        assert!(closed.visits.is_empty() && closed.fixes.is_empty() && closed.goals.is_empty());
    }

    #[test]
    fn what_keeps_everything_from_being_sent_comes_first() {
        let replica = Family::hassan().held_by(tutor(), Role::Mediator);
        let at = datetime(2026, 10, 14, 9, 50, 0, 0);
        let check = |problem: SyncError, is_shown: bool| {
            let status = Status {
                unsent: 3,
                refused: 1,
                problem: Some(problem),
                ..replica.status()
            };
            let fixes = model(&replica, &status, NOON, at).fixes;
            let mut expected = vec![Fix::Refused { count: 1 }];
            if is_shown {
                let (why, unsent) = (problem, 3);
                expected.insert(0, Fix::Standstill { why, unsent });
            }
            assert_eq!(fixes, expected, "{problem}");
        };
        check(SyncError::SessionEnded, true);
        check(SyncError::Suspended, true);
        check(SyncError::DeviceRevoked, true);
        check(SyncError::Unreachable, false);
        check(SyncError::ServerFailed, false);
    }

    #[test]
    fn a_goal_is_due_two_weeks_ahead_and_when_it_is_late() {
        for (due, is_listed) in [
            (date(2026, 10, 28), true),
            (date(2026, 10, 29), false),
            (date(2026, 9, 30), true),
        ] {
            let mut family = Family::hassan();
            let field = GoalField::Due(due);
            family.write(
                tutor(),
                Known::GoalWritten {
                    goal: goal(1),
                    field,
                },
            );
            assert_eq!(!today(&family).goals.is_empty(), is_listed, "{due}");
        }
    }

    #[test]
    fn an_answer_is_news_until_it_was_seen() {
        let mut family = Family::hassan();
        family.wait(58).proposed(1).answered(1, Agreement::Agreed);
        family.reviewed(1, Verdict::Approved, "");
        assert_eq!(today(&family).replies.len(), 1);
        let up_to = family.len();
        family.write(tutor(), Known::Seen { up_to });
        assert!(today(&family).replies.is_empty());
        family.write(
            reviewer(),
            Known::NoteAdded {
                words: "Ciao".to_owned(),
                corrects: None,
            },
        );
        assert!(today(&family).replies.is_empty());
    }

    #[test]
    fn a_returned_version_stays_until_there_is_another() {
        let mut family = Family::hassan();
        family
            .wait(20)
            .proposed(1)
            .reviewed(1, Verdict::Returned, "Manca la data");
        let up_to = family.len();
        family.write(tutor(), Known::Seen { up_to });
        assert_eq!(today(&family).replies[0].comment, "Manca la data");
        family.proposed(2);
        assert!(today(&family).replies.is_empty());
    }
}
