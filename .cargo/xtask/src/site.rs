//! The builds of app and server, skipped when nothing they read has changed.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::step::{Failure, Outcome, cargo, root, run, target};
use crate::tools;

/// What the app is built from. Tests are left out: they do not change what is served.
const APP: [&str; 5] = ["Cargo.toml", "Cargo.lock", "app", "public", "style"];

/// What the server is built from.
const SERVER: [&str; 5] = ["Cargo.toml", "Cargo.lock", "app", "public", "server"];

/// One build of the app at a time: whoever comes second finds it done.
static APP_BUILD: Mutex<()> = Mutex::new(());

/// The server's program as it is used, once built.
pub fn binary() -> PathBuf {
    target().join("release/percorso")
}

/// The server's program as it is tested, once built.
pub fn tested() -> PathBuf {
    target().join("debug/percorso")
}

/// The built site, once built.
pub fn folder() -> PathBuf {
    target().join("site")
}

/// Builds app and server in release when an input is newer than the last build.
///
/// # Errors
/// When a tool cannot be installed or a build fails.
pub fn ensure_built() -> Outcome {
    ensure_app()?;
    unless_fresh("server", &SERVER, &binary(), || {
        let mut build = cargo(["leptos", "build", "--release", "--server-only"]);
        build.arg("--bin-cargo-args=--locked");
        build.env("PATH", tools::path());
        let usually = usually(
            &binary(),
            "1 to 2 minutes",
            "9 to 11 minutes the first time",
        );
        run("build the server in release", Some(usually), &mut build)
    })
}

/// Builds the app in release when an input is newer than the last build.
///
/// # Errors
/// When a tool cannot be installed or the build fails.
pub fn ensure_app() -> Outcome {
    let _alone = APP_BUILD.lock().unwrap_or_else(PoisonError::into_inner);
    tools::ensure_build_tools()?;
    unless_fresh("app", &APP, &folder(), || {
        let mut build = cargo(["leptos", "build", "--release", "--frontend-only"]);
        build.args(["--split", "--precompress", "--lib-cargo-args=--locked"]);
        build.env("PATH", tools::path());
        let usually = usually(&folder(), "1 to 3 minutes", "6 minutes the first time");
        run("build the app in release", Some(usually), &mut build)
    })
}

/// Builds the server that the checks ask. Not in release, so that an overflow counts as a mistake
/// too; with all packages and beside a test, since that is the build which the tests have made
/// already: cargo builds what tests depend on with the features that only tests ask for.
///
/// # Errors
/// When the build fails.
pub fn ensure_tested() -> Outcome {
    let mut build = cargo(["build", "--workspace", "--bin", "percorso", "--locked"]);
    build.args(["--test", "tidy"]);
    run("build the server", None, &mut build)
}

fn usually(built: &Path, again: &'static str, first: &'static str) -> &'static str {
    if built.exists() { again } else { first }
}

fn unless_fresh(
    what: &str,
    inputs: &[&str],
    built: &Path,
    build: impl FnOnce() -> Outcome,
) -> Outcome {
    let inputs = fingerprint(inputs)?;
    let stamp = target().join(format!("percorso/built-{what}"));
    let is_fresh = std::fs::read_to_string(&stamp).is_ok_and(|built| built == inputs);
    if is_fresh && built.exists() {
        println!("▸ release build of the {what} is up to date");
        return Ok(());
    }
    build()?;
    write(&stamp, &inputs)
}

/// Writes a file and the folders above it.
///
/// # Errors
/// When the disk refuses.
pub fn write(file: &Path, text: &str) -> Outcome {
    let folder = file.parent().expect("a file of ours lies in a folder");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(file, text))
        .map_err(|error| Failure::new(format!("{} was not written: {error}", file.display())))
}

/// Count and newest change of all inputs. Folders count too, so that a removed file is seen.
fn fingerprint(inputs: &[&str]) -> Outcome<String> {
    let mut seen = (0, UNIX_EPOCH);
    for input in inputs {
        let path = root().join(input);
        look(&path, &mut seen).map_err(|error| {
            Failure::new(format!("{} could not be read: {error}", path.display()))
        })?;
    }
    let (count, newest) = seen;
    let newest = newest.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!(
        "{count} inputs, newest at {} ns\n",
        newest.as_nanos()
    ))
}

fn look(path: &Path, seen: &mut (u64, SystemTime)) -> std::io::Result<()> {
    let about = path.metadata()?;
    seen.0 += 1;
    seen.1 = seen.1.max(about.modified()?);
    if !about.is_dir() || path.ends_with("tests") {
        return Ok(());
    }
    for entry in path.read_dir()? {
        look(&entry?.path(), seen)?;
    }
    Ok(())
}
