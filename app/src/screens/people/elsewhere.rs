//! Somebody who may be in another family, too: told while a new person is written down, and beside
//! the people of a family until somebody says that they are two.
//!
//! Only told: what each family says stays with it, since others may open the one and not the
//! other. Only the families on this phone are looked at; the server is asked nothing.

use domain::family::Name;
use domain::id::{MemberId, ScopeId};
use domain::likeness::{Everybody, Someone};
use domain::vocabulary::Role;
use jiff::civil::Date;
use leptos::prelude::*;
use replica::replica::Replica;

use crate::parts::mark::Icon;
use crate::screens::family::Tab;
use crate::screens::lists::use_desk;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::{Words, use_words};

/// Somebody of another family.
#[derive(Clone, Debug, PartialEq)]
pub struct Elsewhere {
    /// The other family.
    pub scope: ScopeId,
    /// That family's name.
    pub family: String,
    /// Where it lives.
    pub comune: Option<String>,
    /// Who it is there.
    pub member: MemberId,
    /// What they are called there.
    pub name: String,
}

/// A member of this family who may also be somebody of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Perhaps {
    /// Who it is here.
    pub member: MemberId,
    /// What they are called here.
    pub name: String,
    /// Who it may also be.
    pub there: Elsewhere,
}

/// Says of somebody of another family whether they are known to be somebody else.
type IsApart<'a> = &'a dyn Fn(ScopeId, MemberId) -> bool;

/// Everybody on this phone, to be compared with whoever is written down.
pub fn everybody(replica: &Replica) -> Everybody {
    let cases = replica.state().cases.iter();
    Everybody::of(cases.map(|(scope, case)| (*scope, &case.household)))
}

/// Who of another family a person of this one may be, by name and birth.
pub fn known(
    replica: &Replica,
    all: &Everybody,
    scope: ScopeId,
    (name, birth): (&Name, Option<Date>),
    is_apart: IsApart<'_>,
) -> Vec<Elsewhere> {
    let case = replica.state().cases.get(&scope);
    let someone = Someone {
        scope,
        family: case.and_then(|case| case.household.name()),
        name,
        birth,
    };
    let found = all.like(&someone, is_apart).into_iter();
    found
        .filter_map(|(scope, member)| told(replica, scope, member))
        .collect()
}

fn told(replica: &Replica, scope: ScopeId, member: MemberId) -> Option<Elsewhere> {
    let household = &replica.state().cases.get(&scope)?.household;
    Some(Elsewhere {
        scope,
        family: household.name()?.latin.clone(),
        comune: household.comune().map(|comune| comune.name.clone()),
        member,
        name: household.member(member)?.name()?.latin.clone(),
    })
}

/// Who of one family may also be in another family on this phone, without those of whom somebody
/// said, in either family, that they are two people.
pub fn elsewhere(replica: &Replica, scope: ScopeId) -> Vec<Perhaps> {
    let cases = &replica.state().cases;
    let Some(here) = cases.get(&scope).map(|case| &case.household) else {
        return Vec::new();
    };
    let all = everybody(replica);
    let mut found = Vec::new();
    for (member, own) in here.members_in_order() {
        let Some(name) = own.name() else { continue };
        let is_apart = |there: ScopeId, theirs: MemberId| {
            let other = cases.get(&there);
            other.is_some_and(|case| here.is_apart(member, (&case.household, theirs)))
        };
        let others = known(replica, &all, scope, (name, own.birth()), &is_apart).into_iter();
        found.extend(others.map(|there| Perhaps {
            member,
            name: name.latin.clone(),
            there,
        }));
    }
    found
}

/// A person, the family, where it lives.
fn who(one: &Elsewhere, words: Words) -> String {
    let who = words.of_family(&one.name, &one.family);
    match &one.comune {
        Some(comune) => format!("{who}, {comune}"),
        None => who,
    }
}

/// While a new person is written down: who of another family it may be. Nothing has to be
/// answered, and nobody is kept from saving.
#[component]
pub fn PerhapsKnown(
    scope: ScopeId,
    name: Memo<Name>,
    birth: RwSignal<Option<Date>>,
) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    // Read once: a family that arrives while somebody types is told once the person is saved.
    let all = StoredValue::new(untrack(|| session.read(everybody)));
    let found = Memo::new(move |_| {
        let (name, birth) = (name.get(), birth.get());
        all.with_value(|all| {
            session.read(|replica| known(replica, all, scope, (&name, birth), &|_, _| false))
        })
    });
    let notice = move || {
        let found = found.get();
        let is_any = !found.is_empty();
        let lines = found.into_iter().map(|one| {
            let said = words.perhaps_known(&who(&one, words));
            view! { <p><span dir="auto">{said}</span>" "{open_link(&one, words)}</p> }
        });
        let lines = lines.collect_view();
        is_any.then(|| {
            view! {
                <div class="notice">
                    <Icon name="users-round" />
                    <div class="stack stack--tight">{lines}</div>
                </div>
            }
        })
    };
    view! { <div role="status">{notice}</div> }.into_any()
}

