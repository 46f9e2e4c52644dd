//! What earlier releases wrote is read as it always was, field by field and schema by schema.

use std::collections::BTreeSet;
use std::fmt::Debug;

use domain::family::{FamilyKey, MemberKey};
use domain::field::Field as _;
use domain::op::{Change, Known, Op, SCHEMA};
use domain::plan::{ActionKey, GoalKey};
use domain::state::State;
use domain::upcast::{STEPS, Step, read, read_by};
use domain::visit::VisitKey;
use serde_json::{Value, json};

use crate::common::op_of;

/// Every file of frozen ops, with the schema that wrote it. Never regenerated.
const FROZEN: [(u16, &str); 5] = [
    (1, include_str!("../frozen/ops-1.jsonl")),
    (2, include_str!("../frozen/ops-2.jsonl")),
    (2, include_str!("../frozen/fields-2.jsonl")),
    (3, include_str!("../frozen/ops-3.jsonl")),
    (4, include_str!("../frozen/ops-4.jsonl")),
];

fn known(op: &Op) -> &Known {
    match &op.change {
        Change::Known(known) => known,
        Change::Unknown(unknown) => panic!("not known any more: {}", unknown.json()),
    }
}

fn names<K: Debug>(kind: &str, keys: &[K]) -> Vec<String> {
    keys.iter().map(|key| format!("{kind} {key:?}")).collect()
}

#[test]
fn every_field_has_frozen_bytes_that_are_still_read_and_written_the_same() {
    let mut met = BTreeSet::new();
    for line in include_str!("../frozen/fields-2.jsonl").lines() {
        let op: Op = serde_json::from_str(line).expect("a frozen op is read");
        assert_eq!(serde_json::to_string(&op).expect("an op is JSON"), line);
        let kind = known(&op).kind();
        let name = match known(&op) {
            Known::FamilyWritten(field) => format!("{kind} {:?}", field.key()),
            Known::MemberWritten { field, .. } => format!("{kind} {:?}", field.key()),
            Known::GoalWritten { field, .. } => format!("{kind} {:?}", field.key()),
            Known::ActionWritten { field, .. } => format!("{kind} {:?}", field.key()),
            Known::VisitPlanned { field, .. } => format!("{kind} {:?}", field.key()),
            Known::PlanMoved(_) => continue,
            other => panic!("{} has no fields", other.kind()),
        };
        assert!(met.insert(name), "{line}");
    }
    let every: BTreeSet<String> = [
        names("family_written", FamilyKey::ALL),
        names("member_written", MemberKey::ALL),
        names("goal_written", GoalKey::ALL),
        names("action_written", ActionKey::ALL),
        names("visit_planned", VisitKey::ALL),
    ]
    .concat()
    .into_iter()
    .collect();
    assert_eq!(met, every, "every field has frozen bytes");
}

macro_rules! words_of {
    ($($list:ident),+ $(,)?) => {
        /// Every word of every closed list, as it is written; and whether it is read again.
        fn words() -> Vec<String> {
            let mut all = Vec::new();
            $(for word in domain::vocabulary::$list::ALL {
                let written = serde_json::to_string(word).expect("a word is JSON");
                all.push(format!("{} {written}", stringify!($list)));
            })+
            all
        }

        fn is_read(list: &str, written: &str) -> bool {
            match list {
                $(stringify!($list) => {
                    serde_json::from_str::<domain::vocabulary::$list>(written).is_ok()
                })+
                _ => false,
            }
        }
    };
}

words_of!(
    Area,
    Voice,
    NeedLevel,
    GoalState,
    ActionKind,
    ActionState,
    WhoActs,
    Response,
    Barrier,
    TutorMove,
    Agreement,
    SignatureMode,
    Interpreted,
    Verdict,
    Closure,
    MemberRole,
    Place,
    Role,
);

