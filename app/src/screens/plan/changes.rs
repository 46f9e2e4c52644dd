//! What changed in a plan between two moments, goal by goal. Pure: words come later.

use std::collections::BTreeSet;

use domain::family::Language;
use domain::field::Field;
use domain::id::{ActionId, GoalId, MemberId, Millis, OpId, UserId};
use domain::plan::{
    ActionContent, ActionField, ActionKey, FamilyWords, Goal, GoalContent, GoalField, GoalKey,
    PlanContent,
};
use domain::register::Register;
use domain::state::Case;
use domain::vocabulary::{ActionKind, Area, Barrier, GoalState, TutorMove, WhoActs};
use jiff::civil::Date;

use crate::parts::diff::{Piece, word_diff};

/// Who made a change, and when by their device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub author: UserId,
    /// When.
    pub at: Millis,
}

/// A change of one goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The goal's domain, where it has one: what people call the goal by.
    pub area: Option<Area>,
    /// What changed.
    pub what: What,
    /// Who changed it, where that is known.
    pub by: Option<By>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The goal is new.
    GoalNew {
        /// What the family said.
        words: Option<FamilyWords>,
        /// What is expected.
        expected: Option<String>,
    },
    /// The goal is no longer in the plan.
    GoalGone,
    /// The family changed its words.
    Words {
        /// In its language, if it spoke another one than Italian.
        original: Option<(Language, Vec<Piece>)>,
        /// In Italian.
        italian: Vec<Piece>,
        /// Who said it.
        member: Option<MemberId>,
    },
    /// The words of a level of the scale; `Expected` among them.
    Level(GoalKey, Vec<Piece>),
    /// The domain.
    Area(Option<Area>, Option<Area>),
    /// The target date.
    Due(Option<Date>, Option<Date>),
    /// The importance.
    Weight(u8, u8),
    /// The place in the family's order.
    Order,
    /// Who acts.
    WhoActs(Option<WhoActs>, Option<WhoActs>),
    /// The state.
    State(Option<GoalState>, Option<GoalState>),
    /// The next step.
    Step(Vec<Piece>),
    /// The date of the next step.
    StepDue(Option<Date>, Option<Date>),
    /// Something stands in the way that did not before, and what the tutor did about it.
    Barriers(BTreeSet<Barrier>, Option<TutorMove>),
    /// A new action.
    ActionNew(Option<ActionKind>, String),
    /// An action that is no longer in the plan.
    ActionGone(String),
    /// What an action says.
    ActionText(Vec<Piece>),
    /// By when an action is to be done.
    ActionDue(String, Option<Date>, Option<Date>),
    /// Another detail of an action: who, with which service, commitment or support.
    ActionDetail(String),
}

/// What a later content says that an earlier one does not. `case` only tells who wrote it.
pub fn between(before: &PlanContent, after: &PlanContent, case: &Case) -> Vec<Change> {
    let mut changes = Vec::new();
    for goal in &after.goals {
        match before.goal(goal.goal) {
            None => changes.push(goal_new(goal, case)),
            Some(old) => of_goal(old, goal, case, &mut changes),
        }
    }
    for goal in &before.goals {
        if after.goal(goal.goal).is_none() {
            changes.push(Change {
                area: area(&goal.fields),
                what: What::GoalGone,
                by: None,
            });
        }
    }
    changes
}

fn goal_new(content: &GoalContent, case: &Case) -> Change {
    let words = content.fields.iter().find_map(|field| match field {
        GoalField::Words(words) => Some(words.clone()),
        _ => None,
    });
    let expected = text_of(&content.fields, GoalKey::Expected).map(ToOwned::to_owned);
    let key = if words.is_some() {
        GoalKey::Words
    } else {
        GoalKey::Expected
    };
    Change {
        area: area(&content.fields),
        what: What::GoalNew { words, expected },
        by: goal_by(case, content.goal, key),
    }
}

fn of_goal(old: &GoalContent, new: &GoalContent, case: &Case, changes: &mut Vec<Change>) {
    let area = area(&new.fields).or(area(&old.fields));
    let keys: BTreeSet<GoalKey> = old
        .fields
        .iter()
        .chain(&new.fields)
        .map(Field::key)
        .collect();
    for key in keys {
        let find = |fields: &[GoalField]| fields.iter().find(|field| field.key() == key).cloned();
        let (was, is) = (find(&old.fields), find(&new.fields));
        if was == is {
            continue;
        }
        let Some(what) = of_field(key, was.as_ref(), is.as_ref()) else {
            continue;
        };
        changes.push(Change {
            area,
            what,
            by: goal_by(case, new.goal, key),
        });
    }
    of_actions(area, &old.actions, &new.actions, case, changes);
}

