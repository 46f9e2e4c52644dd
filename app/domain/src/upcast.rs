//! How an op of any release is read: what an earlier schema wrote is lifted, one schema at a time,
//! to the form that this build reads.
//!
//! Only what is read is lifted: what is stored and sent stays the bytes of its author, with the
//! schema that they name. What no step knows, above all what is newer than this build, passes as
//! it is.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::op::{Change, Op};

/// What one schema's change looks like in the next one. Cannot fail: what it does not know it
/// gives back as it came.
pub type Step = fn(Value) -> Value;

/// One step for each schema before this build's, the oldest first. `None` where the next schema
/// reads everything that this one wrote: kinds, fields and words were only added.
pub const STEPS: &[Option<Step>] = &[
    // 1 to 2: the kind `attachment_added` came; nothing changed its form.
    None,
    // 2 to 3: what was taken out of lists, and members entered twice; nothing changed its form.
    None,
    // 3 to 4: an answer says who interpreted, which an earlier build passes over; an attachment may
    // belong to a goal. Nothing changed its form.
    None,
];

#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    change: &'a RawValue,
}

/// Reads an op that any release wrote.
///
/// # Errors
/// The bytes are no op.
pub fn read(json: &str) -> Result<Op, serde_json::Error> {
    read_by(STEPS, json)
}

/// The same with other steps than this build's.
///
/// # Errors
/// The bytes are no op.
pub fn read_by(steps: &[Option<Step>], json: &str) -> Result<Op, serde_json::Error> {
    let mut op: Op = serde_json::from_str(json)?;
    // Schemas count from 1.
    let passed = usize::from(op.schema.saturating_sub(1));
    let mut ahead = steps.iter().skip(passed).flatten().peekable();
    if ahead.peek().is_none() {
        return Ok(op);
    }
    let written: Written<'_> = serde_json::from_str(json)?;
    let change: Value = serde_json::from_str(written.change.get())?;
    let lifted = ahead.fold(change, |change, step| step(change));
    let lifted: Change = serde_json::from_value(lifted)?;
    // What stays unknown after all stays as it came, byte for byte.
    if matches!(lifted, Change::Known(_)) {
        op.change = lifted;
    }
    Ok(op)
}
