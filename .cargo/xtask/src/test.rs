//! `test`: every check of the project in one order, cheapest first.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::step::{self, Failure, Outcome, answer, cargo, command, lasting, root, target};
use crate::{api, chromium, site, size, tools};

/// What a step came to when it did not fail.
enum Verdict {
    Passed,
    /// What ran passed; this did not run.
    Partly(String),
    Skipped(&'static str),
}

/// One check: its name for `cargo xtask test NAME`, what it does, how long it usually takes
/// on two cores from an empty target folder.
struct Step {
    name: &'static str,
    what: &'static str,
    usually: &'static str,
    run: fn() -> Outcome<Verdict>,
}

const STEPS: [Step; 10] = [
    Step {
        name: "fmt",
        what: "formatting",
        usually: "2 s",
        run: fmt,
    },
    Step {
        name: "clippy",
        what: "lints, native",
        usually: "6 min",
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        what: "lints, browser",
        usually: "2 min",
        run: clippy_wasm,
    },
    Step {
        name: "doc",
        what: "documentation",
        usually: "2 min",
        run: doc,
    },
    Step {
        name: "deny",
        what: "licences and sources",
        usually: "5 s",
        run: deny,
    },
    Step {
        name: "test",
        what: "tests and simulation",
        usually: "8 min",
        run: test,
    },
    Step {
        name: "fuzz",
        what: "fuzz targets, 60 s each",
        usually: "4 min",
        run: fuzz,
    },
    Step {
        name: "api",
        what: "requests made up from the API's description",
        usually: "3 min",
        run: api,
    },
    Step {
        name: "size",
        what: "release build of the app, size gate",
        usually: "6 min",
        run: site_size,
    },
    Step {
        name: "e2e",
        what: "journeys in Chromium",
        usually: "15 min",
        run: e2e,
    },
];

const FOR_THE_BROWSER: [&str; 6] = [
    "--package",
    "browser",
    "--package",
    "app",
    "--target",
    "wasm32-unknown-unknown",
];

/// Half of the app's build is one crate at a time, on one core, and the documentation likewise; the
/// fuzz targets run for a fixed time, and who asks the API waits for the disk. So from this step on
/// the app is built beside the others, when all steps run.
const BESIDE_THE_BUILD: &str = "doc";

/// Runs all steps, or the one that is named, and stops at the first that fails. Of the journeys,
/// those can be named that are wanted: `e2e kill leak`.
///
/// # Errors
/// When a step fails; the sentence says which and how to repeat it alone.
pub fn run(arguments: &[String]) -> Outcome {
    let steps: Vec<&Step> = match arguments {
        [] => STEPS.iter().collect(),
        [name] => vec![named(name)?],
        [name, only @ ..] if name == "e2e" => {
            return journeys(only).map(|verdict| println!("{}", said(&verdict)));
        }
        _ => {
            return Err(Failure::new(
                "`test` takes the name of one step, or nothing; `e2e` those of journeys, too",
            ));
        }
    };
    let mut rows: Vec<(&Step, Duration, String)> = Vec::new();
    let mut beside: Option<std::thread::JoinHandle<()>> = None;
    for step in &steps {
        println!(
            "\n== {}: {} (usually {}) ==",
            step.name, step.what, step.usually
        );
        if arguments.is_empty() && step.name == BESIDE_THE_BUILD {
            println!("the app is built beside this step and those that follow");
            // What keeps it from being built is met again, and told, by the step that waits for it.
            beside = Some(std::thread::spawn(|| drop(site::ensure_app())));
        }
        let start = Instant::now();
        let result = (step.run)();
        let verdict = result.as_ref().map_or("FAILED".to_owned(), said);
        rows.push((step, start.elapsed(), verdict));
        if let Err(failure) = result {
            // A build is not left alone: it would hold what the next command needs.
            if let Some(build) = beside.take() {
                let _failed_too = build.join();
            }
            table(&rows);
            return Err(Failure::new(format!(
                "step `{}` failed: {failure}\nrepeat it alone: cargo xtask test {}",
                step.name, step.name
            )));
        }
    }
    table(&rows);
    Ok(())
}

fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Passed => "passed".to_owned(),
        Verdict::Partly(without) => format!("passed, BUT SKIPPED: {without}"),
        Verdict::Skipped(why) => (*why).to_owned(),
    }
}

fn named(name: &str) -> Outcome<&'static Step> {
    STEPS.iter().find(|step| step.name == name).ok_or_else(|| {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        Failure::new(format!(
            "there is no step `{name}`; there are {}",
            names.join(", ")
        ))
    })
}

fn table(rows: &[(&Step, Duration, String)]) {
    println!("\n{:<12} {:>12}  result", "step", "took");
    for (step, took, verdict) in rows {
        println!("{:<12} {:>12}  {verdict}", step.name, lasting(*took));
    }
    let total: Duration = rows.iter().map(|(_, took, _)| *took).sum();
    println!("{:<12} {:>12}", "all", lasting(total));
}

fn fmt() -> Outcome<Verdict> {
    pass(step::run(
        "cargo fmt --check",
        None,
        &mut cargo(["fmt", "--all", "--check"]),
    ))
}

fn clippy() -> Outcome<Verdict> {
    let mut lints = cargo(["clippy", "--workspace", "--all-targets", "--locked"]);
    lints.args(["--", "-D", "warnings"]);
    pass(step::run("cargo clippy", None, &mut lints))
}

