//! Deterministic simulation: phones and a server in one process, every fault drawn from a seed.
//!
//! Goal: show that no history loses a word, doubles a change or lies in a receipt, and that this
//! harness would notice if one did. Method: run the real [`replica::replica::Replica`] and the
//! real [`replica::hub::judge`] in a world of losses, crashes and wrong clocks; then heal the
//! world, demand progress, and let one checker per invariant look.
//!
//! `PERCORSO_SIM_SEEDS` and `PERCORSO_SIM_FROM` choose how many seeds, from which on.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that is wrong about an index fails, which is what tests are for"
)]

mod checkers;
mod dice;
mod faults;
mod people;
mod server;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use faults::{Faults, Mistake};
use world::{Outcome, World};

const SEEDS: u64 = 1_000;
const STEPS: u32 = 150;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn run(seed: u64, steps: u32, faults: Faults, mistake: Mistake) -> Outcome {
    World::new(seed, faults, mistake).run(steps)
}

/// Runs `seeds` on every core and returns the failing ones, lowest first.
fn failures(from: u64, seeds: u64, mistake: Mistake) -> Vec<(u64, String)> {
    let next = AtomicU64::new(from);
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut failed: Vec<(u64, String)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut failed = Vec::new();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= from + seeds {
                            break failed;
                        }
                        let outcome = run(seed, STEPS, Faults::drawn(seed), mistake);
                        if let Some(why) = outcome.violation {
                            failed.push((seed, why));
                        }
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker ends"))
            .collect()
    });
    failed.sort();
    failed
}

/// The shortest and calmest run of a failing seed that still fails, in words.
fn shrunk(seed: u64, mistake: Mistake) -> String {
    let fails = |steps, faults| run(seed, steps, faults, mistake).violation.is_some();
    let mut faults = Faults::drawn(seed);
    for without in Faults::each_without(faults) {
        if without != faults && fails(STEPS, without) {
            faults = without;
        }
    }
    let steps = (1..=STEPS)
        .find(|steps| fails(*steps, faults))
        .unwrap_or(STEPS);
    let outcome = run(seed, steps, faults, mistake);
    let history = outcome.history.join("\n  ");
    let why = outcome
        .violation
        .unwrap_or_else(|| "does not fail any more".to_owned());
    format!("seed {seed}, {steps} steps, {faults:?}\n  {history}\n=> {why}")
}

#[test]
fn no_history_loses_a_word() {
    let (from, seeds) = (
        setting("PERCORSO_SIM_FROM", 0),
        setting("PERCORSO_SIM_SEEDS", SEEDS),
    );
    println!("simulation: seeds {from}..{}", from + seeds);
    let failed = failures(from, seeds, Mistake::None);
    if let Some((seed, _)) = failed.first() {
        let numbers: Vec<u64> = failed.iter().map(|(seed, _)| *seed).collect();
        panic!(
            "{} of {seeds} seeds fail: {numbers:?}\n{}",
            failed.len(),
            shrunk(*seed, Mistake::None)
        );
    }
    println!("simulation: {seeds} seeds, 0 failures");
}

#[test]
fn every_seed_runs_the_same_twice() {
    for seed in 0..20 {
        let first = run(seed, STEPS, Faults::drawn(seed), Mistake::None);
        let second = run(seed, STEPS, Faults::drawn(seed), Mistake::None);
        assert_eq!(
            first.history, second.history,
            "seed {seed} is not deterministic"
        );
        assert!(!first.history.is_empty(), "seed {seed} did nothing");
    }
}

/// The alarm is tested too: each mistake that real systems made must be noticed.
#[test]
fn every_planted_mistake_is_caught() {
    const SEEDS_TO_CATCH: u64 = 30;
    for mistake in Mistake::PLANTED {
        let failed = failures(0, SEEDS_TO_CATCH, mistake);
        println!(
            "simulation: {mistake:?} seen in {} of {SEEDS_TO_CATCH} seeds",
            failed.len()
        );
        assert!(
            !failed.is_empty(),
            "{mistake:?} went unnoticed in {SEEDS_TO_CATCH} seeds"
        );
    }
}
