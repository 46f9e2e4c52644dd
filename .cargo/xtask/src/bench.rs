//! `bench`: figures beside their peers, printed as a table and written to `target/bench`.

use crate::step::{self, Failure, Outcome, command};
use crate::{chromium, site, tools};

const USAGE: &str = "\
  cargo xtask bench sync    first sync of 10,000 changes and 500 sends, beside PouchDB and RxDB
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
        [name, rest @ ..] if name == "sync" => sync(rest),
        [other, ..] => Err(Failure::new(format!(
            "there is no benchmark `{other}`\n\n{USAGE}"
        ))),
    }
}

fn sync(arguments: &[String]) -> Outcome {
    site::ensure_built()?;
    tools::ensure_npm(".cargo/xtask/bench")?;
    let chromium = chromium::ensure()?;
    let mut bench = command("node");
    bench
        .arg(".cargo/xtask/bench/sync.mjs")
        .args(arguments)
        .env("CHROMIUM", chromium);
    step::run(
        "measure sync beside its peers",
        Some("5 minutes"),
        &mut bench,
    )
}
