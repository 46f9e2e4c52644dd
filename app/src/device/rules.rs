//! The pure rules of the disk: how a row is named, bound, padded and packed, when segments are
//! merged, and how long a wrong secret has to wait. What is written here lies on phones: it may be
//! added to, never changed.

use domain::id::{AttachmentId, Millis, ScopeId};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// Version of the row format. It is in every row and bound into its seal.
pub const SCHEMA: u8 = 1;
/// Wrong tries after which each further one has to wait.
pub const TRIES_FREE: u8 = 5;
/// Wrong tries after which the wraps of the data key are erased.
pub const TRIES_MAX: u8 = 10;
/// Segments of one scope above which they are merged.
pub const SEGMENTS_MAX: usize = 16;
/// The smallest row: anything shorter looks the same.
const ROW_BYTES_MIN: usize = 256;
/// Bytes of the length in front of the content.
const LENGTH_BYTES: usize = 4;
/// Waits after the fifth wrong try and each one after it.
const WAITS_MS: [i64; 5] = [30_000, 60_000, 120_000, 300_000, 900_000];

/// What can be read of a row, with the right key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// There is no such row.
    Missing,
    /// It is there and cannot be read.
    Unreadable,
    /// It can be read.
    Readable,
}

/// What is left of a copy whose secret was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// It can be opened.
    Whole,
    /// It cannot be opened, but words that may be only here can be read: nobody may erase them.
    Words,
    /// It cannot be opened, and nothing that was only here can be read ever again.
    Nothing,
}

/// Says what is left from the row of the owner, the row of the standing, and for each row of
/// outbox and drafts whether it can be read.
///
/// A copy without a standing never spoke to the server; one without an owner was erased by the
/// browser. Segments do not count: the server sends them again.
pub fn remains(
    owner: Found,
    standing: Found,
    mut only_here: impl Iterator<Item = bool>,
) -> Remains {
    if owner == Found::Readable && standing != Found::Unreadable {
        return Remains::Whole;
    }
    if only_here.any(|is_readable| is_readable) {
        Remains::Words
    } else {
        Remains::Nothing
    }
}

/// What a row's seal is bound to: a row moved, renamed or reformatted no longer opens.
pub fn aad(store: &str, scope: &str, id: &str, rev: u64) -> Vec<u8> {
    format!("{store}|{scope}|{id}|{rev}|{SCHEMA}").into_bytes()
}

/// The size that a row of `content` bytes shows (Padmé: at most 12 % more, and sizes tell almost
/// nothing; Nikitin et al., PURBs, 2019).
pub fn padded_size(content: usize) -> usize {
    let size = content.saturating_add(LENGTH_BYTES).max(ROW_BYTES_MIN);
    let exponent = size.ilog2();
    let mantissa = exponent.ilog2().saturating_add(1);
    let mask = (1_usize << exponent.saturating_sub(mantissa)).saturating_sub(1);
    size.saturating_add(mask) & !mask
}

/// Content with its length in front and zeros behind.
pub fn pad(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a row is smaller than four gigabytes");
    let size = padded_size(content.len());
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(&length.to_le_bytes());
    padded.extend_from_slice(content);
    padded.resize(size, 0);
    padded
}

/// The content of a padded row, if it is one.
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_BYTES>()?;
    rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// The key of a segment. Sixteen digits, so that text order is number order.
pub fn pack_key(scope: ScopeId, from: u64) -> String {
    format!("{scope}/{from:016x}")
}

/// Scope and number of a segment's key.
pub fn parse_pack_key(key: &str) -> Option<(ScopeId, u64)> {
    let (scope, from) = key.split_once('/')?;
    Some((scope.parse().ok()?, u64::from_str_radix(from, 16).ok()?))
}

/// The first and the last key that a scope's segments can have.
pub fn pack_range(scope: ScopeId) -> (String, String) {
    (pack_key(scope, 0), pack_key(scope, u64::MAX))
}

/// Under which key a row of an attachment lies. Three digits, so that text order is number order.
pub fn file_key(scope: ScopeId, id: AttachmentId, row: u32) -> String {
    format!("{scope}/{id}/{row:03}")
}

