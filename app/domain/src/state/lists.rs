//! What stands in a family's lists: goals, actions, members; who was taken out, who is one person.

use crate::family::{Household, Member};
use crate::id::{ActionId, GoalId, MemberId, OpId};
use crate::merging::{Finding, Found, Person};
use crate::op::{Known, Op};
use crate::plan::{Action, Goal, Plan};
use crate::removal::{Fate, Item, Says, Word};
use crate::state::{Case, CheckError};
use crate::vocabulary::Agreement;

/// Something that stays although somebody took it out: somebody else wrote to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptItem {
    /// What stays.
    pub item: Item,
    /// The removals that nobody answered yet.
    pub removals: Vec<OpId>,
}

impl Case {
    /// A goal, also one that was taken out of the plan.
    pub fn goal(&self, id: GoalId) -> Option<&Goal> {
        let stands = self.plan.goals.get(&id);
        stands.or_else(|| self.gone_goals.get(&id))
    }

    /// An action, also one that was taken out of the plan.
    pub fn action(&self, id: ActionId) -> Option<&Action> {
        let stands = self.plan.actions.get(&id);
        stands.or_else(|| self.gone_actions.get(&id))
    }

    /// What became of a thing.
    pub fn fate(&self, item: Item) -> Fate {
        self.removals.fate(&self.names_of(item), &self.writes(item))
    }

    /// What a removal of this thing has to name after its author saw it as it is now.
    pub fn seen_of(&self, item: Item) -> Vec<OpId> {
        self.removals
            .names(&self.names_of(item), &self.writes(item))
    }

    /// The removals of a thing that its being brought back has to name.
    pub fn removals_of(&self, item: Item) -> Vec<OpId> {
        self.removals.standing(&self.names_of(item))
    }

    /// Everything that somebody took out and somebody else wrote to, so that it stays.
    pub fn kept_items(&self) -> Vec<KeptItem> {
        let mut kept: Vec<KeptItem> = Vec::new();
        for item in self.removals.items() {
            let item = match item {
                Item::Member(entry) => Item::Member(self.household.kept(entry)),
                Item::Goal(_) | Item::Action(_) => item,
            };
            let is_told = kept.iter().any(|known| known.item == item);
            if is_told || check_known(Some(self), item).is_err() {
                continue;
            }
            match self.fate(item) {
                Fate::Kept(removals) => kept.push(KeptItem { item, removals }),
                Fate::Stays | Fate::Gone => {}
            }
        }
        kept
    }

    /// Whether the family agreed to a goal in a version that it signed.
    pub fn is_goal_agreed(&self, goal: GoalId) -> bool {
        self.plan.versions.values().any(|version| {
            let said = self.plan.answer(version.id);
            let refused = said.is_some_and(|said| {
                let mut answers = said.what.goals.iter();
                answers.any(|one| one.goal == goal && one.agreement == Agreement::NotAgreed)
            });
            version.content.goal(goal).is_some() && self.plan.is_agreed(version) && !refused
        })
    }

    /// The names under which a thing is known: of a person entered twice, every entry.
    fn names_of(&self, item: Item) -> Vec<Item> {
        match item {
            Item::Goal(_) | Item::Action(_) => vec![item],
            Item::Member(entry) => {
                let persons = &self.household.persons;
                let person = persons.iter().find(|one| one.entries.contains(&entry));
                match person {
                    Some(person) => person.entries.iter().map(|id| Item::Member(*id)).collect(),
                    None => vec![item],
                }
            }
        }
    }

    /// The writes to a thing that make up what shows, and whatever else holds it in its list: for
    /// a goal its ratings, its actions and the versions that it is in.
    fn writes(&self, item: Item) -> Vec<OpId> {
        match item {
            Item::Action(id) => of_action(self.action(id)),
            Item::Goal(id) => self.writes_of_goal(id),
            Item::Member(entry) => {
                let kept = self.household.kept(entry);
                let member = self.household.member(kept);
                let fields = member.into_iter().flat_map(|one| one.fields.current());
                let persons = &self.household.persons;
                let person = persons.iter().find(|person| person.kept == kept);
                let merges = person
                    .into_iter()
                    .flat_map(|one| one.merges.iter().copied());
                fields.chain(merges).collect()
            }
        }
    }

