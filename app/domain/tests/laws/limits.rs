//! The limits of each kind of change, as data: what fits, and what is refused and why.

use domain::family::{Comune, FamilyField, Language, MemberField, Name, Phone};
use domain::id::{ActionId, GoalId, MemberId, Millis, VersionId, VisitId};
use domain::op::Known;
use domain::plan::{
    ActionContent, ActionField, Answer, FamilyWords, GoalAnswer, GoalContent, GoalField,
    NeedRating, PlanContent, Spoken,
};
use domain::state::CheckError;
use domain::validate::{FROZEN_CHARS_MAX, LIST_MAX, validate};
use domain::visit::{Rating, VisitRecord};
use domain::vocabulary::{Agreement, Area, NeedLevel, Place, SignatureMode, Voice};
use jiff::civil::date;

use crate::common::every_kind;

/// What is said of a text one letter too long.
pub const TOO_LONG: CheckError = CheckError::TooLong {
    chars: 4_001,
    max: 4_000,
};
const TOO_LONG_TO_FREEZE: CheckError = CheckError::TooLong {
    chars: FROZEN_CHARS_MAX + 1,
    max: FROZEN_CHARS_MAX,
};
const TOO_MANY: CheckError = CheckError::TooMany {
    count: LIST_MAX + 1,
    max: LIST_MAX,
};

fn long() -> String {
    "è".repeat(4_001)
}

fn name(latin: &str, original: &str) -> Name {
    Name {
        latin: latin.to_owned(),
        original: Some(original.to_owned()),
    }
}

fn member(field: MemberField) -> Known {
    let member = MemberId::new(Millis(1), [1; 10]);
    Known::MemberWritten { member, field }
}

fn action(field: ActionField) -> Known {
    let action = ActionId::new(Millis(1), [1; 10]);
    Known::ActionWritten { action, field }
}

fn goal() -> GoalId {
    GoalId::new(Millis(1), [1; 10])
}

fn version(goals: Vec<GoalContent>) -> Known {
    Known::VersionProposed {
        version: VersionId::new(Millis(1), [1; 10]),
        number: 1,
        content: PlanContent { goals },
    }
}

fn frozen_goal(fields: Vec<GoalField>, actions: Vec<ActionContent>) -> GoalContent {
    GoalContent {
        goal: goal(),
        fields,
        actions,
    }
}

fn frozen_action(fields: Vec<ActionField>) -> ActionContent {
    let action = ActionId::new(Millis(1), [1; 10]);
    ActionContent { action, fields }
}

fn answer(change: impl FnOnce(&mut Answer)) -> Known {
    let mut answer = Answer {
        fingerprint: PlanContent::default().fingerprint(),
        mode: SignatureMode::Oral,
        member: None,
        witness: Some("La vicina".to_owned()),
        language: Language("ar".to_owned()),
        interpreted: None,
        goals: Vec::new(),
    };
    change(&mut answer);
    let version = VersionId::new(Millis(1), [1; 10]);
    Known::VersionAnswered { version, answer }
}

fn spoken(language: &str, text: &str) -> FamilyWords {
    FamilyWords {
        original: Some(Spoken {
            language: Language(language.to_owned()),
            text: text.to_owned(),
        }),
        italian: "parole".to_owned(),
        member: None,
    }
}

#[test]
fn every_kind_as_tests_and_people_write_it_fits() {
    for seed in 0..12 {
        for known in every_kind(seed) {
            assert_eq!(validate(&known), Ok(()), "{}", known.kind());
        }
    }
}

#[test]
fn what_is_known_of_a_household_has_limits() {
    let phone = |number: &str, holder: &str| {
        FamilyField::Phone(Phone {
            number: number.to_owned(),
            holder: Some(holder.to_owned()),
        })
    };
    let comune = |istat: &str, name: &str| {
        FamilyField::Comune(Comune {
            istat: istat.to_owned(),
            name: name.to_owned(),
        })
    };
    let cases = [
        (FamilyField::Name(name("Hassan", "حسن")), Ok(())),
        (FamilyField::Name(name(" ", "حسن")), Err(CheckError::Empty)),
        (FamilyField::Name(name(&long(), "")), Err(TOO_LONG)),
        (FamilyField::Name(name("Hassan", &long())), Err(TOO_LONG)),
        (comune("098031", "Lodi"), Ok(())),
        (comune("098031", ""), Err(CheckError::Empty)),
        (comune(&long(), "Lodi"), Err(TOO_LONG)),
        // An address, a telephone or a rule that no longer holds is taken back.
        (FamilyField::Address(String::new()), Ok(())),
        (FamilyField::Address(long()), Err(TOO_LONG)),
        (FamilyField::SafeContact(String::new()), Ok(())),
        (FamilyField::SafeContact(long()), Err(TOO_LONG)),
        (phone("", ""), Ok(())),
        (phone(&long(), ""), Err(TOO_LONG)),
        (phone("333", &long()), Err(TOO_LONG)),
        (FamilyField::Language(Language(long())), Err(TOO_LONG)),
        (FamilyField::ExternalId(long()), Err(TOO_LONG)),
        (FamilyField::InterpreterNeeded(true), Ok(())),
    ];
    for (field, expected) in cases {
        let said = format!("{field:.40?}");
        assert_eq!(validate(&Known::FamilyWritten(field)), expected, "{said}");
    }
}

