//! Draws the summary of a visit on paper: Italian, and the family's language across from it.

use leptos::prelude::*;

use crate::parts::mark::Logo;
use crate::screens::paper::column::{Column, columns, number, pair};
use crate::screens::paper::visit::{Again, Next, Told, VisitSheet};
use crate::words::catalogue::{Catalogue, Key};
use crate::words::library::Examples;
use crate::words::{Language, Words};

/// The sheet; Italian alone where there is nothing beside it.
pub fn draw(
    sheet: &VisitSheet,
    beside: Option<&Catalogue>,
    examples: Option<&Examples>,
) -> AnyView {
    let columns = columns(beside, examples);
    let row = |mark: AnyView, inside: &dyn Fn(Column<'_>) -> AnyView| pair(mark, &columns, inside);
    let goals = sheet.goals.iter().enumerate();
    let goals = goals.map(|(place, told)| row(number(place), &|column| column.told(told)));
    let reviewed = |column: Column<'_>| {
        let reviewed = column.reviewed(beside, examples);
        view! { <div class="tiny soft">{reviewed}</div> }.into_any()
    };
    let next = match sheet.again {
        Again::On(next) => Some(Some(next)),
        Again::Open => Some(None),
        Again::Unsaid => None,
    };
    let next = next.map(|next| row(().into_any(), &|column| column.next_visit(next)));
    view! {
        <article class="sheet">
            {row(view! { <Logo /> }.into_any(), &|column| column.visit_top(sheet))}
            {row(().into_any(), &|column| column.who_was_there(sheet))}
            {goals.collect_view()}
            {next}
            {beside.is_some().then(|| row(().into_any(), &reviewed))}
        </article>
    }
    .into_any()
}

impl Column<'_> {
    fn visit_top(self, sheet: &VisitSheet) -> AnyView {
        let (_, day) = self.day(sheet.on);
        view! {
            <h2>{self.plain(Key::VisitTitle)}</h2>
            <p>{self.family(sheet.name.as_ref(), sheet.spoken())}</p>
            <p><bdi>{day}</bdi></p>
            <p class="tiny soft">{self.plain(Key::place(sheet.place))}</p>
            {self.reads_once()}
        }
        .into_any()
    }

    fn who_was_there(self, sheet: &VisitSheet) -> AnyView {
        let present = sheet.present.iter();
        let present = present.map(|name| view! { <p>{self.member(name, sheet.spoken())}</p> });
        let tutor = sheet.tutor.clone();
        let talked = sheet.talked.as_deref();
        view! {
            <h3>{self.plain(Key::WhoWasThere)}</h3>
            {present.collect_view()}
            {tutor.map(|name| view! { <p><bdi>{name}</bdi></p> })}
            {talked.map(|tag| view! { <p>{self.language(tag)}</p> })}
        }
        .into_any()
    }

    fn told(self, told: &Told) -> AnyView {
        let mut facts = Vec::new();
        if let Some((score, worded)) = &told.rated {
            let level = self.plain(Key::reached(*score));
            let worded = worded.as_deref().map(|text| {
                let text = self.written(text, self.known(told.area, text), None);
                view! { <br />{text} }
            });
            let level = view! { {level}{worded} }.into_any();
            facts.push((Key::WhereWeAre, level));
        }
        if let Some(who) = told.who_acts {
            facts.push((Key::WhoActs, self.say(Key::who(who), &[])));
        }
        if let Some(step) = &told.next_step {
            facts.push((Key::NextStep, self.written(&step.what, None, step.due)));
        }
        view! { {self.goal_head(told.area, told.words.as_ref())}{self.facts(facts)} }.into_any()
    }

    /// When and where people meet again; a line to write on where nobody knows yet.
    fn next_visit(self, next: Option<Next>) -> AnyView {
        let head = view! { <h3>{self.plain(Key::NextVisit)}</h3> };
        let Some(next) = next else {
            let hint = self.plain(Key::NextVisitOpen);
            return view! { {head}<p class="sheet__line"></p><p class="tiny soft">{hint}</p> }
                .into_any();
        };
        let (_, day) = self.day(next.on);
        let time = next.time.map(|time| {
            let time = Words(Language::Italian).time(time);
            view! { <p><b><bdi>{time}</bdi></b></p> }
        });
        let place = self.plain(Key::place(next.place));
        view! { {head}<p><b><bdi>{day}</bdi></b></p>{time}<p>{place}</p> }.into_any()
    }
}
