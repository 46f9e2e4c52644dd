//! The least of a failing run that still fails: without whole classes of faults, then without
//! single steps, then told in words. Of many failing runs a few, from each checker.

use std::collections::{BTreeMap, BTreeSet};

use crate::checkers::Name;
use crate::faults::Fault;
use crate::mistakes::Mistake;
use crate::run::{Outcome, Setting, on_every_core, once, twice};
use crate::script::Step;
use crate::seeds;
use crate::world::Violation;

/// Runs at most: a seed takes some hundredths of a second, so this takes some seconds.
const RUNS_MAX: u32 = 400;
/// Failing seeds that are shrunk at most: where hundreds fail, there are not hundreds of causes.
pub const SHRUNK_MAX: usize = 20;

/// What people read of failing seeds, and the lines that keep them.
pub struct Report {
    pub told: String,
    pub lines: Vec<String>,
}

/// What is left of a failing run.
pub struct Shrunk {
    pub off: Vec<Fault>,
    pub script: Vec<Step>,
    pub outcome: Outcome,
    setting: Setting,
    checker: Name,
    steps_before: usize,
}

struct Shrinking {
    checker: Name,
    runs_left: u32,
}

impl Shrinking {
    /// Whether this fails too, before the same checker.
    fn fails(&mut self, setting: Setting, script: &[Step]) -> bool {
        if self.runs_left == 0 {
            return false;
        }
        self.runs_left -= 1;
        let outcome = if self.checker.as_str().starts_with("14 ") {
            twice(setting, script)
        } else {
            once(setting, script, true, false)
        };
        outcome
            .violation
            .is_some_and(|found| found.checker == self.checker)
    }
}

/// Shrinks failing seeds, several at once: the first that each checker found, then the others by
/// number. Those that are too many are named only.
pub fn report(failed: &[(u64, Violation)], off: &[Fault], mistake: Mistake) -> Report {
    let all = checkers_first(failed);
    let (few, others) = all.split_at(all.len().min(SHRUNK_MAX));
    let each = on_every_core(few.iter(), |(seed, found)| {
        Some(shrunk(*seed, off, mistake).map_or_else(
            || only_once(*seed, found, off),
            |least| (least.told(), least.line()),
        ))
    });
    let (mut told, lines): (Vec<String>, Vec<String>) = each.into_iter().unzip();
    if !others.is_empty() {
        told.push(format!(
            "{} more failed, which were not shrunk and are not kept\n{}",
            others.len(),
            by_checker(others)
        ));
    }
    Report {
        told: told.join("\n\n"),
        lines,
    }
}

/// Failing seeds in the order in which they are worth their time.
fn checkers_first(failed: &[(u64, Violation)]) -> Vec<&(u64, Violation)> {
    let mut seen = BTreeSet::new();
    let (mut firsts, others): (Vec<&(u64, Violation)>, Vec<_>) = failed
        .iter()
        .partition(|(_, found)| seen.insert(found.checker));
    firsts.extend(others);
    firsts
}

/// What is said of a seed that failed and then did not, which is a failure of its own
/// (invariant 14), and the line that keeps it as it was run.
fn only_once(seed: u64, found: &Violation, off: &[Fault]) -> (String, String) {
    let (checker, why) = (found.checker.as_str(), &found.why);
    (
        format!("seed {seed} failed, and did not when it was run again\n=> {checker}: {why}"),
        seeds::line(seed, off, &format!("failed {checker}, and not again")),
    )
}

/// Each checker with the numbers of its seeds.
fn by_checker(failed: &[&(u64, Violation)]) -> String {
    let mut seeds: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    for (seed, found) in failed {
        let of_checker = seeds.entry(found.checker).or_default();
        of_checker.push(seed.to_string());
    }
    let lines = seeds
        .into_iter()
        .map(|(checker, seeds)| format!("  {}: {}", checker.as_str(), seeds.join(", ")));
    lines.collect::<Vec<_>>().join("\n")
}

