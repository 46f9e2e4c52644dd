//! The Chromium that journeys, pictures and benchmarks run in: found, or installed in the first way
//! that works on this machine.

use std::path::PathBuf;
use std::process::Command;

use crate::step::{Failure, Outcome, answer, command, root, run};
use crate::tools::{ensure_npm, on_path};

/// The program and the package of the Chromium that never has a window.
const WINDOWLESS: &str = "chromium-headless-shell";

/// The package of letters for every family's language.
const FONTS: &str = "fonts-noto-core";

/// A way to a Chromium on a machine that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Debian's package, for the whole machine.
    Apt,
    /// The one that Playwright downloads into the user's own cache.
    Playwright,
}

/// What says where a Chromium is, without installing anything.
struct Seen {
    named: Option<PathBuf>,
    on_path: Option<PathBuf>,
}

/// The Chromium for tests: `CHROMIUM` when set, else one on `PATH`, else one that is installed.
///
/// # Errors
/// When there is none and it cannot be installed; the sentence says how to.
pub fn ensure() -> Outcome<PathBuf> {
    let seen = Seen {
        named: std::env::var_os("CHROMIUM").map(PathBuf::from),
        on_path: chromium_on_path(),
    };
    if let Some(found) = found(seen)? {
        return Ok(found);
    }
    if let Some(found) = playwrights().filter(starts) {
        return Ok(found);
    }
    first_that_works(ways(may_use_apt()), |way| match way {
        Way::Apt => with_apt(),
        Way::Playwright => with_playwright(),
    })
}

/// The Chromium for most journeys: the one that never has a window, which opens a phone in half of
/// the time, where this machine has it or Debian brings it; else the one that everything runs in.
///
/// # Errors
/// When there is neither and none can be installed; the sentence says how to.
pub fn ensure_windowless() -> Outcome<PathBuf> {
    if std::env::var_os("CHROMIUM").is_some() {
        return ensure();
    }
    if let Some(found) = on_path(WINDOWLESS).filter(starts) {
        return Ok(found);
    }
    // Ubuntu has no package of this name.
    if is_debian() && may_use_apt() {
        match install("a Chromium without a window", &[WINDOWLESS, FONTS]) {
            Ok(()) => {
                if let Some(found) = on_path(WINDOWLESS).filter(starts) {
                    return Ok(found);
                }
            }
            Err(failure) => println!("  that did not work: {failure}"),
        }
    }
    ensure()
}

/// What is there already; a `CHROMIUM` that names nothing is a mistake, not a wish for another.
fn found(seen: Seen) -> Outcome<Option<PathBuf>> {
    match seen.named {
        Some(named) if named.is_file() => Ok(Some(named)),
        Some(named) => Err(Failure::new(format!(
            "CHROMIUM names {}, not a file",
            named.display()
        ))),
        None => Ok(seen.on_path),
    }
}

/// The ways to try, in order: the machine's own package where we may install it, because it brings
/// the libraries that it needs.
const fn ways(may_use_apt: bool) -> &'static [Way] {
    if may_use_apt {
        &[Way::Apt, Way::Playwright]
    } else {
        &[Way::Playwright]
    }
}

/// Tries one way after the other; when all fail, says why each did and what a person can do.
fn first_that_works(
    ways: &[Way],
    mut install: impl FnMut(Way) -> Outcome<PathBuf>,
) -> Outcome<PathBuf> {
    let mut failures = Vec::new();
    for way in ways {
        match install(*way) {
            Ok(chromium) => return Ok(chromium),
            Err(failure) => {
                println!("  that did not work: {failure}");
                failures.push(failure.to_string());
            }
        }
    }
    Err(Failure::new(format!(
        "Chromium is missing and could not be installed: install a Chromium or Chrome (on Debian: \
         `sudo apt-get install chromium`), or say where one is with CHROMIUM=/path/to/chromium\n\
         tried: {}",
        failures.join("\ntried: ")
    )))
}

