//! `fuzz`: the fuzz targets of `app/replica/fuzz`, all at once, for a bounded time.

use std::process::Child;

use crate::options;
use crate::step::{self, Failure, Outcome, answer, command, root, target};
use crate::tools;

const TARGETS: [&str; 3] = ["op", "message", "merge"];
/// Where the targets lie, and beside them what they begin with.
const FOLDER: &str = "app/replica/fuzz";
/// The op bytes of every release are a good beginning too.
const FROZEN: &str = "app/domain/tests/frozen";
const SECONDS: u64 = 60;
/// The longest input: a day's work of one person.
const INPUT_BYTES_MAX: u32 = 65_536;

/// Runs every target for `--seconds N`, side by side, from what earlier runs found.
///
/// # Errors
/// When a target cannot be built, or finds something: the sentence names the input's file.
pub fn run(arguments: &[String]) -> Outcome {
    let [seconds] = options(arguments, ["--seconds"])?;
    let seconds = match seconds {
        None => SECONDS,
        Some(text) => text
            .parse()
            .map_err(|_| Failure::new(format!("`{text}` is not a number of seconds")))?,
    };
    tools::ensure_cargo_fuzz()?;
    build()?;
    println!("▸ fuzz {} for {seconds} s each", TARGETS.join(", "));
    let mut running = Vec::new();
    for name in TARGETS {
        running.push((name, start(name, seconds)?));
    }
    let mut found = Vec::new();
    for (name, mut child) in running {
        let status = child
            .wait()
            .map_err(|error| Failure::new(format!("the target {name} was lost: {error}")))?;
        println!("  {name}: {}", last_line(name));
        if !status.success() {
            found.push(name);
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} found something: the input lies under target/fuzz/found, what it broke in \
         target/fuzz/{}.log",
        found.join(", "),
        found.first().copied().unwrap_or_default()
    )))
}

/// Whether this machine can build the targets: the fuzzer itself is in C++.
pub fn can_run() -> bool {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    cfg!(target_os = "linux") && answer(command(&compiler).arg("--version")).is_some()
}

fn build() -> Outcome {
    let mut build = command("cargo");
    // Without a sanitizer stable Rust does: there is no unsafe code here to look into.
    build.args(["fuzz", "build", "--sanitizer", "none", "--fuzz-dir", FOLDER]);
    build.arg("--target-dir").arg(target().join("fuzz/build"));
    build.env("PATH", tools::path());
    step::run("build the fuzz targets", Some("2 minutes"), &mut build)
}

fn start(name: &str, seconds: u64) -> Outcome<Child> {
    let fuzz = target().join("fuzz");
    let corpus = fuzz.join("corpus").join(name);
    let found = fuzz.join("found").join(name);
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::new(format!("{} could not be made: {error}", folder.display()))
        })?;
    }
    let log = std::fs::File::create(fuzz.join(format!("{name}.log")))
        .map_err(|error| Failure::new(format!("the log could not be written: {error}")))?;
    let program = answer(command("rustc").arg("-vV"))
        .and_then(|text| {
            Some(
                text.lines()
                    .find_map(|line| line.strip_prefix("host: "))?
                    .to_owned(),
            )
        })
        .map(|host| fuzz.join("build").join(host).join("release").join(name))
        .ok_or_else(|| Failure::new("`rustc` does not say for which machine it builds"))?;
    let mut run = command(&program.to_string_lossy());
    run.arg(format!("-max_total_time={seconds}"));
    run.arg(format!("-max_len={INPUT_BYTES_MAX}"));
    run.arg(format!("-artifact_prefix={}/", found.display()));
    run.arg(corpus);
    run.arg(root().join(FOLDER).join("seeds").join(name));
    if name == "op" {
        run.arg(root().join(FROZEN));
    }
    run.stderr(log)
        .spawn()
        .map_err(|error| Failure::new(format!("{} did not start: {error}", program.display())))
}

/// How much a target did, in its own words.
fn last_line(name: &str) -> String {
    let log = std::fs::read_to_string(target().join(format!("fuzz/{name}.log")));
    let last = |text: String| {
        text.lines()
            .rev()
            .find(|line| !line.is_empty())
            .map(str::to_owned)
    };
    log.ok().and_then(last).unwrap_or_default()
}