/// The first and the last key that an attachment's rows can have.
pub fn file_range(scope: ScopeId, id: AttachmentId) -> (String, String) {
    (file_key(scope, id, 0), file_key(scope, id, 999))
}

/// To which attachment a row belongs.
pub fn parse_file_key(key: &str) -> Option<(ScopeId, AttachmentId)> {
    let mut parts = key.split('/');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The first and the last key that a scope's attachments can have.
pub fn files_range(scope: ScopeId) -> (String, String) {
    (format!("{scope}/"), format!("{scope}/~"))
}

/// Writes ops as one JSON array out of their own bytes.
pub fn pack<'a>(ops: impl Iterator<Item = &'a RawValue>) -> Vec<u8> {
    let mut bytes = vec![b'['];
    for op in ops {
        if bytes.len() > 1 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(op.get().as_bytes());
    }
    bytes.push(b']');
    bytes
}

/// Reads ops back, byte for byte.
pub fn unpack(bytes: &[u8]) -> Option<Vec<Box<RawValue>>> {
    json(bytes)
}

/// A value of JSON in bytes. Always by way of text: a second reader, for bytes, would compile
/// every message and every row once more.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_json::from_str(str::from_utf8(bytes).ok()?).ok()
}

/// A segment that lies on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The number before its first op.
    pub from: u64,
    /// The number of its last op.
    pub to: u64,
}

impl Span {
    const fn len(self) -> u64 {
        self.to.saturating_sub(self.from)
    }
}

/// From which segment on a scope's segments are to be merged into one, if they are too many.
///
/// Only the tail whose parts are of a kind is merged, so that a long history is rewritten seldom:
/// each op is rewritten a logarithmic number of times.
pub fn merge_from(spans: &[Span]) -> Option<usize> {
    if spans.len() <= SEGMENTS_MAX {
        return None;
    }
    let is_gapless = spans
        .iter()
        .zip(spans.iter().skip(1))
        .all(|(a, b)| a.to == b.from);
    if !is_gapless {
        return None;
    }
    let mut start = spans.len();
    let mut merged: u64 = 0;
    for (index, span) in spans.iter().enumerate().rev() {
        if spans.len() - index > 2 && span.len() > merged.saturating_mul(2) {
            break;
        }
        merged = merged.saturating_add(span.len());
        start = index;
    }
    Some(start)
}

/// How long the next try has to wait after so many wrong ones.
pub fn wait_ms(tries: u8) -> i64 {
    match tries.checked_sub(TRIES_FREE) {
        None => 0,
        Some(beyond) => WAITS_MS
            .get(usize::from(beyond))
            .or(WAITS_MS.last())
            .copied()
            .unwrap_or(0),
    }
}

/// How long a try at `now` still has to wait, and since when the wait counts.
///
/// A clock set back starts the wait anew instead of lengthening it by days.
pub fn wait_left_ms(tries: u8, since: Millis, now: Millis) -> (i64, Millis) {
    let since = since.min(now);
    let end = since.plus(wait_ms(tries));
    (end.0.saturating_sub(now.0).max(0), since)
}

/// The rows to remove as ranges, first and last key: neighbours among the rows `there`, which are
/// in key order, are one range. `gone` is in order, too. A row that is not to go is in no range.
pub fn runs(there: &[String], gone: &[&str]) -> Vec<(String, String)> {
    let mut runs: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for key in there {
        let goes = gone.binary_search(&key.as_str()).is_ok();
        match runs.last_mut() {
            Some((_, last)) if goes && is_open => last.clone_from(key),
            _ if goes => runs.push((key.clone(), key.clone())),
            _ => {}
        }
        is_open = goes;
    }
    runs
}

/// Where a language of ours is spoken so differently, or written in other letters, that a voice
/// from there does not say what stands on the page.
const OTHER_VOICES: [(&str, &str); 4] = [("zh", "hk"), ("zh", "mo"), ("pa", "pk"), ("pa", "arab")];

