//! Members who may be one person: side by side, what differs marked. Pure.

use domain::family::{Household, Member, Name};
use domain::id::{MemberId, ScopeId};
use replica::replica::Replica;

use crate::words::Words;

/// Two members of one family who may be one person.
#[derive(Clone, Debug, PartialEq)]
pub struct TwinCard {
    /// The entry that stays if they are.
    pub kept: MemberId,
    /// The other.
    pub other: MemberId,
    /// Whether people have answered differently.
    pub is_disputed: bool,
    /// What is known of each.
    pub sides: [Side; 2],
}

/// What is known of one of the two.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The name.
    pub name: Option<Name>,
    /// Whether the other is called differently.
    pub name_differs: bool,
    /// What else is known, and whether the other says something else.
    pub lines: Vec<(String, bool)>,
}

/// Everybody in one family who may have been entered twice.
pub fn twin_cards(replica: &Replica, scope: ScopeId, words: Words) -> Vec<TwinCard> {
    let Some(case) = replica.state().cases.get(&scope) else {
        return Vec::new();
    };
    let household = &case.household;
    let card = |twins: domain::twins::Twins| {
        let one = household.members.get(&twins.kept)?;
        let other = household.members.get(&twins.other)?;
        Some(TwinCard {
            kept: twins.kept,
            other: twins.other,
            is_disputed: twins.is_disputed,
            sides: sides(one, other, words),
        })
    };
    household.twins().into_iter().filter_map(card).collect()
}

/// The other entries of a person, each with the name it adds to the one that shows; where that is
/// its own, with the name of the entry that stays.
pub fn joined(household: &Household, kept: MemberId) -> Vec<(MemberId, Option<String>)> {
    let latin = |member: Option<&Member>| Some(member?.name()?.latin.clone());
    let shown = latin(household.members.get(&kept));
    let is_other = |name: &String| Some(name) != shown.as_ref();
    let entries = household.entries_of(kept).into_iter();
    entries
        .filter(|entry| *entry != kept)
        .map(|entry| {
            let names = [entry, kept].into_iter();
            let mut names = names.filter_map(|of| latin(household.entry(of)));
            (entry, names.find(is_other))
        })
        .collect()
}

fn sides(one: &Member, other: &Member, words: Words) -> [Side; 2] {
    let (a, b) = (lines(one, words), lines(other, words));
    let side = |member: &Member, mine: &[Option<String>], theirs: &[Option<String>]| Side {
        name: member.name().cloned(),
        name_differs: one.name() != other.name(),
        lines: mine
            .iter()
            .zip(theirs)
            .filter(|(mine, theirs)| mine.is_some() || theirs.is_some())
            .map(|(mine, theirs)| {
                // What only one of them says is no difference: both together say it.
                let differs = mine.is_some() && theirs.is_some() && mine != theirs;
                let text = mine.clone().unwrap_or_else(|| words.unknown().to_owned());
                (text, differs)
            })
            .collect(),
    };
    [side(one, &a, &b), side(other, &b, &a)]
}

/// What is known of a member, always in the same places.
fn lines(member: &Member, words: Words) -> [Option<String>; 4] {
    let speaks: Vec<String> = member
        .speaks()
        .iter()
        .map(|tag| words.language(&tag.0))
        .collect();
    [
        member
            .birth()
            .map(|day| words.born_on(&words.full_day(day))),
        member.role().map(|role| words.member_role(role).to_owned()),
        member
            .citizenship()
            .filter(|code| !code.is_empty())
            .map(|code| words.citizenship(code)),
        (!speaks.is_empty()).then(|| words.speaks_list(&speaks.join(", "))),
    ]
}

#[cfg(test)]
mod tests {
    use domain::family::{MemberField, MemberKey};
    use domain::op::Known;
    use domain::register::Register;
    use domain::vocabulary::{MemberRole, Role};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, scope, tutor};

    fn second() -> MemberId {
        MemberId::new(domain::id::Millis(1), [8; 10])
    }

    fn twice() -> Family {
        let mut family = Family::hassan();
        for field in [
            MemberField::Name(Name {
                latin: "AMINA".into(),
                original: Some("أمينة".into()),
            }),
            MemberField::Role(MemberRole::Partner),
            MemberField::Birth(date(1990, 5, 1)),
        ] {
            let member = second();
            family.write(tutor(), Known::MemberWritten { member, field });
        }
        family
    }

    #[test]
    fn a_person_entered_twice_is_shown_side_by_side_with_what_differs() {
        let words = Words::default();
        let family = twice();
        let replica = family.held_by(tutor(), Role::Mediator);
        let cards = twin_cards(&replica, scope(), words);
        assert_eq!(cards.len(), 1);
        let [one, other] = &cards[0].sides;
        assert!(one.name_differs && other.name_differs);
        let birth = words.born_on(&words.full_day(date(1990, 5, 1)));
        assert!(one.lines.contains(&(birth.clone(), false)));
        assert_eq!(other.lines[0], (words.unknown().to_owned(), false));
        let roles = [MemberRole::Partner, MemberRole::Reference];
        for (side, role) in cards[0].sides.iter().zip(roles) {
            let role = words.member_role(role).to_owned();
            assert!(side.lines.contains(&(role, true)), "{side:?}");
        }
    }

    #[test]
    fn a_merged_person_says_the_other_name_and_never_its_own() {
        let mut family = twice();
        let cards = twin_cards(
            &family.held_by(tutor(), Role::Mediator),
            scope(),
            Words::default(),
        );
        let (kept, other) = (cards[0].kept, cards[0].other);
        assert_eq!(
            (kept, other),
            (second(), amina()),
            "who was entered first stays"
        );
        for answer in family.case().household.merging(kept, other) {
            family.replace(tutor(), answer.replaces, answer.change);
        }
        let case = family.case();
        assert_eq!(case.household.members.len(), 1);
        let of = |family: &Family| joined(&family.case().household, kept);
        let shown = case.household.members[&kept].name();
        let shown = shown.map(|name| name.latin.clone());
        let told = of(&family)[0].1.clone();
        assert_eq!(of(&family)[0].0, other);
        assert_ne!(told, shown);
        assert!(
            matches!(told.as_deref(), Some("AMINA" | "Amina")),
            "{told:?}"
        );
        for member in [kept, other] {
            let name = MemberField::Name(Name {
                latin: "Amina".into(),
                original: None,
            });
            let heads = family.case().household.entry(member).map(|entry| {
                let names = entry.fields.register(MemberKey::Name);
                names.map(Register::heads).unwrap_or_default()
            });
            let field = Known::MemberWritten {
                member,
                field: name,
            };
            family.replace(tutor(), heads.unwrap_or_default(), field);
        }
        assert_eq!(of(&family), [(other, None)], "both are called the same");
    }
}
