//! What Oggi shows, computed from the copy. Pure.

use domain::family::{Name, Phone};
use domain::id::{GoalId, Millis, ScopeId, VisitId};
use domain::state::Case;
use domain::vocabulary::{Area, Place, Verdict, WhoActs};
use jiff::civil::{Date, DateTime, Time};
use replica::replica::{Receipt, Replica};

use crate::screens::dispute::disputes_of;
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
    /// Families here, of families granted.
    pub families: (usize, usize),
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
pub fn model(replica: &Replica, at: Millis, now: DateTime) -> Card {
    let today = now.date();
    let status = replica.status();
    let mut card = Card {
        now,
        families: status.families,
        visits: Vec::new(),
        next_day: None,
        fixes: Vec::new(),
        replies: Vec::new(),
        goals: Vec::new(),
    };
    if status.refused > 0 {
        card.fixes.push(Fix::Refused {
            count: status.refused,
        });
    }
    for (scope, case) in &replica.state().cases {
        let Some(name) = case.household.name() else {
            continue;
        };
        let disputed = disputes_of(*scope, case).len();
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
    card.visits
        .sort_by_key(|visit| (visit.time.is_none(), visit.time, visit.visit));
    card.goals.sort_by_key(|goal| (goal.due, goal.goal));
    card.replies
        .sort_by_key(|reply| std::cmp::Reverse(reply.at));
    card
}

fn add_visits(card: &mut Card, scope: ScopeId, case: &Case, name: &Name, today: Date) {
    for (id, visit) in &case.visits {
        let Some(appointment) = visit.appointment() else {
            continue;
        };
        let is_made = visit.record().is_some();
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
        let Some(due) = goal.due() else {
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
        .reviews
        .iter()
        .rev()
        .find(|(_, statement)| statement.version == version.id && statement.author != me)?;
    let seen = case.seen.get(&me).copied().unwrap_or(0);
    let is_new = match replica.receipt(*op) {
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