/// What a change of one field is called. `None` for what is not part of a signed content.
fn of_field(key: GoalKey, was: Option<&GoalField>, is: Option<&GoalField>) -> Option<What> {
    let text = |field: Option<&GoalField>| {
        field
            .and_then(GoalField::level_words)
            .unwrap_or("")
            .to_owned()
    };
    Some(match key {
        GoalKey::Words => of_words(was, is),
        GoalKey::Expected
        | GoalKey::MuchLess
        | GoalKey::Less
        | GoalKey::More
        | GoalKey::MuchMore => What::Level(key, word_diff(&text(was), &text(is))),
        GoalKey::Area => What::Area(was.and_then(area_of), is.and_then(area_of)),
        GoalKey::Due => What::Due(was.and_then(due_of), is.and_then(due_of)),
        GoalKey::Weight => What::Weight(weight_of(was), weight_of(is)),
        GoalKey::Order => What::Order,
        GoalKey::State | GoalKey::WhoActs | GoalKey::NextStep | GoalKey::Agreement => return None,
    })
}

fn of_words(was: Option<&GoalField>, is: Option<&GoalField>) -> What {
    let words = |field: Option<&GoalField>| match field {
        Some(GoalField::Words(words)) => words.clone(),
        _ => FamilyWords::default(),
    };
    let (was, is) = (words(was), words(is));
    let spoken = |words: &FamilyWords| {
        words
            .original
            .as_ref()
            .map_or(String::new(), |spoken| spoken.text.clone())
    };
    let language = is
        .original
        .as_ref()
        .or(was.original.as_ref())
        .map(|s| s.language.clone());
    let (old, new) = (spoken(&was), spoken(&is));
    What::Words {
        original: language
            .filter(|_| old != new)
            .map(|l| (l, word_diff(&old, &new))),
        italian: word_diff(&was.italian, &is.italian),
        member: is.member,
    }
}

fn of_actions(
    area: Option<Area>,
    old: &[ActionContent],
    new: &[ActionContent],
    case: &Case,
    changes: &mut Vec<Change>,
) {
    let mut push = |what, by| changes.push(Change { area, what, by });
    for action in new {
        let Some(was) = old.iter().find(|was| was.action == action.action) else {
            let kind = action.fields.iter().find_map(|field| match field {
                ActionField::Kind(kind) => Some(*kind),
                _ => None,
            });
            let by = action_by(case, action.action, ActionKey::What);
            push(What::ActionNew(kind, action_text(action)), by);
            continue;
        };
        if was == action {
            continue;
        }
        let (old_text, new_text) = (action_text(was), action_text(action));
        if old_text != new_text {
            let by = action_by(case, action.action, ActionKey::What);
            push(What::ActionText(word_diff(&old_text, &new_text)), by);
        }
        if action_due(was) != action_due(action) {
            let by = action_by(case, action.action, ActionKey::Due);
            push(
                What::ActionDue(new_text.clone(), action_due(was), action_due(action)),
                by,
            );
        }
        if let Some(key) = other_detail(was, action) {
            push(
                What::ActionDetail(new_text),
                action_by(case, action.action, key),
            );
        }
    }
    for action in old {
        if !new.iter().any(|is| is.action == action.action) {
            push(What::ActionGone(action_text(action)), None);
        }
    }
}

fn other_detail(was: &ActionContent, is: &ActionContent) -> Option<ActionKey> {
    [
        ActionKey::Kind,
        ActionKey::WhoActs,
        ActionKey::Member,
        ActionKey::Service,
    ]
    .into_iter()
    .find(|key| {
        let find = |content: &ActionContent| {
            content
                .fields
                .iter()
                .find(|field| field.key() == *key)
                .cloned()
        };
        find(was) != find(is)
    })
}

/// What changed in the life of the goals after `since`: not signed, but worth knowing. Goals that
/// were made later are told by [`between`].
pub fn in_life(case: &Case, since: OpId) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, goal) in case.plan.goals_in_order() {
        let is_newer = goal.fields.iter().all(|(_, register)| {
            register
                .history()
                .next()
                .is_some_and(|(first, _)| first > since)
        });
        if !is_newer {
            life_of_goal(case, id, goal, since, &mut changes);
        }
    }
    changes
}

