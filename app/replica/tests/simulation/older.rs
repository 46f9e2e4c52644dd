//! Phones whose app is of an earlier release, and the day on which they are updated.
//!
//! There are no earlier builds here: one is made of today's. A kind of change, or a word in one,
//! that its schema had not yet is marked before it reads it, so that today's code does not know it
//! either, and the mark is taken off all that it stores and sends. What it writes are the frozen
//! forms of its release.

use std::sync::LazyLock;

use domain::id::{GoalId, Millis, OpId};
use domain::op::{Change, Known, Op, SCHEMA};
use domain::state::Case;
use domain::upcast;
use domain::vocabulary::Role;
use replica::message::{SyncReply, SyncRequest};
use replica::stored::{Batch, Contents};
use serde_json::value::RawValue;

use crate::dice::Dice;
use crate::faults::{Fault, Faults};
use crate::mistakes::Mistake;
use crate::world::World;

/// The first op of each kind that a schema brought or gave more fields, as a release wrote it.
const FROZEN: [(u16, &str); 4] = [
    (1, include_str!("../../../domain/tests/frozen/ops-1.jsonl")),
    (2, include_str!("../../../domain/tests/frozen/ops-2.jsonl")),
    (3, include_str!("../../../domain/tests/frozen/ops-3.jsonl")),
    (4, include_str!("../../../domain/tests/frozen/ops-4.jsonl")),
];
/// What frozen ops say, and of what they speak.
const WORDS: &str = "parole 7";
const ONE: &str = "00000000-0002-7101-8101-010101010101";
const OTHER: &str = "00000000-0002-7202-8202-020202020202";

