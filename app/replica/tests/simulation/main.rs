//! Deterministic simulation: phones and a server in one process, every fault drawn from a seed.
//!
//! Goal: show that no history loses a word, doubles a change or lies in a receipt, and that this
//! harness would notice if one did. Method: run the real [`replica::replica::Replica`] and the
//! real [`replica::hub::judge`] in a world of losses, crashes and wrong clocks; then heal the
//! world, demand progress, and let one checker per invariant look. Every seed is run twice.
//!
//! `PERCORSO_SIM_SEEDS` and `PERCORSO_SIM_FROM` choose how many seeds, from which on;
//! `PERCORSO_SIM_WITHOUT` and `PERCORSO_SIM_ONLY` switch classes of faults off;
//! `PERCORSO_SIM_KEEP` names the list to which seeds that fail are added, and only
//! `cargo xtask sim` sets it.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that is wrong about an index fails, which is what tests are for"
)]

mod access;
mod bad_days;
mod checkers;
mod dice;
mod disk;
mod faults;
mod mistakes;
mod older;
mod people;
mod run;
mod script;
mod sealed;
mod seeds;
mod server;
mod shrink;
mod shut_out;
mod tab;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::path::PathBuf;

use faults::{Fault, switched_off};
use mistakes::Mistake;
use run::{Setting, failures, on_every_core, once, twice};
use shrink::{SHRUNK_MAX, report, shrunk};

const SEEDS: u64 = 1_000;

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

#[test]
fn no_history_loses_a_word() {
    let (from, seeds) = (
        setting("PERCORSO_SIM_FROM", 0),
        setting("PERCORSO_SIM_SEEDS", SEEDS),
    );
    let off = switched_off().unwrap_or_else(|why| panic!("{why}"));
    let kept = seeds::kept();
    let again = on_every_core(kept.iter(), |seeds::Kept { seed, off, why }| {
        let told = shrunk(*seed, off, Mistake::None)?.told();
        Some(format!("a kept seed fails again ({why})\n{told}\n"))
    });
    for told in &again {
        println!("{told}");
    }
    println!(
        "simulation: {} kept seeds, {} failures; then {from}..{}, each twice",
        kept.len(),
        again.len(),
        from + seeds
    );
    let failed = failures(from, seeds, &off, Mistake::None);
    println!("simulation: {seeds} seeds, {} failures", failed.len());
    if !failed.is_empty() {
        let few = failed.len().min(SHRUNK_MAX);
        println!("simulation: {few} of them are shrunk");
        let report = report(&failed, &off, Mistake::None);
        println!("{}\n", report.told);
        let list = std::env::var_os("PERCORSO_SIM_KEEP").map(PathBuf::from);
        println!("{}", seeds::keep(list.as_deref(), &report.lines));
    }
    assert!(
        failed.is_empty() && again.is_empty(),
        "{} of {seeds} seeds fail, and {} of {} kept ones: their histories stand above",
        failed.len(),
        again.len(),
        kept.len()
    );
}

#[test]
fn every_seed_runs_the_same_twice() {
    for seed in 0..10 {
        let setting = Setting::new(seed, &[], Mistake::None);
        let outcome = twice(setting, &setting.script());
        assert_eq!(outcome.violation, None, "seed {seed}");
        assert!(!outcome.history.is_empty(), "seed {seed} did nothing");
    }
}

/// The alarm is tested too: each mistake is noticed, by the checker that is there for it.
#[test]
fn every_planted_mistake_is_caught() {
    const SEEDS_MAX: u64 = 300;
    const CAUGHT: u64 = 3;
    let mut unnoticed = Vec::new();
    for (mistake, meant) in Mistake::PLANTED {
        let mut found: BTreeMap<&str, u64> = BTreeMap::new();
        let mut seeds = 0;
        while seeds < SEEDS_MAX && found.get(meant).copied().unwrap_or(0) < CAUGHT {
            let setting = Setting::new(seeds, &[], mistake);
            let script = setting.script();
            let outcome = match mistake {
                Mistake::LooksOutside => twice(setting, &script),
                _ => once(setting, &script, true, false),
            };
            if let Some(violation) = outcome.violation {
                *found.entry(violation.checker.as_str()).or_default() += 1;
            }
            seeds += 1;
        }
        println!("simulation: {mistake:?} in {seeds} seeds: {found:?}");
        let others = found.iter().filter(|(checker, _)| **checker != meant);
        let most = others.map(|(_, count)| *count).max().unwrap_or(0);
        if found.get(meant).copied().unwrap_or(0) < CAUGHT.max(most) {
            unnoticed.push(format!("{mistake:?} should be seen by {meant}: {found:?}"));
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

#[test]
fn a_failing_history_is_shrunk_to_what_it_takes() {
    let told = shrunk(0, &[], Mistake::SavedTooEarly).expect("it fails");
    println!("{}", told.told());
    assert!(
        told.script.len() <= 3,
        "{} steps are left",
        told.script.len()
    );
    assert_eq!(
        told.off.len(),
        Fault::ALL.len(),
        "no fault is needed for it"
    );
    assert!(told.outcome.violation.is_some());
}

#[test]
fn a_class_of_faults_is_switched_off_by_its_name() {
    let why = Fault::named("drop, rain").expect_err("there is no rain");
    assert!(
        why.contains("`rain`") && why.contains("phone-restore"),
        "{why}"
    );
    let off = Fault::named("drop,crash").expect("both exist");
    for seed in 0..20 {
        let faults = faults::Faults::drawn(seed).without(&off);
        assert!(off.iter().all(|fault| !faults.has(*fault)));
        let all = script::drawn(seed, 50, faults::Faults::drawn(seed));
        let some = script::drawn(seed, 50, faults);
        assert!(some.iter().all(|step| all.contains(step)));
    }
}
