//! Draws the plan on paper: Italian, and the family's language across from it, goal by goal.
//!
//! What somebody wrote freely exists in Italian only, but for the family's own words: there the
//! other column says that it is read aloud. Nothing here translates; an example that nobody changed
//! is known in every language.

use domain::family::Name;
use domain::plan::FamilyWords;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::device::senses;
use crate::parts::mark::{Icon, Logo};
use crate::screens::paper::model::{Row, Sheet, Signed, Stand};
use crate::words::catalogue::{Catalogue, ITALIAN_TAG, Key, Right, Run, runs, tag_for};
use crate::words::lands::{direction, own_name};
use crate::words::library::Examples;
use crate::words::{Language, Words};

/// What fills the blanks of a text.
type Blanks<'a> = &'a [(&'static str, String)];

/// One of the two columns.
#[derive(Clone, Copy)]
struct Column<'a> {
    of: &'a Catalogue,
    /// What is known in this column's language of what examples say in Italian.
    examples: Option<&'a Examples>,
    is_alone: bool,
}

/// The sheet; Italian alone where there is nothing beside it.
pub fn draw(sheet: &Sheet, beside: Option<&Catalogue>, examples: Option<&Examples>) -> AnyView {
    let is_alone = beside.is_none();
    // The family's own language comes first wherever one is read after the other.
    let columns: Vec<Column<'_>> = [beside, Some(Catalogue::italian())]
        .into_iter()
        .flatten()
        .map(|of| {
            let is_own = |examples: &&Examples| examples.own().is_some_and(|own| own.tag == of.tag);
            Column {
                of,
                examples: examples.filter(is_own),
                is_alone,
            }
        })
        .collect();
    let spoken = sheet.language.as_deref().and_then(tag_for);
    let row = |mark: AnyView, inside: &dyn Fn(Column<'_>) -> AnyView| pair(mark, &columns, inside);
    let goals = sheet.goals.iter().enumerate().map(|(at, goal)| {
        let mark = view! { <span class="pair__n">{at + 1}</span> }.into_any();
        row(mark, &|column| column.goal(goal))
    });
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

/// The same in each column.
fn pair(mark: AnyView, columns: &[Column<'_>], inside: &dyn Fn(Column<'_>) -> AnyView) -> AnyView {
    let columns = columns.iter().map(|column| {
        let (lang, dir) = (column.of.tag.clone(), column.of.dir.clone());
        view! { <div lang=lang dir=dir>{inside(*column)}</div> }
    });
    view! { <section class="pair">{mark}{columns.collect_view()}</section> }.into_any()
}

impl Column<'_> {
    fn is_italian(self) -> bool {
        self.of.tag == ITALIAN_TAG
    }

    /// A text with its blanks filled; what fills them keeps its own direction.
    /// A text without blanks.
    fn plain(self, key: Key) -> String {
        self.of.text(key).to_owned()
    }

    fn say(self, key: Key, blanks: Blanks<'_>) -> AnyView {
        let drawn = runs(self.of.text(key)).map(|run| match run {
            Run::Plain(text) => text.to_owned().into_any(),
            Run::Blank(name) => {
                let found = blanks.iter().find(|(known, _)| *known == name);
                let filled = found.map(|(_, text)| text.clone());
                view! { <bdi>{filled}</bdi> }.into_any()
            }
        });
        drawn.collect_view().into_any()
    }

    fn day(self, day: Date) -> (&'static str, String) {
        ("day", spelled(&self.of.tag, day))
    }

    /// Instead of what stands in Italian only: a mark, which the head of the column explains.
    fn reads(self) -> AnyView {
        let text = self.say(Key::Reads, &[]);
        view! { <span class="reads"><Icon name="ear" /><span class="sr">{text}</span></span> }
            .into_any()
    }

    /// What the mark stands for, said once.
    fn reads_once(self) -> Option<AnyView> {
        let text = (!self.is_italian()).then(|| self.say(Key::Reads, &[]))?;
        Some(view! { <p class="reads"><Icon name="ear" /><span>{text}</span></p> }.into_any())
    }

    fn top(self, sheet: &Sheet) -> AnyView {
        let spoken = sheet.language.as_deref().and_then(tag_for);
        let name = sheet.name.as_ref().map(|name| match &name.original {
            Some(original) if spoken == Some(self.of.tag.as_str()) => original.clone(),
            _ => name.latin.clone(),
        });
        let (key, day) = match sheet.stand {
            Stand::Proposed(day) => (Key::VersionProposed, day),
            Stand::Agreed(day) => (Key::VersionAgreed, day),
            Stand::Refused(day) => (Key::VersionRefused, day),
        };
        let family = name.map(|name| self.say(Key::Family, &[("name", name)]));
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
        let area = goal.area.map_or(Key::Goal, Key::area);
        let mut facts = Vec::new();
        if let Some(expected) = &goal.expected {
            let known = goal
                .area
                .and_then(|area| self.examples?.said(area, expected));
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
        let has_facts = !facts.is_empty();
        let facts = facts.into_iter().map(|(key, fact)| {
            let is_next = matches!(key, Key::NextStep);
            view! { <dt>{self.say(key, &[])}</dt><dd class:is-next=is_next>{fact}</dd> }
        });
        let facts = has_facts.then(|| view! { <dl>{facts.collect_view()}</dl> });
        view! {
            <h3>{self.say(area, &[])}</h3>
            {goal.words.as_ref().map(|words| self.words(words))}
            {facts}
        }
        .into_any()
    }

    /// What the family said: in its own language as it said it, whatever column that is.
    fn words(self, said: &FamilyWords) -> AnyView {
        let original = said.original.as_ref();
        let original = original.filter(|_| self.is_alone || !self.is_italian());
        let is_read = original
            .is_some_and(|spoken| tag_for(&spoken.language.0) == Some(self.of.tag.as_str()));
        let original = original.map(|spoken| {
            let (lang, dir) = (spoken.language.0.clone(), direction(&spoken.language.0));
            view! { <p class="say" lang=lang dir=dir>{spoken.text.clone()}</p> }
        });
        let beside = if self.is_italian() {
            let text = Some(&said.italian).filter(|text| !text.trim().is_empty());
            text.map(|text| {
                view! { <p class="say" dir="auto">{format!("«{text}»")}</p> }.into_any()
            })
        } else {
            (!is_read).then(|| view! { <p>{self.reads()}</p> }.into_any())
        };
        view! { {original}{beside} }.into_any()
    }

    /// What was written in Italian, and its day. `known` is the same in this column's language.
    fn written(self, text: &str, known: Option<&str>, due: Option<Date>) -> AnyView {
        let text = match known {
            Some(known) => known.to_owned().into_any(),
            None if self.is_italian() => {
                view! { <span dir="auto">{text.to_owned()}</span> }.into_any()
            }
            None => self.reads(),
        };
        let due = due.map(|due| view! { <br />{self.say(Key::ByDay, &[self.day(due)])} });
        view! { {text}{due} }.into_any()
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
        let language = &answer.language;
        let language = if self.is_italian() {
            Words(Language::Italian).language(language)
        } else {
            own_name(language).unwrap_or(language).to_owned()
        };
        let witness = answer.witness.clone().unwrap_or_default();
        let (_, day) = self.day(answer.on);
        let is_own = spoken == Some(self.of.tag.as_str());
        view! {
            {head}
            <p>{answer.member.as_ref().map(|member| name(member, is_own))}</p>
            <p>{self.say(Key::signed(answer.mode), &[("name", witness)])}</p>
            <p>{self.say(Key::ReadIn, &[("language", language)])}</p>
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
        let review = beside.map(|other| {
            let language = if self.is_italian() {
                Words(Language::Italian).language(&other.tag)
            } else {
                other.own_name.clone()
            };
            let language = ("language", language);
            let own = examples.and_then(Examples::own);
            let is_unread = own.is_some_and(|own| own.tag == other.tag && own.reviewed.is_none());
            let text = match &other.reviewed {
                Some(by) if !is_unread => {
                    let name = ("name", by.by.clone());
                    self.say(Key::Reviewed, &[language, name, self.day(by.on)])
                }
                Some(_) | None => self.say(Key::Unreviewed, &[language]),
            };
            view! { <p>{text}</p> }
        });
        let code = self.say(Key::VersionCode, &[("code", sheet.code.clone())]);
        view! { <div class="tiny soft">{review}<p>{code}</p></div> }.into_any()
    }
}

/// A day as a language spells it; in figures where the browser does not know the language.
pub fn spelled(tag: &str, day: Date) -> String {
    let plain = || format!("{}/{}/{}", day.day(), day.month(), day.year());
    senses::spelled_day(tag, day).unwrap_or_else(plain)
}

/// A member's name as papers have it, and as the person writes it: that comes first in the person's
/// own language.
fn name(name: &Name, is_own: bool) -> impl IntoView + use<> {
    let latin = name.latin.clone();
    let (first, second) = match name.original.clone() {
        Some(original) if is_own => (original, Some(latin)),
        original => (latin, original),
    };
    view! {
        <b><bdi>{first}</bdi></b>
        {second.map(|second| view! { " " <bdi>{second}</bdi> })}
    }
}
