//! How a seed is run: twice, and compared; and many of them on every core.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use domain::state::State;

use crate::checkers::Name;
use crate::faults::{Fault, Faults};
use crate::mistakes::Mistake;
use crate::script::{Step, drawn};
use crate::world::{Violation, World};

/// Rounds of a run, each of one thing that people do and the accidents before it.
pub const ROUNDS: u32 = 150;

/// How often a long run says how far it is.
const SAID_EVERY_S: u64 = 30;

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
    let progress = Progress {
        seeds,
        ..Progress::default()
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever waits has a clock; no run is told what it says"
    )]
    let begun = Instant::now();
    on_every_core(from..end, |seed| {
        let setting = Setting::new(seed, off, mistake);
        let violation = twice(setting, &setting.script()).violation;
        if let Some(found) = &violation {
            // At once: a long run need not end for somebody to begin to look.
            println!("simulation: seed {seed} fails {}", found.checker.as_str());
        }
        if let Some(said) = progress.count(violation.is_some(), begun.elapsed()) {
            println!("simulation: {said}");
        }
        violation.map(|found| (seed, found))
    })
}

/// Does the same with each of these, on every core. What comes of it is in their order.
pub fn on_every_core<I, T: Send>(
    all: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> Option<T> + Sync,
) -> Vec<T> {
    let next = Mutex::new(all.enumerate());
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = || {
        let mut done = Vec::new();
        loop {
            // A statement of its own: the lock is not held while the work is done.
            let taken = next.lock().expect("nobody panics with the lock").next();
            let Some((place, item)) = taken else {
                break done;
            };
            done.extend(work(item).map(|came| (place, came)));
        }
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(share)).collect();
        let workers = workers.into_iter();
        workers
            .flat_map(|worker| worker.join().expect("a worker ends"))
            .collect()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, came)| came).collect()
}

/// How far a run of many seeds is.
#[derive(Default)]
struct Progress {
    seeds: u64,
    done: AtomicU64,
    failed: AtomicU64,
    /// How many times [`SAID_EVERY_S`] had passed when something was said last.
    said: AtomicU64,
}

impl Progress {
    /// Counts one seed more, `after` the run began, and gives the sentence that is due then.
    fn count(&self, is_failing: bool, after: Duration) -> Option<String> {
        let fails = u64::from(is_failing);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let failed = self.failed.fetch_add(fails, Ordering::Relaxed) + fails;
        let passed = after.as_secs() / SAID_EVERY_S;
        // Of several workers the first that comes to it says it.
        let is_due = self.said.fetch_max(passed, Ordering::Relaxed) < passed;
        is_due.then(|| {
            let (seeds, per_second) = (self.seeds, done / after.as_secs());
            format!("{done} of {seeds} seeds, {failed} fail, {per_second} seeds per second")
        })
    }
}

#[test]
fn a_long_run_says_now_and_then_how_far_it_is() {
    let progress = Progress {
        seeds: 9_000,
        ..Progress::default()
    };
    let count = |is_failing, after_s| progress.count(is_failing, Duration::from_secs(after_s));
    for seed in 1..600 {
        assert_eq!(count(seed == 7, SAID_EVERY_S - 1), None, "it is early");
    }
    assert_eq!(
        count(true, SAID_EVERY_S).as_deref(),
        Some("600 of 9000 seeds, 2 fail, 20 seeds per second")
    );
    assert_eq!(count(false, SAID_EVERY_S + 1), None, "it was just said");
    assert!(count(false, 3 * SAID_EVERY_S).is_some(), "it is due again");
    let slower = count(false, 2 * SAID_EVERY_S);
    assert_eq!(slower, None, "another worker was here later");
}

#[test]
fn what_is_done_on_every_core_comes_back_in_order() {
    let odd = |number: u64| (number % 2 == 1).then_some(number);
    let done = on_every_core(0..1_000, odd);
    assert_eq!(done, (0..1_000).filter_map(odd).collect::<Vec<_>>());
}
