//! Cards that ask whether two members are one person, and the mark of those who were.

use domain::id::{MemberId, ScopeId};
use domain::twins::Answer;
use domain::vocabulary::Role;
use leptos::prelude::*;

use crate::parts::mark::TwoScripts;
use crate::screens::lists::{Desk, use_desk};
use crate::screens::people::twins::{Side, TwinCard, twin_cards};
use crate::watch::hear;
use crate::words::Words;

/// Whoever may have been entered twice in this family.
#[component]
pub fn TwinCards(scope: ScopeId) -> impl IntoView {
    let desk = use_desk(scope);
    let (words, session) = (desk.words(), desk.session());
    let may_write = matches!(session.owner().role, Role::Mediator | Role::SocialWorker);
    let found = Memo::new(move |_| session.read(|replica| twin_cards(replica, scope, words)));
    move || {
        let cards = found.get().into_iter().filter(|_| may_write);
        let cards = cards.map(|card| view! { <Pair desk=desk card=card /> });
        cards.collect_view()
    }
}

#[component]
fn Pair(desk: Desk, card: TwinCard) -> impl IntoView {
    let words = desk.words();
    let name = card.sides.iter().find_map(|side| side.name.as_ref());
    let name = name.map_or_else(|| words.nameless().to_owned(), |name| name.latin.clone());
    let (kept, other) = (card.kept, card.other);
    let labels = [words.same_person(), words.two_persons()].map(|what| format!("{what}: {name}"));
    let [same_label, two_label] = labels;
    let on_same = move |_| {
        let answers = desk.household(|household| household.merging(kept, other));
        write(desk, answers, words.same_person_toast(&name));
    };
    let on_two = move |_| {
        let answers = desk.household(|household| household.parting(kept, other));
        write(desk, answers, words.two_persons_toast().to_owned());
    };
    let hint = if card.is_disputed {
        words.answered_apart()
    } else {
        words.perhaps_one_hint()
    };
    let sides = card
        .sides
        .map(|side| stand(side, words))
        .into_iter()
        .collect_view();
    view! {
        <section class="versus">
            <div>
                <h2>{words.perhaps_one()}</h2>
                <p class="small soft">{hint}</p>
            </div>
            <div class="versus__pair">{sides}</div>
            <div class="row">
                <button class="btn btn--soft" type="button" aria-label=same_label on:click=hear(on_same)>
                    {words.same_person()}
                </button>
                <button class="btn btn--bare" type="button" aria-label=two_label on:click=hear(on_two)>
                    {words.two_persons()}
                </button>
            </div>
            {desk.error()}
        </section>
    }
    .into_any()
}

fn stand(side: Side, words: Words) -> impl IntoView {
    let marked = |text: AnyView, differs: bool| {
        if differs {
            view! { <mark>{text}</mark> }.into_any()
        } else {
            text
        }
    };
    let name = match side.name {
        Some(name) => view! { <TwoScripts name=name /> }.into_any(),
        None => words.nameless().into_any(),
    };
    let lines = side.lines.into_iter();
    let lines = lines
        .map(|(text, differs)| view! { <li dir="auto">{marked(text.into_any(), differs)}</li> })
        .collect_view();
    view! {
        <div class="stand">
            <h3>{marked(name, side.name_differs)}</h3>
            <ul class="facts">{lines}</ul>
        </div>
    }
}

/// That a person was entered twice, under which other name, and the way to split them again.
#[component]
pub fn Joined(
    scope: ScopeId,
    entry: MemberId,
    name: Option<String>,
    may_write: bool,
) -> impl IntoView {
    let desk = use_desk(scope);
    let words = desk.words();
    let said = name.as_ref().map_or_else(
        || words.joined_alike().to_owned(),
        |name| words.joined_from(name),
    );
    let label = match &name {
        Some(name) => format!("{}: {name}", words.two_persons()),
        None => words.two_persons().to_owned(),
    };
    let on_split = move |_| {
        let answers = desk.household(|household| household.splitting(entry));
        write(desk, answers, words.two_persons_toast().to_owned());
    };
    view! {
        <p class="small soft">
            <span dir="auto">{said}</span>
            {may_write.then(|| view! {
                " "
                <button type="button" class="btn btn--bare btn--inline" aria-label=label on:click=hear(on_split)>
                    {words.two_persons()}
                </button>
            })}
        </p>
        {desk.error()}
    }
}

fn write(desk: Desk, answers: Vec<Answer>, said: String) {
    desk.write(answers, said, Callback::new(|()| ()));
}
