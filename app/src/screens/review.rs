//! Da rivedere: what waits for the social worker, what changed, and her decision on exactly that.

pub mod decision;
mod detail;
pub mod queue;

use domain::id::ScopeId;
use leptos::prelude::*;

use crate::frame::{Heading, Sending};
use crate::parts::mark::Icon;
use crate::parts::message::{Empty, Skeleton};
use crate::screens::families::arriving;
use crate::screens::family::{use_scope, with_clock};
use crate::screens::review::detail::Detail;
use crate::screens::review::queue::{Group, Item, Why, queue};
use crate::screens::takeover::Waiting;
use crate::session::use_session;
use crate::words::{Words, use_words};

/// The screen: the queue, and beside it (on a phone in its place) what was chosen.
#[component]
pub fn ReviewScreen() -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let scope = use_scope();
    let here = Memo::new(move |_| {
        let scope = scope.get()?;
        session
            .read(|replica| replica.state().cases.contains_key(&scope))
            .then_some(scope)
    });
    let items = Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| queue(replica, clock))
        })
    });
    view! {
        <main class="panes" data-open=move || here.get().map(|_| "")>
            <section class="queue" aria-labelledby="queue" tabindex="0">
                {move || queue_head(&items.read(), here.get().is_none(), words)}
                <Waiting />
                {move || arriving(&session.status(), words).map(|label| view! { <Skeleton label=label /> })}
                {move || (items.read().is_empty() && arriving(&session.status(), words).is_none()).then(|| view! {
                    <Empty head=words.review_empty() hint=words.review_empty_hint() drawn=true />
                })}
                {move || Group::ALL
                    .iter()
                    .map(|group| group_section(*group, &items.read(), here.get(), words))
                    .collect_view()}
            </section>
            {move || match here.get() {
                Some(scope) => view! { <Detail scope=scope /> }.into_any(),
                None => view! {
                    <section class="review only-wide">
                        <Empty head=words.review_choose() hint=words.review_choose_hint() drawn=true />
                    </section>
                }
                .into_any(),
            }}
        </main>
    }
    .into_any()
}

/// The list's own heading; the page's heading is the family once one is open.
fn queue_head(items: &[Item], is_first: bool, words: Words) -> impl IntoView + use<> {
    let oldest = items.iter().map(|item| item.days).max().unwrap_or(0);
    let count = words.things(items.len());
    let line = match usize::try_from(oldest) {
        Ok(days) if days > 1 => format!("{count}, {}", words.oldest_days(days)),
        Ok(_) | Err(_) => count,
    };
    let heading = if is_first {
        view! { <div id="queue"><Heading title=words.to_review() /></div> }.into_any()
    } else {
        view! { <p class="queue__title" id="queue">{words.to_review()}</p> }.into_any()
    };
    let line = (!items.is_empty()).then(|| view! { <p class="small soft">{line}</p> });
    view! { <div class="queue__head">{heading}{line}<Sending /></div> }
}

const fn group_look(group: Group, words: Words) -> (&'static str, &'static str) {
    match group {
        Group::Versions => ("file-check", words.group_versions()),
        Group::Disputes => ("split", words.group_disputes()),
        Group::Late => ("clock", words.group_late()),
        Group::Blocked => ("construction", words.group_blocked()),
        Group::Apart => ("differ", words.group_apart()),
        Group::Unseen => ("eye", words.group_unseen()),
    }
}

fn group_section(
    group: Group,
    items: &[Item],
    open: Option<ScopeId>,
    words: Words,
) -> Option<impl IntoView + use<>> {
    let found: Vec<&Item> = items
        .iter()
        .filter(|item| item.why.group() == group)
        .collect();
    if found.is_empty() {
        return None;
    }
    let (icon, label) = group_look(group, words);
    let found = by_family(&found);
    let count = found.len();
    let rows = found
        .into_iter()
        .map(|items| line(&items, open, words))
        .collect_view();
    Some(view! {
        <div>
            <h2><Icon name=icon class="icon--sm" />{label}<span class="nav__count">{count}</span></h2>
            {rows}
        </div>
    })
}

