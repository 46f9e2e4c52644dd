//! What becomes of some ops that name the same scope. Pure: [`hub::judge`] decides op by op, this
//! only remembers what the ops before it in the same request did.

use std::collections::BTreeMap;

use domain::authorize::{Actor, ScopeKind};
use domain::id::OpId;
use replica::hub::{self, Facts, Verdict};
use replica::message::{Outcome, Receipt, Refusal};

use crate::store::letter::Letter;

/// What the log or the quarantine has under an id: bytes and outcome.
pub(super) type Earlier = BTreeMap<OpId, (String, Outcome)>;

/// What is to be written, and what is to be answered once it is.
#[derive(Debug, Default)]
pub(super) struct Decision<'a> {
    /// One receipt for each op, in order.
    pub(super) receipts: Vec<Receipt>,
    /// Ops to append to the log, with their numbers.
    pub(super) accepted: Vec<(u64, &'a Letter)>,
    /// Ops to keep in quarantine.
    pub(super) quarantined: Vec<(Refusal, &'a Letter)>,
}

/// Decides about `letters`, whose scope ends at number `head` now.
pub(super) fn decide<'a>(
    letters: &'a [Letter],
    actor: Actor,
    kind: Option<ScopeKind>,
    head: u64,
    earlier: &mut Earlier,
) -> Decision<'a> {
    let mut decision = Decision::default();
    let mut seq = head;
    for letter in letters {
        let id = letter.header.id;
        let facts = Facts {
            actor,
            kind,
            earlier: earlier
                .get(&id)
                .map(|(bytes, outcome)| (bytes.as_str(), *outcome)),
        };
        let verdict = match hub::judge(&letter.header, &letter.body, &facts) {
            // Whoever it says it is from, it cannot be read.
            Verdict::Quarantine(_) if !letter.is_addressed => {
                Verdict::Quarantine(Refusal::Malformed)
            }
            verdict => verdict,
        };
        let outcome = match verdict {
            Verdict::Replay(outcome) => outcome,
            Verdict::Accept => {
                seq += 1;
                decision.accepted.push((seq, letter));
                Outcome::Accepted(seq)
            }
            Verdict::Quarantine(refusal) => {
                decision.quarantined.push((refusal, letter));
                Outcome::Refused(refusal)
            }
            Verdict::Clash => {
                decision
                    .quarantined
                    .push((Refusal::SameIdOtherBytes, letter));
                Outcome::Refused(Refusal::SameIdOtherBytes)
            }
        };
        // What stands under an id is what came first.
        earlier
            .entry(id)
            .or_insert_with(|| (letter.body.get().to_owned(), outcome));
        decision.receipts.push(Receipt { op: id, outcome });
    }
    decision
}
