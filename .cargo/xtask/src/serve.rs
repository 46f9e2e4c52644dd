//! `serve`: from a fresh checkout to a running demonstration ambito, in one command.

use std::path::PathBuf;
use std::process::Command;

use crate::step::{Failure, Outcome, command, root, target};
use crate::{options, site};

/// Builds what is missing, makes the demonstration database the first time, then serves.
///
/// # Errors
/// When a step before serving fails. Once serving, the server's own exit code is ours.
pub fn run(arguments: &[String]) -> Outcome {
    let [port, database] = options(arguments, ["--port", "--db"])?;
    let port = port.unwrap_or_else(|| "3000".to_owned());
    if port.parse::<u16>().is_err() {
        return Err(Failure::new(format!(
            "`{port}` is not a port; take one from 1 to 65535"
        )));
    }
    site::ensure_built()?;
    let database = match database {
        Some(named) => named,
        None => demonstration()?,
    };
    println!("▸ serving http://127.0.0.1:{port} (stop with Ctrl-C)");
    let mut server = server();
    server.args([
        "serve",
        "--addr",
        &format!("127.0.0.1:{port}"),
        "--database",
        &database,
    ]);
    server.arg("--site").arg(site::folder());
    become_command(&mut server)
}

/// The embedded database of this checkout, filled with the demonstration ambito when new.
fn demonstration() -> Outcome<String> {
    let file = demonstration_file();
    let url = format!("sqlite:{}", file.display());
    if file.is_file() {
        return Ok(url);
    }
    // The file gets its name only once it is whole: an interrupted first start starts again.
    let draft = file.with_extension("draft");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", draft.display()));
    }
    std::fs::create_dir_all(target().join("percorso"))
        .map_err(|error| Failure::new(format!("target/percorso could not be made: {error}")))?;
    let mut demo = server();
    demo.args(["demo", "--database", &format!("sqlite:{}", draft.display())]);
    crate::step::run("make the demonstration ambito", Some("10 s"), &mut demo)?;
    for suffix in ["-wal", "-shm"] {
        let part = PathBuf::from(format!("{}{suffix}", draft.display()));
        if part.is_file() {
            rename(&part, &PathBuf::from(format!("{}{suffix}", file.display())))?;
        }
    }
    rename(&draft, &file)?;
    Ok(url)
}

fn demonstration_file() -> PathBuf {
    target().join("percorso/percorso.db")
}

fn rename(from: &PathBuf, to: &PathBuf) -> Outcome {
    std::fs::rename(from, to)
        .map_err(|error| Failure::new(format!("{} was not renamed: {error}", from.display())))
}

fn server() -> Command {
    let mut server = command(&site::binary().to_string_lossy());
    server.current_dir(root());
    server
}

/// Replaces this process by the server, so that signals and exit codes are the server's own.
#[cfg(unix)]
fn become_command(server: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let error = server.exec();
    Err(Failure::new(format!(
        "the server could not be started: {error}"
    )))
}

#[cfg(not(unix))]
fn become_command(server: &mut Command) -> Outcome {
    crate::step::run("serve", None, server)
}
