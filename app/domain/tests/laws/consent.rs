//! What a signature covers: the goals as they were read, each for itself.

use std::collections::BTreeSet;

use domain::family::Language;
use domain::id::{ActionId, GoalId, Millis, VersionId};
use domain::op::{Known, Op};
use domain::plan::{ActionField, Answer, Consent, FamilyWords, GoalField, NextStep, Plan};
use domain::state::State;
use domain::vocabulary::{SignatureMode, WhoActs};
use jiff::civil::date;
use proptest::prelude::*;

use crate::common::op_of;

const GOALS: u8 = 4;

/// A change of one goal, or of one of its actions.
#[derive(Clone, Copy, Debug)]
enum Edit {
    Words,
    Due,
    ActionText,
    ActionNew,
    WhoActs,
    NextStep,
}

impl Edit {
    const ALL: [Self; 6] = [
        Self::Words,
        Self::Due,
        Self::ActionText,
        Self::ActionNew,
        Self::WhoActs,
        Self::NextStep,
    ];

    /// Who acts and the next step are the life of a goal between versions.
    const fn is_of_what_was_signed(self) -> bool {
        !matches!(self, Self::WhoActs | Self::NextStep)
    }
}

fn goal(number: u8) -> GoalId {
    GoalId::new(Millis(2), [number; 10])
}

fn action(number: u8) -> ActionId {
    ActionId::new(Millis(2), [number; 10])
}

/// Ops one after the other, and what they add up to.
#[derive(Default)]
struct Told {
    state: State,
    count: u64,
}

impl Told {
    fn say(&mut self, known: Known) -> Op {
        self.count += 1;
        let op = op_of(self.count, known, &[]);
        self.state.apply(&op);
        op
    }

    fn plan(&self) -> &Plan {
        let (_, case) = self.state.cases.iter().next().expect("an op was applied");
        &case.plan
    }

    fn goal(&mut self, number: u8, field: GoalField) {
        self.say(Known::GoalWritten {
            goal: goal(number),
            field,
        });
    }

    fn words(&mut self, number: u8) {
        let italian = format!("parole {}", self.count);
        let words = FamilyWords {
            italian,
            ..FamilyWords::default()
        };
        self.goal(number, GoalField::Words(words));
    }

    fn action(&mut self, number: u8, of: u8) {
        let what = format!("passo {}", self.count);
        for field in [ActionField::Goal(goal(of)), ActionField::What(what)] {
            self.say(Known::ActionWritten {
                action: action(number),
                field,
            });
        }
    }

    fn edit(&mut self, number: u8, edit: Edit) {
        let count = u8::try_from(self.count).expect("there are few");
        match edit {
            Edit::Words => self.words(number),
            Edit::Due => {
                let day = date(2026, 10, 1).saturating_add(jiff::Span::new().days(count));
                self.goal(number, GoalField::Due(day));
            }
            Edit::ActionText => self.action(number, number),
            Edit::ActionNew => self.action(100 + count, number),
            Edit::WhoActs => self.goal(number, GoalField::WhoActs(WhoActs::Together)),
            Edit::NextStep => {
                let what = format!("passo {count}");
                self.goal(number, GoalField::NextStep(NextStep { what, due: None }));
            }
        }
    }

    /// The plan as it stands is proposed; the family answers.
    fn sign(&mut self, number: u32, mode: SignatureMode) {
        let content = self.plan().content();
        let fingerprint = content.fingerprint();
        let random = [u8::try_from(number).expect("there are few"); 10];
        let version = VersionId::new(Millis(3), random);
        self.say(Known::VersionProposed {
            version,
            number,
            content,
        });
        self.say(Known::VersionAnswered {
            version,
            answer: Answer {
                fingerprint,
                mode,
                member: None,
                witness: Some("la vicina".to_owned()),
                language: Language("ar".to_owned()),
                interpreted: None,
                goals: Vec::new(),
            },
        });
    }

    fn consents(&self) -> Vec<Consent> {
        self.plan().consents().values().copied().collect()
    }
}

proptest! {
    #[test]
    fn an_edit_after_a_signature_voids_it_for_the_touched_goals_alone(
        edits in prop::collection::vec((0..GOALS, prop::sample::select(&Edit::ALL[..])), 0..12),
        has_new in any::<bool>(),
    ) {
        let mut told = Told::default();
        for number in 0..GOALS {
            told.words(number);
            told.action(number, number);
        }
        let all = usize::from(GOALS);
        prop_assert_eq!(told.consents(), vec![Consent::NothingSigned; all]);
        told.sign(1, SignatureMode::Refused);
        prop_assert_eq!(told.consents(), vec![Consent::NothingSigned; all], "refused");
        told.sign(2, SignatureMode::Oral);
        prop_assert_eq!(told.consents(), vec![Consent::Signed; all]);

        let mut touched = BTreeSet::new();
        for (number, edit) in &edits {
            told.edit(*number, *edit);
            if edit.is_of_what_was_signed() {
                touched.insert(*number);
            }
        }
        if has_new {
            told.words(GOALS);
        }
        let mut expected: Vec<Consent> = (0..GOALS)
            .map(|number| match touched.contains(&number) {
                true => Consent::ChangedSince,
                false => Consent::Signed,
            })
            .collect();
        expected.extend(has_new.then_some(Consent::NewSince));
        prop_assert_eq!(told.consents(), expected);

        told.sign(3, SignatureMode::Oral);
        let all = told.plan().goals.len();
        prop_assert_eq!(told.consents(), vec![Consent::Signed; all], "signed anew");
    }
}
