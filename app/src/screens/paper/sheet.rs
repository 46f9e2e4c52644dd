//! Draws the plan on paper: Italian, and the family's language across from it, goal by goal.

use leptos::prelude::*;

use crate::parts::mark::Logo;
use crate::screens::paper::column::{Column, columns, number, pair};
use crate::screens::paper::model::{Row, Sheet, Signed, Stand};
use crate::words::catalogue::{Catalogue, Key, Right};
use crate::words::library::Examples;

/// The sheet; Italian alone where there is nothing beside it.
pub fn draw(sheet: &Sheet, beside: Option<&Catalogue>, examples: Option<&Examples>) -> AnyView {
    let columns = columns(beside, examples);
    let spoken = sheet.spoken();
    let row = |mark: AnyView, inside: &dyn Fn(Column<'_>) -> AnyView| pair(mark, &columns, inside);
    let goals = sheet.goals.iter().enumerate();
    let goals = goals.map(|(place, goal)| row(number(place), &|column| column.goal(goal)));
    view! {
        <article class="sheet">
            {row(view! { <Logo /> }.into_any(), &|column| column.top(sheet))}
            {goals.collect_view()}
            {row(().into_any(), &|column| column.rights())}
            {row(().into_any(), &|column| column.signature(sheet.answer.as_ref(), spoken))}
            {row(().into_any(), &|column| column.foot(sheet, beside, examples))}
        </article>
    }
    .into_any()
}

impl Column<'_> {
    fn top(self, sheet: &Sheet) -> AnyView {
        let (key, day) = match sheet.stand {
            Stand::Proposed(day) => (Key::VersionProposed, day),
            Stand::Agreed(day) => (Key::VersionAgreed, day),
            Stand::Refused(day) => (Key::VersionRefused, day),
        };
        let family = self.family(sheet.name.as_ref(), sheet.spoken());
        let version = self.say(key, &[("n", sheet.number.to_string()), self.day(day)]);
        view! {
            <h2>{self.say(Key::Title, &[])}</h2>
            <p>{family}</p>
            <p class="tiny">{version}</p>
            <p class="tiny soft">{self.say(Key::AsOf, &[self.day(sheet.today)])}</p>
            {self.reads_once()}
        }
        .into_any()
    }

    fn goal(self, goal: &Row) -> AnyView {
        let mut facts = Vec::new();
        if let Some(expected) = &goal.expected {
            let known = self.known(goal.area, expected);
            facts.push((Key::Expected, self.written(expected, known, goal.due)));
        }
        if let Some(who) = goal.who_acts {
            facts.push((Key::WhoActs, self.say(Key::who(who), &[])));
        }
        if let Some(step) = &goal.next_step {
            facts.push((Key::NextStep, self.written(&step.what, None, step.due)));
        }
        if let Some(step) = goal.forward {
            let level = |score| self.plain(Key::reached(score));
            let blanks = [("before", level(step.from)), ("now", level(step.to))];
            facts.push((Key::StepForward, self.say(Key::BeforeToday, &blanks)));
        }
        if let Some(answer) = goal.agreement {
            facts.push((Key::Agreement, self.say(Key::answer(answer), &[])));
        }
        view! { {self.goal_head(goal.area, goal.words.as_ref())}{self.facts(facts)} }.into_any()
    }

    fn rights(self) -> AnyView {
        let said = self
            .of
            .right(Right::Yours)
            .zip(self.of.right(Right::YoursHow));
        match said {
            Some((yours, how)) => {
                let (yours, how) = (yours.to_owned(), how.to_owned());
                view! { <p><b>{yours}</b>" "{how}</p> }.into_any()
            }
            None => view! { <p>{self.reads()}</p> }.into_any(),
        }
    }

    fn signature(self, answer: Option<&Signed>, spoken: Option<&str>) -> AnyView {
        let head = view! { <h3>{self.say(Key::Signature, &[])}</h3> };
        let Some(answer) = answer else {
            let hint = self.say(Key::SignHere, &[]);
            return view! { {head}<p class="sheet__line"></p><p class="tiny soft">{hint}</p> }
                .into_any();
        };
        let member = answer.member.as_ref();
        let witness = answer.witness.clone().unwrap_or_default();
        let interpreted = answer.interpreted.map(Key::interpreted);
        let (_, day) = self.day(answer.on);
        view! {
            {head}
            <p>{member.map(|member| self.member(member, spoken))}</p>
            <p>{self.say(Key::signed(answer.mode), &[("name", witness)])}</p>
            <p>{self.language(&answer.language)}</p>
            {interpreted.map(|key| view! { <p>{self.plain(key)}</p> })}
            <p><bdi>{day}</bdi></p>
        }
        .into_any()
    }

    /// Who has read the other language, and what tells this version from any other.
    fn foot(
        self,
        sheet: &Sheet,
        beside: Option<&Catalogue>,
        examples: Option<&Examples>,
    ) -> AnyView {
        let reviewed = self.reviewed(beside, examples);
        let code = self.say(Key::VersionCode, &[("code", sheet.code.clone())]);
        view! { <div class="tiny soft">{reviewed}<p>{code}</p></div> }.into_any()
    }
}
