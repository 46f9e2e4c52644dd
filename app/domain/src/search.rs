//! Finding people and families by name, in memory: accents, word order, scripts, typing errors.
//!
//! A name is compared by its letters and by its sounds (`sounds`), which are the same alphabet
//! for every script. Nothing is learned and nothing is remembered: the same set of names and the
//! same query give the same answer on every device. This is for people who look; it never decides
//! that two records are one person ([`duplicates`] only proposes).

mod distance;
pub mod duplicates;
mod forms;
pub mod pinyin;
mod rank;
mod sounds;
pub mod words;

use crate::order;
use crate::search::forms::{Slot, forms};
use crate::search::rank::{Compared, Sketch};
use crate::search::sounds::Sounds;

/// Words of one entry beyond this many are not told apart.
const WORDS_MAX: usize = 64;

/// Something found, and how surely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// What was given to [`Index::new`].
    pub id: T,
    /// How much of the query it answers, in thousandths.
    pub score: u16,
}

/// The names of many people or families, ready to be searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Index<T> {
    ids: Vec<T>,
    names: Names,
}

/// The entries by number, and every form of a word once.
#[derive(Clone, Debug, Default, PartialEq)]
struct Names {
    /// Sorted by spelling.
    forms: Vec<Form>,
    /// The sounds of all forms, one after the other.
    codes: Vec<u8>,
    entries: Vec<Entry>,
}

/// One way in which a word can be met.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    spelled: String,
    /// Where its sounds end in `codes`: they begin where those of the form before end.
    end: usize,
    is_bare: bool,
    /// Whether it is two words written as one.
    is_joined: bool,
    sketch: Sketch,
    /// The entries that have it, each once.
    entries: Vec<u32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Entry {
    slots: Vec<(u32, u64)>,
    /// Which words make up each of its names.
    names: Vec<u64>,
}

/// What is known of the words of the last query, so that the next letter costs one word and not
/// all of them. It belongs to one index; the answers are the same without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(Vec<Compared>);

impl<T: Copy> Index<T> {
    /// An index of entries, each with all its names in any script.
    pub fn new<'a, N>(entries: impl IntoIterator<Item = (T, N)>) -> Self
    where
        N: IntoIterator<Item = &'a str>,
    {
        let mut ids = Vec::new();
        let mut builder = Builder::default();
        for (id, names) in entries {
            ids.push(id);
            builder.open();
            for name in names {
                builder.add(name);
            }
        }
        Self {
            ids,
            names: builder.build(),
        }
    }

    /// The entries that answer a query, best first, at most `limit`. Every word may be the
    /// beginning of a word, in any order and any script. A query without words finds nothing.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Found<T>> {
        self.find_typed(&mut Typed::default(), query, limit)
    }

    /// As [`Index::find`], while somebody types.
    pub fn find_typed(&self, typed: &mut Typed, query: &str, limit: usize) -> Vec<Found<T>> {
        let found = rank::find(&self.names, query, limit, &mut typed.0);
        let with_id = |(entry, score): (u32, u16)| {
            let place = usize::try_from(entry).ok()?;
            self.ids.get(place).map(|id| Found { id: *id, score })
        };
        found.into_iter().filter_map(with_id).collect()
    }
}

impl Names {
    /// Every form with its sounds.
    fn forms(&self) -> impl Iterator<Item = (&Form, &[u8])> {
        let mut start = 0;
        self.forms.iter().map(move |form| {
            let codes = self.codes.get(start..form.end).unwrap_or_default();
            start = form.end;
            (form, codes)
        })
    }
}

/// Gathers words before they are sorted.
#[derive(Default)]
struct Builder {
    words: Vec<Word>,
    entries: Vec<Entry>,
    /// Words of the open entry so far.
    count: usize,
}

struct Word {
    spelled: String,
    sounds: Sounds,
    entry: u32,
    mask: u64,
}

impl Builder {
    fn open(&mut self) {
        self.entries.push(Entry::default());
        self.count = 0;
    }

    fn add(&mut self, name: &str) {
        let words = words::words_of(name);
        let entry = u32::try_from(self.entries.len().saturating_sub(1)).unwrap_or(0);
        let mut all = 0;
        for Slot {
            spelled,
            sounds,
            first,
            count,
        } in forms(&words)
        {
            let mask = mask(self.count + first, count);
            all |= mask;
            self.words.push(Word {
                spelled,
                sounds,
                entry,
                mask,
            });
        }
        self.count += words.len();
        if let Some(open) = self.entries.last_mut() {
            open.names.push(all);
        }
    }

    fn build(mut self) -> Names {
        order::sort_by(&mut self.words, |a, b| {
            (&a.spelled, &a.sounds.codes, a.entry, a.mask).cmp(&(
                &b.spelled,
                &b.sounds.codes,
                b.entry,
                b.mask,
            ))
        });
        let mut names = Names {
            entries: self.entries,
            ..Names::default()
        };
        let mut last: Vec<u8> = Vec::new();
        for word in self.words {
            let is_new = names
                .forms
                .last()
                .is_none_or(|form| form.spelled != word.spelled)
                || last != word.sounds.codes;
            if is_new {
                names.codes.extend(&word.sounds.codes);
                names.forms.push(Form {
                    spelled: word.spelled,
                    end: names.codes.len(),
                    is_bare: word.sounds.is_bare,
                    is_joined: true,
                    sketch: Sketch::of(&word.sounds.codes),
                    entries: Vec::new(),
                });
                last = word.sounds.codes;
            }
            let place = u32::try_from(names.forms.len() - 1).unwrap_or(0);
            if let Some(form) = names.forms.last_mut()
                && form.entries.last() != Some(&word.entry)
            {
                form.entries.push(word.entry);
            }
            if let Some(form) = names.forms.last_mut() {
                form.is_joined &= word.mask.count_ones() > 1;
            }
            let entry = usize::try_from(word.entry).unwrap_or(0);
            if let Some(entry) = names.entries.get_mut(entry) {
                entry.slots.push((place, word.mask));
            }
        }
        names
    }
}

/// The words from `first`, `count` of them.
fn mask(first: usize, count: usize) -> u64 {
    (first..first + count)
        .map(|at| 1 << at.min(WORDS_MAX - 1))
        .fold(0, |mask, bit: u64| mask | bit)
}

#[cfg(test)]
mod tests;
