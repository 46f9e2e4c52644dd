//! One command at a time: says what it does, how long it usually takes and how long it took.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Why the tool stopped, as a sentence that says what to do.
#[derive(Debug)]
pub struct Failure(String);

/// The result of everything in this tool.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The workspace root, from where this crate lies.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("the tool lies two folders below the root")
        .to_path_buf()
}

/// The build folder: `CARGO_TARGET_DIR` is not followed, because the site's place is fixed.
pub fn target() -> PathBuf {
    root().join("target")
}

/// A command that runs in the workspace root, without what `cargo run` told this tool about
/// itself: a build script that reads those variables would be run again each time.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let own = name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG") || name.starts_with("CARGO_MANI"));
        if own {
            command.env_remove(name);
        }
    }
    command.env_remove("CARGO_TARGET_DIR");
    command
}

/// The `cargo` of this toolchain with these arguments.
pub fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = command("cargo");
    command.args(arguments);
    command
}

/// Says what comes, runs the command, says how long it took.
///
/// # Errors
/// When the program is missing or ends with another code than zero.
pub fn run(what: &str, usually: Option<&str>, command: &mut Command) -> Outcome {
    match usually {
        Some(usually) => println!("▸ {what} (usually {usually})"),
        None => println!("▸ {what}"),
    }
    let start = Instant::now();
    let status = command
        .status()
        .map_err(|error| not_started(command, &error))?;
    if !status.success() {
        return Err(Failure::new(format!(
            "{what}: `{}` {status}",
            line(command)
        )));
    }
    println!("  done in {}", lasting(start.elapsed()));
    Ok(())
}

/// What a command prints, or nothing when it is missing or fails: for asking versions.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// A duration as people say it.
pub fn lasting(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", time.as_secs_f32())
    }
}

/// A whole number as people write it, with or without marks between the thousands.
///
/// # Errors
/// When it is none.
pub fn number(text: &str) -> Outcome<u64> {
    text.replace(['_', ','], "")
        .parse()
        .map_err(|_| Failure::new(format!("`{text}` is not a whole number")))
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(format!(
        "`{program}` could not be started: {error}; is it installed?"
    ))
}

fn line(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{command, lasting, run};
    use std::time::Duration;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(lasting(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(lasting(Duration::from_secs(125)), "2 min 05 s");
    }

    #[test]
    fn a_command_that_fails_or_is_missing_is_a_failure_that_names_it() {
        let failed = run("try", None, &mut command("false")).unwrap_err();
        assert!(failed.to_string().contains("`false`"), "{failed}");
        let missing = run("try", None, &mut command("no-such-program")).unwrap_err();
        assert!(missing.to_string().contains("is it installed"), "{missing}");
    }
}
