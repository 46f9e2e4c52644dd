//! Changes of a plan in plain sentences, in the language of the interface. Pure.

use domain::plan::GoalKey;
use domain::vocabulary::Area;
use jiff::civil::Date;

use crate::parts::diff::{Fate, Piece};
use crate::screens::plan::changes::{Change, What};
use crate::words::Words;
use crate::words::lands::direction;

/// A run of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words of the interface.
    Plain(String),
    /// What the sentence is about.
    Strong(String),
    /// What was so before.
    Gone(String),
    /// What is so now.
    New(String),
    /// A person's words with what differs in them, and their language.
    Voice(Vec<Piece>, String),
    /// A text with what differs in it.
    Text(Vec<Piece>),
}

/// The icon of a change.
pub const fn icon(what: &What) -> &'static str {
    match what {
        What::GoalNew { .. } | What::ActionNew(..) => "plus",
        What::GoalGone | What::ActionGone(_) => "minus",
        What::Words { .. } => "message-circle",
        What::Level(..) | What::Area(..) | What::State(..) | What::Step(_) => "flag",
        What::Due(..) | What::StepDue(..) | What::ActionDue(..) => "calendar-days",
        What::Weight(..) | What::Order => "scale",
        What::WhoActs(..) => "footprints",
        What::Barriers(..) => "construction",
        What::ActionText(_) | What::ActionDetail(_) => "pencil",
    }
}

/// A change as a sentence.
pub fn sentence(change: &Change, words: Words, today: Date) -> Vec<Span> {
    let area = name_of(change.area, words);
    let day = |day: Option<Date>| day_or_none(day, words, today);
    let mut s = Sentence::default();
    match &change.what {
        What::GoalNew {
            words: said,
            expected,
        } => {
            s.plain(words.s_goal_new()).strong(area);
            if let Some(said) = said {
                s.plain(".");
                if let Some(spoken) = &said.original {
                    s.voice(new(&spoken.text), &spoken.language.0);
                }
                if !said.italian.is_empty() {
                    s.voice(new(&said.italian), "it");
                }
            } else {
                s.plain(".");
            }
            if let Some(expected) = expected {
                s.plain(words.s_expected_is()).fresh(expected.clone());
            }
        }
        What::GoalGone => {
            s.plain(words.s_goal_gone()).strong(area).plain(".");
        }
        What::Words {
            original, italian, ..
        } => {
            s.plain(words.s_words()).strong(area).plain(".");
            if let Some((language, pieces)) = original {
                s.voice(pieces.clone(), &language.0);
            }
            if italian.iter().any(|piece| piece.fate != Fate::Kept) {
                s.voice(italian.clone(), "it");
            }
        }
        What::Level(key, pieces) => {
            match level_name(*key, words) {
                None => s.plain(words.s_expected()),
                Some(level) => s.plain(level).plain(words.s_level_of()),
            };
            s.strong(area).plain(": ").text(pieces.clone());
        }
        What::Area(was, is) => {
            s.plain(words.s_area()).gone(name_of(*was, words));
            s.plain(words.s_to()).fresh(name_of(*is, words)).plain(".");
        }
        What::Due(was, is) => {
            s.plain(words.s_due())
                .strong(area)
                .moved(words, day(*was), day(*is));
        }
        What::StepDue(was, is) => {
            s.plain(words.s_step_due())
                .strong(area)
                .moved(words, day(*was), day(*is));
        }
        What::ActionDue(what, was, is) => {
            s.plain(words.s_action_due())
                .strong(area)
                .plain(format!(" ({what})"));
            s.moved(words, day(*was), day(*is));
        }
        What::Weight(was, is) => {
            s.plain(words.s_weight()).strong(area);
            s.turned(words, weight(*was, words), weight(*is, words));
        }
        What::Order => {
            s.plain(words.s_order()).strong(area).plain(".");
        }
        What::WhoActs(was, is) => {
            let name = |who: &Option<_>| who.map_or(words.none(), |who| words.who_acts(who));
            s.plain(words.s_who_acts()).strong(area);
            s.turned(words, name(was), name(is));
        }
        What::State(was, is) => {
            let name = |state: &Option<_>| state.map_or(words.none(), |st| words.goal_state(st));
            s.plain(words.s_state()).strong(area);
            s.turned(words, name(was), name(is));
        }
        What::Step(pieces) => {
            s.plain(words.s_step())
                .strong(area)
                .plain(": ")
                .text(pieces.clone());
        }
        What::Barriers(barriers, tutor_move) => {
            let list: Vec<&str> = barriers
                .iter()
                .map(|barrier| words.barrier(*barrier))
                .collect();
            s.plain(words.s_barriers()).strong(area).plain(": ");
            s.fresh(list.join(", ").to_lowercase());
            if let Some(tutor_move) = tutor_move {
                s.plain(words.s_tutor_move())
                    .fresh(words.tutor_move(*tutor_move).to_lowercase());
            }
            s.plain(".");
        }
        What::ActionNew(kind, what) => {
            s.plain(words.s_action_new())
                .strong(area)
                .plain(": ")
                .fresh(what.clone());
            if let Some(kind) = kind {
                s.plain(format!(" ({})", words.action_kind(*kind).to_lowercase()));
            }
        }
        What::ActionGone(what) => {
            s.plain(words.s_action_gone())
                .strong(area)
                .plain(": ")
                .gone(what.clone());
        }
        What::ActionText(pieces) => {
            s.plain(words.s_action_text())
                .strong(area)
                .plain(": ")
                .text(pieces.clone());
        }
        What::ActionDetail(what) => {
            s.plain(words.s_action_detail())
                .strong(area)
                .plain(format!(": {what}."));
        }
    }
    s.0
}

