//! Words in quarantine: who decides about them reads them here, adopts or declines them, and their
//! author hands them over. What waits for a reason that is over comes in without a decision.

use domain::id::Millis;
use replica::message::Refusal;
use replica::quarantine::{Decision, REASON_CHARS_MAX, Reply, Request};

use crate::auth::now;
use crate::store::{Sender, Store, StoreError};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// A reason is missing, too long or no text.
    #[error("a reason has 1 to {REASON_CHARS_MAX} characters")]
    BadReason,
    /// It cannot enter the file as it is, or not by this person's word.
    #[error("it cannot be adopted: {0}")]
    Obstacle(Refusal),
    /// The store did not do it: it is nobody's, another's, or settled already.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Does what is asked and answers what waits for this person's decision now.
///
/// # Errors
/// [`DecideError`] says why nothing was decided.
pub async fn decide(
    store: &dyn Store,
    by: &Sender,
    request: Request,
    now: Millis,
) -> Result<Reply, DecideError> {
    match request.decision {
        None => {}
        Some(Decision::Adopt(op)) => {
            let adopted = store.adopt(by, op, now).await?;
            adopted.map_err(DecideError::Obstacle)?;
        }
        Some(Decision::Decline { op, reason }) => {
            let reason = reason.trim();
            let is_long = reason.chars().count() > REASON_CHARS_MAX;
            // PostgreSQL keeps no NUL in a text.
            if reason.is_empty() || is_long || reason.contains('\0') {
                return Err(DecideError::BadReason);
            }
            store.decline(by, op, reason, now).await?;
        }
        Some(Decision::HandOver(op)) => store.hand_over(by, op, now).await?,
    }
    let held = store.held(by, now).await?;
    Ok(Reply {
        held: held.into_iter().map(|one| one.held).collect(),
    })
}

/// Takes in what waited for this server to know its kind, or for its author to be let in again.
/// What cannot be looked at now is looked at again within the hour.
pub async fn catch_up(store: &dyn Store) {
    match store.judge_anew(now()).await {
        Ok(0) => {}
        Ok(entered) => tracing::info!(entered, "ops that had waited are accepted now"),
        Err(error) => tracing::warn!(error.cause = %error, "ops that wait were not looked at"),
    }
}