    fn writes_of_goal(&self, goal: GoalId) -> Vec<OpId> {
        let fields = self.goal(goal).into_iter();
        let mut writes: Vec<OpId> = fields.flat_map(|known| known.fields.current()).collect();
        for (id, action) in self.plan.actions_of(goal) {
            writes.extend(of_action(Some(action)));
            writes.extend(self.restored(Item::Action(id)));
        }
        let ratings = self.progress.iter();
        let ratings = ratings.filter(|(_, entry)| entry.record.goal == goal);
        writes.extend(ratings.map(|(id, _)| *id));
        let versions = self.plan.versions.iter();
        let holds = versions.filter(|(_, version)| version.content.goal(goal).is_some());
        for (op, version) in holds {
            writes.push(*op);
            let answers = self.plan.answers.iter();
            let of_it = answers.filter(|(_, said)| said.version == version.id);
            writes.extend(of_it.map(|(id, _)| *id));
        }
        writes
    }

    /// Every time that a thing was brought back.
    fn restored(&self, item: Item) -> impl Iterator<Item = OpId> {
        self.removals
            .iter()
            .filter(move |(_, word)| word.item == item && word.says == Says::Restored)
            .map(|(id, _)| id)
    }

    pub(super) fn say(&mut self, op: &Op, item: Item, says: Says) {
        let word = Word {
            item,
            says,
            author: op.author,
            at: op.at,
            names: op.replaces.clone(),
        };
        self.removals.add(op.id, word);
    }

    pub(super) fn find(&mut self, op: &Op, pair: (MemberId, MemberId), found: Found) {
        let finding = Finding {
            pair,
            found,
            author: op.author,
            at: op.at,
            names: op.replaces.clone(),
        };
        self.household.findings.add(op.id, finding);
    }

    pub(super) fn goal_mut(&mut self, id: GoalId) -> &mut Goal {
        if self.gone_goals.contains_key(&id) {
            return self.gone_goals.entry(id).or_default();
        }
        self.plan.goals.entry(id).or_default()
    }

    pub(super) fn action_mut(&mut self, id: ActionId) -> &mut Action {
        if self.gone_actions.contains_key(&id) {
            return self.gone_actions.entry(id).or_default();
        }
        self.plan.actions.entry(id).or_default()
    }

    pub(super) fn entry_mut(&mut self, id: MemberId) -> &mut Member {
        let household = &mut self.household;
        if household.entries.contains_key(&id) {
            return household.entries.entry(id).or_default();
        }
        household.members.entry(id).or_default()
    }

    /// Puts everything into the list where it belongs, after a change.
    pub(super) fn settle(&mut self, after: &Known) {
        match after {
            Known::MemberWritten { .. }
            | Known::MembersMerged { .. }
            | Known::MembersDistinct { .. }
            | Known::MembersReopened { .. }
            | Known::Removed(Item::Member(_))
            | Known::Restored(Item::Member(_)) => self.settle_members(),
            Known::GoalWritten { .. }
            | Known::ActionWritten { .. }
            | Known::ProgressRated { .. }
            | Known::VersionProposed { .. }
            | Known::VersionAnswered { .. }
            | Known::Removed(Item::Goal(_) | Item::Action(_))
            | Known::Restored(Item::Goal(_) | Item::Action(_)) => self.settle_plan(),
            Known::FamilyWritten(_)
            | Known::NeedRated { .. }
            | Known::VersionReviewed { .. }
            | Known::PlanMoved(_)
            | Known::VisitPlanned { .. }
            | Known::VisitRecorded { .. }
            | Known::NoteAdded { .. }
            | Known::AttachmentAdded(_)
            | Known::Seen { .. }
            | Known::ColleagueNamed { .. } => {}
        }
    }

