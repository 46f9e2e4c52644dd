//! What Famiglie shows, and how a search finds it. Pure.

use domain::family::Name;
use domain::id::ScopeId;
use domain::order;
use domain::plan::Stage;
use domain::state::Case;
use domain::vocabulary::{MemberRole, Verdict};
use jiff::civil::{Date, Time};
use replica::replica::Replica;

use crate::screens::dispute::disputes_of;
use crate::words::dates::days_between;

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
    /// Everything that a search looks through, folded.
    pub haystack: Vec<String>,
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
        .filter_map(|(scope, case)| card(*scope, case, today))
        .collect();
    order::sort_by_key(&mut cards, |card| (fold(&card.name.latin), card.scope));
    cards
}

/// The cards that pass a filter, in their order.
pub fn narrowed<'a>(cards: &'a [Card], filter: &Filter) -> Vec<&'a Card> {
    let wanted: Vec<String> = words_of(&filter.query);
    cards
        .iter()
        .filter(|card| !filter.attention || !card.attention.is_empty())
        .filter(|card| !filter.draft || card.has_draft)
        .filter(|card| filter.comune.is_none() || card.comune == filter.comune)
        .filter(|card| {
            let is_there = |word: &String| {
                let mut hay = card.haystack.iter();
                hay.any(|straw| straw.starts_with(word.as_str()))
            };
            wanted.iter().all(is_there)
        })
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

fn card(scope: ScopeId, case: &Case, today: Date) -> Option<Card> {
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
    let mut haystack: Vec<String> = names
        .flat_map(|name| [Some(name.latin.as_str()), name.original.as_deref()])
        .flatten()
        .chain(comune.as_deref())
        .flat_map(words_of)
        .collect();
    order::sort_by(&mut haystack, Ord::cmp);
    haystack.dedup();
    Some(Card {
        scope,
        language: household.language().map(|language| language.0.clone()),
        grown_ups: grown_ups.into_iter().map(|(_, name)| name).collect(),
        children,
        stage: case.plan.stage(),
        has_draft: case.plan.has_draft(),
        next_visit: next_visit(case, today),
        last_visit: case.last_visit(),
        attention: attention(scope, case, today),
        name,
        comune,
        haystack,
    })
}

fn next_visit(case: &Case, today: Date) -> Option<(Date, Option<Time>)> {
    case.visits
        .values()
        .filter(|visit| visit.record().is_none())
        .filter_map(|visit| visit.appointment())
        .filter(|appointment| appointment.date >= today)
        .map(|appointment| (appointment.date, appointment.time))
        .min()
}

fn attention(scope: ScopeId, case: &Case, today: Date) -> Vec<Attention> {
    let mut why = Vec::new();
    let disputed = disputes_of(scope, case).len();
    if disputed > 0 {
        why.push(Attention::Disputed(disputed));
    }
    let version = case.plan.latest_version();
    let review = version.and_then(|version| case.plan.review(version.id));
    if review.is_some_and(|review| review.what.verdict != Verdict::Approved) {
        why.push(Attention::Returned);
    }
    let is_late = case
        .plan
        .goals
        .values()
        .any(|goal| goal.is_active() && goal.due().is_some_and(|due| *due < today));
    if is_late {
        why.push(Attention::LateGoal);
    }
    let is_to_close = case.visits.values().any(|visit| {
        let planned = visit.appointment();
        visit.record().is_none()
            && planned.is_some_and(|planned| (-30..0).contains(&days_between(today, planned.date)))
    });
    if is_to_close {
        why.push(Attention::VisitToClose);
    }
    why
}

/// The words of a text, folded: whole names in any order.
fn words_of(text: &str) -> Vec<String> {
    fold(text).split_whitespace().map(str::to_owned).collect()
}

/// A text without what people leave out when they search: accents, case, apostrophes, the vowel
/// marks of Arabic and the several shapes of its alef.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            '\'' | '’' | '‘' | 'ʼ' | 'ـ' => {}
            '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' | '\u{0670}' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            other if other.is_alphanumeric() => folded.push(plain(other)),
            // Marks that carry a vowel in Indic scripts are part of the word.
            other if is_indic_mark(other) => folded.push(other),
            _ => folded.push(' '),
        }
    }
    folded
}

const fn is_indic_mark(letter: char) -> bool {
    matches!(letter, '\u{0900}'..='\u{0dff}')
}

const fn plain(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' | 'ĉ' => 'c',
        'ď' | 'đ' | 'ð' => 'd',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' | 'ĝ' => 'g',
        'ħ' => 'h',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' | 'į' => 'i',
        'ł' | 'ľ' | 'ļ' => 'l',
        'ñ' | 'ń' | 'ň' | 'ņ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ž' | 'ż' => 'z',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' => 'ي',
        'ؤ' => 'و',
        'ة' | 'ہ' | 'ھ' => 'ه',
        'ک' => 'ك',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(latin: &str, members: &[&str]) -> Card {
        let mut haystack = words_of(latin);
        haystack.extend(members.iter().flat_map(|name| words_of(name)));
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
            haystack,
        }
    }

    fn found(card: &Card, query: &str) -> bool {
        let filter = Filter {
            query: query.to_owned(),
            ..Filter::default()
        };
        !narrowed(std::slice::from_ref(card), &filter).is_empty()
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
        for query in ["vila", "elif rossi", "حسن"] {
            assert!(!found(&card, query), "{query}");
        }
    }

    #[test]
    fn filters_add_up() {
        let mut card = named("Hassan", &[]);
        let filter = Filter {
            attention: true,
            ..Filter::default()
        };
        assert!(narrowed(std::slice::from_ref(&card), &filter).is_empty());
        card.attention.push(Attention::LateGoal);
        assert_eq!(narrowed(std::slice::from_ref(&card), &filter).len(), 1);
        let elsewhere = Filter {
            comune: Some("Codogno".to_owned()),
            ..filter
        };
        assert!(narrowed(std::slice::from_ref(&card), &elsewhere).is_empty());
    }
}
