//! Asks the server what its description allows and what it does not, and looks for mistakes of the
//! server's own: schemathesis makes the requests up from the description.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::site;
use crate::step::{Failure, Outcome, answer, command, lasting, root, run, target};

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
const DATABASE: &str = "percorso.db";
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
    let ambito = Ambito::tell()?;
    println!(
        "▸ ask {} (usually 1 min)",
        CALLERS.map(|(who, ..)| who).join(", ")
    );
    let addresses = free_addresses()?;
    let start = Instant::now();
    // Each asks a server of its own, which nobody else has changed; half of the time is waiting.
    let ended: Vec<Outcome> = std::thread::scope(|scope| {
        let (ambito, callers) = (&ambito, CALLERS.iter().zip(&addresses));
        let running: Vec<_> = callers
            .map(|((who, login), addr)| scope.spawn(move || ambito.ask(who, *login, addr)))
            .collect();
        let lost = |_| Err(Failure::new("one of those who ask was lost"));
        let ended = running.into_iter();
        ended.map(|one| one.join().unwrap_or_else(lost)).collect()
    });
    println!("  done in {}", lasting(start.elapsed()));
    ended.into_iter().collect::<Outcome<Vec<()>>>()?;
    Ok(None)
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

/// The demonstration ambito as it is told, from which each server starts.
struct Ambito {
    folder: PathBuf,
}

impl Ambito {
    fn tell() -> Outcome<Self> {
        let folder = target().join("percorso/api");
        let _ = fs::remove_dir_all(&folder);
        build_site(&folder.join("site"))
            .map_err(|error| Failure::new(format!("a small site was not made: {error}")))?;
        let mut demo = command(&site::tested().to_string_lossy());
        demo.args(["demo", "--database", &database(&folder)])
            .stdout(Stdio::null());
        run("make the demonstration ambito", Some("20 s"), &mut demo)?;
        Ok(Self { folder })
    }

    /// Everything that one caller asks; what was found is printed in one piece.
    fn ask(&self, who: &str, login: Option<&str>, addr: &str) -> Outcome {
        let folder = self.folder.join(login.unwrap_or("nobody"));
        copy_database(&self.folder, &folder)
            .map_err(|error| Failure::new(format!("the ambito was not copied: {error}")))?;
        let server = Server::start(&folder, &self.folder.join("site"), addr)?;
        let told = caller(&folder, &server.origin, login)
            .output()
            .map_err(|error| Failure::new(format!("schemathesis did not start: {error}")))?;
        let text = String::from_utf8_lossy(&told.stdout);
        println!("{text}{}", String::from_utf8_lossy(&told.stderr));
        if told.status.success() {
            return Ok(());
        }
        let log = folder.join("server.log");
        Err(Failure::new(format!(
            "asking {who} found something, told above; the server's log is {}",
            log.display()
        )))
    }
}

/// With what the program that told it has not yet moved into the one file.
fn copy_database(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for end in ["", "-wal", "-shm"] {
        let name = format!("{DATABASE}{end}");
        if from.join(&name).exists() {
            fs::copy(from.join(&name), to.join(&name))?;
        }
    }
    Ok(())
}

fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join(DATABASE).display())
}

fn caller(folder: &Path, origin: &str, login: Option<&str>) -> Command {
    let program = target().join("tools/schemathesis/bin/schemathesis");
    let mut ask = command(&program.to_string_lossy());
    // It keeps notes where it runs.
    ask.current_dir(folder)
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
    fn start(folder: &Path, site: &Path, addr: &str) -> Outcome<Self> {
        let log = fs::File::create(folder.join("server.log"))
            .map_err(|error| Failure::new(format!("the server has no log: {error}")))?;
        let process = command(&site::tested().to_string_lossy())
            .args(["serve", "--addr", addr, "--database", &database(folder)])
            .arg("--site")
            .arg(site)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| Failure::new(format!("the server was not started: {error}")))?;
        let server = Self {
            origin: format!("http://{addr}"),
            process,
        };
        let start = Instant::now();
        while TcpStream::connect(addr).is_err() {
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

/// An address for each caller. All are held until all are found: none is handed out twice.
fn free_addresses() -> Outcome<Vec<String>> {
    let held: Result<Vec<TcpListener>, _> = CALLERS
        .iter()
        .map(|_| TcpListener::bind("127.0.0.1:0"))
        .collect();
    let found = held.and_then(|held| {
        let each = held.iter().map(TcpListener::local_addr);
        each.map(|addr| addr.map(|addr| addr.to_string())).collect()
    });
    found.map_err(|error| Failure::new(format!("no port is free: {error}")))
}
