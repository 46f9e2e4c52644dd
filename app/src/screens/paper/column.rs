//! One of the two columns of a paper, Italian or the family's language, and what every paper says
//! in it.
//!
//! What somebody wrote freely exists in Italian only, but for the family's own words: there the
//! other column says that it is read aloud. Nothing here translates; an example that nobody changed
//! is known in every language.

use domain::family::Name;
use domain::plan::FamilyWords;
use domain::vocabulary::Area;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::device::senses;
use crate::parts::mark::Icon;
use crate::words::catalogue::{Catalogue, ITALIAN_TAG, Key, Run, runs, tag_for};
use crate::words::lands::{direction, own_name};
use crate::words::library::Examples;
use crate::words::{Language, Words};

/// What fills the blanks of a text.
pub type Blanks<'a> = &'a [(&'static str, String)];

/// One of the two columns.
#[derive(Clone, Copy)]
pub struct Column<'a> {
    /// Its texts.
    pub of: &'a Catalogue,
    /// What is known in this column's language of what examples say in Italian.
    examples: Option<&'a Examples>,
    is_alone: bool,
}

/// The columns of a paper; Italian alone where there is nothing beside it.
pub fn columns<'a>(
    beside: Option<&'a Catalogue>,
    examples: Option<&'a Examples>,
) -> Vec<Column<'a>> {
    let is_alone = beside.is_none();
    // The family's own language comes first wherever one is read after the other.
    let both = [beside, Some(Catalogue::italian())].into_iter().flatten();
    both.map(|of| {
        let is_own = |examples: &&Examples| examples.own().is_some_and(|own| own.tag == of.tag);
        Column {
            of,
            examples: examples.filter(is_own),
            is_alone,
        }
    })
    .collect()
}

/// The same in each column.
pub fn pair(
    mark: AnyView,
    columns: &[Column<'_>],
    inside: &dyn Fn(Column<'_>) -> AnyView,
) -> AnyView {
    let columns = columns.iter().map(|column| {
        let (lang, dir) = (column.of.tag.clone(), column.of.dir.clone());
        view! { <div lang=lang dir=dir>{inside(*column)}</div> }
    });
    view! { <section class="pair">{mark}{columns.collect_view()}</section> }.into_any()
}

/// The mark of a goal: its place on the paper.
pub fn number(place: usize) -> AnyView {
    view! { <span class="pair__n">{place + 1}</span> }.into_any()
}

impl Column<'_> {
    /// Whether it is the Italian one.
    pub fn is_italian(self) -> bool {
        self.of.tag == ITALIAN_TAG
    }

    /// A text without blanks.
    pub fn plain(self, key: Key) -> String {
        self.of.text(key).to_owned()
    }

    /// A text with its blanks filled; what fills them keeps its own direction.
    pub fn say(self, key: Key, blanks: Blanks<'_>) -> AnyView {
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

    /// A day, for the blank of this name.
    pub fn day(self, day: Date) -> (&'static str, String) {
        ("day", spelled(&self.of.tag, day))
    }

    /// Instead of what stands in Italian only: a mark, which the head of the column explains.
    pub fn reads(self) -> AnyView {
        let text = self.say(Key::Reads, &[]);
        view! { <span class="reads"><Icon name="ear" /><span class="sr">{text}</span></span> }
            .into_any()
    }

    /// What the mark stands for, said once.
    pub fn reads_once(self) -> Option<AnyView> {
        let text = (!self.is_italian()).then(|| self.say(Key::Reads, &[]))?;
        Some(view! { <p class="reads"><Icon name="ear" /><span>{text}</span></p> }.into_any())
    }

    /// The family by name, as it writes it where the column is in the language that it speaks.
    pub fn family(self, name: Option<&Name>, spoken: Option<&str>) -> Option<AnyView> {
        let name = name.map(|name| match &name.original {
            Some(original) if spoken == Some(self.of.tag.as_str()) => original.clone(),
            _ => name.latin.clone(),
        });
        name.map(|name| self.say(Key::Family, &[("name", name)]))
    }

    /// A member's name as papers have it, and as the person writes it: that comes first in the
    /// person's own language.
    pub fn member(self, name: &Name, spoken: Option<&str>) -> AnyView {
        let latin = name.latin.clone();
        let (first, second) = match name.original.clone() {
            Some(original) if spoken == Some(self.of.tag.as_str()) => (original, Some(latin)),
            original => (latin, original),
        };
        let second = second.map(|second| view! { " " <bdi>{second}</bdi> });
        view! { <b><bdi>{first}</bdi></b>{second} }.into_any()
    }

    /// In which language something was read or spoken, by its tag.
    pub fn language(self, tag: &str) -> AnyView {
        let name = if self.is_italian() {
            Words(Language::Italian).language(tag)
        } else {
            own_name(tag).unwrap_or(tag).to_owned()
        };
        self.say(Key::ReadIn, &[("language", name)])
    }

    /// What a goal is called, and what the family said of it.
    pub fn goal_head(self, area: Option<Area>, said: Option<&FamilyWords>) -> AnyView {
        let name = self.say(area.map_or(Key::Goal, Key::area), &[]);
        view! { <h3>{name}</h3>{said.map(|said| self.words(said))} }.into_any()
    }

    /// What is to be known of a goal, each behind its name; what comes next stands out.
    pub fn facts(self, facts: Vec<(Key, AnyView)>) -> Option<AnyView> {
        if facts.is_empty() {
            return None;
        }
        let facts = facts.into_iter().map(|(key, fact)| {
            let is_next = matches!(key, Key::NextStep);
            view! { <dt>{self.say(key, &[])}</dt><dd class:is-next=is_next>{fact}</dd> }
        });
        Some(view! { <dl>{facts.collect_view()}</dl> }.into_any())
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

    /// A level of a goal in this column's language, where it is an example that nobody changed.
    pub fn known(&self, area: Option<Area>, text: &str) -> Option<&str> {
        self.examples?.said(area?, text)
    }

    /// What was written in Italian, and its day. `known` is the same in this column's language.
    pub fn written(self, text: &str, known: Option<&str>, due: Option<Date>) -> AnyView {
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

    /// Who has read the other language; nothing where there is none.
    pub fn reviewed(
        self,
        beside: Option<&Catalogue>,
        examples: Option<&Examples>,
    ) -> Option<AnyView> {
        let other = beside?;
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
        Some(view! { <p>{text}</p> }.into_any())
    }
}

/// A day as a language spells it; in figures where the browser does not know the language.
pub fn spelled(tag: &str, day: Date) -> String {
    let plain = || format!("{}/{}/{}", day.day(), day.month(), day.year());
    senses::spelled_day(tag, day).unwrap_or_else(plain)
}
