//! `sim`: the deterministic simulation of `replica` on seeds of one's choice.

use crate::options;
use crate::step::{self, Outcome, cargo};

/// Runs the simulation on `--seeds N` seeds starting at `--from S`, `--without` some classes of
/// faults or with `--only` some.
///
/// # Errors
/// When an option is not understood or a seed fails; the run prints the seed and its shrunk
/// history, and for a wrong name of a class those that there are.
pub fn run(arguments: &[String]) -> Outcome {
    let names = ["--seeds", "--from", "--without", "--only"];
    let [seeds, from, without, only] = options(arguments, names)?;
    let seeds = step::number(seeds.as_deref().unwrap_or("1000"))?;
    let from = step::number(from.as_deref().unwrap_or("0"))?;
    let mut simulation = cargo(["test", "--release", "--package", "replica"]);
    simulation.args(["--test", "simulation", "--", "--nocapture"]);
    simulation.env("PERCORSO_SIM_SEEDS", seeds.to_string());
    simulation.env("PERCORSO_SIM_FROM", from.to_string());
    let mut what = format!("simulate {seeds} histories from seed {from}, each twice");
    let switches = [
        ("without", "PERCORSO_SIM_WITHOUT", without),
        ("with only", "PERCORSO_SIM_ONLY", only),
    ];
    for (word, variable, classes) in switches {
        match classes {
            Some(classes) => {
                what.push_str(&format!(", {word} {classes}"));
                simulation.env(variable, classes);
            }
            None => {
                simulation.env_remove(variable);
            }
        }
    }
    step::run(
        &what,
        Some("1 minute to build, then at most 60 s for 1,000"),
        &mut simulation,
    )
}