/// The direction in which a run is written.
pub fn direction_of(language: &str) -> &'static str {
    direction(language)
}

#[derive(Default)]
struct Sentence(Vec<Span>);

impl Sentence {
    fn plain(&mut self, text: impl Into<String>) -> &mut Self {
        self.0.push(Span::Plain(text.into()));
        self
    }

    fn strong(&mut self, text: impl Into<String>) -> &mut Self {
        self.0.push(Span::Strong(text.into()));
        self
    }

    fn gone(&mut self, text: impl Into<String>) -> &mut Self {
        self.0.push(Span::Gone(text.into()));
        self
    }

    fn fresh(&mut self, text: impl Into<String>) -> &mut Self {
        self.0.push(Span::New(text.into()));
        self
    }

    fn text(&mut self, pieces: Vec<Piece>) -> &mut Self {
        self.0.push(Span::Text(pieces));
        self
    }

    fn voice(&mut self, pieces: Vec<Piece>, language: &str) -> &mut Self {
        self.0.push(Span::Voice(pieces, language.to_owned()));
        self
    }

    fn moved(&mut self, words: Words, was: String, is: String) -> &mut Self {
        self.plain(words.s_moves_from()).gone(was);
        self.plain(words.s_moves_to()).fresh(is).plain(".")
    }

    fn turned(&mut self, words: Words, was: &str, is: &str) -> &mut Self {
        self.plain(words.s_from()).gone(was.to_lowercase());
        self.plain(words.s_to()).fresh(is.to_lowercase()).plain(".")
    }
}

fn new(text: &str) -> Vec<Piece> {
    vec![Piece {
        fate: Fate::New,
        text: text.to_owned(),
    }]
}

fn name_of(area: Option<Area>, words: Words) -> String {
    area.map_or(words.s_a_goal(), |area| words.area(area))
        .to_owned()
}

fn day_or_none(day: Option<Date>, words: Words, today: Date) -> String {
    match day {
        Some(day) => words.known_day(day, today),
        None => words.s_no_date().to_owned(),
    }
}

fn level_name(key: GoalKey, words: Words) -> Option<&'static str> {
    match key {
        GoalKey::MuchLess => Some(words.level_much_less()),
        GoalKey::Less => Some(words.level_less()),
        GoalKey::More => Some(words.level_more()),
        GoalKey::MuchMore => Some(words.level_much_more()),
        GoalKey::Area
        | GoalKey::Words
        | GoalKey::Expected
        | GoalKey::Due
        | GoalKey::State
        | GoalKey::Weight
        | GoalKey::WhoActs
        | GoalKey::NextStep
        | GoalKey::Agreement
        | GoalKey::Order => None,
    }
}

