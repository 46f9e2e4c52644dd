//! Versions of a plan: any two of them compared word by word, and all of them with what the family
//! and the social worker said. Nothing is written here.

pub mod model;

use domain::id::ScopeId;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::mark::Icon;
use crate::parts::message::Empty;
use crate::parts::pick::Select;
use crate::screens::family::{FamilyPage, Tab, with_clock};
use crate::screens::plan::changes_view::Changes;
use crate::screens::plan::version::{answer_lines, review_line};
use crate::screens::versions::model::{Compared, Step, compared, steps};
use crate::session::use_session;
use crate::watch::watch;
use crate::words::{Words, use_words};

/// The screen.
#[component]
pub fn VersionsScreen() -> impl IntoView {
    view! { <FamilyPage tab=Tab::Plan body=|scope| view! { <Versions scope=scope /> }.into_any() /> }
}

#[component]
fn Versions(scope: ScopeId) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let all = Memo::new(move |_| {
        with_clock(session, |clock| {
            session.read(|replica| steps(replica, scope, clock))
        })
    });
    // An answer that arrives draws no choice anew, with a picker that is open.
    let count = Memo::new(move |_| all.read().len().min(2));
    let listed = move || list(&all.read(), session.today(), words);
    view! {
        <main class="main main--scroll narrow">
            {move || match count.get() {
                0 => {
                    let (head, hint) = (words.no_version(), words.no_version_hint());
                    view! { <Empty head=head hint=hint drawn=true /> }.into_any()
                }
                1 => view! {
                    <section class="section">
                        <h2>{words.versions()}</h2>
                        <p class="soft">{words.versions_one()}</p>
                        {listed}
                    </section>
                }
                .into_any(),
                _ => view! {
                    <Comparison scope=scope all=all />
                    <section class="section">
                        <h2>{words.versions_all()}</h2>
                        {listed}
                    </section>
                }
                .into_any(),
            }}
        </main>
    }
    .into_any()
}

/// Two versions that are chosen, and what the later of them says that the earlier does not.
#[component]
fn Comparison(scope: ScopeId, all: Memo<Vec<Step>>) -> impl IntoView {
    let words = use_words();
    let session = use_session();
    let names = Memo::new(move |_| names(&all.read(), session.today(), words));
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // The last two at first; later only what is gone, as a draft once it was proposed.
    watch(move || {
        let keys: Vec<String> = names.read().iter().map(|(key, _)| key.clone()).collect();
        for (chosen, back) in [(from, 2), (to, 1)] {
            let last = keys.len().checked_sub(back).and_then(|at| keys.get(at));
            if let Some(last) = last
                && !keys.contains(&chosen.read_untracked())
            {
                chosen.set(last.clone());
            }
        }
    });
    let found = Memo::new(move |_| {
        session.read(|replica| compared(replica, scope, &from.read(), &to.read()))
    });
    let status = move || {
        let said = match found.read().as_ref()? {
            Compared::Same => return Some(words.versions_same().to_owned()),
            Compared::Changes(changes) if changes.is_empty() => words.versions_equal().to_owned(),
            Compared::Changes(changes) => format!("{}.", words.changes(changes.len())),
        };
        let (names, ends) = (names.read(), [from.read(), to.read()]);
        let mut pair = names
            .iter()
            .filter(|(key, _)| ends.iter().any(|end| **end == *key))
            .map(|(_, name)| name.as_str());
        let between = words.versions_between(pair.next()?, pair.next()?);
        Some(format!("{between} {said}"))
    };
    let changes = move || match found.get()? {
        Compared::Changes(changes) if !changes.is_empty() => {
            Some(view! { <Changes changes=changes /> })
        }
        Compared::Same | Compared::Changes(_) => None,
    };
    view! {
        <section class="section">
            <h2>{words.versions()}</h2>
            {move || {
                let options = names.get();
                view! {
                    <Select id="version-from" label=words.versions_from() options=options.clone() value=from />
                    <Select id="version-to" label=words.versions_to() options=options value=to />
                }
            }}
            <p class="small soft" role="status">{status}</p>
            {changes}
        </section>
    }
    .into_any()
}

