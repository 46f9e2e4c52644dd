//! What drafts look like on phones: each line is what a build wrote. Lines are added, never
//! changed: a form that was half-written before an update is there after it.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use domain::op::Op;
use domain::upcast;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::device::drafts::Form;
use crate::parts::attach::tape::{Cut, whole};
use crate::screens::appointment::edit::AppointmentEdit;
use crate::screens::draft::{json, writes_of};
use crate::screens::goal::form::GoalEdit;
use crate::screens::plan::answer::AnswerDraft;
use crate::screens::together::talk::Talk;
use crate::screens::visit::draft::VisitDraft;

const FROZEN: [&str; 1] = [include_str!("frozen/drafts-1.jsonl")];

#[derive(Deserialize)]
struct Line {
    key: String,
    draft: Box<RawValue>,
}

/// A draft as today's build would write what it reads of it.
fn again<T: DeserializeOwned + Serialize>(draft: &str) -> String {
    json(&serde_json::from_str::<T>(draft).expect("a frozen draft is read"))
}

fn ops_again(draft: &str) -> String {
    let ops: Vec<Box<RawValue>> = serde_json::from_str(draft).expect("a list of ops");
    let ops = ops.iter().map(|op| upcast::read(op.get()).expect("an op"));
    let ops: Vec<Op> = ops.collect();
    let writes = writes_of(draft).expect("a frozen draft is read");
    assert_eq!(writes.len(), ops.len());
    json(&ops)
}

fn form_again(form: Form, key: &str, draft: &str) -> String {
    match form {
        Form::Visit => again::<VisitDraft>(draft),
        Form::Goal => again::<GoalEdit>(draft),
        Form::Appointment => again::<AppointmentEdit>(draft),
        Form::Answer => again::<AnswerDraft>(draft),
        Form::Together => again::<Talk>(draft),
        Form::Voice if key.matches('/').count() == 1 => again::<Cut>(draft),
        Form::Voice => {
            let row = whole(&[draft.to_owned()]).expect("a frozen row is read");
            json(&Base64::encode_string(&row))
        }
        Form::Note if key.matches('/').count() == 2 => again::<(String, String)>(draft),
        Form::Note | Form::Review | Form::Refused | Form::Decline => again::<String>(draft),
        Form::Household | Form::Member | Form::Action => ops_again(draft),
    }
}

/// Whether everything that was said then is still said.
fn is_kept(was: &Value, now: &Value) -> bool {
    match (was, now) {
        (Value::Object(was), Value::Object(now)) => was
            .iter()
            .all(|(name, was)| now.get(name).is_some_and(|now| is_kept(was, now))),
        (Value::Array(was), Value::Array(now)) => {
            was.len() == now.len() && was.iter().zip(now).all(|(was, now)| is_kept(was, now))
        }
        (was, now) => was == now,
    }
}

#[test]
fn what_was_half_written_in_any_build_is_still_read_with_its_words() {
    let mut met = BTreeSet::new();
    for line in FROZEN.iter().flat_map(|build| build.lines()) {
        let Line { key, draft } = serde_json::from_str(line).expect("a key and a draft");
        let form = Form::behind(&key).expect("a form's key");
        let now = form_again(form, &key, draft.get());
        let value = |json: &str| serde_json::from_str::<Value>(json).expect("JSON");
        assert!(
            is_kept(&value(draft.get()), &value(&now)),
            "{key}\n{}\n{now}",
            draft.get()
        );
        met.insert(format!("{form:?}"));
    }
    let all: BTreeSet<String> = Form::ALL.iter().map(|form| format!("{form:?}")).collect();
    assert_eq!(met, all, "every form has frozen drafts");
}

#[test]
fn a_draft_that_lacks_what_a_later_build_added_is_read() {
    let goal = r#"{"goal":"01a13a48-9e00-7101-8101-010101010101","form":{"italian":"Parole"}}"#;
    let goal: GoalEdit = serde_json::from_str(goal).expect("the rest has a default");
    assert_eq!(goal.form.italian, "Parole");
    let visit = r#"{"visit":"01a13a48-9e00-7101-8101-010101010101","date":"2026-10-14",
        "place":"school","summary":"Parole",
        "goals":{"01a13a48-9e00-7101-8101-010101010101":{"said_italian":"Dette"}}}"#;
    let visit: VisitDraft = serde_json::from_str(visit).expect("the rest has a default");
    assert_eq!(visit.summary, "Parole");
    let visit = r#"{"visit":"01a13a48-9e00-7101-8101-010101010101","place":"school",
        "about":"Parole"}"#;
    let visit: AppointmentEdit = serde_json::from_str(visit).expect("the rest has a default");
    assert_eq!(visit.about, "Parole");
}

#[test]
fn what_cannot_be_read_is_no_empty_form() {
    for draft in ["{", r#"{"words":1}"#, r#"[{"change":{"unheard_of":1}}]"#] {
        assert!(writes_of(draft).is_none(), "{draft}");
    }
}
