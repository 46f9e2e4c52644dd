//! Asks the server what its description allows and what it does not, and looks for mistakes of the
//! server's own: schemathesis makes the requests up from the description.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::site;
use crate::step::{Failure, Outcome, answer, command, root, run, target};

const SCHEMATHESIS: &str = "4.32.5";
/// Requests that are made up for each operation in each run.
const EXAMPLES: &str = "100";
/// The same requests each time: what is found once is found again.
const SEED: &str = "20261124";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";
/// Who asks: nobody, and people of the demonstration who see different things.
const CALLERS: [(&str, Option<&str>); 3] = [
    ("without a sign-in", None),
    ("as a mediator", Some("samira")),
    ("as a coordinator", Some("marta")),
];
const START_MAX: Duration = Duration::from_secs(20);

/// Runs everything; answers what kept it from running, if something did.
///
/// # Errors
/// When the server cannot be built or started, or makes a mistake.
pub fn check() -> Outcome<Option<&'static str>> {
    if answer(command("python3").args(["-m", "venv", "-h"])).is_none() {
        return Ok(Some("SKIPPED: there is no python3 with venv"));
    }
    if let Err(failure) = ensure_schemathesis() {
        eprintln!("  {failure}");
        return Ok(Some("SKIPPED: schemathesis could not be installed"));
    }
    site::ensure_tested()?;
    let server = Server::start()?;
    for (who, login) in CALLERS {
        let mut ask = ask(&server.origin, login);
        run(&format!("ask {who}"), Some("30 s"), &mut ask)?;
    }
    Ok(None)
}

/// Where one run keeps everything.
fn folder() -> PathBuf {
    target().join("percorso/api")
}

/// Installs schemathesis in a folder of its own, once.
fn ensure_schemathesis() -> Outcome {
    let folder = target().join("tools/schemathesis");
    let program = folder.join("bin/schemathesis");
    let found = answer(command(&program.to_string_lossy()).arg("--version"));
    if found.is_some_and(|text| text.trim().ends_with(SCHEMATHESIS)) {
        return Ok(());
    }
    let mut venv = command("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    run("make a folder for schemathesis", None, &mut venv)?;
    let mut install = command(&folder.join("bin/pip").to_string_lossy());
    install.args(["install", "--quiet", "--disable-pip-version-check"]);
    install.arg(format!("schemathesis=={SCHEMATHESIS}"));
    run("install schemathesis", Some("20 s"), &mut install)
}

fn ask(origin: &str, login: Option<&str>) -> Command {
    let program = target().join("tools/schemathesis/bin/schemathesis");
    let mut ask = command(&program.to_string_lossy());
    // It keeps notes where it runs.
    ask.current_dir(folder())
        .args(["run", &format!("{origin}/api/v1/openapi.json")])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--checks", CHECKS, "--max-examples", EXAMPLES])
        .args(["--seed", SEED, "--generation-deterministic"])
        .arg("--no-color")
        .args(["--warnings", "off"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", root().join(".cargo/xtask/api"))
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PERCORSO_ORIGIN", origin)
        .env_remove("PERCORSO_LOGIN");
    if let Some(login) = login {
        ask.env("PERCORSO_LOGIN", login);
    }
    ask
}

/// A server of the demonstration ambito, ended when it is dropped.
struct Server {
    origin: String,
    process: Child,
}

impl Server {
    fn start() -> Outcome<Self> {
        let folder = folder();
        let _ = fs::remove_dir_all(&folder);
        let site = folder.join("site");
        build_site(&site)
            .map_err(|error| Failure::new(format!("a small site was not made: {error}")))?;
        let database = format!("sqlite:{}", folder.join("percorso.db").display());
        let program = site::tested();
        let program = program.to_string_lossy();
        let mut demo = command(&program);
        demo.args(["demo", "--database", &database])
            .stdout(Stdio::null());
        run("make the demonstration ambito", Some("20 s"), &mut demo)?;
        let addr = free_address()?;
        let log = fs::File::create(folder.join("server.log"))
            .map_err(|error| Failure::new(format!("the server has no log: {error}")))?;
        let process = command(&program)
            .args(["serve", "--addr", &addr, "--database", &database, "--site"])
            .arg(&site)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| Failure::new(format!("the server was not started: {error}")))?;
        let server = Self {
            origin: format!("http://{addr}"),
            process,
        };
        let start = Instant::now();
        while TcpStream::connect(&addr).is_err() {
            if start.elapsed() > START_MAX {
                return Err(Failure::new(format!(
                    "the server does not listen on {addr}: read {}",
                    folder.join("server.log").display()
                )));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The files without which the server does not start: what they hold is not asked for here.
fn build_site(site: &Path) -> std::io::Result<()> {
    let pkg = site.join("pkg");
    fs::create_dir_all(&pkg)?;
    for (name, text) in [
        ("percorso.css", ""),
        ("percorso.js", "import \"./__wasm_split.js\""),
        ("percorso.wasm", ""),
        ("__wasm_split.js", ""),
    ] {
        fs::write(pkg.join(name), text)?;
    }
    Ok(())
}

fn free_address() -> Outcome<String> {
    let addr = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    addr.map(|addr| addr.to_string())
        .map_err(|error| Failure::new(format!("no port is free: {error}")))
}