/// Whether a voice reads a language: `fr_CA`, as some phones write it, reads `fr`.
pub fn is_voice_of(voice: &str, language: &str) -> bool {
    let parts = |tag: &str| -> Vec<String> {
        let parts = tag.split(['-', '_']);
        parts.map(str::to_ascii_lowercase).collect()
    };
    let (spoken, wanted) = (parts(voice), parts(language));
    let is_other = |(tag, from): &(&str, &str)| {
        spoken.first().is_some_and(|first| first == tag) && spoken.iter().any(|part| part == from)
    };
    spoken.first() == wanted.first() && !OTHER_VOICES.iter().any(is_other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> ScopeId {
        "0192f0c1-2b3c-7d4e-8f50-617283940001"
            .parse()
            .expect("a uuid")
    }

    #[test]
    fn the_words_that_seal_a_row_are_frozen() {
        assert_eq!(
            aad("packs", &scope().to_string(), "1f", 7),
            b"packs|0192f0c1-2b3c-7d4e-8f50-617283940001|1f|7|1"
        );
        assert_eq!(
            pack_key(scope(), 31),
            "0192f0c1-2b3c-7d4e-8f50-617283940001/000000000000001f"
        );
        assert_eq!(parse_pack_key(&pack_key(scope(), 31)), Some((scope(), 31)));
        assert_eq!(parse_pack_key("owner"), None);
        let (first, last) = pack_range(scope());
        assert!(first < pack_key(scope(), 9) && pack_key(scope(), 10) < last);
    }

    #[test]
    fn a_range_of_attachments_holds_those_of_its_scope_alone() {
        let id = |text: &str| text.parse().expect("a uuid");
        let one = id("0192f0c1-2b3c-7d4e-8f50-617283940009");
        let key = file_key(scope(), one, 12);
        assert_eq!(
            key,
            "0192f0c1-2b3c-7d4e-8f50-617283940001/0192f0c1-2b3c-7d4e-8f50-617283940009/012"
        );
        assert_eq!(parse_file_key(&key), Some((scope(), one)));
        let (first, last) = file_range(scope(), one);
        assert!(first <= file_key(scope(), one, 0) && key < last);
        let (first, last) = files_range(scope());
        assert!(first < key && key < last);
        let next: ScopeId = "0192f0c1-2b3c-7d4e-8f50-617283940002"
            .parse()
            .expect("a uuid");
        assert!(last < file_key(next, one, 0));
    }

    #[test]
    fn a_row_shows_a_bucket_and_not_its_size() {
        assert_eq!(&pad(b"ab")[..7], b"\x02\0\0\0ab\0");
        for size in [0, 1, 200, 251, 252, 253, 1_000, 8_600, 262_144] {
            let content = vec![7; size];
            let padded = pad(&content);
            assert_eq!(unpad(&padded), Some(content.as_slice()));
            assert_eq!(padded.len(), padded_size(size));
            assert!(
                padded.len() >= 256 && padded.len() <= 256.max((size + 4) * 9 / 8),
                "{size}"
            );
        }
        let buckets: std::collections::BTreeSet<usize> = (0..65_536).map(padded_size).collect();
        assert!(buckets.len() < 150, "{}", buckets.len());
        assert_eq!(unpad(b"\xff\0\0\0ab"), None);
        assert_eq!(unpad(b"\xff"), None);
    }

    #[test]
    fn only_a_copy_without_a_readable_word_may_be_given_up() {
        use Found::{Missing, Readable, Unreadable};
        let of = |owner, standing, rows: &[bool]| remains(owner, standing, rows.iter().copied());
        assert_eq!(of(Readable, Readable, &[false]), Remains::Whole);
        assert_eq!(of(Readable, Missing, &[]), Remains::Whole, "a new copy");
        for (owner, standing) in [
            (Missing, Missing),
            (Missing, Readable),
            (Unreadable, Readable),
            (Readable, Unreadable),
        ] {
            assert_eq!(of(owner, standing, &[]), Remains::Nothing);
            assert_eq!(of(owner, standing, &[false, false]), Remains::Nothing);
            assert_eq!(of(owner, standing, &[false, true]), Remains::Words);
        }
    }

    #[test]
    fn ops_come_back_as_the_bytes_that_went_in() {
        let ops: Vec<Box<RawValue>> = [r#"{"a": 1.0,"è":"\u00e8"}"#, "{}", r#"[ 1 ]"#]
            .iter()
            .map(|text| serde_json::from_str(text).expect("json"))
            .collect();
        let packed = pack(ops.iter().map(AsRef::as_ref));
        assert_eq!(packed, r#"[{"a": 1.0,"è":"\u00e8"},{},[ 1 ]]"#.as_bytes());
        let back = unpack(&packed).expect("ops");
        assert!(ops.iter().zip(&back).all(|(a, b)| a.get() == b.get()));
        assert_eq!(unpack(b"[]").map(|ops| ops.len()), Some(0));
        assert!(unpack(b"[1,").is_none());
    }

    #[test]
    fn a_long_history_is_seldom_rewritten() {
        let mut spans: Vec<Span> = vec![Span { from: 0, to: 5_000 }];
        let mut rewritten = 0;
        for op in 5_000..6_000 {
            spans.push(Span {
                from: op,
                to: op + 1,
            });
            if let Some(start) = merge_from(&spans) {
                let merged = Span {
                    from: spans[start].from,
                    to: op + 1,
                };
                spans.truncate(start);
                spans.push(merged);
                rewritten += merged.len();
            }
            assert!(spans.len() <= SEGMENTS_MAX, "{spans:?}");
            assert!(spans.iter().zip(&spans[1..]).all(|(a, b)| a.to == b.from));
        }
        assert!(rewritten < 10_000, "{rewritten}");
    }

    #[test]
    fn segments_with_a_gap_are_left_alone() {
        let mut spans: Vec<Span> = (0..20).map(|n| Span { from: n, to: n + 1 }).collect();
        spans[3].to = 9;
        assert_eq!(merge_from(&spans), None);
    }

    #[test]
    fn neighbours_go_together_and_nothing_else_goes() {
        let all: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(str::to_owned).into();
        let run = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        for (gone, found) in [
            ("", vec![]),
            ("bcd", vec![run("b", "d")]),
            ("abf", vec![run("a", "b"), run("f", "f")]),
            ("ace", vec![run("a", "a"), run("c", "c"), run("e", "e")]),
            ("abcdef", vec![run("a", "f")]),
            ("xyz", vec![]),
        ] {
            let gone: Vec<&str> = gone.split("").filter(|key| !key.is_empty()).collect();
            assert_eq!(runs(&all, &gone), found, "{gone:?}");
        }
    }

    #[test]
    fn waits_grow_and_a_clock_set_back_does_not_lengthen_them() {
        let waits: Vec<i64> = (0..=TRIES_MAX).map(wait_ms).collect();
        assert_eq!(
            waits,
            [
                0, 0, 0, 0, 0, 30_000, 60_000, 120_000, 300_000, 900_000, 900_000
            ]
        );
        let at = Millis(1_000_000);
        assert_eq!(wait_left_ms(4, at, at), (0, at));
        assert_eq!(wait_left_ms(5, at, at.plus(10_000)), (20_000, at));
        assert_eq!(wait_left_ms(5, at, at.plus(30_000)), (0, at));
        let back = Millis(500_000);
        assert_eq!(wait_left_ms(5, at, back), (30_000, back));
    }

    #[test]
    fn a_voice_reads_its_own_language_and_no_other() {
        for (voice, language, reads) in [
            ("ar-EG", "ar", true),
            ("fr_CA", "fr", true),
            ("PT-br", "fr", false),
            ("zh-CN", "zh", true),
            ("zh-Hant-TW", "zh", true),
            ("zh-HK", "zh", false),
            ("pa-Guru-IN", "pa", true),
            ("pa-PK", "pa", false),
            ("pa-Arab", "pa", false),
            ("uk", "uk-UA", true),
            ("", "it", false),
        ] {
            assert_eq!(
                is_voice_of(voice, language),
                reads,
                "{voice} for {language}"
            );
        }
    }
}