/// Most words stand in no frozen op: a word that was called something else would make phones in
/// the field unreadable unseen.
#[test]
fn every_word_of_every_list_is_frozen_and_still_read() {
    let frozen = [
        include_str!("../frozen/words-3.txt"),
        include_str!("../frozen/words-4.txt"),
    ];
    let frozen = || frozen.iter().flat_map(|schema| schema.lines());
    for line in frozen() {
        let (list, written) = line.split_once(' ').expect("a list and a word");
        assert!(is_read(list, written), "not read any more: {line}");
    }
    let frozen: BTreeSet<String> = frozen().map(str::to_owned).collect();
    let now: BTreeSet<String> = words().into_iter().collect();
    assert_eq!(
        now, frozen,
        "a new word is added in a file of its schema, none is changed"
    );
}

#[test]
fn what_every_release_wrote_adds_up_to_the_same_state_as_today() {
    assert_eq!(STEPS.len() + 1, usize::from(SCHEMA), "a step for each");
    let (mut lifted, mut as_written) = (State::default(), State::default());
    for (schema, lines) in FROZEN {
        for line in lines.lines() {
            let op = read(line).expect("a frozen op is read");
            known(&op);
            assert_eq!(op.schema, schema, "{line}");
            lifted.apply(&op);
            as_written.apply(&serde_json::from_str(line).expect("it is an op"));
        }
    }
    assert_eq!(lifted, as_written);
    let case = lifted.cases.values().next().expect("it is one family");
    let name = case.household.name().map(|name| name.latin.as_str());
    assert_eq!(name, Some("Hassan"));
    assert_eq!(case.notes.len(), 1);
}

/// A made-up past: schema 1 wrote a note's words as `text`, schema 2 called notes `jotted`.
const PAST: [Option<Step>; 3] = [
    Some(|mut change| {
        if let Some(note) = change.get_mut("jotted").and_then(Value::as_object_mut)
            && let Some(text) = note.remove("text")
        {
            note.insert("words".to_owned(), text);
        }
        change
    }),
    Some(|mut change| {
        match change
            .as_object_mut()
            .and_then(|kinds| kinds.remove("jotted"))
        {
            Some(note) => json!({ "note_added": note }),
            None => change,
        }
    }),
    None,
];

#[test]
fn an_older_form_is_lifted_step_by_step_and_nothing_else_is_touched() {
    let written = |schema: u16, change: &str| {
        let note = Known::NoteAdded {
            words: "x".to_owned(),
            corrects: None,
        };
        let now = serde_json::to_string(&op_of(1, note, &[])).expect("an op is JSON");
        let now = now.replace(r#"{"note_added":{"words":"x"}}"#, change);
        now.replace(
            &format!("\"schema\":{SCHEMA}"),
            &format!("\"schema\":{schema}"),
        )
    };
    let lifts = [
        (1, r#"{"jotted":{"text":"una nota"}}"#),
        (2, r#"{"jotted":{"words":"una nota"}}"#),
        (3, r#"{"note_added":{"words":"una nota"}}"#),
        (4, r#"{"note_added":{"words":"una nota"}}"#),
    ];
    for (schema, change) in lifts {
        let op = read_by(&PAST, &written(schema, change)).expect("it is an op");
        let expected = Known::NoteAdded {
            words: "una nota".to_owned(),
            corrects: None,
        };
        assert_eq!((op.schema, known(&op)), (schema, &expected));
    }
    // What no step makes known stays what it was, byte for byte, blanks and all; so does what is
    // newer than every step.
    let strange = [
        (1, r#"{"moon_phase": { "text" : 1.50 }}"#),
        (2, r#"{"jotted": {"text": "una nota"} }"#),
        (4, r#"{"jotted":{"words":"una nota"}}"#),
        (9, r#"{"jotted":{"text":"una nota"}}"#),
    ];
    for (schema, change) in strange {
        let op = read_by(&PAST, &written(schema, change)).expect("it is an op");
        let Change::Unknown(unknown) = &op.change else {
            panic!("{change}");
        };
        assert_eq!(unknown.json(), change);
    }
}