fn life_of_goal(case: &Case, id: GoalId, goal: &Goal, since: OpId, changes: &mut Vec<Change>) {
    let area = goal.area().copied();
    let mut push = |what, by| changes.push(Change { area, what, by });
    let moved = |key: GoalKey| {
        let register = goal.fields.register(key)?;
        let was = at(register, since);
        let (_, shown) = register.shown()?;
        let by = By {
            author: shown.author,
            at: shown.at,
        };
        (was != Some(&shown.value)).then(|| (was.cloned(), shown.value.clone(), Some(by)))
    };
    if let Some((was, GoalField::State(is), by)) = moved(GoalKey::State) {
        let was = was.and_then(|field| match field {
            GoalField::State(state) => Some(state),
            _ => None,
        });
        push(What::State(was, Some(is)), by);
    }
    if let Some((was, GoalField::WhoActs(is), by)) = moved(GoalKey::WhoActs) {
        let was = was.and_then(|field| match field {
            GoalField::WhoActs(who) => Some(who),
            _ => None,
        });
        push(What::WhoActs(was, Some(is)), by);
    }
    if let Some((was, GoalField::NextStep(is), by)) = moved(GoalKey::NextStep) {
        let (old_what, old_due) = match was {
            Some(GoalField::NextStep(step)) => (step.what, step.due),
            _ => (String::new(), None),
        };
        if old_what != is.what {
            push(What::Step(word_diff(&old_what, &is.what)), by);
        }
        if old_due != is.due {
            push(What::StepDue(old_due, is.due), by);
        }
    }
    let mut known: BTreeSet<Barrier> = BTreeSet::new();
    for (op, entry) in case.ratings(id) {
        let rating = &entry.record.rating;
        let new: BTreeSet<Barrier> = rating.barriers.difference(&known).copied().collect();
        if op > since && !new.is_empty() {
            let by = By {
                author: entry.author,
                at: entry.at,
            };
            push(What::Barriers(new, rating.tutor_move), Some(by));
        }
        known.clone_from(&rating.barriers);
    }
}

/// The value that showed when `since` was written: ids grow with time.
fn at<T: PartialEq>(register: &Register<T>, since: OpId) -> Option<&T> {
    register
        .history()
        .take_while(|(id, _)| *id <= since)
        .last()
        .map(|(_, write)| &write.value)
}

fn goal_by(case: &Case, goal: GoalId, key: GoalKey) -> Option<By> {
    let (_, write) = case.plan.goals.get(&goal)?.fields.register(key)?.shown()?;
    Some(By {
        author: write.author,
        at: write.at,
    })
}

fn action_by(case: &Case, action: ActionId, key: ActionKey) -> Option<By> {
    let (_, write) = case
        .plan
        .actions
        .get(&action)?
        .fields
        .register(key)?
        .shown()?;
    Some(By {
        author: write.author,
        at: write.at,
    })
}

fn area(fields: &[GoalField]) -> Option<Area> {
    fields.iter().find_map(area_of)
}

fn area_of(field: &GoalField) -> Option<Area> {
    if let GoalField::Area(area) = field {
        Some(*area)
    } else {
        None
    }
}

fn due_of(field: &GoalField) -> Option<Date> {
    if let GoalField::Due(due) = field {
        Some(*due)
    } else {
        None
    }
}

fn weight_of(field: Option<&GoalField>) -> u8 {
    if let Some(GoalField::Weight(weight)) = field {
        *weight
    } else {
        1
    }
}

fn text_of(fields: &[GoalField], key: GoalKey) -> Option<&str> {
    fields
        .iter()
        .find(|field| field.key() == key)
        .and_then(GoalField::level_words)
}

fn action_text(content: &ActionContent) -> String {
    content
        .fields
        .iter()
        .find_map(|field| {
            if let ActionField::What(what) = field {
                Some(what)
            } else {
                None
            }
        })
        .cloned()
        .unwrap_or_default()
}

fn action_due(content: &ActionContent) -> Option<Date> {
    content.fields.iter().find_map(|field| {
        if let ActionField::Due(due) = field {
            Some(*due)
        } else {
            None
        }
    })
}
