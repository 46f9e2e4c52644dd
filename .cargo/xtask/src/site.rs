//! The release build of server and site, skipped when nothing it reads has changed.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::step::{Failure, Outcome, cargo, root, run, target};
use crate::tools;

/// What the release build reads. Tests are left out: they do not change what is served.
const INPUTS: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "app",
    "server",
    "public",
    "style",
];

/// The server's program, once built.
pub fn binary() -> PathBuf {
    target().join("release/percorso")
}

/// The built site, once built.
pub fn folder() -> PathBuf {
    target().join("site")
}

/// Builds server and site in release when an input is newer than the last build.
///
/// # Errors
/// When a tool cannot be installed or the build fails.
pub fn ensure_built() -> Outcome {
    tools::ensure_build_tools()?;
    let inputs = fingerprint()?;
    let stamp = target().join("percorso/built");
    let is_fresh = std::fs::read_to_string(&stamp).is_ok_and(|built| built == inputs);
    if is_fresh && binary().is_file() && folder().is_dir() {
        println!("▸ release build is up to date");
        return Ok(());
    }
    let mut build = cargo(["leptos", "build", "--release", "--split", "--precompress"]);
    build.args(["--bin-cargo-args=--locked", "--lib-cargo-args=--locked"]);
    build.env("PATH", tools::path());
    let usually = if binary().is_file() {
        "1 to 4 minutes"
    } else {
        "9 minutes the first time"
    };
    run("build server and app in release", Some(usually), &mut build)?;
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
fn fingerprint() -> Outcome<String> {
    let mut seen = (0, UNIX_EPOCH);
    for input in INPUTS {
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
