//! Persone: how to reach them safely, who they are, which languages they speak and read.

mod edit;
mod elsewhere;
pub mod form;
mod twin_cards;
pub mod twins;

use domain::family::{Name, Phone};
use domain::id::{MemberId, ScopeId};
use domain::vocabulary::{MemberRole, Role};
use jiff::civil::Date;
use leptos::prelude::*;
use replica::replica::Replica;

use crate::parts::mark::{Icon, TwoAnswers, TwoScripts};
use crate::screens::dispute::{About, DisputeList, disputes_of};
use crate::screens::family::{FamilyPage, Tab, age};
use crate::screens::lists::KeptList;
use crate::screens::lists::model::Within;
use crate::screens::people::edit::{HouseholdForm, MemberForm};
use crate::screens::people::elsewhere::PerhapsElsewhere;
use crate::screens::people::form::MemberEdit;
use crate::screens::people::twin_cards::{Joined, TwinCards};
use crate::screens::people::twins::joined;
use crate::session::use_session;
use crate::watch::hear;
use crate::words::lands::capitalized;
use crate::words::{Words, use_words};

/// What the tab shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People {
    /// How and when it is safe to call.
    pub safe_contact: Option<String>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Where they live: street, Comune.
    pub address: Option<String>,
    /// Language with the mediator, by its tag.
    pub language: Option<String>,
    /// Members, in the order of [`domain::family::Household::members_in_order`].
    pub members: Vec<MemberLine>,
    /// Whether the reader may change this.
    pub may_write: bool,
}

/// One member.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberLine {
    /// Who.
    pub id: MemberId,
    /// Their name.
    pub name: Option<Name>,
    /// Their place in the household.
    pub role: Option<MemberRole>,
    /// Whole years.
    pub age: Option<u32>,
    /// Citizenship, two letters.
    pub citizenship: Option<String>,
    /// Languages spoken, by their tags.
    pub speaks: Vec<String>,
    /// Languages read, by their tags.
    pub reads: Vec<String>,
    /// The other entries that turned out to be the same person, with the names that they add.
    pub joined: Vec<(MemberId, Option<String>)>,
    /// Whether two people wrote different things of them.
    pub is_disputed: bool,
}

/// What the tab shows of one family.
pub fn model(replica: &Replica, scope: ScopeId, today: Date) -> Option<People> {
    let household = &replica.state().cases.get(&scope)?.household;
    let said = |text: Option<&str>| {
        text.map(str::trim)
            .filter(|t| !t.is_empty())
            .map(String::from)
    };
    let members = household.members_in_order().into_iter();
    let members: Vec<MemberLine> = members
        .map(|(id, member)| MemberLine {
            id,
            name: member.name().cloned(),
            role: member.role(),
            age: member.birth().map(|birth| age(birth, today)),
            citizenship: said(member.citizenship()),
            speaks: member.speaks().iter().map(|tag| tag.0.clone()).collect(),
            reads: member.reads().iter().map(|tag| tag.0.clone()).collect(),
            joined: joined(household, id),
            is_disputed: member.fields.disputed().next().is_some(),
        })
        .collect();
    let street = said(household.address());
    let comune = household.comune().map(|comune| comune.name.clone());
    let lines: Vec<String> = street.into_iter().chain(comune).collect();
    let role = replica.owner().role;
    Some(People {
        safe_contact: said(household.safe_contact()),
        phone: household
            .phone()
            .filter(|phone| !phone.number.trim().is_empty())
            .cloned(),
        address: Some(lines.join(", ")).filter(|line| !line.is_empty()),
        language: household.language().map(|tag| tag.0.clone()),
        members,
        may_write: matches!(role, Role::Mediator | Role::SocialWorker),
    })
}

/// The screen.
#[component]
pub fn PeopleScreen() -> impl IntoView {
    view! { <FamilyPage tab=Tab::People body=|scope| view! { <PeopleTab scope=scope /> }.into_any() /> }
}

