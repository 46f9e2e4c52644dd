//! Any texts merge: nothing that somebody wrote new is missing, nothing comes from nowhere, who
//! changed nothing has no part in it, and where nobody is in anybody's way the order of the sides
//! makes no difference.
#![no_main]

use domain::id::{Millis, OpId};
use domain::merge::{MergedText, merge};
use libfuzzer_sys::fuzz_target;

/// What the fuzzer puts between the origin and the sides.
const BETWEEN: char = '\0';
const SIDES_MAX: usize = 4;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let mut texts = text.split(BETWEEN);
    let base = texts.next().unwrap_or_default();
    let sides: Vec<(OpId, &str)> = (0..)
        .map(|number| OpId::new(Millis(number), [0; 10]))
        .zip(texts.take(SIDES_MAX))
        .collect();
    let merged = merge(base, &sides);
    for (_, side) in &sides {
        for line in lines(side).filter(|line| lines(base).all(|known| known != *line)) {
            assert!(has(&merged, line), "a new paragraph is missing: {line:?}");
        }
    }
    for paragraph in &merged.paragraphs {
        let mut known = sides.iter().map(|(_, side)| *side).chain([base]);
        assert!(known.any(|text| lines(text).any(|line| line == paragraph.text)));
    }
    let once = |line: &&str| lines(base).filter(|known| known == line).count() == 1;
    for line in lines(base).filter(once) {
        let is_kept = sides
            .iter()
            .all(|(_, side)| lines(side).any(|kept| kept == line));
        assert!(!is_kept || has(&merged, line), "nobody took out {line:?}");
    }
    let mut idle = sides.clone();
    idle.push((OpId::new(Millis(1 << 40), [0; 10]), base));
    assert_eq!(
        merge(base, &idle),
        merged,
        "who changed nothing had a part in it"
    );
    if let [(_, only)] = sides.as_slice() {
        assert_eq!(merged.text(), *only);
        assert!(!merged.overlaps);
    }
    if !merged.overlaps {
        let back: Vec<(OpId, &str)> = sides.into_iter().rev().collect();
        assert_eq!(merge(base, &back), merged);
    }
});

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').filter(move |_| !text.is_empty())
}

fn has(merged: &MergedText, line: &str) -> bool {
    merged.paragraphs.iter().any(|found| found.text == line)
}
