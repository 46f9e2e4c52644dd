//! What Famiglie shows, and how a search finds it. Pure.

use std::sync::{Mutex, PoisonError};

use domain::family::Name;
use domain::id::ScopeId;
use domain::order;
use domain::plan::Stage;
use domain::search::words::fold;
use domain::search::{Index, Typed};
use domain::state::Case;
use domain::vocabulary::{MemberRole, Role, Verdict};
use jiff::civil::{Date, Time};
use replica::replica::Replica;

use crate::screens::appointment::edit::{next_planned, planned};
use crate::screens::dispute::choices;
use crate::screens::family::is_closed;
use crate::words::dates::days_between;

/// Nobody reads on after so many that are like what was typed.
const FOUND_MAX: usize = 300;

/// One family in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The file.
    pub scope: ScopeId,
    /// The family's name.
    pub name: Name,
    /// The language spoken with the mediator.
    pub language: Option<String>,
    /// Where it lives.
    pub comune: Option<String>,
    /// Reference person and partner.
    pub grown_ups: Vec<Name>,
    /// Number of children.
    pub children: usize,
    /// Where the plan stands.
    pub stage: Stage,
    /// Whether the plan says something that was not proposed yet.
    pub has_draft: bool,
    /// The next planned visit.
    pub next_visit: Option<(Date, Option<Time>)>,
    /// The last visit made.
    pub last_visit: Option<Date>,
    /// Why it needs attention.
    pub attention: Vec<Attention>,
    /// Every name that a search looks through, and the Comune.
    pub names: Vec<String>,
}

/// Why a family needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attention {
    /// Different values stand in so many fields.
    Disputed(usize),
    /// The latest version was returned, or a meeting was asked for.
    Returned,
    /// The date of a goal is past.
    LateGoal,
    /// A planned visit was not closed.
    VisitToClose,
}

/// What the person narrowed the list to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// What was typed.
    pub query: String,
    /// Only those that need attention.
    pub attention: bool,
    /// Only those with a draft.
    pub draft: bool,
    /// Only those of this Comune.
    pub comune: Option<String>,
}

/// Every family on this phone, by name: never by any kind of score.
pub fn model(replica: &Replica, today: Date) -> Vec<Card> {
    let cases = replica.state().cases.iter();
    let mut cards: Vec<Card> = cases
        .filter_map(|(scope, case)| card(*scope, case, replica.owner().role, today))
        .collect();
    order::sort_by_key(&mut cards, |card| (fold(&card.name.latin), card.scope));
    cards
}

/// What a search looks through: the cards by their places, and what was typed last.
pub struct Finder {
    index: Index<usize>,
    typed: Mutex<Typed>,
}

impl Finder {
    /// Looks through these cards.
    pub fn new(cards: &[Card]) -> Self {
        let places = cards.iter().enumerate();
        let named = places.map(|(place, card)| (place, card.names.iter().map(String::as_str)));
        Self {
            index: Index::new(named),
            typed: Mutex::default(),
        }
    }
}

/// The cards that pass a filter: the nearest to what was typed first, else in their order.
pub fn narrowed<'a>(cards: &'a [Card], finder: &Finder, filter: &Filter) -> Vec<&'a Card> {
    let found: Vec<&Card> = if filter.query.trim().is_empty() {
        cards.iter().collect()
    } else {
        let mut typed = finder.typed.lock().unwrap_or_else(PoisonError::into_inner);
        let found = finder
            .index
            .find_typed(&mut typed, &filter.query, FOUND_MAX);
        found
            .iter()
            .filter_map(|found| cards.get(found.id))
            .collect()
    };
    found
        .into_iter()
        .filter(|card| !filter.attention || !card.attention.is_empty())
        .filter(|card| !filter.draft || card.has_draft)
        .filter(|card| filter.comune.is_none() || card.comune == filter.comune)
        .collect()
}

/// The Comuni of the families here, by name, each once.
pub fn comuni(cards: &[Card]) -> Vec<String> {
    let mut all: Vec<String> = cards
        .iter()
        .filter_map(|card| card.comune.clone())
        .collect();
    order::sort_by(&mut all, Ord::cmp);
    all.dedup();
    all
}

