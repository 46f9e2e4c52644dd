//! `sim`: the deterministic simulation of `replica` on seeds of one's choice.

use std::process::Command;

use crate::options;
use crate::step::{self, Outcome, cargo, root, target};

/// The list of seeds that failed, which the simulation runs before all others.
const KEPT: &str = "app/replica/tests/simulation/seeds.txt";

/// Runs the simulation on `--seeds N` seeds starting at `--from S`, `--without` some classes of
/// faults or with `--only` some.
///
/// # Errors
/// When an option is not understood or a seed fails; the run prints what fails and its shrunk
/// history and adds it to the list of kept seeds, and for a wrong name of a class it prints those
/// that there are.
pub fn run(arguments: &[String]) -> Outcome {
    let names = ["--seeds", "--from", "--without", "--only"];
    let [seeds, from, without, only] = options(arguments, names)?;
    let seeds = step::number(seeds.as_deref().unwrap_or("1000"))?;
    let from = step::number(from.as_deref().unwrap_or("0"))?;
    let mut simulation = simulation();
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

/// The test as this command builds it, for few seeds and for many.
///
/// In release, because the world and its checkers are in the test's own crate, and a test build
/// does not optimize that one. But release lets overflows and false `debug_assert!`s pass, and what
/// is looked for here is what would fail in a test run: so it checks both, as a test build does.
/// These are other crates than the server's release is made of, so they have a folder of their own.
///
/// Who asks for other seeds wants to keep what fails; who checks the tree wants it left alone. So
/// the list to write to is named here and nowhere else.
fn simulation() -> Command {
    let mut simulation = cargo(["test", "--release", "--package", "replica"]);
    simulation.arg("--target-dir").arg(target().join("sim"));
    simulation.args(["--test", "simulation", "--", "--nocapture"]);
    simulation.env("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true");
    simulation.env("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true");
    simulation.env("PERCORSO_SIM_KEEP", root().join(KEPT));
    simulation
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::simulation;

    #[test]
    fn what_is_simulated_here_is_as_strict_as_a_test_and_keeps_what_fails() {
        let simulation = simulation();
        let value = |name: &str| {
            let mut set = simulation.get_envs();
            set.find_map(|(known, value)| value.filter(|_| known == name))
        };
        for check in ["OVERFLOW_CHECKS", "DEBUG_ASSERTIONS"] {
            let name = format!("CARGO_PROFILE_RELEASE_{check}");
            assert_eq!(value(&name), Some(OsStr::new("true")), "{name}");
        }
        let list = value("PERCORSO_SIM_KEEP").expect("it is told where");
        let text = std::fs::read_to_string(list).expect("the list is there");
        assert!(text.starts_with("# Seeds that once failed"), "{text}");
    }
}
