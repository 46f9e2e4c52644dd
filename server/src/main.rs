//! The `percorso` program: reads its options, does one thing, and says in one sentence when it
//! cannot.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use server::cli::{self, Failure};
use server::config::Cli;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let quiet = EnvFilter::new("info,sqlx=warn");
    let filter = EnvFilter::try_from_env("PERCORSO_LOG").unwrap_or(quiet);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    std::panic::set_hook(Box::new(|panic| {
        // The message may quote a value, and a value may be somebody's: only the place is told.
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(
            code.place = place,
            "panicked: this is a mistake in the program"
        );
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(cli::run(cli)),
        Err(_) => Err(Failure::new(
            "no threads could be started: free some memory",
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("percorso: {failure}");
            ExitCode::FAILURE
        }
    }
}
