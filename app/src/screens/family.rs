//! A family's page: the same head on all three tabs, and the tab below it.

pub mod clock;
pub mod facts;
pub mod hands;
mod head_facts;

use domain::authorize::Relation;
use domain::family::Name;
use domain::id::{ScopeId, VisitId};
use domain::op::Known;
use domain::plan::{PlanMove, Stage};
use domain::state::Case;
use domain::vocabulary::Role;
use jiff::civil::{Date, Time};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use replica::replica::Replica;

use crate::frame::{Heading, Sending};
use crate::parts::mark::Icon;
use crate::screens::Missing;
use crate::screens::appointment::edit::next_planned;
use crate::screens::family::clock::Clock;
use crate::screens::family::facts::of_others;
use crate::screens::family::hands::use_hands;
use crate::screens::family::head_facts::head_facts;
use crate::screens::plan::moves;
use crate::screens::review::queue::{seen_by, waits_for_decision};
use crate::screens::takeover::Waiting;
use crate::session::{Session, Writing, use_session};
use crate::watch::{hear, watch};
use crate::words::use_words;

/// The tabs of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The plan.
    Plan,
    /// The diary.
    Diary,
    /// The people.
    People,
}

impl Tab {
    /// Where a tab of a family lies.
    pub fn href(self, scope: ScopeId) -> String {
        match self {
            Self::Plan => format!("/famiglia/{scope}"),
            Self::Diary => format!("/famiglia/{scope}/diario"),
            Self::People => format!("/famiglia/{scope}/persone"),
        }
    }
}

/// What the head of a family's page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Its name.
    pub name: Option<Name>,
    /// Language spoken, by its tag.
    pub language: Option<String>,
    /// Whether an interpreter is needed.
    pub is_interpreter_needed: bool,
    /// How and when it is safe to call.
    pub safe_contact: Option<String>,
    /// Where it lives.
    pub comune: Option<String>,
    /// Its members by name, with the age of children.
    pub members: Vec<(String, Option<u32>)>,
    /// Whether the reader may change the plan.
    pub may_write: bool,
    /// Whether a version waits for the reader's decision.
    pub waits_for_me: bool,
    /// The next visit that is planned, with its day and hour.
    pub next: Option<(VisitId, Date, Option<Time>)>,
    /// Where the plan stands while it rests: suspended or closed. It goes on before anything new.
    pub rest: Option<Stage>,
}

impl Head {
    /// Whether the reader may change the plan as it stands.
    pub const fn may_change(&self) -> bool {
        self.may_write && self.rest.is_none()
    }

    /// Today's visit, if one is planned and was not made yet.
    pub fn todays_visit(&self, today: Date) -> Option<VisitId> {
        let next = self.next.filter(|(_, day, _)| *day == today);
        next.map(|(visit, _, _)| visit)
    }
}

/// What the head shows of one family.
pub fn head(replica: &Replica, scope: ScopeId, today: Date) -> Option<Head> {
    let case = replica.state().cases.get(&scope)?;
    let household = &case.household;
    let role = replica.owner().role;
    let relation = replica.relation(scope)?;
    Some(Head {
        name: household.name().cloned(),
        language: household.language().map(|language| language.0.clone()),
        is_interpreter_needed: household.is_interpreter_needed(),
        safe_contact: household
            .safe_contact()
            .map(ToOwned::to_owned)
            .filter(|rule| !rule.trim().is_empty()),
        comune: household.comune().map(|comune| comune.name.clone()),
        members: household
            .members_in_order()
            .into_iter()
            .filter_map(|(_, member)| {
                let age = member.birth().map(|birth| age(birth, today));
                Some((member.name()?.latin.clone(), age.filter(|age| *age < 18)))
            })
            .collect(),
        may_write: may_write(role, relation),
        waits_for_me: role == Role::SocialWorker
            && relation == Relation::Reviewer
            && waits_for_decision(case),
        next: next_planned(case, today).map(|(visit, at)| (visit, at.date, at.time)),
        rest: rest(case),
    })
}

/// Whether a person may change the plan: courtesy here, the server's answer counts.
pub fn may_write(role: Role, relation: Relation) -> bool {
    role == Role::Mediator && relation == Relation::Tutor
}

/// Whole years from birth until today.
pub fn age(birth: Date, today: Date) -> u32 {
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    let years = i32::from(today.year()) - i32::from(birth.year()) - i32::from(!had_birthday);
    u32::try_from(years).unwrap_or(0)
}

/// Where the plan of a family stands while it rests. Where two people moved it apart, they settle
/// that first.
pub fn rest(case: &Case) -> Option<Stage> {
    let stage = case.plan.stage();
    let rests = matches!(stage, Stage::Suspended | Stage::Closed(_));
    (rests && !case.plan.moves.is_disputed()).then_some(stage)
}

