//! How a seed is run: twice, and compared; and many of them on every core.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use domain::state::State;

use crate::checkers::Name;
use crate::faults::{Fault, Faults};
use crate::mistakes::Mistake;
use crate::script::{Step, drawn};
use crate::world::{Violation, World};

/// Rounds of a run, each of one thing that people do and the accidents before it.
pub const ROUNDS: u32 = 150;

/// What a run is, but for the steps.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub seed: u64,
    pub faults: Faults,
    pub mistake: Mistake,
}

impl Setting {
    pub fn new(seed: u64, off: &[Fault], mistake: Mistake) -> Self {
        Self {
            seed,
            faults: Faults::drawn(seed).without(off),
            mistake,
        }
    }

    pub fn script(&self) -> Vec<Step> {
        drawn(self.seed, ROUNDS, self.faults)
    }
}

/// How a run ended.
pub struct Outcome {
    pub history: Vec<String>,
    pub violation: Option<Violation>,
    /// A hash of everything that lies on a disk, the server's too.
    mark: u64,
    /// What each tab shows.
    states: Vec<Option<State>>,
}

/// One run; with `is_inspected` the checkers look at its end, with `is_told` the history has the
/// messages as well.
pub fn once(setting: Setting, script: &[Step], is_inspected: bool, is_told: bool) -> Outcome {
    let mut world = World::new(setting.seed, setting.faults, setting.mistake);
    world.is_told = is_told;
    let run = catch_unwind(AssertUnwindSafe(|| {
        world.play(script);
        if is_inspected {
            world.inspect();
        }
    }));
    if let Err(panic) = run {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let why = text.unwrap_or_else(|| "it panics".to_owned());
        world.note(const { Name::of("8 applying_cannot_fail") }, Some(why));
    }
    let mark = mark(&world);
    let states = world.tabs.into_iter();
    let states = states.map(|tab| tab.replica.map(|replica| replica.state().clone()));
    Outcome {
        history: world.history,
        violation: world.violation,
        mark,
        states: states.collect(),
    }
}

fn mark(world: &World) -> u64 {
    let mut hasher = DefaultHasher::new();
    for (id, op) in world.hub.log.values().flatten() {
        (id, op.get()).hash(&mut hasher);
    }
    for (id, held) in &world.hub.quarantine {
        (id, held.op.get()).hash(&mut hasher);
    }
    for device in &world.devices {
        for (id, op) in device.disk.ops() {
            (id, op.get().len()).hash(&mut hasher);
        }
        device.disk.standing.cursors.hash(&mut hasher);
    }
    (world.now_ms, world.count).hash(&mut hasher);
    hasher.finish()
}

/// Invariant 14: one seed has one history and one end. The second run is compared with the first.
pub fn twice(setting: Setting, script: &[Step]) -> Outcome {
    let mut first = once(setting, script, true, false);
    if first.violation.is_some() {
        return first;
    }
    let second = once(setting, script, false, false);
    let is_same = first.history == second.history
        && first.mark == second.mark
        && first.states == second.states;
    if !is_same {
        let lines = first.history.iter().zip(&second.history);
        let same = lines.take_while(|(one, other)| one == other).count();
        first.violation = Some(Violation {
            checker: const { Name::of("14 every_seed_runs_the_same_twice") },
            why: format!("the second run differs after line {same} of its history"),
        });
    }
    first
}

/// Runs `seeds` on every core and returns the failing ones, lowest first.
pub fn failures(from: u64, seeds: u64, off: &[Fault], mistake: Mistake) -> Vec<(u64, Violation)> {
    // A run that tests nothing passes.
    assert!(seeds > 0, "no seed is asked for");
    let end = from
        .checked_add(seeds)
        .expect("there are not so many seeds");
    let next = AtomicU64::new(from);
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let work = || {
        let mut failed = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                break failed;
            }
            let setting = Setting::new(seed, off, mistake);
            if let Some(violation) = twice(setting, &setting.script()).violation {
                failed.push((seed, violation));
            }
        }
    };
    let mut failed: Vec<(u64, Violation)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let workers = workers.into_iter();
        workers
            .flat_map(|worker| worker.join().expect("a worker ends"))
            .collect()
    });
    failed.sort();
    failed
}