fn with_apt() -> Outcome<PathBuf> {
    install("Chromium", &["chromium", FONTS])?;
    // Ubuntu's package of this name only points to a snap, which does not run everywhere.
    chromium_on_path()
        .filter(starts)
        .ok_or_else(|| Failure::new("Debian's Chromium was installed but does not start"))
}

fn with_playwright() -> Outcome<PathBuf> {
    ensure_npm("end2end")?;
    let mut install = command("npx");
    install.current_dir(root().join("end2end")).args([
        "playwright",
        "install",
        "--no-shell",
        "chromium",
    ]);
    run(
        "download Playwright's Chromium, 180 MB, into this user's cache",
        Some("1 minute"),
        &mut install,
    )?;
    let chromium = playwrights()
        .ok_or_else(|| Failure::new("Playwright does not say where its Chromium is"))?;
    if starts(&chromium) {
        Ok(chromium)
    } else {
        Err(Failure::new(format!(
            "{} does not start: it wants libraries that `sudo npx playwright install-deps \
             chromium` in end2end installs",
            chromium.display()
        )))
    }
}

/// Where Playwright keeps its Chromium, if it has one.
fn playwrights() -> Option<PathBuf> {
    let mut ask = command("node");
    ask.current_dir(root().join("end2end")).args([
        "--print",
        "require('@playwright/test').chromium.executablePath()",
    ]);
    let file = PathBuf::from(answer(&mut ask)?.trim());
    file.is_file().then_some(file)
}

fn starts(chromium: &PathBuf) -> bool {
    answer(Command::new(chromium).arg("--version")).is_some()
}

fn chromium_on_path() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(on_path)
}

fn may_use_apt() -> bool {
    let is_root = answer(command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    is_root && on_path("apt-get").is_some()
}

fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

/// Installs packages of the machine's own.
fn install(what: &str, packages: &[&str]) -> Outcome {
    run(
        "refresh the list of packages",
        Some("10 s"),
        apt().args(["update", "-q"]),
    )?;
    let mut install = apt();
    install.args(["install", "-q", "-y", "--no-install-recommends"]);
    install.args(packages);
    run(&format!("install {what}"), Some("1 minute"), &mut install)
}

fn apt() -> Command {
    let mut apt = command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_comes_first_and_must_be_there() {
        let here = root().join("Cargo.toml");
        let on_path = Some(PathBuf::from("/usr/bin/chromium"));
        let seen = |named: Option<&PathBuf>| Seen {
            named: named.cloned(),
            on_path: on_path.clone(),
        };
        assert_eq!(found(seen(Some(&here))).unwrap(), Some(here));
        assert_eq!(found(seen(None)).unwrap(), on_path);
        let wrong = found(seen(Some(&PathBuf::from("/no/such/chromium")))).unwrap_err();
        assert!(wrong.to_string().contains("/no/such/chromium"), "{wrong}");
    }

    #[test]
    fn without_debian_or_its_rights_playwright_brings_its_own() {
        let mut tried = Vec::new();
        let mut install = |way: Way| {
            tried.push(way);
            match way {
                Way::Apt => Err(Failure::new("no network")),
                Way::Playwright => Ok(PathBuf::from("chrome")),
            }
        };
        for may_use_apt in [false, true] {
            let found = first_that_works(ways(may_use_apt), &mut install).unwrap();
            assert_eq!(found, PathBuf::from("chrome"));
        }
        assert_eq!(tried, [Way::Playwright, Way::Apt, Way::Playwright]);
        let mut tried = Vec::new();
        let found = first_that_works(ways(true), |way| {
            tried.push(way);
            Ok(PathBuf::from("chromium"))
        });
        assert_eq!(found.unwrap(), PathBuf::from("chromium"));
        assert_eq!(tried, [Way::Apt], "what is there is not downloaded again");
    }

    #[test]
    fn where_nothing_helps_the_way_out_is_said() {
        let failed = first_that_works(ways(true), |way| {
            Err(Failure::new(format!("{way:?} has no network")))
        });
        let said = failed.unwrap_err().to_string();
        for part in [
            "CHROMIUM=/path/to/chromium",
            "tried: Apt has no network",
            "tried: Playwright has no network",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}
