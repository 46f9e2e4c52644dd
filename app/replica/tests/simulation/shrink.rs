//! The least of a failing run that still fails: without whole classes of faults, then without
//! single steps, then told in words.

use crate::checkers::Name;
use crate::faults::Fault;
use crate::mistakes::Mistake;
use crate::run::{Outcome, Setting, once, twice};
use crate::script::Step;
use crate::seeds;

/// Runs at most: a seed takes some hundredths of a second, so this takes some seconds.
const RUNS_MAX: u32 = 400;

/// What is left of a failing run.
pub struct Shrunk {
    pub off: Vec<Fault>,
    pub script: Vec<Step>,
    pub outcome: Outcome,
    setting: Setting,
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
    /// In words, with the line that keeps the seed.
    pub fn told(&self) -> String {
        let Setting { seed, faults, .. } = self.setting;
        let violation = self.outcome.violation.as_ref();
        let why = violation.map_or_else(
            || "does not fail any more".to_owned(),
            |found| format!("{}: {}", found.checker.as_str(), found.why),
        );
        let checker = violation.map_or("?", |found| found.checker.as_str());
        let history = self.outcome.history.join("\n  ");
        let (left, before) = (self.script.len(), self.steps_before);
        let line = seeds::line(seed, &self.off, &format!("failed {checker}"));
        format!(
            "seed {seed}, {left} of {before} steps, {faults:?}\n  {history}\n=> {why}\n\
             keep it, in app/replica/tests/simulation/seeds.txt:\n{line}"
        )
    }
}
