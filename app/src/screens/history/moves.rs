//! When a goal was moved in the family's order, and from which place to which. Pure.
//!
//! What is stored of a place is a key that says nothing to a person. So places are counted again,
//! tap after tap in the order of the ids, and every phone tells the same.

use domain::id::{GoalId, Millis, OpId, UserId};
use domain::order;
use domain::plan::{Goal, GoalField, GoalKey};
use domain::register::Write;
use domain::removal::{Item, Says};
use domain::state::Case;
use litemap::LiteMap;

/// Whoever makes a goal gives it its first place in the same sitting: that is no move.
const SITTING_MS: i64 = 10 * 60 * 1_000;

/// One goal, moved once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which goal.
    pub goal: GoalId,
    /// Who moved it.
    pub author: UserId,
    /// When, by their device.
    pub at: Millis,
    /// From which place to which, counted from one; nothing where that cannot be told.
    pub places: Option<(usize, usize)>,
}

/// Keys that one person wrote with one tap: more than one where there was no room between two.
struct Tap {
    first: OpId,
    author: UserId,
    at: Millis,
    keys: Vec<(GoalId, String)>,
}

/// From when until when a goal is in the list.
struct Span {
    goal: GoalId,
    /// The first write of it.
    made: OpId,
    made_by: UserId,
    made_at: Millis,
    /// When it was taken out for good.
    left: Option<OpId>,
}

/// Every move of a goal, the oldest first. A key that leaves its goal where it was is no move.
pub fn moves(case: &Case) -> Vec<Move> {
    let spans = every_goal(case).filter_map(|(id, goal)| span(case, id, goal));
    let spans: Vec<Span> = spans.collect();
    let mut keys: LiteMap<GoalId, String> = LiteMap::new();
    let mut moves = Vec::new();
    for tap in taps(case) {
        let before = list(&spans, &keys, tap.first);
        let is_made = |goal: GoalId| spans.iter().any(|one| one.goal == goal && one.is_of(&tap));
        let goals = tap.keys.iter().map(|(goal, _)| *goal);
        let goals = goals.filter(|goal| keys.contains_key(goal) || !is_made(*goal));
        let goals: Vec<GoalId> = goals.collect();
        for (goal, key) in &tap.keys {
            keys.insert(*goal, key.clone());
        }
        let after = list(&spans, &keys, tap.first);
        for goal in goals {
            let place = |list: &[GoalId]| list.iter().position(|id| *id == goal);
            let places = place(&before).zip(place(&after));
            if places.is_none_or(|(from, to)| from != to) {
                moves.push(Move {
                    goal,
                    author: tap.author,
                    at: tap.at,
                    places: places.map(|(from, to)| (from + 1, to + 1)),
                });
            }
        }
    }
    // Where one phone's clock went ahead, a key with a lesser id took the place of a later one:
    // then nobody can tell from the ids what stood where.
    let shows = |(id, goal): (GoalId, &Goal)| keys.get(&id) == goal.order();
    if !every_goal(case).all(shows) {
        moves.iter_mut().for_each(|one| one.places = None);
    }
    moves
}

/// The goals of a plan, those that were taken out, too.
fn every_goal(case: &Case) -> impl Iterator<Item = (GoalId, &Goal)> {
    let all = case.plan.goals.iter().chain(&case.gone_goals);
    all.map(|(id, goal)| (*id, goal))
}

fn span(case: &Case, id: GoalId, goal: &Goal) -> Option<Span> {
    let writes = goal.fields.iter().flat_map(|(_, field)| field.history());
    let made = writes.map(|(op, write)| (op, write.author, write.at));
    let (made, made_by, made_at) = made.min_by_key(|(op, ..)| *op)?;
    let removals = case
        .removals
        .iter()
        .filter(|(_, word)| word.item == Item::Goal(id) && word.says == Says::Removed);
    let last = removals.map(|(op, _)| op).max();
    Some(Span {
        goal: id,
        made,
        made_by,
        made_at,
        left: last.filter(|_| case.gone_goals.contains_key(&id)),
    })
}

impl Span {
    /// Whether a tap belongs to the making of the goal.
    fn is_of(&self, tap: &Tap) -> bool {
        let since = tap.at.0.saturating_sub(self.made_at.0);
        self.made_by == tap.author && since <= SITTING_MS
    }
}

