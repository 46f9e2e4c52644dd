//! Seeds that once failed: kept, and run before all others.

use crate::faults::Fault;

/// One line of `seeds.txt`.
#[derive(Debug)]
pub struct Kept {
    pub seed: u64,
    pub off: Vec<Fault>,
    pub why: String,
}

pub fn kept() -> Vec<Kept> {
    let lines = include_str!("seeds.txt").lines();
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
    Some(Kept {
        seed: seed.parse().ok()?,
        off: Fault::named(if off == "-" { "" } else { off }).ok()?,
        why: why.to_owned(),
    })
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