#[component]
fn PeopleTab(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let today = session.today();
    let card = Memo::new(move |_| {
        session
            .read(|replica| model(replica, scope, today))
            .unwrap_or_default()
    });
    let disputes = Memo::new(move |_| {
        session.read(|replica| {
            let case = replica.state().cases.get(&scope);
            let mut found = case
                .map(|case| disputes_of(scope, case))
                .unwrap_or_default();
            found.retain(|one| matches!(one.about, About::Family(_) | About::Member(..)));
            found
        })
    });
    let is_changing = RwSignal::new(false);
    let member = RwSignal::new(None::<MemberEdit>);
    let on_member = move |id: MemberId| {
        let edit = untrack(|| {
            session.read(|replica| {
                let known = replica
                    .state()
                    .cases
                    .get(&scope)?
                    .household
                    .members
                    .get(&id)?;
                Some(MemberEdit::of(id, known))
            })
        });
        member.set(edit);
    };
    let on_add = move |_| member.set(Some(MemberEdit::new(session.fresh())));
    view! {
        <main class="main main--scroll narrow">
            <TwinCards scope=scope />
            <PerhapsElsewhere scope=scope />
            <KeptList scope=scope within=Within::People />
            {move || (!disputes.read().is_empty()).then(|| view! {
                <h2 class="sr">{words.two_values()}</h2>
                <DisputeList disputes=disputes.get() />
            })}
            <section class="section" aria-labelledby="reach">
                <div class="section__head"><h2 id="reach">{words.how_to_reach()}</h2></div>
                {move || if is_changing.get() {
                    view! { <HouseholdForm scope=scope open=is_changing /> }.into_any()
                } else {
                    view! { {reach(&card.read(), words)}{change_button(&card.read(), is_changing, words)} }.into_any()
                }}
            </section>
            <section class="section" aria-labelledby="home">
                <div class="section__head"><h2 id="home">{words.live_together()}</h2></div>
                {move || {
                    let people = card.read();
                    if people.members.is_empty() {
                        return view! { <p class="small soft">{words.no_members()}</p> }.into_any();
                    }
                    let may_write = people.may_write;
                    let rows = people
                        .members
                        .iter()
                        .map(|line| member_row(scope, line, may_write, on_member, words))
                        .collect_view();
                    view! { <div class="card card--flush rows">{rows}</div> }.into_any()
                }}
                {move || match member.get() {
                    Some(edit) => view! { <MemberForm scope=scope edit=edit open=member /> }.into_any(),
                    None => card.read().may_write.then(|| view! {
                        <button type="button" class="btn btn--block" on:click=hear(on_add)>
                            <Icon name="user-plus" />{words.add_member()}
                        </button>
                    })
                    .into_any(),
                }}
            </section>
        </main>
        {move || call_bar(&card.read(), words)}
    }
    .into_any()
}

/// How to reach them: the rule before the number, always.
fn reach(people: &People, words: Words) -> impl IntoView + use<> {
    let rule = people.safe_contact.clone();
    let is_known = rule.is_some();
    let rule = rule.unwrap_or_else(|| words.no_safe_contact().to_owned());
    let class = if is_known { "safe" } else { "small soft" };
    let phone = people.phone.clone().map(|phone| {
        let (holder, note) = holder_and_note(phone.holder.as_deref().unwrap_or_default());
        let holder = (!holder.is_empty()).then(|| format!(", {}", words.phone_held_by(holder)));
        let note = note.map(|note| view! { <br /><span dir="auto">{note.to_owned()}</span> });
        view! {
            <li>
                <Icon name="smartphone" />
                <span><bdi dir="ltr">{phone.number}</bdi>{holder}{note}</span>
            </li>
        }
    });
    let address = people.address.clone().map(|address| {
        view! { <li><Icon name="map-pin" /><span dir="auto">{words.lives_at()}": "{address}</span></li> }
    });
    let language = people.language.as_ref().map(|tag| {
        let name = capitalized(&words.language(tag));
        view! { <li><Icon name="languages" /><span>{name}</span></li> }
    });
    view! {
        <div class="card stack">
            <p class=class>{is_known.then(|| view! { <Icon name="phone" /> })}<b dir="auto">{rule}</b></p>
            <ul class="facts">{phone}{address}{language}</ul>
        </div>
    }
}

fn change_button(
    people: &People,
    is_changing: RwSignal<bool>,
    words: Words,
) -> impl IntoView + use<> {
    people.may_write.then(|| {
        view! {
            <button type="button" class="btn" on:click=hear(move |_| is_changing.set(true))>
                <Icon name="pencil" />{words.change_household()}
            </button>
        }
    })
}

