//! Which entries answer a query, and in which order.
//!
//! A word that few have says more than one that many have, and so does a close match that few
//! have. The evidence of each word is the logarithm of how rare a match at least as close is,
//! reduced by how far it is; the evidence of an entry is the best way to give each word of the
//! query a word of its own. Whole numbers only.

use crate::order;
use crate::search::Names;
use crate::search::distance::{alike, is_one_error, weight};
use crate::search::forms::{Slot, forms};
use crate::search::sounds::ALPHABET;
use crate::search::words::words_of;

/// Words of a query beyond this many are not looked at.
const WORDS_MAX: usize = 6;
/// Less alike than this is not alike.
const ALIKE_MIN: u8 = 54;
/// The entries that are looked at closely.
const CLOSELY: usize = 64;
/// Of so many places for one word of the query, the best are tried.
const PLACES_MAX: usize = 6;
/// The evidence of a word that everybody has, in sixteenths of a bit.
const BASE: u32 = 40;
/// What each word of a name that the query does not have takes away.
const MISSING: u16 = 3;
/// An entry that answers less of the query, in thousandths, or less than half of what the best one
/// does, is not found.
const SCORE_MIN: u32 = 300;

/// The letters of which a word that sounds alike has at least one of the same group.
const GROUPS: [&[u8]; 8] = [
    b"bpf",
    b"m",
    b"n",
    b"tdTD",
    b"szcSTDjZ",
    b"kgxGjZ",
    b"l",
    b"rG",
];
/// Letters that stand for several groups are never asked for.
const LOOSE: &[u8] = b"TDjZGH";

/// What is known of a word's sounds before they are compared one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Groups that are in it; in the upper byte those that are in it twice.
    has: u16,
    /// Groups that a word like it must have.
    needs: u16,
    /// Groups of its first consonant.
    first: u16,
    /// Its consonants.
    consonants: u8,
}

impl Sketch {
    /// The sketch of a word.
    pub fn of(codes: &[u8]) -> Self {
        let mut sketch = Self::default();
        for code in codes {
            let Some(letter) = ALPHABET.get(usize::from(*code)) else {
                continue;
            };
            let mut groups = 0;
            for (bit, group) in GROUPS.iter().enumerate() {
                groups |= u16::from(group.contains(letter)) << bit;
            }
            if groups == 0 {
                continue;
            }
            if sketch.consonants == 0 {
                sketch.first = groups;
            }
            sketch.consonants += 1;
            if !LOOSE.contains(letter) {
                sketch.needs |= groups | (sketch.needs & groups) << 8;
            }
            sketch.has |= groups | (sketch.has & groups) << 8;
        }
        sketch
    }

    /// Whether two words have the same groups and as many consonants.
    fn has_same(self, other: Self) -> bool {
        let apart = (self.needs & !other.has) | (other.needs & !self.has);
        apart == 0 && self.consonants == other.consonants && self.consonants > 0
    }

    /// Whether a typed word may be alike to another as a whole or as its beginning.
    fn may_be(self, other: Self, is_joined: bool) -> bool {
        let missing = (self.needs & !other.has).count_ones();
        let beyond = (other.needs & !self.has).count_ones();
        let longer = other.consonants.saturating_sub(self.consonants);
        let shorter = self.consonants.saturating_sub(other.consonants);
        let bearable = 1 + u32::from(self.consonants > 4);
        let is_whole = missing.max(beyond) <= bearable
            && u32::from(longer.max(shorter)) <= bearable
            && missing + beyond < 2 + u32::from(self.consonants > 2);
        let is_beginning = missing == 0
            && longer > 0
            && !is_joined
            && (self.first == 0 || self.first & other.first != 0);
        is_whole || is_beginning
    }
}

/// One form of the query, compared with everything.
struct Unit {
    first: usize,
    compared: Compared,
    /// By how alike: the evidence.
    points: Vec<u16>,
}

/// A form of a query and how alike it is to each form of the index, 0 where not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    spelled: String,
    count: usize,
    alike: Vec<u8>,
}

