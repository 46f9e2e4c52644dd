//! A recording on its way to the disk: what was spoken lies there, sealed, within about two
//! seconds, so that a battery that dies takes no more with it. Pure.
//!
//! It lies among the drafts, since nobody has saved it yet: one note, and rows of its bytes.

use base64ct::{Base64, Encoding};
use domain::attachment::{About, Format};
use domain::id::{Millis, ScopeId};
use serde::{Deserialize, Serialize};

use crate::device::drafts::Form;

/// Bytes in a row: the last row is written anew while it grows, the others stay as they are.
const ROW_BYTES: usize = 24 * 1_024;

/// A recording that nobody has saved: what is known of it beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// What it belongs to.
    pub about: About,
    /// How its bytes are to be read.
    pub format: Format,
    /// How long it had lasted.
    pub seconds: u16,
    /// In how many rows its bytes lie.
    pub rows: u32,
    /// When this was written, by the phone's clock.
    pub at: Millis,
}

/// For how long after its note was written a recording may still be under way, in another tab or
/// on its way to be kept, in milliseconds.
pub const FRESH_MS: i64 = 5_000;

impl Cut {
    /// Whether somebody may still be speaking.
    pub fn is_fresh(&self, now: Millis) -> bool {
        (now.0 - self.at.0).abs() < FRESH_MS
    }
}

/// Where the note lies: a family has one recording that is not saved, or none.
pub fn note_key(scope: ScopeId) -> String {
    Form::Voice.key(scope)
}

/// Where the rows lie, in order.
pub fn row_keys(scope: ScopeId, rows: u32) -> Vec<String> {
    let key = |row: u32| Form::Voice.key_of(scope, &format!("{row:04}"));
    (0..rows).map(key).collect()
}

/// All that a recording occupies, to be given up once it is saved or thrown away.
pub fn keys(scope: ScopeId, rows: u32) -> Vec<String> {
    // Without its note a row is nothing: it goes first.
    let mut keys = vec![note_key(scope)];
    keys.extend(row_keys(scope, rows));
    keys
}

/// How many rows so many bytes need.
pub fn rows_of(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(ROW_BYTES)).unwrap_or(u32::MAX)
}

/// The rows that are new or longer than when the first `before` bytes were put there.
pub fn grown(scope: ScopeId, bytes: &[u8], before: usize) -> Vec<(String, String)> {
    let keys = row_keys(scope, rows_of(bytes.len()));
    let rows = keys.into_iter().zip(bytes.chunks(ROW_BYTES));
    let rows = rows.skip(before / ROW_BYTES);
    rows.map(|(key, row)| (key, format!("\"{}\"", Base64::encode_string(row))))
        .collect()
}

/// The bytes of rows that were read back; `None` where there are none or one is damaged. The note
/// may be on disk before the last row of which it tells.
pub fn whole(rows: &[String]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for row in rows {
        let row: String = serde_json::from_str(row).ok()?;
        bytes.extend(Base64::decode_vec(&row).ok()?);
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_is_put_away_as_it_grows_is_read_back_whole() {
        let scope = ScopeId::new(Millis(1), [1; 10]);
        let spoken: Vec<u8> = (0..=250).cycle().take(2 * ROW_BYTES + 7).collect();
        let mut disk = BTreeMap::new();
        let mut before = 0;
        for until in [1, 900, ROW_BYTES, ROW_BYTES + 1, spoken.len()] {
            let so_far = spoken.get(..until).expect("a beginning");
            let rows = grown(scope, so_far, before);
            assert!(rows.len() <= 2, "what stays is not written again");
            disk.extend(rows);
            before = until;
            let keys = row_keys(scope, rows_of(until));
            let found: Vec<String> = keys
                .iter()
                .filter_map(|key| disk.get(key))
                .cloned()
                .collect();
            assert_eq!(whole(&found).as_deref(), Some(so_far), "{until}");
        }
    }

    #[test]
    fn nothing_and_what_is_damaged_are_no_recording() {
        assert_eq!(whole(&[]), None);
        assert_eq!(whole(&["\"*\"".to_owned()]), None);
    }
}
