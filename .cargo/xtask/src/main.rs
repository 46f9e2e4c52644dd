//! `cargo xtask`: everything this project does beyond `cargo build`, in one crate.
//!
//! It only calls tools and tells what they do; it must never hold a rule of the product.

mod api;
mod bench;
mod chromium;
mod fuzz;
mod gallery;
mod serve;
mod sim;
mod site;
mod size;
mod step;
mod test;
mod tools;

use std::process::ExitCode;

use crate::step::{Failure, Outcome};

const HELP: &str = "\
Percorso's own tool.

  cargo xtask serve [--port N] [--db URL]   build in release and serve the demonstration ambito
  cargo xtask test [STEP] [JOURNEY…]        run every check, or one step of it, or some journeys
  cargo xtask sim [--seeds N] [--from S]    run the deterministic simulation on other seeds
                                            and keep those that fail, shrunk, in its seeds.txt
                  [--without drop,crash,…]  … without these classes of faults
                  [--only drop,crash,…]     … with these alone
  cargo xtask fuzz [--seconds N]            look for input that breaks reading and merging
  cargo xtask bench [NAME]                  run a benchmark; without a name, list them
  cargo xtask gallery                       take screenshots of every screen
  cargo xtask help                          show this text
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    match command.as_str() {
        "serve" => serve::run(rest),
        "test" => test::run(rest),
        "sim" => sim::run(rest),
        "fuzz" => fuzz::run(rest),
        "bench" => bench::run(rest),
        "gallery" => gallery::run(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(format!(
            "there is no subcommand `{other}`\n\n{HELP}"
        ))),
    }
}

/// Reads `--name value` pairs; anything else is refused, so that a typing mistake is never
/// silently ignored.
fn options<const N: usize>(arguments: &[String], names: [&str; N]) -> Outcome<[Option<String>; N]> {
    let mut values = [const { None }; N];
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let place = names
            .iter()
            .position(|name| argument == name)
            .ok_or_else(|| {
                Failure::new(format!(
                    "`{argument}` is not an option; there are {}",
                    names.join(" ")
                ))
            })?;
        let value = rest
            .next()
            .ok_or_else(|| Failure::new(format!("`{argument}` wants a value after it")))?;
        if let Some(slot) = values.get_mut(place) {
            *slot = Some(value.clone());
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::options;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read_in_any_order_and_others_are_refused() {
        let names = ["--port", "--db"];
        let read = options(&words("--db sqlite:x --port 4000"), names).unwrap();
        assert_eq!(read, [Some("4000".to_owned()), Some("sqlite:x".to_owned())]);
        assert!(options(&words("--prot 4000"), names).is_err());
        assert!(options(&words("--port"), names).is_err());
    }
}