/// How much a goal matters, in words.
pub const fn weight(weight: u8, words: Words) -> &'static str {
    match weight {
        0 | 1 => words.weight_one(),
        2 => words.weight_two(),
        _ => words.weight_three(),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::ActionId;
    use domain::op::Known;
    use domain::plan::{ActionField, FamilyWords, GoalField, NextStep, PlanContent};
    use domain::visit::Rating;
    use domain::vocabulary::{ActionKind, Barrier, TutorMove, WhoActs};
    use jiff::civil::date;

    use super::*;
    use crate::parts::diff::marked;
    use crate::screens::fixture::{Family, NOON, goal, tutor};
    use crate::screens::plan::changes::{between, in_life};
    use crate::words::Language;

    fn plain(change: &Change, words: Words) -> String {
        sentence(change, words, date(2026, 10, 14))
            .iter()
            .map(|span| match span {
                Span::Plain(text) | Span::Strong(text) => text.clone(),
                Span::Gone(text) => format!("[-{text}-]"),
                Span::New(text) => format!("[+{text}+]"),
                Span::Voice(pieces, language) => format!(" {language}«{}»", marked(pieces)),
                Span::Text(pieces) => marked(pieces),
            })
            .collect()
    }

    fn write(family: &mut Family, field: GoalField) {
        use domain::field::Field;
        let goals = family.case().plan.goals;
        let heads = goals
            .get(&goal(1))
            .map(|goal| goal.fields.heads(field.key()));
        family.replace(
            tutor(),
            heads.unwrap_or_default(),
            Known::GoalWritten {
                goal: goal(1),
                field,
            },
        );
    }

    #[test]
    fn signed_changes_are_told_in_both_languages() {
        let mut family = Family::hassan();
        let before = family.case().plan.content();
        write(
            &mut family,
            GoalField::Words(FamilyWords {
                original: None,
                italian: "Voglio parlare con la maestra.".into(),
                member: None,
            }),
        );
        write(&mut family, GoalField::Due(date(2026, 12, 23)));
        write(&mut family, GoalField::Weight(3));
        let action = ActionId::new(NOON, [5; 10]);
        for field in [
            ActionField::Goal(goal(1)),
            ActionField::Kind(ActionKind::Commitment),
            ActionField::What("Chiama la scuola".into()),
        ] {
            family.write(tutor(), Known::ActionWritten { action, field });
        }
        let case = family.case();
        let changes = between(&before, &case.plan.content(), &case);
        let told = |language| -> Vec<String> {
            changes
                .iter()
                .map(|change| plain(change, Words(language)))
                .collect()
        };
        assert_eq!(
            told(Language::Italian),
            [
                "La famiglia ha cambiato le sue parole sull’obiettivo Lingua italiana. \
             ar«[-أريد أن أتحدث مع المعلمة-]» it«Voglio [-capire-] [+parlare con+] la maestra.»",
                "Il termine di Lingua italiana passa dal [-senza data-] al [+23 dicembre+].",
                "Quanto conta Lingua italiana: da [-conta-] a [+è la cosa più importante+].",
                "Nuova azione per Lingua italiana: [+Chiama la scuola+] (impegno della famiglia)",
            ]
        );
        assert_eq!(
            told(Language::English)[1],
            "The target date of Italian language goes from [-no date-] to [+23 December+]."
        );
        assert_eq!(changes[0].by.map(|by| by.author), Some(tutor()));
    }

    #[test]
    fn a_first_plan_tells_each_goal_as_new() {
        let case = Family::hassan().case();
        let changes = between(&PlanContent::default(), &case.plan.content(), &case);
        assert_eq!(changes.len(), 1);
        let told = plain(&changes[0], Words::default());
        assert!(
            told.starts_with("Nuovo obiettivo Lingua italiana."),
            "{told}"
        );
        assert!(told.contains("it«[+Voglio capire la maestra.+]»"), "{told}");
    }

    #[test]
    fn life_between_versions_is_told_too() {
        let mut family = Family::hassan();
        let since = *family
            .proposed(1)
            .case()
            .plan
            .versions
            .keys()
            .next()
            .expect("proposed");
        write(&mut family, GoalField::WhoActs(WhoActs::FamilyHelped));
        write(
            &mut family,
            GoalField::NextStep(NextStep {
                what: "Amina chiede il colloquio".into(),
                due: Some(date(2026, 10, 23)),
            }),
        );
        family.visited(
            1,
            date(2026, 10, 1),
            Rating {
                barriers: [Barrier::WorkHours].into(),
                tutor_move: Some(TutorMove::Accompanies),
                ..Rating::default()
            },
        );
        let case = family.case();
        let told: Vec<String> = in_life(&case, since)
            .iter()
            .map(|change| plain(change, Words::default()))
            .collect();
        assert_eq!(
            told,
            [
                "Chi agisce per Lingua italiana: da [-insieme-] a [+la famiglia con aiuto+].",
                "Il termine del prossimo passo per Lingua italiana passa dal [-30 settembre-] al \
             [+23 ottobre+].",
                "Nuovo ostacolo per Lingua italiana: [+orari di lavoro+]. Il tutor: \
             [+ho accompa\u{ad}gnato+].",
            ]
        );
    }
}