/// Entries by number with their scores in thousandths, best first. `last` holds what was compared
/// for the query before, and then what was for this one: only what is new in it is compared.
pub fn find(names: &Names, query: &str, limit: usize, last: &mut Vec<Compared>) -> Vec<(u32, u16)> {
    let mut words = words_of(query);
    words.truncate(WORDS_MAX);
    if words.is_empty() || names.entries.is_empty() || limit == 0 {
        return Vec::new();
    }
    let mut bests: Vec<Vec<u16>> = vec![vec![0; names.entries.len()]; words.len()];
    let mut most = vec![0_u16; words.len()];
    let mut perfect = vec![0_u32; words.len()];
    let mut units: Vec<Unit> = Vec::new();
    // Single words first: two words written as one say at most as much as both.
    let (mut singles, joined): (Vec<Slot>, Vec<Slot>) =
        forms(&words).into_iter().partition(|slot| slot.count == 1);
    singles.extend(joined);
    for slot in singles {
        let compared = compared(names, &slot, last);
        let closest = closest(names, &compared.alike);
        let mut points = points(&closest);
        if let Some(perfect) = perfect.get_mut(slot.first).filter(|_| slot.count == 1) {
            let best = closest.iter().max().copied().unwrap_or(0);
            let evidence = points.get(usize::from(best)).copied().map_or(0, u32::from);
            let alike = u32::from(best.max(1));
            *perfect = (*perfect).max(evidence * 10_000 / (alike * alike));
        }
        let range = slot.first..slot.first + slot.count;
        if slot.count > 1 {
            let both = most.get(range.clone()).unwrap_or_default().iter().sum();
            points
                .iter_mut()
                .for_each(|points| *points = (*points).min(both));
        }
        let share = u16::try_from(slot.count).unwrap_or(1);
        for (best, most) in bests
            .iter_mut()
            .zip(&mut most)
            .skip(range.start)
            .take(slot.count)
        {
            for (best, alike) in best.iter_mut().zip(&closest) {
                let points = points.get(usize::from(*alike)).copied().unwrap_or(0);
                *best = (*best).max(points.div_ceil(share));
                if slot.count == 1 {
                    *most = (*most).max(points);
                }
            }
        }
        units.push(Unit {
            first: slot.first,
            compared,
            points,
        });
    }
    let wanted = wanted(names, &words, &perfect);
    let mut scored: Vec<(u16, u32)> = candidates(names, &bests, limit)
        .into_iter()
        .map(|entry| (closely(names, &units, words.len(), entry), entry))
        .filter(|(points, _)| u32::from(*points) * 1000 >= wanted * SCORE_MIN)
        .collect();
    order::sort_by(&mut scored, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let half = scored.first().map_or(0, |best| best.0 / 2);
    scored.retain(|(points, _)| *points > half);
    scored.truncate(limit);
    *last = units.into_iter().map(|unit| unit.compared).collect();
    let score = |points: u16| u16::try_from(u32::from(points) * 1000 / wanted.max(1)).unwrap_or(0);
    scored
        .into_iter()
        .map(|(points, entry)| (entry, score(points).min(1000)))
        .collect()
}

/// What is known of this form from the last query, or is found out now.
fn compared(names: &Names, slot: &Slot, last: &mut Vec<Compared>) -> Compared {
    let is_known = |known: &Compared| known.count == slot.count && known.spelled == slot.spelled;
    if let Some(place) = last.iter().position(is_known) {
        return last.swap_remove(place);
    }
    Compared {
        spelled: slot.spelled.clone(),
        count: slot.count,
        alike: compare(names, slot),
    }
}

/// How alike the word is to each form of the index.
fn compare(names: &Names, slot: &Slot) -> Vec<u8> {
    let typed = &slot.sounds;
    let sketch = Sketch::of(&typed.codes);
    let mut all = vec![0; names.forms.len()];
    for (found, (form, codes)) in all.iter_mut().zip(names.forms()) {
        if slot.count == 1 && is_one_error(&slot.spelled, &form.spelled) {
            *found = 96 - 60 / u8::try_from(form.spelled.len()).unwrap_or(60);
        }
        // One or two sounds are alike to too much; but without its vowels that may be a name.
        if typed.codes.len() < 3 {
            if codes.starts_with(&typed.codes) && !codes.is_empty() {
                *found = if codes.len() == typed.codes.len() {
                    95
                } else {
                    86
                };
            }
            if !typed.is_bare || !sketch.has_same(form.sketch) {
                continue;
            }
        }
        if !sketch.may_be(form.sketch, form.is_joined) {
            continue;
        }
        let (whole, beginning) = alike(typed, (codes, form.is_bare));
        // A beginning says less than the whole.
        let close = whole.max(beginning.saturating_sub(10));
        if close >= ALIKE_MIN {
            *found = (*found).max(close);
        }
    }
    if typed.codes.is_empty() {
        all.fill(0);
    }
    let start = names
        .forms
        .partition_point(|form| form.spelled < slot.spelled);
    for (found, form) in all.iter_mut().zip(&names.forms).skip(start) {
        if !form.spelled.starts_with(&slot.spelled) {
            break;
        }
        let is_same = form.spelled.len() == slot.spelled.len();
        *found = if is_same { 100 } else { (*found).max(90) };
    }
    all
}

/// By entry: how alike its most alike word is.
fn closest(names: &Names, alike: &[u8]) -> Vec<u8> {
    let mut closest = vec![0_u8; names.entries.len()];
    for (form, alike) in names.forms.iter().zip(alike) {
        if *alike == 0 {
            continue;
        }
        for entry in &form.entries {
            let place = usize::try_from(*entry).unwrap_or(usize::MAX);
            if let Some(closest) = closest.get_mut(place) {
                *closest = (*closest).max(*alike);
            }
        }
    }
    closest
}

/// By how alike: what a match as close as that is evidence of.
fn points(closest: &[u8]) -> Vec<u16> {
    let mut counts = vec![0_u32; 101];
    for alike in closest {
        if let Some(count) = counts.get_mut(usize::from(*alike)) {
            *count += 1;
        }
    }
    let mut points = vec![0; 101];
    let mut at_least = 0;
    let places = points.iter_mut().zip(counts).rev().take(100);
    for (alike, (points, count)) in (1_u32..=100).rev().zip(places) {
        at_least += count;
        let evidence = rarity(closest.len(), at_least) * alike * alike / 10_000;
        *points = u16::try_from(evidence).unwrap_or(u16::MAX);
    }
    points
}

/// The logarithm of one in how many has it.
fn rarity(of: usize, have: u32) -> u32 {
    let of = u32::try_from(of).unwrap_or(u32::MAX).min(1 << 20);
    BASE + sixteenths((of << 8) / have.max(1)).saturating_sub(8 * 16)
}

/// The logarithm to base 2 in sixteenths, straight lines between the powers.
fn sixteenths(number: u32) -> u32 {
    let number = number.max(1);
    let whole = number.ilog2();
    let rest = u64::from(number - (1 << whole)) << 4 >> whole;
    whole * 16 + u32::try_from(rest).unwrap_or(0)
}

/// The evidence of a perfect answer: a word like no other counts by its length as if one had it.
fn wanted(names: &Names, words: &[String], perfect: &[u32]) -> u32 {
    let alone = rarity(names.entries.len(), 1);
    let of = |(word, perfect): (&String, &u32)| {
        if *perfect > 0 {
            return *perfect;
        }
        let sounds = crate::search::sounds::Sounds::of(word);
        alone * u32::from(weight(&sounds.codes).clamp(10, 40)) / 20
    };
    words.iter().zip(perfect).map(of).sum()
}

/// The entries whose words, each for itself, say most; of equals those with fewest words.
fn candidates(names: &Names, bests: &[Vec<u16>], limit: usize) -> Vec<u32> {
    let mut sums: Vec<usize> = vec![0; names.entries.len()];
    for best in bests {
        for (sum, points) in sums.iter_mut().zip(best) {
            *sum += usize::from(*points);
        }
    }
    for (sum, entry) in sums.iter_mut().zip(&names.entries) {
        let words = entry
            .names
            .iter()
            .map(|name| name.count_ones())
            .min()
            .unwrap_or(0);
        *sum = if *sum == 0 {
            0
        } else {
            *sum * 8 + 7 - usize::try_from(words.min(7)).unwrap_or(7)
        };
    }
    let mut counts = vec![0_usize; sums.iter().max().map_or(0, |most| most + 1)];
    for sum in &sums {
        if let Some(count) = counts.get_mut(*sum) {
            *count += 1;
        }
    }
    let wanted = CLOSELY.max(limit.saturating_mul(2));
    let mut taken = 0;
    let mut least = counts.len();
    for count in counts.iter().skip(1).rev() {
        if taken >= wanted {
            break;
        }
        taken += count;
        least -= 1;
    }
    let is_in = |(_, sum): &(u32, usize)| *sum >= least.max(1);
    (0..)
        .zip(sums)
        .filter(is_in)
        .map(|(entry, _)| entry)
        .take(wanted * 4)
        .collect()
}

/// One place for one form of the query.
#[derive(Clone, Copy)]
struct Place {
    points: u16,
    count: usize,
    words: u64,
}

/// The best way to place the words of the query among the words of one entry.
struct Placing<'a> {
    places: Vec<Vec<Place>>,
    /// The most that the words from each place on can still say.
    ahead: Vec<u16>,
    names: &'a [u64],
    /// How many words of the query may go without one of the entry.
    spare: usize,
    best: u16,
}

