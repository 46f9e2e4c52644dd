//! `sim`: the deterministic simulation of `replica` on seeds of one's choice.

use crate::options;
use crate::step::{self, Failure, Outcome, cargo};

/// Runs the simulation on `--seeds N` seeds starting at `--from S`.
///
/// # Errors
/// When an option is not a number or a seed fails; the run prints the seed and its history.
pub fn run(arguments: &[String]) -> Outcome {
    let [seeds, from] = options(arguments, ["--seeds", "--from"])?;
    let seeds = number(seeds.as_deref().unwrap_or("1000"))?;
    let from = number(from.as_deref().unwrap_or("0"))?;
    let mut simulation = cargo(["test", "--release", "--package", "replica"]);
    simulation.args(["--test", "simulation", "--", "--nocapture"]);
    simulation.env("PERCORSO_SIM_SEEDS", seeds.to_string());
    simulation.env("PERCORSO_SIM_FROM", from.to_string());
    let what = format!("simulate {seeds} histories from seed {from}");
    step::run(
        &what,
        Some("1 minute to build, then at most 60 s for 1,000"),
        &mut simulation,
    )
}

fn number(text: &str) -> Outcome<u64> {
    text.replace(['_', ','], "")
        .parse()
        .map_err(|_| Failure::new(format!("`{text}` is not a whole number")))
}