/// Words that a kind of an earlier schema can say only since a later one.
const LATER_WORDS: [(u16, &str); 1] = [(4, r#""about":{"goal":"#)];

const CHANGE: &str = r#""change":{""#;
const MARKED_CHANGE: &str = r#""change":{"later-"#;

/// A change as the release of a schema wrote it.
struct Form {
    schema: u16,
    kind: &'static str,
    /// The whole op.
    text: &'static str,
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let all = FROZEN.into_iter();
    let lines = all.flat_map(|(schema, lines)| lines.lines().map(move |text| (schema, text)));
    lines
        .map(|(schema, text)| Form {
            schema,
            kind: kind_of(text).expect("a frozen op has a kind"),
            text,
        })
        .collect()
});

fn kind_of(text: &str) -> Option<&str> {
    let (_, change) = text.split_once(CHANGE)?;
    change.split_once('"').map(|(kind, _)| kind)
}

fn raw(text: String) -> Box<RawValue> {
    RawValue::from_string(text).expect("it was JSON before")
}

/// The schema that brought a kind. A later one may have given it more fields: an older build reads
/// the rest.
fn born(kind: &str) -> Option<u16> {
    let forms = FORMS.iter().filter(|form| form.kind == kind);
    forms.map(|form| form.schema).min()
}

/// Whether a build of this schema cannot read an op: its kind, or a word in it, came later.
fn is_later(schema: u16, op: &str) -> bool {
    let kind = kind_of(op).and_then(born);
    let mut words = LATER_WORDS.iter().filter(|(came, _)| *came > schema);
    kind.is_some_and(|born| born > schema) || words.any(|(_, word)| op.contains(word))
}

/// An op as a build of this schema reads it.
fn as_read(schema: u16, op: &RawValue) -> Box<RawValue> {
    match op.get().split_once(CHANGE) {
        Some((before, change)) if is_later(schema, op.get()) => {
            raw(format!("{before}{MARKED_CHANGE}{change}"))
        }
        Some(_) | None => op.to_owned(),
    }
}

/// An op as it leaves such a build.
fn as_written(op: &RawValue) -> Box<RawValue> {
    match op.get().split_once(MARKED_CHANGE) {
        Some((before, change)) => raw(format!("{before}{CHANGE}{change}")),
        None => op.to_owned(),
    }
}

/// The schema of a phone's build, if that is not today's.
pub fn drawn(faults: Faults, dice: &mut Dice) -> Option<u16> {
    let schema = 1 + u16::try_from(dice.below(u64::from(SCHEMA - 1))).expect("it is small");
    (dice.happens(60) && faults.has(Fault::Older)).then_some(schema)
}

impl World {
    fn older(&self, tab: usize) -> Option<u16> {
        self.devices[self.tabs[tab].device].older
    }

    /// The schema that a phone writes.
    pub fn schema(&self, tab: usize) -> u16 {
        self.older(tab).unwrap_or(SCHEMA)
    }

    /// What a phone's build reads of its disk.
    pub fn read_disk(&self, tab: usize) -> Contents {
        let mut contents = self.disk(tab).read();
        if let Some(schema) = self.older(tab) {
            let segments = contents.segments.iter_mut();
            let stored = segments.flat_map(|segment| &mut segment.ops);
            let unsent = contents.outbox.iter_mut().map(|out| &mut out.op);
            stored
                .chain(unsent)
                .for_each(|op| *op = as_read(schema, op));
        }
        contents
    }

    /// What a phone's build reads of an answer.
    pub fn read_reply(&self, tab: usize, mut reply: SyncReply) -> SyncReply {
        if let Some(schema) = self.older(tab) {
            let pages = reply.pages.iter_mut();
            let ops = pages.flat_map(|page| page.ops.iter_mut().flatten());
            ops.for_each(|op| *op = as_read(schema, op));
        }
        reply
    }

    /// What a phone's build stores.
    pub fn stored(&self, tab: usize, mut batch: Batch) -> Batch {
        if self.older(tab).is_some() {
            let segments = batch.append.iter_mut();
            let stored = segments.flat_map(|segment| &mut segment.ops);
            let unsent = batch.outbox_put.iter_mut().map(|out| &mut out.op);
            stored.chain(unsent).for_each(|op| *op = as_written(op));
        }
        batch
    }

    /// What a phone's build sends.
    pub fn sent(&self, tab: usize, mut request: SyncRequest) -> SyncRequest {
        if self.older(tab).is_some() {
            request.ops.iter_mut().for_each(|op| *op = as_written(op));
        }
        request
    }

    /// The app is updated, whatever is unsent: its tabs go, and come back as today's build.
    pub fn update_phone(&mut self, tab: usize) {
        let Some(schema) = self.older(tab) else {
            return;
        };
        let unsent = self.disk(tab).outbox.len();
        self.tell(format!(
            "phone {tab} is updated from schema {schema}, {unsent} in its outbox"
        ));
        self.crash_all_tabs(tab);
        let mistake = self.mistake;
        let device = self.device(tab);
        device.older = None;
        if mistake == Mistake::UpdateForgetsUnsent {
            device.disk.outbox.clear();
        }
    }

    /// A person writes in a form that some release froze: of an older phone one that its build had,
    /// of any other one that came after the first schema.
    pub fn write_form(&mut self, tab: usize) {
        let now = self.clock(tab);
        let Some(replica) = &self.tabs[tab].replica else {
            return;
        };
        let granted: Vec<_> = replica.grants().iter().map(|grant| grant.scope).collect();
        if granted.is_empty() || self.tabs[tab].owner.role != Role::Mediator {
            return;
        }
        let older = self.older(tab);
        let is_theirs = |form: &&Form| match older {
            Some(schema) => form.schema <= schema,
            None => form.schema > 1,
        };
        let forms: Vec<&Form> = FORMS.iter().filter(is_theirs).collect();
        let scope = *self.dice.one_of(&granted);
        let form = *self.dice.one_of(&forms);
        self.count += 1;
        let words = format!("word {}.", self.count);
        let empty = Case::default();
        let case = replica.state().cases.get(&scope).unwrap_or(&empty);
        let (known, replaces) = said_anew(form, case, &words, now, &mut self.dice);
        let owner = &self.tabs[tab].owner;
        let op = Op {
            id: OpId::new(now, self.dice.bytes10()),
            device: owner.device,
            device_seq: 0,
            scope,
            author: owner.user,
            at: now,
            schema: self.schema(tab),
            replaces,
            change: known.into(),
        };
        // Not every form makes sense on every screen.
        if replica.check(&op).is_ok() {
            self.tell(format!("phone {tab} writes {} to {scope}", form.kind));
            self.record(tab, vec![op]);
        }
    }
}

/// What a form says, of things that are on screen where there are any, with what it replaces.
fn said_anew(
    form: &Form,
    case: &Case,
    words: &str,
    now: Millis,
    dice: &mut Dice,
) -> (Known, Vec<OpId>) {
    let mut shown: Vec<GoalId> = case.plan.goals.keys().copied().collect();
    dice.shuffle(&mut shown);
    let mut thing = || {
        let fresh = GoalId::new(now, dice.bytes10());
        // What is frozen or has bytes of its own is never said twice.
        let is_new = matches!(form.kind, "version_proposed" | "attachment_added");
        shown.pop().filter(|_| !is_new).unwrap_or(fresh).to_string()
    };
    let text = form.text.replace(WORDS, words);
    let text = text.replace(ONE, &thing()).replace(OTHER, &thing());
    let op = upcast::read(&text).expect("a frozen op is read");
    let Change::Known(known) = op.change else {
        panic!("{text} is not known any more");
    };
    let replaces = match &*known {
        Known::Removed(item) => case.seen_of(*item),
        Known::Restored(item) => case.removals_of(*item),
        _ => Vec::new(),
    };
    (*known, replaces)
}

#[test]
fn an_older_build_keeps_what_it_cannot_read() {
    assert_eq!(FROZEN.len(), usize::from(SCHEMA), "every schema has forms");
    for form in FORMS.iter() {
        let op = raw(form.text.to_owned());
        for schema in 1..SCHEMA {
            let read = as_read(schema, &op);
            let is_known = matches!(
                upcast::read(read.get()).expect("it is an op").change,
                Change::Known(_)
            );
            assert_eq!(
                is_known,
                !is_later(schema, form.text),
                "{} in {schema}",
                form.kind
            );
            assert_eq!(as_written(&read).get(), form.text);
        }
    }
    let newest = FORMS.iter().filter(|form| form.schema == 4);
    let newest = newest.map(|form| (form.kind, is_later(3, form.text)));
    assert_eq!(
        newest.collect::<Vec<_>>(),
        [("version_answered", false), ("attachment_added", true)],
        "a field is passed over, a word of an old kind is not"
    );
}
