//! `bench`: figures beside their peers, printed as a table and written to `target/bench`.

use std::path::Path;
use std::process::Stdio;

use crate::step::{self, Failure, Outcome, cargo, command, target};
use crate::{chromium, options, site, tools};

const USAGE: &str = "\
  cargo xtask bench sync [--trace]                  first sync of 10,000 changes and 500 sends,
                                                    beside PouchDB and RxDB; where the time goes
  cargo xtask bench phone [--trace]                 start, unlock, save, search and memory on a
                                                    phone four times slower, beside them; where
                                                    the time goes; Lighthouse
  cargo xtask bench conflict [--seeds N] [--from S] the same histories of people who write without
                                                    each other: words lost here and in PouchDB
  cargo xtask bench search [--pairs FILE.tsv]       finding names among 5,000 people, beside Double
                                                    Metaphone and trigrams
  cargo xtask bench server [--quick] [--only DB]    200 phones at once and a log of 1,000,000
                                                    changes, over HTTP, on SQLite and PostgreSQL,
                                                    beside express-pouchdb; DB: sqlite, postgres
";

/// Runs one benchmark by name; without a name, lists them.
///
/// # Errors
/// When there is no such benchmark, or it fails.
pub fn run(arguments: &[String]) -> Outcome {
    match arguments {
        [] => {
            print!("{USAGE}");
            Ok(())
        }
        [name, rest @ ..] if name == "sync" => in_chromium("sync", "5 minutes", rest),
        [name, rest @ ..] if name == "phone" => in_chromium("phone", "15 minutes", rest),
        [name, rest @ ..] if name == "conflict" => conflict(rest),
        [name, rest @ ..] if name == "search" => search(rest),
        [name, rest @ ..] if name == "server" => server(rest),
        [other, ..] => Err(Failure::new(format!(
            "there is no benchmark `{other}`\n\n{USAGE}"
        ))),
    }
}

/// A benchmark of the release build in Chromium, by the name of its script.
fn in_chromium(name: &str, usually: &str, arguments: &[String]) -> Outcome {
    site::ensure_built()?;
    tools::ensure_npm(".cargo/xtask/bench")?;
    let chromium = chromium::ensure()?;
    let mut bench = command("node");
    bench
        .arg(format!(".cargo/xtask/bench/{name}.mjs"))
        .args(arguments)
        .env("CHROMIUM", chromium);
    let what = format!("measure {name} beside its peers");
    step::run(&what, Some(usually), &mut bench)
}

/// Draws the histories with our own code, which says what becomes of their words here, and hands
/// the same lines to PouchDB.
fn conflict(arguments: &[String]) -> Outcome {
    let [seeds, from] = options(arguments, ["--seeds", "--from"])?;
    let seeds = step::number(seeds.as_deref().unwrap_or("100"))?;
    let from = step::number(from.as_deref().unwrap_or("0"))?;
    tools::ensure_npm(".cargo/xtask/bench")?;
    step::run(
        "build what draws the histories",
        Some("1 minute the first time"),
        &mut cargo([
            "build",
            "--release",
            "--package",
            "replica",
            "--example",
            "conflict",
        ]),
    )?;
    let program = target().join("release/examples/conflict");
    let mut histories = command(&program.to_string_lossy())
        .args([from.to_string(), seeds.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("the histories were not drawn: {error}")))?;
    let mut bench = command("node");
    bench.arg(".cargo/xtask/bench/conflict.mjs");
    if let Some(lines) = histories.stdout.take() {
        bench.stdin(lines);
    }
    let what = format!("{seeds} histories from seed {from} through Percorso and PouchDB");
    let compared = step::run(&what, Some("1 minute for 100"), &mut bench);
    let drawn = histories.wait().is_ok_and(|status| status.success());
    compared?;
    if drawn {
        Ok(())
    } else {
        Err(Failure::new("a history broke off; its line is the last"))
    }
}

/// The pairs of the tests, unless others are named.
const PAIRS: &str = "app/domain/tests/search/pairs.tsv";
const NAMES: &str = "server/data/demo/names.tsv";
const DATABASES: [&str; 2] = ["sqlite", "postgres"];

fn search(arguments: &[String]) -> Outcome {
    let [pairs] = options(arguments, ["--pairs"])?;
    let pairs = pairs.map_or_else(|| step::root().join(PAIRS), Into::into);
    let pairs = std::path::absolute(&pairs)
        .ok()
        .filter(|file| file.is_file())
        .ok_or_else(|| Failure::new(format!("there is no file `{}`", pairs.display())))?;
    let folder = step::target().join("bench/search");
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::new(format!("{} cannot be made: {error}", folder.display())))?;
    tools::ensure_wasm_bindgen()?;
    tools::ensure_npm(".cargo/xtask/bench")?;
    let chromium = chromium::ensure()?;
    build_search(&folder)?;
    measure_search(&pairs, &folder)?;
    let mut bench = command("node");
    bench
        .arg(".cargo/xtask/bench/search.mjs")
        .arg(&folder)
        .env("CHROMIUM", chromium);
    step::run(
        "search in Chromium, ours and the peer's",
        Some("2 minutes"),
        &mut bench,
    )
}

/// The engine as a program and, as the phone gets it, as WebAssembly.
fn build_search(folder: &Path) -> Outcome {
    step::run(
        "build the search natively",
        Some("1 minute"),
        &mut cargo(["build", "--release", "--package", "search-bench"]),
    )?;
    let mut wasm = cargo(["build", "--lib", "--package", "search-bench"]);
    wasm.args([
        "--profile",
        "wasm-release",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    step::run(
        "build the search as WebAssembly",
        Some("1 minute"),
        &mut wasm,
    )?;
    let module = "wasm32-unknown-unknown/wasm-release/search_bench.wasm";
    let mut bindgen = command("wasm-bindgen");
    bindgen
        .env("PATH", tools::path())
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .arg(folder)
        .arg(step::target().join(module));
    step::run("bind it for the browser", None, &mut bindgen)
}

fn measure_search(pairs: &Path, folder: &Path) -> Outcome {
    let mut native = command("cargo");
    native.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "search-bench",
        "--",
    ]);
    native.args([pairs, Path::new(NAMES), &folder.join("world.json")]);
    native.arg(folder.join("native.json"));
    step::run("search natively", Some("20 s"), &mut native)
}

/// The release program under the load of many phones, which are a program of their own.
fn server(arguments: &[String]) -> Outcome {
    let (quick, others): (Vec<String>, Vec<String>) = arguments
        .iter()
        .cloned()
        .partition(|argument| argument == "--quick");
    let [only] = options(&others, ["--only"])?;
    if let Some(only) = only.as_deref().filter(|only| !DATABASES.contains(only)) {
        let known = DATABASES.join(" and ");
        return Err(Failure::new(format!(
            "`{only}` is not a database that is measured; there are {known}"
        )));
    }
    site::ensure_built()?;
    tools::ensure_npm(".cargo/xtask/bench")?;
    step::run(
        "build the phones",
        Some("1 minute the first time"),
        &mut cargo(["build", "--release", "--package", "load-bench"]),
    )?;
    let mut bench = command(&target().join("release/load-bench").to_string_lossy());
    bench.arg(site::binary()).arg(site::folder());
    bench.arg(".cargo/xtask/bench/peers/pouchdb.load.mjs");
    bench.arg(target().join("bench")).args(&quick);
    if let Some(only) = only {
        bench.args(["--only", &only]);
    }
    let usually = if quick.is_empty() {
        "8 minutes"
    } else {
        "1 minute"
    };
    step::run("measure the server with phones", Some(usually), &mut bench)
}
