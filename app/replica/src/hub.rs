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

/// Why nothing that somebody sends enters the log, whatever was granted to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barred {
    /// Their account is closed.
    AccountClosed,
    /// The device from which it comes was revoked.
    DeviceRevoked,
}

impl Barred {
    /// Why somebody is barred, if they are. A revoked device comes first: it may be in a thief's
    /// hands, which whoever decides has to know, and it is revoked for good.
    pub const fn of(is_closed: bool, is_revoked: bool) -> Option<Self> {
        if is_revoked {
            Some(Self::DeviceRevoked)
        } else if is_closed {
            Some(Self::AccountClosed)
        } else {
            None
        }
    }

    /// For which reason what they send is refused.
    pub const fn refusal(self) -> Refusal {
        match self {
            Self::AccountClosed => Refusal::AccountClosed,
            Self::DeviceRevoked => Refusal::DeviceRevoked,
        }
    }
}

/// What the server knows about an op before it decides.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who sends, and what they are to the op's scope at this moment.
    pub actor: Actor,
    /// Why nothing of theirs enters the log now, if that is so.
    pub barred: Option<Barred>,
    /// The scope's kind; `None` where no such scope exists.
    pub kind: Option<ScopeKind>,
    /// What the log or the quarantine already has under the op's id: its bytes and its outcome.
    pub earlier: Option<(&'a str, Outcome)>,
    /// Whether a person left that one outside the log for good.
    pub is_declined: bool,
}

/// What is to be done with an op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was here before: answer so, and write nothing but a refusal that is another one by now.
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
            // A person who declined it has read the same words.
            Outcome::Refused(Refusal::OtherAuthor)
                if header.author == facts.actor.user && !(facts.is_declined && is_same) =>
            {
                match examine(header, bytes, facts) {
                    Ok(()) => Verdict::Accept,
                    Err(refusal) if is_same => Verdict::Replay(Outcome::Refused(refusal)),
                    Err(_) => Verdict::Clash,
                }
            }
            // What was newer than the server, or came from somebody who was shut out, is judged
            // anew: that may be over by now, and it was not a person's no.
            Outcome::Refused(
                Refusal::UnknownKind | Refusal::AccountClosed | Refusal::DeviceRevoked,
            ) if is_same && header.author == facts.actor.user && !facts.is_declined => {
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
    let sound = validate(known).map_err(|_| Refusal::Malformed);
    if let Some(barred) = facts.barred {
        // What makes no sense will make none once its author is let in again.
        return sound.and(Err(barred.refusal()));
    }
    may(&facts.actor, kind, known).map_err(refusal_of)?;
    sound
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

#[cfg(test)]
mod tests {
    use domain::authorize::Relation;
    use domain::id::Millis;
    use domain::op::{Known, Op, SCHEMA};
    use domain::vocabulary::Role;

    use super::*;

    fn note(words: &str) -> Op {
        let at = Millis(1_790_000_000_000);
        Op {
            id: OpId::new(at, [1; 10]),
            device: DeviceId::new(at, [2; 10]),
            device_seq: 1,
            scope: ScopeId::new(at, [3; 10]),
            author: UserId::new(at, [4; 10]),
            at,
            schema: SCHEMA,
            replaces: Vec::new(),
            change: Known::NoteAdded {
                words: words.into(),
                corrects: None,
            }
            .into(),
        }
    }

    fn judged(op: &Op, barred: Option<Barred>, declined: Option<Refusal>) -> Verdict {
        let text = serde_json::to_string(op).expect("an op is JSON");
        let bytes = RawValue::from_string(text.clone()).expect("it is JSON");
        let header = serde_json::from_str(&text).expect("an op has a header");
        let facts = Facts {
            actor: Actor {
                user: op.author,
                role: Role::Mediator,
                relation: Some(Relation::Tutor),
            },
            barred,
            kind: Some(ScopeKind::Family),
            earlier: declined.map(|refusal| (&*text, Outcome::Refused(refusal))),
            is_declined: declined.is_some(),
        };
        judge(&header, &bytes, &facts)
    }

    #[test]
    fn who_is_shut_out_is_told_of_the_stolen_phone_first_and_of_what_never_makes_sense() {
        assert_eq!(Barred::of(true, true), Some(Barred::DeviceRevoked));
        assert_eq!(Barred::of(true, false), Some(Barred::AccountClosed));
        assert_eq!(Barred::of(false, false), None);
        let closed = Some(Barred::AccountClosed);
        let refused = |op: &Op| judged(op, closed, None);
        assert_eq!(
            refused(&note("Amina ha chiamato.")),
            Verdict::Quarantine(Refusal::AccountClosed)
        );
        assert_eq!(refused(&note("")), Verdict::Quarantine(Refusal::Malformed));
    }

    #[test]
    fn what_a_person_left_out_stays_out_whoever_sends_it() {
        let op = note("Amina ha chiamato.");
        for refusal in [Refusal::OtherAuthor, Refusal::AccountClosed] {
            let verdict = judged(&op, None, Some(refusal));
            assert_eq!(verdict, Verdict::Replay(Outcome::Refused(refusal)));
        }
        assert_eq!(judged(&op, None, None), Verdict::Accept);
    }
}