/// Whether the plan of a family is closed: then nothing new is begun.
pub fn is_closed(case: &Case) -> bool {
    matches!(case.plan.stage(), Stage::Closed(_))
}

/// The family that the address names.
pub fn use_scope() -> Memo<Option<ScopeId>> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("id").and_then(|id| id.parse().ok()))
}

/// The session's day and clock, for models.
pub fn with_clock<T>(session: Session, look: impl FnOnce(Clock<'_>) -> T) -> T {
    let local = move |at| session.local(at);
    look(Clock {
        today: session.today(),
        local: &local,
    })
}

/// A family's page around one tab; another page where the family is not on this phone.
#[component]
pub fn FamilyPage(
    /// The tab that is open.
    tab: Tab,
    /// Draws the tab.
    body: fn(ScopeId) -> AnyView,
) -> impl IntoView {
    let session = use_session();
    let scope = use_scope();
    let here = Memo::new(move |_| {
        let scope = scope.get()?;
        session
            .read(|replica| replica.relation(scope).is_some() && has_case(replica, scope))
            .then_some(scope)
    });
    move || match here.get() {
        None => view! { <Missing /> }.into_any(),
        Some(scope) => {
            keep_seen(session, scope);
            view! {
                <div class="deskfam">
                    <FamilyHead scope=scope tab=tab />
                    <Waiting scope=scope />
                    {body(scope)}
                </div>
            }
            .into_any()
        }
    }
}

fn has_case(replica: &Replica, scope: ScopeId) -> bool {
    replica.state().cases.contains_key(&scope)
}

/// Tells the others that the social worker has looked, once for each new number: so the mediator
/// reads "seen".
pub fn keep_seen(session: Session, scope: ScopeId) {
    if session.owner().role != Role::SocialWorker {
        return;
    }
    let unseen = Memo::new(move |_| session.read(|replica| unseen(replica, scope)));
    watch(move || {
        if let Some(up_to) = unseen.get() {
            let seen = vec![Writing::new(Known::Seen { up_to })];
            // Looking is no work of hers: if it cannot be written down, the next look writes it.
            let _ = session.record(scope, seen, Vec::new(), Callback::new(|_| ()));
        }
    });
}

/// The number up to which others wrote things that the reader has not looked at yet.
pub fn unseen(replica: &Replica, scope: ScopeId) -> Option<u64> {
    let case = replica.state().cases.get(&scope)?;
    let seen = seen_by(case, replica.owner().user);
    if replica.cursor(scope) <= seen {
        return None;
    }
    let (last, count) = of_others(replica, case, seen);
    (count > 0).then_some(last)
}

#[component]
fn FamilyHead(scope: ScopeId, tab: Tab) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let today = session.today();
    let head = Memo::new(move |_| {
        session
            .read(|replica| head(replica, scope, today))
            .unwrap_or_default()
    });
    let name = Memo::new(move |_| head.read().name.clone());
    // Every other tab has a main button of its own.
    let class = match tab {
        Tab::Plan => "btn btn--main only-wide",
        Tab::Diary | Tab::People => "btn only-wide",
    };
    let back = if session.owner().role == Role::SocialWorker {
        "/da-rivedere"
    } else {
        "/famiglie"
    };
    let tabs = [
        (Tab::Plan, words.tab_plan()),
        (Tab::Diary, words.tab_diary()),
        (Tab::People, words.tab_people()),
    ]
    .map(|(other, label)| {
        let current = (other == tab).then_some("page");
        view! { <a href=other.href(scope) aria-current=current>{label}</a> }
    });
    view! {
        <header class="famhead">
            <div class="famhead__bar">
                <a class="icon-btn only-narrow" href=back aria-label=words.back()><Icon name="chevron-left" /></a>
                <div class="famhead__name">
                    {move || {
                        let name = name.get();
                        let latin =
                    name.as_ref().map_or(words.nameless(), |name| name.latin.as_str());
                        let title = words.family_named(latin);
                        let language = head.read_untracked().language.clone();
                        let original = name.as_ref().and_then(|name| name.original.clone());
                        view! {
                            <Heading title=title />
                            {original.map(|original| view! { <bdi lang=language dir="auto">{original}</bdi> })}
                        }
                    }}
                </div>
                <Sending />
                // At the desk it stands in the head; on a phone it lies in the thumb's reach.
                {move || main_action(&head.read(), scope, today, class)}
            </div>
            {move || head_facts(&head.read(), scope, today)}
            <nav class="tabs" aria-label=words.family_tabs()>{tabs.into_iter().collect_view()}</nav>
        </header>
    }
    .into_any()
}