fn taps(case: &Case) -> Vec<Tap> {
    let mut writes: Vec<(OpId, GoalId, &Write<GoalField>)> = Vec::new();
    for (id, goal) in every_goal(case) {
        let keys = goal.fields.register(GoalKey::Order).into_iter();
        let keys = keys.flat_map(|register| register.history());
        writes.extend(keys.map(|(op, write)| (op, id, write)));
    }
    order::sort_by_key(&mut writes, |(op, ..)| *op);
    let mut taps: Vec<Tap> = Vec::new();
    for (first, goal, write) in writes {
        let GoalField::Order(key) = &write.value else {
            continue;
        };
        let (author, at) = (write.author, write.at);
        let key = (goal, key.clone());
        let tap = taps
            .iter_mut()
            .find(|tap| (tap.author, tap.at) == (author, at));
        match tap {
            Some(tap) => tap.keys.push(key),
            None => taps.push(Tap {
                first,
                author,
                at,
                keys: vec![key],
            }),
        }
    }
    taps
}

/// The goals that were in the list before an op, in their order by these keys.
fn list(spans: &[Span], keys: &LiteMap<GoalId, String>, before: OpId) -> Vec<GoalId> {
    let is_there = |one: &&Span| one.made < before && one.left.is_none_or(|left| before < left);
    let there = spans.iter().filter(is_there);
    let mut list: Vec<(Option<&String>, GoalId)> =
        there.map(|one| (keys.get(&one.goal), one.goal)).collect();
    order::sort_by(&mut list, Ord::cmp);
    list.into_iter().map(|(_, goal)| goal).collect()
}

#[cfg(test)]
mod tests {
    use domain::op::Known;
    use domain::twins::Answer;
    use domain::vocabulary::Area;

    use super::*;
    use crate::screens::fixture::{Family, goal, reviewer, tutor};
    use crate::screens::lists::model::taking;
    use crate::screens::plan::reorder::moving;

    fn writes(number: u8, field: GoalField) -> Known {
        let goal = goal(number);
        Known::GoalWritten { goal, field }
    }

    /// Three goals that lie in the order of their numbers; the first was made before there was one.
    fn three() -> Family {
        let mut family = Family::hassan();
        for (number, key) in [(2, "h"), (3, "k")] {
            family
                .write(tutor(), writes(number, GoalField::Area(Area::Work)))
                .write(tutor(), writes(number, GoalField::Order(key.into())));
        }
        family.wait(1);
        family
    }

    fn told(family: &Family) -> Vec<(GoalId, Option<(usize, usize)>)> {
        let moves = moves(&family.case()).into_iter();
        moves.map(|one| (one.goal, one.places)).collect()
    }

    /// As a person does it who puts `number` right before or behind `beside`.
    fn moved(family: &Family, number: u8, beside: u8, is_before: bool) -> Vec<Answer> {
        moving(&family.case(), goal(number), goal(beside), is_before)
    }

    #[test]
    fn a_move_is_told_with_its_places_and_its_way_back_too() {
        let mut family = three();
        assert!(told(&family).is_empty(), "its first place is no move");
        let answers = moved(&family, 3, 2, true);
        family.answer(reviewer(), answers);
        assert_eq!(told(&family), [(goal(3), Some((3, 2)))]);
        assert_eq!(moves(&family.case())[0].author, reviewer());
        family.wait(1).undo(tutor());
        let back = (goal(3), Some((2, 3)));
        assert_eq!(told(&family), [(goal(3), Some((3, 2))), back]);
    }

    #[test]
    fn keys_of_one_tap_are_one_move() {
        let mut family = three();
        // Before one that has no key: all three get one.
        let answers = moved(&family, 3, 1, true);
        assert_eq!(answers.len(), 3);
        family.tapped(tutor(), answers);
        let mut found = told(&family);
        order::sort_by_key(&mut found, |(goal, _)| *goal);
        let places = [(1, (1, 2)), (2, (2, 3)), (3, (3, 1))];
        assert_eq!(found, places.map(|(number, all)| (goal(number), Some(all))));
    }

    #[test]
    fn places_are_counted_among_the_goals_that_were_there() {
        let mut family = three();
        let take = taking(&family.case(), Item::Goal(goal(1))).expect("nobody agreed to it");
        family.answer(tutor(), vec![take]).wait(1);
        let answers = moved(&family, 3, 2, true);
        family.answer(tutor(), answers);
        assert_eq!(told(&family), [(goal(3), Some((2, 1)))]);
    }

    #[test]
    fn where_clocks_contradict_each_other_a_move_is_told_without_places() {
        let mut family = three();
        family.wait(3);
        family.write(tutor(), writes(3, GoalField::Order("b".into())));
        let ahead = family.last();
        assert_eq!(told(&family), [(goal(3), Some((3, 2)))]);
        family.wait(-1);
        let later = writes(3, GoalField::Order("e".into()));
        family.replace(reviewer(), vec![ahead], later);
        let found = told(&family);
        assert!(!found.is_empty() && found.iter().all(|(_, places)| places.is_none()));
    }
}