/// Shrinks a run. `None` if it does not fail at all.
pub fn shrunk(seed: u64, off: &[Fault], mistake: Mistake) -> Option<Shrunk> {
    let mut setting = Setting::new(seed, off, mistake);
    let mut script = setting.script();
    let steps_before = script.len();
    let checker = twice(setting, &script).violation?.checker;
    let mut shrinking = Shrinking {
        checker,
        runs_left: RUNS_MAX,
    };
    let mut off = off.to_vec();
    for fault in Fault::ALL {
        if off.contains(&fault) {
            continue;
        }
        let fewer = [off.as_slice(), &[fault]].concat();
        let calmer = Setting::new(seed, &fewer, mistake);
        if shrinking.fails(calmer, &calmer.script()) {
            (off, setting, script) = (fewer, calmer, calmer.script());
        }
    }
    let script = fewest(&mut shrinking, setting, script);
    let outcome = if checker.as_str().starts_with("14 ") {
        twice(setting, &script)
    } else {
        once(setting, &script, true, true)
    };
    Some(Shrunk {
        off,
        script,
        outcome,
        setting,
        checker,
        steps_before,
    })
}

/// Leaves out halves of the steps, then quarters, down to single ones, as long as it fails.
fn fewest(shrinking: &mut Shrinking, setting: Setting, mut script: Vec<Step>) -> Vec<Step> {
    let mut chunk = script.len().div_ceil(2);
    while chunk > 0 && shrinking.runs_left > 0 {
        // From the end: what comes after the mistake is not needed at all.
        let mut end = script.len();
        while end > 0 {
            let start = end.saturating_sub(chunk);
            let fewer = [&script[..start], &script[end..]].concat();
            if shrinking.fails(setting, &fewer) {
                script = fewer;
            }
            end = start;
        }
        chunk /= 2;
    }
    script
}

impl Shrunk {
    /// In words.
    pub fn told(&self) -> String {
        let Setting { seed, faults, .. } = self.setting;
        let violation = self.outcome.violation.as_ref();
        let why = violation.map_or_else(
            || "does not fail any more".to_owned(),
            |found| format!("{}: {}", found.checker.as_str(), found.why),
        );
        let history = self.outcome.history.join("\n  ");
        let (left, before) = (self.script.len(), self.steps_before);
        format!("seed {seed}, {left} of {before} steps, {faults:?}\n  {history}\n=> {why}")
    }

    /// The line that keeps the seed.
    fn line(&self) -> String {
        let why = format!("failed {}", self.checker.as_str());
        seeds::line(self.setting.seed, &self.off, &why)
    }
}

#[test]
fn each_checker_has_its_first_seed_shrunk_and_the_others_are_named() {
    const DROPPED: Name = Name::of("7 nothing_is_dropped");
    const TWICE: Name = Name::of("nothing_happens_twice");
    let found = |seed: u64| {
        let checker = if seed < 30 { DROPPED } else { TWICE };
        let why = format!("why {seed}");
        (seed, Violation { checker, why })
    };
    let failed: Vec<(u64, Violation)> = (0..32).map(found).collect();
    let order = checkers_first(&failed);
    let order: Vec<u64> = order.into_iter().map(|(seed, _)| *seed).collect();
    assert_eq!(order.len(), 32, "none is left out");
    assert_eq!(&order[..4], &[0, 30, 1, 2]);

    // Nothing is wrong with these seeds, so that none of them fails when it is shrunk.
    let all_off = Fault::ALL;
    let report = report(&failed, &all_off, Mistake::None);
    assert_eq!(report.lines.len(), SHRUNK_MAX);
    for seed in [0, 30, 18] {
        let told = format!("seed {seed} failed, and did not when it was run again");
        assert!(report.told.contains(&told), "{told}\n{}", report.told);
    }
    let others = "\n12 more failed, which were not shrunk and are not kept\n  \
                  7 nothing_is_dropped: 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29\n  \
                  nothing_happens_twice: 31";
    assert!(report.told.ends_with(others), "{}", report.told);
}
