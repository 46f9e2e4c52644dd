//! Seeds that once failed: kept, and run before all others.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::faults::Fault;
use crate::mistakes::Mistake;
use crate::run::{Setting, failures, once};
use crate::shrink::report;

/// Where they are kept, from the project's root.
const LIST: &str = "app/replica/tests/simulation/seeds.txt";

/// One line of `seeds.txt`.
#[derive(Debug)]
pub struct Kept {
    pub seed: u64,
    pub off: Vec<Fault>,
    pub why: String,
}

impl Kept {
    /// Whether both are the same run, whatever is said of them.
    fn is_same(&self, other: &Self) -> bool {
        (self.seed, &self.off) == (other.seed, &other.off)
    }
}

pub fn kept() -> Vec<Kept> {
    all(include_str!("seeds.txt"))
}

fn all(text: &str) -> Vec<Kept> {
    let lines = text.lines();
    let lines = lines.filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| read(line).unwrap_or_else(|| panic!("seeds.txt: `{line}` is not understood")))
        .collect()
}

/// The line that keeps a seed.
pub fn line(seed: u64, off: &[Fault], why: &str) -> String {
    let names: Vec<&str> = off.iter().map(|fault| fault.name()).collect();
    let off = if names.is_empty() {
        "-".to_owned()
    } else {
        names.join(",")
    };
    format!("{seed} | {off} | {why}")
}

fn read(line: &str) -> Option<Kept> {
    let mut parts = line.splitn(3, '|').map(str::trim);
    let (seed, off, why) = (parts.next()?, parts.next()?, parts.next()?);
    let mut off = Fault::named(if off == "-" { "" } else { off }).ok()?;
    off.sort();
    off.dedup();
    Some(Kept {
        seed: seed.parse().ok()?,
        off,
        why: why.to_owned(),
    })
}

/// Keeps lines in a list and says so. A run that is given no list, as the one that checks the
/// tree, writes nothing and says what to do by hand.
pub fn keep(list: Option<&Path>, lines: &[String]) -> String {
    let by_hand = lines.join("\n");
    let Some(list) = list else {
        return format!("`cargo xtask sim` keeps them; or add to {LIST}:\n{by_hand}");
    };
    let name = list.display();
    match add(list, lines) {
        Ok(added) if added.is_empty() => format!("{name} has them already"),
        Ok(added) => format!("added to {name}, to be committed:\n{}", added.join("\n")),
        Err(error) => format!("{name} was not written ({error}); add to it:\n{by_hand}"),
    }
}

/// Appends the lines whose run the list does not have yet, and returns these.
fn add(list: &Path, lines: &[String]) -> io::Result<Vec<String>> {
    let text = fs::read_to_string(list)?;
    let mut kept = all(&text);
    let mut added = Vec::new();
    for line in lines {
        let new = read(line).expect("a line is read as it was written");
        if !kept.iter().any(|old| old.is_same(&new)) {
            kept.push(new);
            added.push(line.clone());
        }
    }
    if !added.is_empty() {
        let is_ended = text.is_empty() || text.ends_with('\n');
        let start = if is_ended { "" } else { "\n" };
        // At once and at the end: another run may be keeping what it found.
        let addition = format!("{start}{}\n", added.join("\n"));
        let mut list = fs::OpenOptions::new().append(true).open(list)?;
        list.write_all(addition.as_bytes())?;
    }
    Ok(added)
}

#[test]
fn a_kept_seed_is_read_as_it_was_written() {
    let written = line(7, &[Fault::Drop, Fault::Tabs], "a word was lost | twice");
    let kept = read(&written).expect("it is a line of seeds.txt");
    assert_eq!(kept.seed, 7);
    assert_eq!(kept.off, [Fault::Drop, Fault::Tabs]);
    assert_eq!(kept.why, "a word was lost | twice");
    assert!(read("7 | rain | x").is_none());
    assert!(read("7, -, x").is_none());
}

#[test]
fn what_a_mistake_makes_fail_is_kept_once_and_fails_again() {
    let mistake = Mistake::SavedTooEarly;
    let failed = failures(0, 8, &[], mistake);
    let lines = report(&failed, &[], mistake).lines;
    assert!(lines.len() > 1, "{lines:?}");
    assert_eq!(lines.len(), failed.len());

    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kept-seeds.txt");
    // Its last line is not ended, as some editors leave it.
    fs::write(&list, "# Seeds\n\n900 | tabs,drop | by hand").expect("the folder is writable");
    let said = keep(Some(&list), &lines);
    assert!(said.contains("to be committed"), "{said}");
    let text = fs::read_to_string(&list).expect("it was just written");
    assert!(text.ends_with('\n'), "{text}");
    let all = all(&text);
    let (by_hand, kept) = all.split_first().expect("it has lines");
    assert_eq!((by_hand.seed, by_hand.why.as_str()), (900, "by hand"));
    assert_eq!(kept.len(), failed.len());
    for Kept { seed, off, why } in kept {
        let setting = Setting::new(*seed, off, mistake);
        let violation = once(setting, &setting.script(), true, false).violation;
        let checker = violation.expect("it fails as it is kept").checker;
        assert_eq!(*why, format!("failed {}", checker.as_str()));
        let is_one = failed.iter().any(|(failed, _)| failed == seed);
        assert!(is_one, "seed {seed} did not fail");
        assert!(said.contains(&line(*seed, off, why)), "{said}");
    }

    let by_hand = "900 | drop,tabs | the same run in other words".to_owned();
    let again = [lines.as_slice(), &[by_hand]].concat();
    let said = keep(Some(&list), &again);
    assert!(said.contains("has them already"), "{said}");
    let after = fs::read_to_string(&list).expect("it is there");
    assert_eq!(after, text);
}

#[test]
fn what_cannot_be_kept_is_said_to_be_added_by_hand() {
    let lines = [line(7, &[], "failed"), line(9, &[Fault::Tabs], "failed")];
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-folder/seeds.txt");
    for list in [None, Some(missing.as_path())] {
        let said = keep(list, &lines);
        assert!(
            said.ends_with("\n7 | - | failed\n9 | tabs | failed"),
            "{said}"
        );
    }
}
