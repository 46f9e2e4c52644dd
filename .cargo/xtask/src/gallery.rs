//! `gallery`: a screenshot of every screen, in both sizes, languages and schemes.

use crate::step::{self, Failure, Outcome, command, root, target};
use crate::{chromium, site, tools};

/// Takes the screenshots into `target/gallery` and writes its `index.html`.
///
/// # Errors
/// When an argument is given, or a screen cannot be reached.
pub fn run(arguments: &[String]) -> Outcome {
    if let Some(argument) = arguments.first() {
        return Err(Failure::new(format!(
            "`gallery` takes no argument such as `{argument}`"
        )));
    }
    site::ensure_built()?;
    tools::ensure_npm("end2end")?;
    let mut playwright = command("npx");
    playwright.current_dir(root().join("end2end"));
    playwright.args(["playwright", "test", "--config", "gallery.config.ts"]);
    playwright.env("CHROMIUM", chromium::ensure()?);
    step::run(
        "take screenshots of every screen",
        Some("4 minutes"),
        &mut playwright,
    )?;
    println!("  open {}", target().join("gallery/index.html").display());
    Ok(())
}
