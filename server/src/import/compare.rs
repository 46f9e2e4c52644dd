//! What a family of the list changes in what is stored: nothing, a few fields, or everything.
//!
//! A list is one more author. What it said last time is the last thing that the server's own user
//! wrote; a cell that still says the same is no news, even where a person has written something
//! else since. A cell that says something new beside a person's word does not overwrite it: both
//! stand, and a person chooses.

use domain::family::{FamilyKey, Member, MemberField, MemberKey};
use domain::field::{Field, Fields};
use domain::id::{MemberId, OpId, UserId};
use domain::op::Known;
use domain::state::Case;

use crate::import::column::Column;
use crate::import::household::Family;
use crate::import::words::plain;

/// One write, and what it replaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// The change.
    pub known: Known,
    /// The writes that it replaces.
    pub replaces: Vec<OpId>,
}

/// What changes, for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The member, where it is about one.
    pub member: Option<String>,
    /// Which column.
    pub column: Column,
    /// Whether somebody wrote something else since: both will stand.
    pub is_contested: bool,
}

/// What to write, and what it changes.
#[derive(Debug, Default)]
pub struct Difference {
    /// The writes, in order.
    pub writes: Vec<Write>,
    /// What they change.
    pub changed: Vec<Changed>,
}

/// Compares a family of the list with what is stored, `case`. `system` is who writes imports.
pub fn compare(
    family: &Family,
    case: &Case,
    system: UserId,
    mut fresh: impl FnMut() -> MemberId,
) -> Difference {
    let mut difference = Difference::default();
    for field in &family.fields {
        let column = family_column(field.key());
        let Some((replaces, is_contested)) = news(&case.household.fields, field, system) else {
            continue;
        };
        let known = Known::FamilyWritten(field.clone());
        difference.add(known, replaces, None, column, is_contested);
    }
    // Every entry by itself, also one that was taken out or turned out to be somebody else: the
    // list still has it, and it must not be entered anew each time.
    let mut known_members: Vec<(MemberId, &Member)> = case.household.each_entry().collect();
    for fields in &family.members {
        let place = find(&known_members, fields, system);
        let (id, member) = match place.map(|place| known_members.remove(place)) {
            Some((id, member)) => (id, Some(member)),
            None => (fresh(), None),
        };
        let name = fields.iter().find_map(|field| match field {
            MemberField::Name(name) => Some(name.latin.clone()),
            _ => None,
        });
        let nothing = Member::default();
        for field in fields {
            let stored = &member.unwrap_or(&nothing).fields;
            let Some((replaces, is_contested)) = news(stored, field, system) else {
                continue;
            };
            let known = Known::MemberWritten {
                member: id,
                field: field.clone(),
            };
            let column = member_column(field.key());
            difference.add(known, replaces, name.clone(), column, is_contested);
        }
    }
    difference
}

impl Difference {
    fn add(
        &mut self,
        known: Known,
        replaces: Vec<OpId>,
        member: Option<String>,
        column: Column,
        is_contested: bool,
    ) {
        self.writes.push(Write { known, replaces });
        self.changed.push(Changed {
            member,
            column,
            is_contested,
        });
    }
}

/// What a write of `wanted` would replace and whether it contests a person's word; `None` where
/// the list says nothing new.
fn news<F: Field>(fields: &Fields<F>, wanted: &F, system: UserId) -> Option<(Vec<OpId>, bool)> {
    let Some(register) = fields.register(wanted.key()) else {
        return Some((Vec::new(), false));
    };
    let said = register
        .history()
        .rev()
        .find(|(_, write)| write.author == system);
    let is_old = said.is_some_and(|(_, write)| write.value == *wanted);
    if is_old || register.standing().all(|(_, write)| write.value == *wanted) {
        return None;
    }
    let mut replaces = Vec::new();
    let mut is_contested = false;
    for (id, write) in register.standing() {
        if write.author == system {
            replaces.push(id);
        } else {
            is_contested = true;
        }
    }
    Some((replaces, is_contested))
}

/// The stored member that a row means: the one whom the list called so, or who was born that day.
fn find(known: &[(MemberId, &Member)], fields: &[MemberField], system: UserId) -> Option<usize> {
    let called = fields.iter().find_map(|field| match field {
        MemberField::Name(name) => Some(plain(&name.latin)),
        _ => None,
    })?;
    let birth = fields.iter().find(|field| field.key() == MemberKey::Birth);
    let matching = |is_same: &dyn Fn(&Member) -> bool| {
        let mut places = (0..known.len())
            .filter(|place| known.get(*place).is_some_and(|(_, member)| is_same(member)));
        let place = places.next()?;
        // Twins are born on one day: then a name decides, or nobody does.
        places.next().is_none().then_some(place)
    };
    let was_called = |member: &Member| {
        let register = member.fields.register(MemberKey::Name);
        let names = register.into_iter().flat_map(|register| register.history());
        names
            .filter(|(_, write)| write.author == system)
            .any(|(_, write)| match &write.value {
                MemberField::Name(name) => plain(&name.latin) == called,
                _ => false,
            })
    };
    let was_born =
        |member: &Member| birth.is_some() && member.fields.value(MemberKey::Birth) == birth;
    matching(&|member| was_called(member) && was_born(member))
        .or_else(|| matching(&was_called))
        .or_else(|| matching(&was_born))
}

fn family_column(key: FamilyKey) -> Column {
    match key {
        FamilyKey::Name => Column::FamilyName,
        FamilyKey::Comune => Column::Comune,
        FamilyKey::Address => Column::Address,
        FamilyKey::Phone => Column::Phone,
        FamilyKey::SafeContact => Column::SafeContact,
        FamilyKey::Language => Column::Language,
        FamilyKey::InterpreterNeeded => Column::Interpreter,
        FamilyKey::ExternalId => Column::ExternalId,
    }
}

fn member_column(key: MemberKey) -> Column {
    match key {
        MemberKey::Name => Column::MemberName,
        MemberKey::Role => Column::Role,
        MemberKey::Birth => Column::Birth,
        MemberKey::Citizenship => Column::Citizenship,
        MemberKey::Speaks => Column::Speaks,
        MemberKey::Reads => Column::Reads,
    }
}