/// The one thing to do with a family, if there is one.
fn main_action(head: &Head, scope: ScopeId, today: Date, class: &'static str) -> Option<AnyView> {
    let hands = use_hands(scope);
    let words = hands.words;
    let (href, icon, label) = if head.waits_for_me {
        let href = format!("/da-rivedere/{scope}");
        (href, "file-check", words.review_version())
    } else if let Some(stage) = head.rest.filter(|_| head.may_write) {
        let on_press = move |_| moves::go(hands, PlanMove::Resumed);
        return Some(
            view! {
                <button type="button" class=class on:click=hear(on_press)>
                    <Icon name="footprints" />{words.resume(stage)}
                </button>
            }
            .into_any(),
        );
    } else if head.may_write {
        let href = visit_href(scope, head.todays_visit(today));
        (href, "pen-line", words.start_visit())
    } else {
        return None;
    };
    Some(view! { <a class=class href=href><Icon name=icon />{label}</a> }.into_any())
}

/// Where a visit of a family is written down.
pub fn visit_href(scope: ScopeId, visit: Option<VisitId>) -> String {
    match visit {
        Some(visit) => format!("/famiglia/{scope}/visita/{visit}"),
        None => format!("/famiglia/{scope}/visita/nuova"),
    }
}

/// The bar at the thumb: what can be done on the plan's tab.
#[component]
pub fn FamilyActs(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let today = session.today();
    let head = Memo::new(move |_| {
        session
            .read(|replica| head(replica, scope, today))
            .unwrap_or_default()
    });
    move || {
        main_action(&head.read(), scope, today, "btn btn--main").map(|action| {
            view! { <section class="actbar only-narrow" aria-label=words.actions()>{action}</section> }
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::{Agreement, Closure, Verdict};
    use jiff::civil::date;

    use super::*;
    use crate::screens::fixture::{Family, reviewer, scope, tutor};

    #[test]
    fn the_head_says_who_may_do_what() {
        let mut family = Family::hassan();
        family.proposed(1).answered(1, Agreement::Agreed);
        let today = date(2026, 10, 14);
        let mine = head(&family.held_by(tutor(), Role::Mediator), scope(), today).expect("held");
        assert!(mine.may_write && !mine.waits_for_me);
        assert_eq!(mine.name.map(|name| name.latin).as_deref(), Some("Hassan"));
        let hers = family.held_by(reviewer(), Role::SocialWorker);
        let hers = head(&hers, scope(), today).expect("held");
        assert!(!hers.may_write && hers.waits_for_me);
        family.reviewed(1, Verdict::Approved, "");
        let hers = family.held_by(reviewer(), Role::SocialWorker);
        assert!(!head(&hers, scope(), today).expect("held").waits_for_me);
    }

    #[test]
    fn a_plan_that_rests_goes_on_before_anything_is_changed() {
        let mut family = Family::hassan();
        let seen = |family: &Family| {
            let held = family.held_by(tutor(), Role::Mediator);
            let head = head(&held, scope(), date(2026, 10, 14)).expect("held");
            (head.rest, head.may_change())
        };
        assert_eq!(seen(&family), (None, true));
        for (to, rest) in [
            (PlanMove::Suspended, Some(Stage::Suspended)),
            (PlanMove::Resumed, None),
            (
                PlanMove::Closed(Closure::Moved),
                Some(Stage::Closed(Closure::Moved)),
            ),
        ] {
            let made = moves::moving(&family.case().plan, to);
            family.wrote(tutor(), vec![made]);
            assert_eq!(seen(&family), (rest, rest.is_none()));
        }
        family.write(reviewer(), Known::PlanMoved(PlanMove::Suspended));
        assert_eq!(seen(&family).0, None, "two moves apart are settled first");
    }

    #[test]
    fn having_looked_is_told_once_for_each_new_number() {
        let mut family = Family::hassan();
        let held = |family: &Family| family.held_by(reviewer(), Role::SocialWorker);
        let up_to = unseen(&held(&family), scope()).expect("everything is new");
        assert_eq!(up_to, family.len());
        family.write(reviewer(), Known::Seen { up_to });
        assert_eq!(unseen(&held(&family), scope()), None);
        family.write(
            tutor(),
            Known::NoteAdded {
                words: "Nuova".into(),
                corrects: None,
            },
        );
        assert_eq!(unseen(&held(&family), scope()), Some(family.len()));
    }

    #[test]
    fn a_birthday_counts_on_its_day() {
        let born = date(2010, 10, 14);
        assert_eq!(age(born, date(2026, 10, 13)), 15);
        assert_eq!(age(born, date(2026, 10, 14)), 16);
    }
}