/// The items of a group family by family, each family where its first one stands.
fn by_family<'a>(items: &[&'a Item]) -> Vec<Vec<&'a Item>> {
    let mut found: Vec<Vec<&Item>> = Vec::new();
    for &item in items {
        let known = found
            .iter_mut()
            .find(|known| known.iter().any(|one| one.scope == item.scope));
        match known {
            Some(known) => known.push(item),
            None => found.push(vec![item]),
        }
    }
    found
}

/// What of one group one family has.
fn line(items: &[&Item], open: Option<ScopeId>, words: Words) -> Option<impl IntoView + use<>> {
    let first = items.first()?;
    let name = words.family_named(first.family.as_deref().unwrap_or(words.nameless()));
    let when = first.since.map(|_| waits(first.days, words));
    let current = (open == Some(first.scope)).then_some("true");
    let whys = items
        .iter()
        .map(|item| {
            view! { <span class="qitem__why" dir="auto">{why_line(&item.why, words)}</span> }
        })
        .collect_view();
    Some(view! {
        <a class="qitem" href=format!("/da-rivedere/{}", first.scope) aria-current=current>
            <b dir="auto">{name}</b><span>{when}</span>
            {whys}
        </a>
    })
}

/// How long something waits: said in one way on every line of the queue.
fn waits(days: u32, words: Words) -> String {
    match usize::try_from(days).unwrap_or(usize::MAX) {
        0 => words.day_today().to_owned(),
        days => words.for_days(days),
    }
}

/// Why a family is in the queue, in a line.
pub fn why_line(why: &Why, words: Words) -> String {
    match why {
        Why::Version {
            number,
            changes,
            goals,
            not_agreed,
            is_agreed,
        } => {
            let mut line = match changes {
                None => words.why_first_plan(&words.goals(*goals)),
                Some(count) => words.why_version(*number, &words.changes(*count)),
            };
            if *not_agreed > 0 {
                line = format!("{line}, {}", words.disagreements(*not_agreed));
            }
            if *is_agreed {
                line
            } else {
                words.why_waits(&line)
            }
        }
        Why::Unseen(count) => words.why_unseen(*count),
        Why::NoVisit => words.why_no_visit().to_owned(),
        Why::ReviewDue => words.why_review_due().to_owned(),
        Why::Blocked(what, barrier) => match barrier {
            Some(barrier) => format!("{what}: {}", words.barrier(*barrier).to_lowercase()),
            None => what.clone(),
        },
        Why::Apart(area) => {
            words.why_apart(area.map_or(words.goal_nameless(), |area| words.area(area)))
        }
        Why::Disputed(count) => words.why_disputed(*count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_family_is_one_line_of_its_group_where_its_oldest_stands() {
        let item = |family: u8, what: &str, days| Item {
            scope: ScopeId::new(domain::id::Millis(0), [family; 10]),
            family: None,
            why: Why::Blocked(what.to_owned(), None),
            since: None,
            days,
        };
        let all = [item(1, "a", 9), item(2, "b", 5), item(1, "c", 2)];
        let all: Vec<&Item> = all.iter().collect();
        let whats = by_family(&all);
        assert_eq!(whats, [vec![all[0], all[2]], vec![all[1]]]);
    }

    #[test]
    fn how_long_it_waits_is_said_in_one_way() {
        let words = Words(Language::Italian);
        let said = [0, 1, 20, 200].map(|days| waits(days, words));
        assert_eq!(
            said,
            ["oggi", "da 1 giorno", "da 20 giorni", "da 200 giorni"]
        );
    }

    #[test]
    fn a_line_says_why_in_both_languages() {
        let why = Why::Version {
            number: 4,
            changes: Some(5),
            goals: 3,
            not_agreed: 1,
            is_agreed: true,
        };
        let (it, en) = (Words(Language::Italian), Words(Language::English));
        assert_eq!(why_line(&why, it), "Versione 4: 5 modifiche, 1 disaccordo");
        assert_eq!(why_line(&why, en), "Version 4: 5 changes, 1 disagreement");
        let first = Why::Version {
            number: 1,
            changes: None,
            goals: 3,
            not_agreed: 0,
            is_agreed: false,
        };
        assert_eq!(
            why_line(&first, it),
            "Primo piano, 3 obiettivi. Manca la risposta della famiglia"
        );
    }
}
