//! How values become columns and columns become values again.

use domain::id::Millis;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::{Deserialize, Serialize, de::IntoDeserializer};
use uuid::Uuid;

use crate::store::StoreError;

/// One column of rows that are written together.
pub(super) enum Column<'a> {
    /// Ids, where there is one.
    Ids(Vec<Option<Uuid>>),
    /// Numbers and instants.
    Numbers(Vec<i64>),
    /// Words and bodies.
    Texts(Vec<&'a str>),
    /// Hashes.
    Hashes(Vec<Vec<u8>>),
}

impl Column<'_> {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
            Self::Hashes(hashes) => hashes.len(),
        }
    }
}

/// The stable word of a unit variant, as it is stored and as it travels.
pub(super) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => unreachable!("only unit variants are stored as words"),
    }
}

/// The variant that a stored word stands for.
pub(super) fn from_word<'a, T: Deserialize<'a>>(word: &'a str) -> Result<T, StoreError> {
    let word: StrDeserializer<'a, WordError> = word.into_deserializer();
    T::deserialize(word).map_err(|_| StoreError::Corrupt("a word that this version does not know"))
}

/// A number as a column holds it.
pub(super) fn bigint(number: u64) -> i64 {
    // A count of ops reaches 2^63 after three hundred thousand years at a million a second; what
    // a stranger sends is only shown, so its greatest value may stand for all that are greater.
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A length as a column holds it.
pub(super) fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// A stored number.
pub(super) fn number(column: i64) -> Result<u64, StoreError> {
    u64::try_from(column).map_err(|_| StoreError::Corrupt("a number below zero"))
}

/// A stored instant that may be missing.
pub(super) fn instant(column: Option<i64>) -> Option<Millis> {
    column.map(Millis)
}

/// A stored SHA-256.
pub(super) fn hash(column: &[u8]) -> Result<[u8; 32], StoreError> {
    column
        .try_into()
        .map_err(|_| StoreError::Corrupt("a hash that is not one"))
}

/// Sorts a complaint that did not come from the database itself.
pub(super) fn failed_elsewhere(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::RowNotFound => StoreError::NotFound,
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::TypeNotFound { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. } => {
            StoreError::Corrupt("a column of another type")
        }
        // Everything else is a connection that could not be made, had or kept.
        error => StoreError::Unavailable(Box::new(error)),
    }
}
