//! Merging texts by paragraph, so that two people who wrote in one text are both read.
//!
//! A paragraph is a line. Every paragraph that somebody wrote new is in the outcome; one that
//! somebody took out, and that nobody else touched, is not. Never decides between two people who
//! changed the same paragraph: both stand next to each other and are marked.

use crate::id::OpId;

/// The most paragraph pairs that are compared: beyond, a text counts as written anew.
const PAIRS_MAX: usize = 250_000;

/// One paragraph of a merged text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What it says.
    pub text: String,
    /// Where two people changed the same place: the write that this one comes from.
    pub by: Option<OpId>,
}

/// What several texts with a common origin say together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedText {
    /// Paragraph by paragraph.
    pub paragraphs: Vec<Paragraph>,
    /// Whether two people changed the same place.
    pub overlaps: bool,
}

impl MergedText {
    /// The text as one string.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.paragraphs.iter().map(|p| p.text.as_str()).collect();
        lines.join("\n")
    }
}

/// What one text did to each paragraph of the text that it started from.
struct Changes<'a> {
    by: OpId,
    /// New paragraphs before each paragraph of the origin, and after the last.
    added: Vec<Vec<&'a str>>,
    /// What became of each paragraph of the origin.
    fate: Vec<Fate<'a>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate<'a> {
    Kept,
    TakenOut,
    Became(&'a str),
}

/// Merges `sides`, each of which started from `base`. The outcome does not depend on their order
/// but by id, in which they are given.
pub fn merge(base: &str, sides: &[(OpId, &str)]) -> MergedText {
    let base = paragraphs(base);
    let changes: Vec<Changes<'_>> = sides
        .iter()
        .map(|(id, text)| changes(&base, &paragraphs(text), *id))
        .collect();
    let mut merged = MergedText::default();
    for place in 0..=base.len() {
        let mut added: Vec<(OpId, &[&str])> = Vec::new();
        for side in &changes {
            let Some(block) = side.added.get(place).filter(|block| !block.is_empty()) else {
                continue;
            };
            if !added.iter().any(|(_, known)| *known == block.as_slice()) {
                added.push((side.by, block));
            }
        }
        let is_marked = added.len() > 1;
        for (by, block) in added {
            for text in block {
                merged.push(text, is_marked.then_some(by));
            }
        }
        let Some(origin) = base.get(place) else {
            break;
        };
        let mut became: Vec<(OpId, &str)> = Vec::new();
        let mut is_taken_out = false;
        for side in &changes {
            match side.fate.get(place) {
                Some(Fate::Became(text)) if !became.iter().any(|(_, known)| known == text) => {
                    became.push((side.by, text));
                }
                Some(Fate::TakenOut) => is_taken_out = true,
                Some(Fate::Became(_) | Fate::Kept) | None => {}
            }
        }
        // Taken out here and changed there: the change stays, and somebody has to look at it.
        let is_marked = became.len() > 1 || is_taken_out;
        if became.is_empty() && !is_taken_out {
            merged.push(origin, None);
        }
        for (by, text) in became {
            merged.push(text, is_marked.then_some(by));
        }
    }
    merged
}

impl MergedText {
    /// The text where, of paragraphs that several people changed, those of one write hold.
    /// Everything else stays as all of them together left it.
    pub fn preferring(&self, side: OpId) -> String {
        let kept = self
            .paragraphs
            .iter()
            .filter(|paragraph| paragraph.by.is_none_or(|by| by == side));
        let lines: Vec<&str> = kept.map(|paragraph| paragraph.text.as_str()).collect();
        lines.join("\n")
    }

    fn push(&mut self, text: &str, by: Option<OpId>) {
        self.overlaps |= by.is_some();
        self.paragraphs.push(Paragraph {
            text: text.to_owned(),
            by,
        });
    }
}

/// An empty text has no paragraph.
fn paragraphs(text: &str) -> Vec<&str> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split('\n').collect()
    }
}

fn changes<'a>(base: &[&str], text: &[&'a str], by: OpId) -> Changes<'a> {
    let mut changes = Changes {
        by,
        added: vec![Vec::new(); base.len() + 1],
        fate: vec![Fate::TakenOut; base.len()],
    };
    let (mut at_base, mut at_text) = (0, 0);
    let end = (base.len(), text.len());
    for (kept, same) in common(base, text).into_iter().chain([end]) {
        // Between two common paragraphs the changed ones are paired in their order.
        while at_base < kept && at_text < same {
            if let (Some(fate), Some(line)) = (changes.fate.get_mut(at_base), text.get(at_text)) {
                *fate = Fate::Became(line);
            }
            at_base += 1;
            at_text += 1;
        }
        if let Some(added) = changes.added.get_mut(at_base) {
            added.extend(text.get(at_text..same).unwrap_or_default());
        }
        if let Some(fate) = changes.fate.get_mut(kept) {
            *fate = Fate::Kept;
        }
        (at_base, at_text) = (kept + 1, same + 1);
    }
    changes
}

/// The pairs of places of the longest common sequence of paragraphs.
fn common(base: &[&str], text: &[&str]) -> Vec<(usize, usize)> {
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = base.iter().zip(text).take_while(same).count();
    let (base_rest, text_rest) = (
        base.get(head..).unwrap_or_default(),
        text.get(head..).unwrap_or_default(),
    );
    let tail = base_rest
        .iter()
        .rev()
        .zip(text_rest.iter().rev())
        .take_while(same)
        .count();
    let (rows, columns) = (base_rest.len() - tail, text_rest.len() - tail);
    let mut pairs: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    if rows * columns <= PAIRS_MAX {
        pairs
            .extend(middle(base_rest, text_rest, rows, columns).map(|(a, b)| (a + head, b + head)));
    }
    let from_end = |back: usize| (base.len() - back, text.len() - back);
    pairs.extend((1..=tail).rev().map(from_end));
    pairs
}

fn middle(
    base: &[&str],
    text: &[&str],
    rows: usize,
    columns: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let width = columns + 1;
    // The length of the longest common sequence of what follows each pair of places.
    let mut lengths = vec![0_u32; (rows + 1) * width];
    let at = |lengths: &[u32], row: usize, column: usize| {
        lengths.get(row * width + column).copied().unwrap_or(0)
    };
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let length = if base.get(row) == text.get(column) {
                at(&lengths, row + 1, column + 1) + 1
            } else {
                at(&lengths, row + 1, column).max(at(&lengths, row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(row * width + column) {
                *cell = length;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while row < rows && column < columns {
        if base.get(row) == text.get(column) {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if at(&lengths, row + 1, column) >= at(&lengths, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs.into_iter()
}
