//! The family's order of its goals: one up or one down, with a way back.

use domain::id::{GoalId, ScopeId};
use domain::op::Known;
use domain::place::{after, moved};
use domain::plan::{GoalField, GoalKey};
use domain::state::Case;
use domain::twins::Answer;
use leptos::prelude::*;
use replica::replica::Replica;

use crate::parts::goal_card::title;
use crate::parts::mark::Icon;
use crate::screens::lists::{Desk, use_desk};
use crate::screens::plan::model::GoalCard as Card;
use crate::watch::hear;

/// The place of a new goal: after every other.
pub fn last_place(replica: &Replica, scope: ScopeId) -> String {
    let case = replica.state().cases.get(&scope);
    let goals = case.map(|case| case.plan.goals.values().chain(case.gone_goals.values()));
    let keys = goals.into_iter().flatten();
    after(keys.filter_map(|goal| goal.order().map(String::as_str)))
}

/// The writes that put a goal right before another, or right after it.
pub fn moving(case: &Case, goal: GoalId, beside: GoalId, is_before: bool) -> Vec<Answer> {
    let goals = case.plan.goals_in_order();
    let mut list: Vec<(GoalId, Option<String>)> = goals
        .iter()
        .map(|(id, goal)| (*id, goal.order().cloned()))
        .collect();
    let Some(from) = list.iter().position(|(id, _)| *id == goal) else {
        return Vec::new();
    };
    let mut others = list.iter().filter(|(id, _)| *id != goal);
    let Some(place) = others.position(|(id, _)| *id == beside) else {
        return Vec::new();
    };
    let to = place + usize::from(!is_before);
    let written = moved(&borrowed(&list), goal, to);
    for (id, key) in &written {
        if let Some(place) = list.iter_mut().find(|(at, _)| at == id) {
            place.1 = Some(key.clone());
        }
    }
    domain::order::sort_by(&mut list, |(a, x), (b, y)| (x, a).cmp(&(y, b)));
    let back = moved(&borrowed(&list), goal, from);
    written
        .into_iter()
        .map(|(id, key)| {
            let undo = back.iter().filter(|(at, _)| *at == id);
            let fields = case.plan.goals.get(&id).map(|goal| &goal.fields);
            Answer {
                change: placed(id, key),
                replaces: fields.map_or_else(Vec::new, |fields| fields.heads(GoalKey::Order)),
                undo: undo
                    .map(|(id, key)| (placed(*id, key.clone()), Vec::new()))
                    .collect(),
            }
        })
        .collect()
}

fn borrowed(list: &[(GoalId, Option<String>)]) -> Vec<(GoalId, Option<&str>)> {
    list.iter().map(|(id, key)| (*id, key.as_deref())).collect()
}

fn placed(goal: GoalId, key: String) -> Known {
    Known::GoalWritten {
        goal,
        field: GoalField::Order(key),
    }
}

/// The goals in order, each with a way up and a way down.
#[component]
pub fn Reorder(scope: ScopeId, goals: Memo<Vec<Card>>, may_write: Memo<bool>) -> impl IntoView {
    let desk = use_desk(scope);
    let words = desk.words();
    let is_open = RwSignal::new(false);
    // Rows stay where they are and say another goal: so the focus stays too.
    let count = Memo::new(move |_| goals.read().len());
    move || {
        if !may_write.get() || count.get() < 2 {
            return ().into_any();
        }
        let label = if is_open.get() {
            words.order_done()
        } else {
            words.change_order()
        };
        let rows = is_open.get().then(|| {
            let rows = (0..count.get()).map(|at| view! { <Row desk=desk goals=goals at=at /> });
            view! { <ol class="card card--flush rows">{rows.collect_view()}</ol>{desk.error()} }
        });
        view! {
            {rows}
            <button type="button" class="btn btn--block" on:click=hear(move |_| is_open.update(|open| *open = !*open))>
                <Icon name="layers" />{label}
            </button>
        }
        .into_any()
    }
}

