//! Places in a list that people put in order: fractional keys, compared as text.
//!
//! A thing that moves gets a new key between those of its new neighbours; nothing else is
//! written, so two people who move different things keep both moves. Two keys may be equal, when
//! two people move into the same gap: then the id decides. An order never needs a person to
//! choose between two keys.

/// The longest key that is made here, in letters. Where a gap has become too narrow for it, the
/// whole list gets new keys.
pub const KEY_CHARS_MAX: usize = 12;

/// Keys are fractions in base 26, `a` is nought: a key never ends in it.
const BASE: u8 = 26;

/// How far apart neighbours are at the open end of a list.
const STEP: u8 = 3;

/// A key strictly between two others; `None` on a side where nothing lies.
///
/// Nothing fits between keys that are equal, in the wrong order or not made here, and between
/// two that are so close that the key would be longer than [`KEY_CHARS_MAX`].
pub fn between(low: Option<&str>, high: Option<&str>) -> Option<String> {
    let low_digits = low.map_or(Some(Vec::new()), digits)?;
    let mut high_digits = match high {
        Some(high) => Some(digits(high)?),
        None => None,
    };
    if high_digits.as_ref().is_some_and(|high| *high <= low_digits) {
        return None;
    }
    if low.is_none() && high.is_none() {
        return Some("h".to_owned());
    }
    let mut made = Vec::new();
    for at in 0..KEY_CHARS_MAX {
        let low = low_digits.get(at).copied().unwrap_or(0);
        let high = match &high_digits {
            Some(high) => high.get(at).copied().unwrap_or(0),
            None => BASE,
        };
        let gap = high.saturating_sub(low);
        if gap > 1 {
            let half = gap / 2;
            let step = if high_digits.is_none() {
                half.min(STEP)
            } else {
                half
            };
            made.push(low.saturating_add(step));
            return Some(letters(&made));
        }
        made.push(low);
        if gap == 1 {
            // Already below the upper key: from here on only the lower one counts.
            high_digits = None;
        }
    }
    None
}

/// A key after every other: the list grows at its end.
pub fn after<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
    let last = keys.into_iter().max();
    between(last, None).unwrap_or_else(|| {
        // Only a key that was not made here, or the very last that fits, has none after it.
        format!("{}h", last.unwrap_or_default())
    })
}

/// What to write so that `id` comes to stand at place `to`, counted from nought without itself.
///
/// `list` is the list as it stands, in order; a thing without a key comes before every other.
/// This is one key, that of what moves, unless its new neighbours leave no room.
pub fn moved<I: Copy + PartialEq>(
    list: &[(I, Option<&str>)],
    id: I,
    to: usize,
) -> Vec<(I, String)> {
    let mut wanted: Vec<(I, Option<&str>)> =
        list.iter().filter(|(at, _)| *at != id).copied().collect();
    let to = to.min(wanted.len());
    let low = to
        .checked_sub(1)
        .and_then(|before| wanted.get(before))
        .and_then(|(_, key)| *key);
    let behind = wanted.get(to).map(|(_, key)| *key);
    let key = match behind {
        // Nothing comes before what has no key.
        Some(None) => None,
        Some(Some(high)) => between(low, Some(high)),
        None => between(low, None),
    };
    if let Some(key) = key {
        return vec![(id, key)];
    }
    wanted.insert(to, (id, None));
    let keys = spread(wanted.len());
    wanted
        .into_iter()
        .zip(keys)
        .filter(|((_, old), new)| *old != Some(new.as_str()))
        .map(|((at, _), new)| (at, new))
        .collect()
}

/// So many keys, far apart.
fn spread(count: usize) -> Vec<String> {
    // Without `a`: 25 letters, and room for one more between any two.
    let base = usize::from(BASE).saturating_sub(1);
    let (mut width, mut room) = (1_usize, base);
    while room < count.saturating_mul(2) {
        width = width.saturating_add(1);
        room = room.saturating_mul(base);
    }
    (1..=count)
        .map(|at| {
            let mut rest = at.saturating_mul(room) / count.saturating_add(1);
            let mut key = vec![1; width];
            for digit in key.iter_mut().rev() {
                *digit = u8::try_from(rest % base).unwrap_or(0).saturating_add(1);
                rest /= base;
            }
            letters(&key)
        })
        .collect()
}

/// The digits of a key that was made here.
fn digits(key: &str) -> Option<Vec<u8>> {
    let is_ours = !key.is_empty()
        && !key.ends_with('a')
        && key.len() <= KEY_CHARS_MAX
        && key.bytes().all(|sign| sign.is_ascii_lowercase());
    is_ours.then(|| key.bytes().map(|sign| sign.saturating_sub(b'a')).collect())
}

fn letters(digits: &[u8]) -> String {
    digits
        .iter()
        .map(|digit| char::from(b'a'.saturating_add(*digit)))
        .collect()
}