/// What each is called, by its key: with who proposed it where another has the same number.
fn names(all: &[Step], today: Date, words: Words) -> Vec<(String, String)> {
    let is_twice = |number| all.iter().filter(|step| step.number == number).count() > 1;
    let name = |step: &Step| match &step.proposed {
        None => words.version_now(step.number),
        Some((day, by)) => {
            let day = words.known_day(*day, today);
            match by {
                Some(who) if is_twice(step.number) => {
                    words.version_dated_by(step.number, &day, who)
                }
                Some(_) | None => words.version_dated(step.number, &day),
            }
        }
    };
    all.iter()
        .map(|step| (step.key.clone(), name(step)))
        .collect()
}

/// Every version, the newest first, with what was said of it.
fn list(all: &[Step], today: Date, words: Words) -> impl IntoView + use<> {
    let rows = all
        .iter()
        .rev()
        .map(|step| {
            let (head, lines) = told(step, today, words);
            let icon = if step.proposed.is_some() { "file-text" } else { "pencil" };
            let comment = step.review.as_ref().map(|review| review.comment.clone());
            let comment = comment.filter(|comment| !comment.trim().is_empty());
            view! {
                <li>
                    <span class="changes__icon"><Icon name=icon /></span>
                    <div>
                        <b>{head}</b>
                        {lines.into_iter().map(|line| view! { <p class="small">{line}</p> }).collect_view()}
                        {comment.map(|comment| view! {
                            <blockquote class="small" dir="auto">{words.quoted(&comment)}</blockquote>
                        })}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="changes">{rows}</ul> }
}

/// What is told of one: a head, and a sentence for each thing that happened to it.
fn told(step: &Step, today: Date, words: Words) -> (String, Vec<String>) {
    let Some((day, by)) = &step.proposed else {
        let head = words.version_now(step.number);
        return (head, vec![words.version_now_hint().to_owned()]);
    };
    let the_day = |day| words.the_day(day, today);
    let proposed = match by {
        Some(who) => words.proposed_by_on(who, &the_day(*day)),
        None => words.proposed_on(&the_day(*day)),
    };
    let answer = match &step.answer {
        Some(answer) => answer_lines(answer, &the_day(answer.at.date()), words),
        None if step.waits => vec![words.waits_for_family().to_owned()],
        None => vec![words.version_unanswered().to_owned()],
    };
    let review = step.review.as_ref();
    let review = review.map(|review| review_line(review, &the_day(review.at.date()), words));
    let lines = [proposed].into_iter().chain(answer).chain(review);
    (words.version_bare(step.number), lines.collect())
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::{Agreement, Role, Verdict};

    use super::*;
    use crate::screens::fixture::{Family, clock, scope, tutor};
    use crate::words::Language;

    #[test]
    fn a_version_is_told_with_everything_that_happened_to_it() {
        let mut family = Family::hassan();
        family
            .proposed(1)
            .answered(1, Agreement::NotAgreed)
            .reviewed(1, Verdict::Returned, "Manca il termine");
        let replica = family.held_by(tutor(), Role::Mediator);
        let all = steps(&replica, scope(), clock());
        let [only] = all.as_slice() else {
            panic!("there is one version and no draft: {all:?}");
        };
        let (head, lines) = told(only, clock().today, Words(Language::Italian));
        assert_eq!(head, "Versione 1");
        assert_eq!(
            lines,
            [
                "Proposta il 15 agosto.",
                "D’accordo il 15 agosto: Amina.",
                "La famiglia non è d’accordo su un obiettivo.",
                "Restituita da Una persona del servizio il 15 agosto.",
            ]
        );
    }
}
