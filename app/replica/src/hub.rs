//! The server's half of the protocol: what becomes of one op. Pure.
//!
//! The caller looks the facts up inside the transaction that will number the op, so that they
//! still hold when it commits.

use domain::authorize::{Actor, Forbidden, ScopeKind, may, may_adopt};
use domain::id::{DeviceId, OpId, ScopeId, UserId};
use domain::op::Change;
use domain::upcast;
use domain::validate::validate;
use serde_json::value::RawValue;

use crate::message::{OP_BYTES_MAX, Outcome, Refusal};

/// What the server knows about an op before it decides.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who sends, and what they are to the op's scope at this moment.
    pub actor: Actor,
    /// The scope's kind; `None` where no such scope exists.
    pub kind: Option<ScopeKind>,
    /// What the log or the quarantine already has under the op's id: its bytes and its outcome.
    pub earlier: Option<(&'a str, Outcome)>,
}

/// What is to be done with an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was here before: answer so, write nothing.
    Replay(Outcome),
    /// Give it the scope's next number.
    Accept,
    /// Keep it whole in quarantine and say why.
    Quarantine(Refusal),
    /// Another op has this id: keep what is there, raise the alarm, say why.
    Clash,
}

/// What an op names, readable even where its change is not.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Header {
    /// The op's id.
    pub id: OpId,
    /// The device that made it.
    pub device: DeviceId,
    /// The device's count.
    pub device_seq: u64,
    /// Its scope.
    pub scope: ScopeId,
    /// Its author.
    pub author: UserId,
}

/// Decides what becomes of an op, given as its author's bytes.
pub fn judge(header: &Header, bytes: &RawValue, facts: &Facts<'_>) -> Verdict {
    if let Some((earlier, outcome)) = facts.earlier {
        let is_same = earlier == bytes.get();
        return match outcome {
            // What a colleague offered under this id, rightly or not, does not bind its author.
            Outcome::Refused(Refusal::OtherAuthor) if header.author == facts.actor.user => {
                match examine(header, bytes, facts) {
                    Ok(()) => Verdict::Accept,
                    Err(refusal) if is_same => Verdict::Replay(Outcome::Refused(refusal)),
                    Err(_) => Verdict::Clash,
                }
            }
            // What was newer than the server is judged anew by one that knows the kind by now. It
            // was not a person's no.
            Outcome::Refused(Refusal::UnknownKind)
                if is_same && header.author == facts.actor.user =>
            {
                match examine(header, bytes, facts) {
                    Ok(()) => Verdict::Accept,
                    Err(refusal) => Verdict::Replay(Outcome::Refused(refusal)),
                }
            }
            Outcome::Accepted(_) | Outcome::Refused(_) if is_same => Verdict::Replay(outcome),
            Outcome::Accepted(_) | Outcome::Refused(_) => Verdict::Clash,
        };
    }
    match examine(header, bytes, facts) {
        Ok(()) => Verdict::Accept,
        Err(refusal) => Verdict::Quarantine(refusal),
    }
}

fn examine(header: &Header, bytes: &RawValue, facts: &Facts<'_>) -> Result<(), Refusal> {
    if bytes.get().len() > OP_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    if header.author != facts.actor.user {
        return Err(Refusal::OtherAuthor);
    }
    let kind = facts.kind.ok_or(Refusal::NotGranted)?;
    let op = upcast::read(bytes.get()).map_err(|_| Refusal::Malformed)?;
    let Change::Known(known) = &op.change else {
        return Err(Refusal::UnknownKind);
    };
    may(&facts.actor, kind, known).map_err(refusal_of)?;
    validate(known).map_err(|_| Refusal::Malformed)
}

/// Whether an op that lies in quarantine may enter the log as it is, under its author's name,
/// because `actor` says so. Whether it is there already is for the caller to look up.
///
/// # Errors
/// [`Refusal`] says why not; it stays in quarantine.
pub fn adopt(bytes: &RawValue, actor: &Actor, kind: Option<ScopeKind>) -> Result<(), Refusal> {
    if bytes.get().len() > OP_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let kind = kind.ok_or(Refusal::NotGranted)?;
    let op = upcast::read(bytes.get()).map_err(|_| Refusal::Malformed)?;
    let Change::Known(known) = &op.change else {
        return Err(Refusal::UnknownKind);
    };
    may_adopt(actor, kind, known).map_err(refusal_of)?;
    validate(known).map_err(|_| Refusal::Malformed)
}

const fn refusal_of(forbidden: Forbidden) -> Refusal {
    match forbidden {
        Forbidden::NotGranted => Refusal::NotGranted,
        Forbidden::NotYourRole => Refusal::NotYourRole,
        Forbidden::WrongScope => Refusal::WrongScope,
    }
}