fn clippy_wasm() -> Outcome<Verdict> {
    tools::ensure_wasm_target()?;
    let mut lints = cargo(["clippy", "--lib", "--locked"]);
    lints.args(FOR_THE_BROWSER).args(["--", "-D", "warnings"]);
    pass(step::run("cargo clippy for the browser", None, &mut lints))
}

fn doc() -> Outcome<Verdict> {
    let mut docs = cargo(["doc", "--workspace", "--no-deps", "--locked"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    step::run("cargo doc", None, &mut docs)?;
    // What only a phone has is not part of the server's build.
    tools::ensure_wasm_target()?;
    let mut docs = cargo(["doc", "--no-deps", "--locked"]);
    docs.args(FOR_THE_BROWSER)
        .env("RUSTDOCFLAGS", "-D warnings");
    pass(step::run("cargo doc for the browser", None, &mut docs))
}

/// Advisories are left to a run by hand (`cargo deny check advisories`), because they need a
/// download that would make a build depend on somebody else's server.
fn deny() -> Outcome<Verdict> {
    if answer(&mut cargo(["deny", "--version"])).is_none() {
        return Ok(Verdict::Skipped("skipped: cargo-deny is not installed"));
    }
    let mut check = cargo(["deny", "--offline", "check", "bans", "licenses", "sources"]);
    pass(step::run("cargo deny", None, &mut check))
}

fn test() -> Outcome<Verdict> {
    // Examples are looked at by clippy, and nothing that the documentation shows is a test.
    let mut tests = cargo([
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--locked",
    ]);
    // A gate gives one tree one answer; `cargo test` by hand goes on looking elsewhere.
    tests.env("PROPTEST_RNG_SEED", "1");
    let what = "cargo test, with the simulation on 1,000 seeds";
    in_part(what, "skipped-tests.txt", &mut tests)
}

/// Runs tests that pass without what is not installed: they write down that they did.
fn in_part(what: &str, list: &str, tests: &mut Command) -> Outcome<Verdict> {
    let list = target().join(list);
    let _absent = std::fs::remove_file(&list);
    step::run(what, None, tests.env("PERCORSO_SKIPPED", &list))?;
    let skipped = std::fs::read_to_string(&list).unwrap_or_default();
    Ok(without(&skipped).map_or(Verdict::Passed, Verdict::Partly))
}

/// What a list of skipped tests says in one line; nothing where it is empty.
fn without(skipped: &str) -> Option<String> {
    let mut lines: Vec<&str> = skipped.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    (!lines.is_empty()).then(|| lines.join("; "))
}

fn fuzz() -> Outcome<Verdict> {
    if !crate::fuzz::can_run() {
        return Ok(Verdict::Skipped(
            "skipped: it needs Linux and a C++ compiler",
        ));
    }
    pass(crate::fuzz::run(&[]))
}

fn api() -> Outcome<Verdict> {
    Ok(api::check()?.map_or(Verdict::Passed, Verdict::Skipped))
}

fn site_size() -> Outcome<Verdict> {
    site::ensure_app()?;
    pass(size::check(&site::folder()))
}

fn e2e() -> Outcome<Verdict> {
    journeys(&[])
}

/// All journeys, or those whose file is named.
fn journeys(only: &[String]) -> Outcome<Verdict> {
    site::ensure_app()?;
    site::ensure_tested()?;
    let chromium = chromium::ensure()?;
    let windowless = chromium::ensure_windowless()?;
    tools::ensure_npm("end2end")?;
    let folder = root().join("end2end");
    let mut types = command("npx");
    types.current_dir(&folder).args(["tsc", "--noEmit"]);
    step::run("check the types of the journeys", None, &mut types)?;
    let mut playwright = command("npx");
    playwright
        .current_dir(&folder)
        .args(["playwright", "test"])
        .args(only)
        .env("CHROMIUM", chromium)
        .env("CHROMIUM_WINDOWLESS", windowless)
        .env("PERCORSO_BIN", site::tested());
    in_part("run the journeys", "skipped-journeys.txt", &mut playwright)
}

fn pass(outcome: Outcome) -> Outcome<Verdict> {
    outcome.map(|()| Verdict::Passed)
}

#[cfg(test)]
mod tests {
    use super::{Verdict, command, in_part, without};

    #[test]
    fn what_was_skipped_is_said_once_in_one_line() {
        assert_eq!(without(""), None);
        let list = "PostgreSQL is not installed: postgres\nno room: b\nno room: b\n";
        let said = "PostgreSQL is not installed: postgres; no room: b";
        assert_eq!(without(list).as_deref(), Some(said));
    }

    #[cfg(unix)]
    #[test]
    fn tests_that_wrote_down_what_they_skipped_passed_in_part() {
        let list = "skipped-in-a-test.txt";
        let run = |script: &str| in_part("skip", list, command("sh").args(["-c", script]));
        let told = run("echo WebKit >> \"$PERCORSO_SKIPPED\"");
        assert!(matches!(told, Ok(Verdict::Partly(what)) if what == "WebKit"));
        let told = run("exit 0");
        assert!(matches!(told, Ok(Verdict::Passed)), "of this run only");
        assert!(run("exit 1").is_err());
    }
}