fn card(scope: ScopeId, case: &Case, role: Role, today: Date) -> Option<Card> {
    let household = &case.household;
    let name = household.name()?.clone();
    let members = household.members.values();
    let mut grown_ups: Vec<(bool, Name)> = members
        .clone()
        .filter_map(|member| match member.role() {
            Some(MemberRole::Reference) => Some((false, member.name()?.clone())),
            Some(MemberRole::Partner) => Some((true, member.name()?.clone())),
            Some(MemberRole::Child | MemberRole::Other) | None => None,
        })
        .collect();
    order::sort_by_key(&mut grown_ups, |(is_partner, _)| *is_partner);
    let children = members
        .clone()
        .filter(|member| member.role() == Some(MemberRole::Child))
        .count();
    let comune = household.comune().map(|comune| comune.name.clone());
    let names = members.filter_map(|member| member.name()).chain([&name]);
    let names: Vec<String> = names
        .flat_map(|name| [Some(name.latin.as_str()), name.original.as_deref()])
        .flatten()
        .chain(comune.as_deref())
        .map(str::to_owned)
        .collect();
    Some(Card {
        scope,
        language: household.language().map(|language| language.0.clone()),
        grown_ups: grown_ups.into_iter().map(|(_, name)| name).collect(),
        children,
        stage: case.plan.stage(),
        has_draft: case.plan.has_draft(),
        next_visit: next_planned(case, today).map(|(_, at)| (at.date, at.time)),
        last_visit: case.last_visit().map(|record| record.date),
        attention: attention(scope, case, role, today),
        name,
        comune,
        names,
    })
}

fn attention(scope: ScopeId, case: &Case, role: Role, today: Date) -> Vec<Attention> {
    let mut why = Vec::new();
    let disputed = choices(scope, case, role);
    if disputed > 0 {
        why.push(Attention::Disputed(disputed));
    }
    let version = case.plan.latest_version();
    let review = version.and_then(|version| case.plan.review(version.id));
    if review.is_some_and(|review| review.what.verdict != Verdict::Approved) {
        why.push(Attention::Returned);
    }
    let is_late = !is_closed(case)
        && case
            .plan
            .goals
            .values()
            .any(|goal| goal.is_active() && goal.due().is_some_and(|due| *due < today));
    if is_late {
        why.push(Attention::LateGoal);
    }
    let is_to_close =
        planned(case).any(|(_, planned)| (-30..0).contains(&days_between(today, planned.date)));
    if is_to_close {
        why.push(Attention::VisitToClose);
    }
    why
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(latin: &str, members: &[&str]) -> Card {
        let names = [latin].into_iter().chain(members.iter().copied());
        Card {
            scope: ScopeId::new(domain::id::Millis(0), [1; 10]),
            name: Name {
                latin: latin.to_owned(),
                original: None,
            },
            language: None,
            comune: Some("Lodi".to_owned()),
            grown_ups: Vec::new(),
            children: 0,
            stage: Stage::Draft,
            has_draft: false,
            next_visit: None,
            last_visit: None,
            attention: Vec::new(),
            names: names.map(str::to_owned).collect(),
        }
    }

    fn shown<'a>(cards: &'a [Card], filter: &Filter) -> Vec<&'a Card> {
        narrowed(cards, &Finder::new(cards), filter)
    }

    fn found(card: &Card, query: &str) -> bool {
        let filter = Filter {
            query: query.to_owned(),
            ..Filter::default()
        };
        !shown(std::slice::from_ref(card), &filter).is_empty()
    }

    #[test]
    fn a_search_needs_neither_accents_nor_case_nor_order() {
        let card = named("D’Àvila Yıldız", &["Çelik Élif", "محمّد أحمد", "ਗੁਰਪ੍ਰੀਤ"]);
        for query in [
            "davila",
            "YILDIZ dav",
            "elif celik",
            "محمد",
            "احمد",
            "ਗੁਰ",
            "  ",
            "él",
        ] {
            assert!(found(&card, query), "{query}");
        }
        for query in ["elif cleik", "محمود", "Ильдиз", "celik eliif"] {
            assert!(found(&card, query), "{query}");
        }
        for query in ["rossi", "حسن"] {
            assert!(!found(&card, query), "{query}");
        }
    }

    #[test]
    fn the_nearest_to_what_was_typed_comes_first() {
        let cards = ["Ahmed Hassan", "Amine Hasan", "Zineb Hassani"].map(|name| named(name, &[]));
        let names = |query: &str| -> Vec<&str> {
            let filter = Filter {
                query: query.to_owned(),
                ..Filter::default()
            };
            let cards = shown(&cards, &filter);
            cards.iter().map(|card| card.name.latin.as_str()).collect()
        };
        assert_eq!(names("زينب الحسني")[0], "Zineb Hassani");
        assert_eq!(names("hasan")[0], "Amine Hasan");
        assert_eq!(names(""), ["Ahmed Hassan", "Amine Hasan", "Zineb Hassani"]);
    }

    #[test]
    fn filters_add_up() {
        let mut card = named("Hassan", &[]);
        let filter = Filter {
            attention: true,
            ..Filter::default()
        };
        assert!(shown(std::slice::from_ref(&card), &filter).is_empty());
        card.attention.push(Attention::LateGoal);
        assert_eq!(shown(std::slice::from_ref(&card), &filter).len(), 1);
        let elsewhere = Filter {
            comune: Some("Codogno".to_owned()),
            ..filter
        };
        assert!(shown(std::slice::from_ref(&card), &elsewhere).is_empty());
    }
}