#[test]
fn what_is_known_of_a_member_has_limits() {
    let languages = |count: usize| vec![Language("ar".to_owned()); count];
    let cases = [
        (MemberField::Name(name("Amina", "")), Ok(())),
        (MemberField::Name(name("", "أمينة")), Err(CheckError::Empty)),
        (MemberField::Name(name(&long(), "")), Err(TOO_LONG)),
        (MemberField::Citizenship(String::new()), Ok(())),
        (MemberField::Citizenship(long()), Err(TOO_LONG)),
        (MemberField::Speaks(languages(LIST_MAX)), Ok(())),
        (MemberField::Speaks(languages(LIST_MAX + 1)), Err(TOO_MANY)),
        (MemberField::Reads(languages(LIST_MAX + 1)), Err(TOO_MANY)),
        (MemberField::Reads(vec![Language(long())]), Err(TOO_LONG)),
    ];
    for (field, expected) in cases {
        let said = format!("{field:.40?}");
        assert_eq!(validate(&member(field)), expected, "{said}");
    }
}

#[test]
fn an_action_says_what_is_to_be_done() {
    let what = |text: &str| ActionField::What(text.to_owned());
    let cases = [
        (what("Chiama la scuola"), Ok(())),
        (what("\n"), Err(CheckError::Empty)),
        (what(&long()), Err(TOO_LONG)),
        (ActionField::Service(String::new()), Ok(())),
        (ActionField::Service(long()), Err(TOO_LONG)),
        (ActionField::Goal(goal()), Ok(())),
    ];
    for (field, expected) in cases {
        let said = format!("{field:.40?}");
        assert_eq!(validate(&action(field)), expected, "{said}");
    }
}

#[test]
fn a_version_freezes_what_stands_and_no_more() {
    let expected = |chars: usize| GoalField::Expected("è".repeat(chars));
    let one = |field: GoalField| vec![frozen_goal(vec![field], Vec::new())];
    let cases = [
        (Vec::new(), Ok(())),
        // What two people wrote at once stands one below the other, longer than either.
        (one(expected(8_001)), Ok(())),
        (one(expected(FROZEN_CHARS_MAX + 1)), Err(TOO_LONG_TO_FREEZE)),
        // What was accepted before there was a rule may still be proposed.
        (one(GoalField::Expected(String::new())), Ok(())),
        (
            one(GoalField::Words(spoken("ar", &"è".repeat(16_001)))),
            Err(TOO_LONG_TO_FREEZE),
        ),
        (
            one(GoalField::Words(spoken(&long(), "أريد"))),
            Err(TOO_LONG),
        ),
        (
            vec![frozen_goal(Vec::new(), Vec::new()); LIST_MAX + 1],
            Err(TOO_MANY),
        ),
        (
            vec![frozen_goal(vec![expected(1); LIST_MAX + 1], Vec::new())],
            Err(TOO_MANY),
        ),
        (
            vec![frozen_goal(
                Vec::new(),
                vec![frozen_action(Vec::new()); LIST_MAX + 1],
            )],
            Err(TOO_MANY),
        ),
        (
            vec![frozen_goal(
                Vec::new(),
                vec![frozen_action(vec![ActionField::What("è".repeat(16_001))])],
            )],
            Err(TOO_LONG_TO_FREEZE),
        ),
    ];
    for (goals, expected) in cases {
        let said = format!("{goals:.40?}");
        assert!(validate(&version(goals)) == expected, "{said:.200}");
    }
}

#[test]
fn an_answer_by_word_of_mouth_has_a_witness() {
    let agreed = GoalAnswer {
        goal: goal(),
        agreement: Agreement::Agreed,
    };
    let witness = |text: &str| Some(text.to_owned());
    let cases = [
        (answer(|_| ()), Ok(())),
        (answer(|one| one.witness = None), Err(CheckError::NoWitness)),
        (
            answer(|one| one.witness = witness(" ")),
            Err(CheckError::NoWitness),
        ),
        (
            answer(|one| {
                one.mode = SignatureMode::Glass;
                one.witness = None;
            }),
            Ok(()),
        ),
        (answer(|one| one.witness = witness(&long())), Err(TOO_LONG)),
        (answer(|one| one.language = Language(long())), Err(TOO_LONG)),
        (
            answer(|one| one.goals = vec![agreed.clone(); LIST_MAX + 1]),
            Err(TOO_MANY),
        ),
    ];
    for (known, expected) in cases {
        assert_eq!(validate(&known), expected);
    }
}

#[test]
fn words_name_their_language_within_the_limit() {
    let words = spoken(&long(), "أريد");
    let rating = NeedRating {
        now: NeedLevel::SoSo,
        hope: None,
        words: Some(words.clone()),
    };
    let need = Known::NeedRated {
        area: Area::School,
        voice: Voice::Family,
        rating,
    };
    let goal = Known::GoalWritten {
        goal: goal(),
        field: GoalField::Words(words.clone()),
    };
    let progress = Known::ProgressRated {
        goal: self::goal(),
        visit: None,
        rating: Rating {
            words: Some(words),
            ..Rating::default()
        },
        corrects: None,
    };
    for known in [need, goal, progress] {
        assert_eq!(validate(&known), Err(TOO_LONG), "{}", known.kind());
    }
}

#[test]
fn a_visit_lists_who_was_there_within_the_limit() {
    let visit = |present: u8, language: &str| Known::VisitRecorded {
        visit: VisitId::new(Millis(1), [1; 10]),
        record: VisitRecord {
            date: date(2026, 10, 22),
            place: Place::AtHome,
            minutes: 45,
            present: (0..present)
                .map(|n| MemberId::new(Millis(1), [n; 10]))
                .collect(),
            language: Some(Language(language.to_owned())),
            summary: String::new(),
        },
        corrects: None,
    };
    assert_eq!(validate(&visit(100, "ar")), Ok(()));
    assert_eq!(validate(&visit(101, "ar")), Err(TOO_MANY));
    assert_eq!(validate(&visit(1, &long())), Err(TOO_LONG));
}