    /// Actions first: those that are gone no longer hold their goal.
    fn settle_plan(&mut self) {
        let items = self.removals.items();
        for item in &items {
            if let Item::Action(id) = item {
                let is_gone = self.fate(*item) == Fate::Gone;
                let Plan { actions, .. } = &mut self.plan;
                put(*id, is_gone, actions, &mut self.gone_actions);
            }
        }
        for item in &items {
            if let Item::Goal(id) = item {
                let is_gone = self.fate(*item) == Fate::Gone;
                put(*id, is_gone, &mut self.plan.goals, &mut self.gone_goals);
            }
        }
    }

    fn settle_members(&mut self) {
        let removed = self.removals.items();
        let removed = removed.into_iter().filter_map(|item| match item {
            Item::Member(id) => Some(id),
            Item::Goal(_) | Item::Action(_) => None,
        });
        let mut touched = self.household.findings.entries();
        touched.extend(removed);
        if touched.is_empty() {
            return;
        }
        let household = &mut self.household;
        household.gone.clear();
        for id in touched {
            // What stands in the list of an entry that was set aside was made from it.
            let Some(written) = household.members.remove(&id) else {
                continue;
            };
            household.entries.entry(id).or_insert(written);
        }
        let people = people(household);
        household.persons = people
            .iter()
            .filter(|one| one.entries.len() > 1)
            .cloned()
            .collect();
        for person in &people {
            let member = joined(household, person);
            household.members.insert(person.kept, member);
        }
        for person in people {
            if self.fate(Item::Member(person.kept)) == Fate::Gone
                && let Some(member) = self.household.members.remove(&person.kept)
            {
                self.household.gone.insert(person.kept, member);
            }
        }
    }
}

/// Whoever was entered twice, compared or taken out, each person once, by entries that exist.
fn people(household: &Household) -> Vec<Person> {
    let exists = |id: &MemberId| household.entries.contains_key(id);
    let mut people = household.findings.persons();
    // An entry that never arrived, or not yet, still connects those that did.
    people.retain(|person| person.entries.iter().any(exists));
    for person in &mut people {
        if !exists(&person.kept)
            && let Some(first) = person.entries.iter().find(|id| exists(id))
        {
            person.kept = *first;
        }
    }
    for id in household.entries.keys() {
        if !people.iter().any(|person| person.entries.contains(id)) {
            people.push(Person {
                kept: *id,
                entries: [*id].into(),
                merges: Vec::new(),
            });
        }
    }
    people
}

/// Everything that was written to any entry of a person.
fn joined(household: &Household, person: &Person) -> Member {
    let mut member = Member::default();
    for id in &person.entries {
        if let Some(entry) = household.entries.get(id) {
            member.fields.absorb(&entry.fields);
        }
    }
    member
}

/// Moves a thing into the list where it belongs.
fn put<K: Ord + Copy, V>(
    id: K,
    is_gone: bool,
    stands: &mut litemap::LiteMap<K, V>,
    gone: &mut litemap::LiteMap<K, V>,
) {
    let (from, to) = if is_gone {
        (stands, gone)
    } else {
        (gone, stands)
    };
    if let Some(thing) = from.remove(&id) {
        to.insert(id, thing);
    }
}

fn of_action(action: Option<&Action>) -> Vec<OpId> {
    let fields = action.into_iter();
    fields.flat_map(|action| action.fields.current()).collect()
}

/// Whether a thing may be taken out by somebody who sees it as it is here.
pub(super) fn check_removal(case: Option<&Case>, item: Item) -> Result<(), CheckError> {
    check_known(case, item)?;
    match item {
        Item::Goal(goal) if case.is_some_and(|case| case.is_goal_agreed(goal)) => {
            Err(CheckError::AlreadyAgreed)
        }
        Item::Goal(_) | Item::Action(_) | Item::Member(_) => Ok(()),
    }
}

/// Whether a thing is in a list, or was taken out of it.
pub(super) fn check_known(case: Option<&Case>, item: Item) -> Result<(), CheckError> {
    let is_known = case.is_some_and(|case| match item {
        Item::Goal(id) => case.goal(id).is_some(),
        Item::Action(id) => case.action(id).is_some(),
        Item::Member(id) => case.household.member(id).is_some(),
    });
    if is_known {
        Ok(())
    } else {
        Err(CheckError::NotThere)
    }
}