/// Whoever of a family may also be in another one.
#[component]
pub fn PerhapsElsewhere(scope: ScopeId) -> impl IntoView {
    let session = use_session();
    let may_write = matches!(session.owner().role, Role::Mediator | Role::SocialWorker);
    let found = Memo::new(move |_| session.read(|replica| elsewhere(replica, scope)));
    move || {
        let found = found.get().into_iter();
        let notices = found.map(|one| view! { <Hint scope=scope one=one may_write=may_write /> });
        notices.collect_view()
    }
}

#[component]
fn Hint(scope: ScopeId, one: Perhaps, may_write: bool) -> impl IntoView {
    let desk = use_desk(scope);
    let words = desk.words();
    let Perhaps {
        member,
        name,
        there,
    } = one;
    let theirs = there.member;
    let said = words.perhaps_elsewhere(&name, &there.family);
    let whom = words.of_family(&name, &there.family);
    let label = format!("{}: {whom}", words.not_the_same());
    let on_two = move |_| {
        let answers = desk.household(|household| household.parting(member, theirs));
        let said = words.two_persons_toast().to_owned();
        desk.write(answers, said, Callback::new(|()| ()));
    };
    let two = may_write.then(|| {
        view! {
            <button type="button" class="btn btn--bare" aria-label=label on:click=hear(on_two)>
                {words.not_the_same()}
            </button>
        }
    });
    view! {
        <div class="notice">
            <Icon name="users-round" />
            <div class="stack stack--tight">
                <p><span dir="auto">{said}</span>" "{open_link(&there, words)}{two}</p>
                {desk.error()}
            </div>
        </div>
    }
    .into_any()
}

fn open_link(one: &Elsewhere, words: Words) -> impl IntoView + use<> {
    let label = words.open_family(&one.family);
    view! { <a href=Tab::People.href(one.scope) dir="auto">{label}</a> }
}

#[cfg(test)]
mod tests {
    use domain::family::{Comune, FamilyField, MemberField};
    use domain::id::Millis;
    use domain::op::Known;

    use super::*;
    use crate::screens::fixture::{Family, scope, tutor};

    fn there() -> ScopeId {
        ScopeId::new(Millis(1), [7; 10])
    }

    fn khaled(number: u8) -> MemberId {
        MemberId::new(Millis(1), [number; 10])
    }

    fn name(latin: &str, original: Option<&str>) -> Name {
        Name {
            latin: latin.to_owned(),
            original: original.map(str::to_owned),
        }
    }

    fn called(member: MemberId, latin: &str) -> Known {
        let field = MemberField::Name(name(latin, None));
        Known::MemberWritten { member, field }
    }

    /// The Bouchaara family of Lodi, with Khaled.
    fn bouchaara() -> Family {
        let mut family = Family::days_ago(40);
        let lodi = Comune {
            istat: "098031".into(),
            name: "Lodi".into(),
        };
        family
            .write(
                tutor(),
                Known::FamilyWritten(FamilyField::Name(name("Bouchaara", None))),
            )
            .write(tutor(), Known::FamilyWritten(FamilyField::Comune(lodi)))
            .write(tutor(), called(khaled(1), "Khaled"));
        family
    }

    fn held(here: &Family, others: &Family) -> Replica {
        here.held_beside(&[(there(), others)], tutor(), Role::Mediator)
    }

    #[test]
    fn who_is_in_another_family_is_told_while_the_name_is_typed() {
        let replica = held(&Family::hassan(), &bouchaara());
        let all = everybody(&replica);
        let typed = name("", Some("خالد بوشعرة"));
        let look = |scope| known(&replica, &all, scope, (&typed, None), &|_, _| false);
        let found = look(scope());
        assert_eq!(found.len(), 1, "{found:?}");
        let said = who(&found[0], Words::default());
        assert_eq!(said, "Khaled, famiglia Bouchaara, Lodi");
        assert!(look(there()).is_empty(), "its own family asks otherwise");
    }

    #[test]
    fn who_may_be_in_two_families_is_told_in_both_until_somebody_says_no() {
        let mut here = Family::hassan();
        here.write(tutor(), called(khaled(2), "Khaled Bouchaara"));
        let others = bouchaara();
        let told = |here: &Family, scope| {
            let found = elsewhere(&held(here, &others), scope);
            let pair = |one: Perhaps| (one.member, one.there.scope, one.there.member);
            found.into_iter().map(pair).collect::<Vec<_>>()
        };
        let pair = [(khaled(2), there(), khaled(1))];
        assert_eq!(told(&here, scope()), pair);
        assert_eq!(told(&here, there()), [(khaled(1), scope(), khaled(2))]);

        let answers = here.case().household.parting(khaled(2), khaled(1));
        here.answer(tutor(), answers);
        for family in [scope(), there()] {
            assert!(told(&here, family).is_empty(), "said in one, known in both");
        }
        assert_eq!(here.case().household.members.len(), 2, "nobody was merged");

        here.undo(tutor());
        assert_eq!(told(&here, scope()), pair, "taken back, it is told again");
    }
}
