//! Who works here is known by name on every phone.

use crate::auth::now;
use crate::store::Store;

/// Has everybody known by name to everybody who works here. What cannot be written now is written
/// within the hour.
pub async fn introduce(store: &dyn Store) {
    match store.introduce(rand::random, now()).await {
        Ok(0) => {}
        Ok(named) => tracing::debug!(named, "people are known by name who were not"),
        Err(error) => tracing::warn!(error.cause = %error, "not everybody is known by name"),
    }
}
