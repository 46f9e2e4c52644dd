//! The tools the build needs, each installed when missing and left alone when right.

use std::path::PathBuf;

use crate::step::{Failure, Outcome, answer, cargo, command, root, run, target};

const CARGO_LEPTOS: &str = "0.3.10";
const CARGO_FUZZ: &str = "0.13.2";
const BINARYEN: &str = "132.0.0";

/// Makes sure of everything that a release build calls.
///
/// # Errors
/// When a tool is missing and cannot be installed.
pub fn ensure_build_tools() -> Outcome {
    ensure_wasm_target()?;
    ensure_cargo_tool("cargo-leptos", "cargo-leptos", CARGO_LEPTOS, "6 minutes")?;
    ensure_wasm_bindgen()?;
    ensure_wasm_opt()
}

/// Makes sure of what binds WebAssembly to a browser, and of the target that it is built for.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure_wasm_bindgen() -> Outcome {
    ensure_wasm_target()?;
    let bindgen = locked_version("wasm-bindgen")?;
    ensure_cargo_tool("wasm-bindgen-cli", "wasm-bindgen", &bindgen, "2 minutes")
}

/// Makes sure of what builds the fuzz targets.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn ensure_cargo_fuzz() -> Outcome {
    ensure_cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, "1 minute")
}

/// Makes sure of the standard library for WebAssembly.
///
/// # Errors
/// When `rustup` is missing or has no network.
pub fn ensure_wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let installed = answer(command("rustup").args(["target", "list", "--installed"]));
    if installed.is_some_and(|list| list.lines().any(|line| line == TARGET)) {
        return Ok(());
    }
    let mut install = command("rustup");
    install.args(["target", "add", TARGET]);
    run(
        "install Rust's standard library for WebAssembly",
        Some("10 s"),
        &mut install,
    )
}

/// Makes sure of the packages of one of this project's npm folders, as its lock file names
/// them, and reinstalls them only when that file has changed.
///
/// # Errors
/// When `npm` is missing or fails.
pub fn ensure_npm(folder: &str) -> Outcome {
    let folder = root().join(folder);
    let lock = std::fs::read(folder.join("package-lock.json")).map_err(|error| {
        Failure::new(format!(
            "{} has no package-lock.json: {error}",
            folder.display()
        ))
    })?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut install = command("npm");
    install
        .current_dir(&folder)
        .args(["ci", "--no-fund", "--no-audit"]);
    run(
        &format!("install npm packages in {}", folder.display()),
        Some("20 s"),
        &mut install,
    )?;
    std::fs::write(&stamp, lock)
        .map_err(|error| Failure::new(format!("{} could not be written: {error}", stamp.display())))
}

/// `PATH` with this project's own tools first.
pub fn path() -> std::ffi::OsString {
    let mut places = vec![
        target().join("tools/bin"),
        tools_folder().join("node_modules/.bin"),
    ];
    places.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    std::env::join_paths(places).expect("parts of PATH have no separator")
}

/// The version of a package that `Cargo.lock` holds.
///
/// # Errors
/// When the file cannot be read or does not name the package.
pub fn locked_version(package: &str) -> Outcome<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| Failure::new(format!("Cargo.lock could not be read: {error}")))?;
    version_in(&lock, package)
        .ok_or_else(|| Failure::new(format!("Cargo.lock does not name {package}")))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')?;
    Some(version.to_owned())
}

fn ensure_cargo_tool(package: &str, program: &str, version: &str, usually: &str) -> Outcome {
    let found = answer(command(program).env("PATH", path()).arg("--version"));
    let has = |text: &String| text.split_whitespace().any(|word| word == version);
    if found.as_ref().is_some_and(has) {
        return Ok(());
    }
    let mut install = cargo(["install", package, "--version", version, "--locked"]);
    // Another version on the machine serves another project: ours then stays in our folder.
    if found.is_some() {
        install.arg("--root").arg(target().join("tools"));
    }
    // These tools are run once per build: compiling them fast matters more than their speed.
    install
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run(
        &format!("install {package} {version}"),
        Some(usually),
        &mut install,
    )
}

fn ensure_wasm_opt() -> Outcome {
    let package = tools_folder().join("node_modules/binaryen/package.json");
    let wanted = format!("\"version\": \"{BINARYEN}\"");
    if std::fs::read_to_string(package).is_ok_and(|text| text.contains(&wanted)) {
        return Ok(());
    }
    let mut install = command("npm");
    install.arg("install").arg("--prefix").arg(tools_folder());
    install.args([
        "--no-save",
        "--no-fund",
        "--no-audit",
        &format!("binaryen@{BINARYEN}"),
    ]);
    std::fs::create_dir_all(tools_folder())
        .map_err(|error| Failure::new(format!("target/tools could not be made: {error}")))?;
    run(
        "install wasm-opt into target/tools",
        Some("15 s"),
        &mut install,
    )
}

fn tools_folder() -> PathBuf {
    target().join("tools")
}

/// A program's file, where `PATH` has it.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let places = std::env::var_os("PATH")?;
    std::env::split_paths(&places)
        .map(|place| place.join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_locked_version_is_the_one_of_that_package_alone() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.126"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