fn member_row(
    scope: ScopeId,
    line: &MemberLine,
    may_write: bool,
    on_open: impl Fn(MemberId) + Copy + 'static,
    words: Words,
) -> AnyView {
    let id = line.id;
    let heading = format!("member-{id}");
    let labelled_by = heading.clone();
    let name = line.name.clone();
    let face: String = name
        .as_ref()
        .and_then(|name| name.latin.chars().next())
        .map(|sign| sign.to_uppercase().collect())
        .unwrap_or_default();
    let latin = name
        .as_ref()
        .map_or(words.nameless().to_owned(), |name| name.latin.clone());
    let mut notes: Vec<String> = Vec::new();
    notes.extend(line.age.map(|age| words.years_old(age)));
    notes.extend(line.role.map(|role| words.member_role(role).to_lowercase()));
    notes.extend(
        line.citizenship
            .as_ref()
            .map(|code| words.citizenship(code)),
    );
    let list = |tags: &[String]| -> Option<String> {
        let names: Vec<String> = tags.iter().map(|tag| words.language(tag)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let speaks = list(&line.speaks).map(|list| {
        view! { <li><Icon name="speech" /><span>{words.speaks_list(&list)}</span></li> }
    });
    let reads = list(&line.reads).map(|list| {
        view! { <li><Icon name="book-open" /><span>{words.reads_list(&list)}</span></li> }
    });
    let joined = line.joined.clone();
    let joined = joined
        .into_iter()
        .map(|(entry, name)| view! { <Joined scope=scope entry=entry name=name may_write=may_write /> })
        .collect_view();
    let change = may_write.then(|| {
        let label = format!("{}: {latin}", words.change());
        view! {
            <button type="button" class="icon-btn" aria-label=label on:click=hear(move |_| on_open(id))>
                <Icon name="pencil" />
            </button>
        }
    });
    let name = match name {
        Some(name) => view! { <TwoScripts name=name /> }.into_any(),
        None => latin.into_any(),
    };
    view! {
        <article class="member" aria-labelledby=labelled_by>
            <span class="member__face" aria-hidden="true">{face}</span>
            <div class="stack">
                <h3 id=heading>{name}<small>{notes.join(", ")}</small></h3>
                <ul class="facts">{speaks}{reads}</ul>
                {line.is_disputed.then(|| view! { <p><TwoAnswers words=words /></p> })}
                {joined}
            </div>
            {change}
        </article>
    }
    .into_any()
}

/// Who holds the telephone, and what the family wrote behind the name: `Amina, solo la mattina`.
/// The note is in their own words, and in no sentence of ours.
pub fn holder_and_note(holder: &str) -> (&str, Option<&str>) {
    const ENDS: [char; 4] = [',', ';', ':', '–'];
    let (name, note) = holder.split_once(ENDS).unwrap_or((holder, ""));
    let note = note.trim();
    (name.trim(), (!note.is_empty()).then_some(note))
}

/// The call lies at the thumb, below the rule that says when.
fn call_bar(people: &People, words: Words) -> Option<impl IntoView + use<>> {
    let phone = people.phone.clone()?;
    let reference = people.members.first().and_then(|line| line.name.clone());
    let (holder, note) = holder_and_note(phone.holder.as_deref().unwrap_or_default());
    let who = Some(holder.to_owned())
        .filter(|name| !name.is_empty())
        .or(reference.map(|name| name.latin))
        .unwrap_or_else(|| phone.number.clone());
    let note = note.map(|note| {
        view! { <p class="actbar__note small soft" dir="auto">{note.to_owned()}</p> }
    });
    let dialled: String = phone
        .number
        .chars()
        .filter(|sign| sign.is_ascii_digit() || *sign == '+')
        .collect();
    Some(view! {
        <section class="actbar" aria-label=words.actions()>
            {note}
            <a class="btn btn--main" href=format!("tel:{dialled}")><Icon name="phone" />{words.call(&who)}</a>
        </section>
    })
}

#[cfg(test)]
mod tests {
    use domain::family::MemberField;
    use domain::op::Known;
    use domain::vocabulary::Role;
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, amina, scope, tutor};

    #[test]
    fn a_note_behind_the_name_is_no_part_of_the_name() {
        for (holder, name, note) in [
            ("Amina", "Amina", None),
            ("Amina, solo la mattina", "Amina", Some("solo la mattina")),
            ("Amina (la figlia)", "Amina (la figlia)", None),
            (
                "Amina (la figlia), solo la mattina",
                "Amina (la figlia)",
                Some("solo la mattina"),
            ),
            (" Amina ,", "Amina", None),
            ("", "", None),
        ] {
            assert_eq!(holder_and_note(holder), (name, note), "{holder}");
        }
    }

    #[test]
    fn people_are_told_with_both_names_and_who_may_change_them() {
        let family = Family::hassan();
        let people = model(
            &family.held_by(tutor(), Role::Mediator),
            scope(),
            date(2026, 10, 14),
        );
        let people = people.expect("the family is there");
        assert_eq!(people.members.len(), 1);
        assert_eq!(people.members[0].role, Some(MemberRole::Reference));
        assert!(people.may_write && people.phone.is_none());
    }

    #[test]
    fn whoever_is_added_without_a_place_in_the_family_comes_last() {
        let mut family = Family::hassan();
        let aunt = MemberId::new(domain::id::Millis(1), [1; 10]);
        let field = MemberField::Name(Name {
            latin: "Zahra".into(),
            original: None,
        });
        let member = aunt;
        family.write(tutor(), Known::MemberWritten { member, field });
        let replica = family.held_by(tutor(), Role::Mediator);
        let people = model(&replica, scope(), date(2026, 10, 14)).expect("the family is there");
        let ids: Vec<MemberId> = people.members.iter().map(|line| line.id).collect();
        assert_eq!(ids, [amina(), aunt], "the reference person is the first");
    }

    #[test]
    fn who_is_told_of_in_two_ways_is_marked() {
        let mut family = Family::hassan();
        let marked = |family: &Family| {
            let replica = family.held_by(tutor(), Role::Mediator);
            let people = model(&replica, scope(), date(2026, 10, 14));
            people.expect("the family is there").members[0].is_disputed
        };
        let member = *family.case().household.members.keys().next().expect("one");
        for day in [1, 2] {
            assert!(!marked(&family));
            let field = MemberField::Birth(date(1990, 5, day));
            family.write(tutor(), Known::MemberWritten { member, field });
        }
        assert!(marked(&family));
    }
}
