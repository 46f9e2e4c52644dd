//! Every op that a case is made of, and how far each person has looked. Pure.

use domain::field::{Field, Fields};
use domain::id::{OpId, UserId};
use domain::register::Register;
use domain::state::Case;
use replica::replica::{Receipt, Replica};

/// Calls `each` with every op of the case that says something: `Seen` is left out, since looking
/// changes nothing that another person would want to look at.
pub fn every_op(case: &Case, each: &mut impl FnMut(OpId, UserId)) {
    of_fields(&case.household.fields, each);
    let household = &case.household;
    for member in household.members.values().chain(household.gone.values()) {
        of_fields(&member.fields, each);
    }
    let plan = &case.plan;
    for goal in plan.goals.values().chain(case.gone_goals.values()) {
        of_fields(&goal.fields, each);
    }
    let actions = plan.actions.values();
    for action in actions.chain(case.gone_actions.values()) {
        of_fields(&action.fields, each);
    }
    for (id, rating) in plan.needs.values().flat_map(|ratings| ratings.iter()) {
        each(*id, rating.author);
    }
    plan.versions
        .iter()
        .for_each(|(id, version)| each(*id, version.author));
    plan.answers
        .iter()
        .for_each(|(id, said)| each(*id, said.author));
    plan.reviews
        .iter()
        .for_each(|(id, said)| each(*id, said.author));
    of_register(&plan.moves, each);
    for visit in case.visits.values() {
        of_fields(&visit.planned, each);
        visit
            .records
            .iter()
            .for_each(|(id, entry)| each(*id, entry.author));
    }
    case.progress
        .iter()
        .for_each(|(id, entry)| each(*id, entry.author));
    case.notes
        .iter()
        .for_each(|(id, entry)| each(*id, entry.author));
    case.removals
        .iter()
        .for_each(|(id, word)| each(id, word.author));
    household
        .findings
        .iter()
        .for_each(|(id, finding)| each(id, finding.author));
}

fn of_fields<F: Field>(fields: &Fields<F>, each: &mut impl FnMut(OpId, UserId)) {
    fields
        .iter()
        .for_each(|(_, register)| of_register(register, each));
}

fn of_register<T: PartialEq>(register: &Register<T>, each: &mut impl FnMut(OpId, UserId)) {
    register
        .history()
        .for_each(|(id, write)| each(id, write.author));
}

/// The number that an op was accepted with.
pub fn number(replica: &Replica, id: OpId) -> Option<u64> {
    match replica.receipt(id)? {
        Receipt::Accepted(seq) | Receipt::Seen(seq) => Some(seq),
        Receipt::Refused(_) | Receipt::OnPhone | Receipt::Sent => None,
    }
}

/// The greatest number of what others wrote, and how many of their ops come after `after`.
pub fn of_others(replica: &Replica, case: &Case, after: u64) -> (u64, usize) {
    let me = replica.owner().user;
    let (mut last, mut count) = (0, 0);
    every_op(case, &mut |id, author| {
        if author == me {
            return;
        }
        let Some(seq) = number(replica, id) else {
            return;
        };
        last = last.max(seq);
        count += usize::from(seq > after);
    });
    (last, count)
}

/// The last op written to a thing, the greatest id: the one whose receipt a card shows.
pub fn latest(ids: impl Iterator<Item = OpId>) -> Option<OpId> {
    ids.max()
}