fn closely(names: &Names, units: &[Unit], words: usize, entry: u32) -> u16 {
    let entry = usize::try_from(entry)
        .ok()
        .and_then(|entry| names.entries.get(entry));
    let Some(entry) = entry else { return 0 };
    let mut places: Vec<Vec<Place>> = vec![Vec::new(); words];
    let mut ahead = vec![0_u16; words + 1];
    for (unit, (form, mask)) in units
        .iter()
        .flat_map(|unit| entry.slots.iter().map(move |s| (unit, s)))
    {
        let alike = usize::try_from(*form)
            .ok()
            .and_then(|form| unit.compared.alike.get(form));
        let points = alike.and_then(|alike| unit.points.get(usize::from(*alike)));
        if let (Some(points @ 1..), Some(places)) = (points, places.get_mut(unit.first)) {
            places.push(Place {
                points: *points,
                count: unit.compared.count,
                words: *mask,
            });
        }
    }
    for places in &mut places {
        order::sort_by(places, |a, b| {
            b.points.cmp(&a.points).then(a.words.cmp(&b.words))
        });
        places.truncate(PLACES_MAX);
    }
    for (first, places) in places.iter().enumerate().rev() {
        let after = |count: usize| ahead.get(first + count).copied().unwrap_or(0);
        let most = places.iter().map(|place| place.points + after(place.count));
        let most = most.max().unwrap_or(0).max(after(1));
        if let Some(ahead) = ahead.get_mut(first) {
            *ahead = most;
        }
    }
    let mut placing = Placing {
        places,
        ahead,
        names: &entry.names,
        spare: words / 2,
        best: 0,
    };
    placing.place(0, 0, 0);
    placing.best
}

impl Placing<'_> {
    fn place(&mut self, first: usize, points: u16, used: u64) {
        let Some(ahead) = self.ahead.get(first) else {
            return;
        };
        if points + ahead <= self.best {
            return;
        }
        let Some(places) = self.places.get(first) else {
            let left_out = |name: &u64| if name & used == 0 { 0 } else { name & !used };
            let missing: u32 = self
                .names
                .iter()
                .map(|name| left_out(name).count_ones())
                .sum();
            let missing = u16::try_from(missing).unwrap_or(u16::MAX);
            self.best = self
                .best
                .max(points.saturating_sub(missing.saturating_mul(MISSING)));
            return;
        };
        for at in 0..places.len() {
            let place = self
                .places
                .get(first)
                .and_then(|places| places.get(at))
                .copied();
            let Some(place) = place else { return };
            if place.words & used == 0 {
                self.place(
                    first + place.count,
                    points + place.points,
                    used | place.words,
                );
            }
        }
        if self.spare > 0 {
            self.spare -= 1;
            self.place(first + 1, points, used);
            self.spare += 1;
        }
    }
}