#[component]
fn Row(desk: Desk, goals: Memo<Vec<Card>>, at: usize) -> impl IntoView {
    let words = desk.words();
    let name = Memo::new(move |_| {
        let goals = goals.read();
        let card = goals.get(at);
        card.map(|card| title(card, words)).unwrap_or_default()
    });
    let said = move || {
        let goals = goals.read();
        let words = goals.get(at).and_then(|card| card.words.as_ref());
        words.map(|words| words.italian.clone())
    };
    let step = move |to: Option<usize>| {
        let cards = goals.read_untracked();
        let (Some(to), Some(card)) = (to, cards.get(at)) else {
            return;
        };
        let Some(beside) = cards.get(to) else { return };
        let (id, beside) = (card.id, beside.id);
        let answers = desk.case(|case| moving(case, id, beside, to < at));
        let area = card
            .area
            .map_or(words.goal_nameless(), |area| words.area(area));
        let toast = words.moved_to(area, to + 1);
        desk.write(answers, toast, Callback::new(|()| ()));
    };
    let label = move |what: &str| format!("{what}: {}", name.get());
    let (up, down) = (words.move_up(), words.move_down());
    view! {
        <li class="rowlink">
            <span class="rowlink__lead"><Icon name="flag" /></span>
            <span class="rowlink__body">
                <span class="rowlink__title">{name}</span>
                <span class="rowlink__note" dir="auto">{said}</span>
            </span>
            <span class="row">
                <button type="button" class="btn" aria-label=move || label(up) disabled=at == 0
                    on:click=hear(move |_| step(at.checked_sub(1)))>{up}</button>
                <button type="button" class="btn" aria-label=move || label(down)
                    disabled=move || at + 1 == goals.read().len()
                    on:click=hear(move |_| step(Some(at + 1)))>{down}</button>
            </span>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::{Area, Role};

    use super::*;
    use crate::screens::fixture::{Family, goal, scope, tutor};

    /// Three goals, the first of which was written before there was an order.
    fn three() -> Family {
        let mut family = Family::hassan();
        for number in [2, 3] {
            let (id, area) = (goal(number), GoalField::Area(Area::Work));
            family.write(
                tutor(),
                Known::GoalWritten {
                    goal: id,
                    field: area,
                },
            );
            let place = last_place(&family.held_by(tutor(), Role::Mediator), scope());
            family.write(tutor(), placed(id, place));
        }
        family
    }

    fn order(family: &Family) -> Vec<GoalId> {
        let case = family.case();
        let goals = case.plan.goals_in_order().into_iter();
        goals.map(|(id, _)| id).collect()
    }

    #[test]
    fn a_goal_moves_by_one_key_and_goes_back() {
        let mut family = three();
        let [one, two, three] = [1, 2, 3].map(goal);
        assert_eq!(order(&family), [one, two, three]);
        let answers = moving(&family.case(), three, two, true);
        assert_eq!(answers.len(), 1, "nothing else is written");
        family.answer(tutor(), answers);
        assert_eq!(order(&family), [one, three, two]);
        family.undo(tutor());
        assert_eq!(order(&family), [one, two, three]);
        let disputed = |family: &Family| {
            let goals = family.case().plan.goals;
            goals
                .values()
                .map(|goal| goal.fields.disputed().count())
                .sum::<usize>()
        };
        assert_eq!(disputed(&family), 0);

        // Before one that has no place: all get one.
        let answers = moving(&family.case(), three, one, true);
        family.answer(tutor(), answers);
        assert_eq!(order(&family), [three, one, two]);
        family.undo(tutor());
        assert_eq!(order(&family), [one, two, three]);
        assert!(moving(&family.case(), one, one, true).is_empty());
    }

    #[test]
    fn two_people_who_move_two_goals_keep_both_moves() {
        let mut family = three();
        let [one, two, three] = [1, 2, 3].map(goal);
        let seen = family.case();
        let here = moving(&seen, two, three, false);
        let there = moving(&seen, one, three, false);
        family.answer(tutor(), here).answer(tutor(), there);
        assert_eq!(order(&family)[0], three, "both lie behind the third now");
    }
}
