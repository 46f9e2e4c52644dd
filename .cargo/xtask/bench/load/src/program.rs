//! The real program: its commands, and its server on a port of its own.

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Failure;
use crate::wire::{Ask, Connection};

/// How long a server may take to start.
const START_TRIES: u32 = 300;
const START_PAUSE: Duration = Duration::from_millis(100);

/// Where the program and its site lie.
#[derive(Clone, Debug)]
pub struct Program {
    /// The release build of `percorso`.
    pub binary: PathBuf,
    /// The built site.
    pub site: PathBuf,
}

impl Program {
    /// Has the program do something and answers what it printed.
    ///
    /// # Errors
    /// It does not start, or says that it failed.
    pub fn run(&self, database: &str, arguments: &[&str]) -> Result<String, Failure> {
        let output = Command::new(&self.binary)
            .args(arguments)
            .env("PERCORSO_DATABASE", database)
            .output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("percorso {}: {said}", arguments.join(" ")).into())
    }

    /// Serves a database; the log goes to a file in this folder, as much of it as by default.
    ///
    /// # Errors
    /// It does not start.
    pub async fn serve(&self, database: &str, folder: &Path) -> Result<Server, Failure> {
        let addr = free_port()?;
        let log = folder.join("log");
        let child = Command::new(&self.binary)
            .args(["serve", "--addr", &addr.to_string(), "--site"])
            .arg(&self.site)
            .env("PERCORSO_DATABASE", database)
            .env_remove("PERCORSO_LOG")
            .env_remove("PERCORSO_ORIGIN")
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()?;
        let mut server = Server { child, addr };
        for _ in 0..START_TRIES {
            let health = Ask {
                path: "/api/v1/health",
                ..Ask::default()
            };
            let answer = Connection::to(addr).ask(health).await;
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(server);
            }
            if server.child.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(START_PAUSE).await;
        }
        Err(format!("percorso serve: {}", fs::read_to_string(&log)?).into())
    }
}

/// A running server, which ends with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub addr: SocketAddr,
}

impl Server {
    /// The most memory that it has had, in MiB; `None` where the system does not tell.
    pub fn memory_mib_max(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kib: u32 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(f64::from(kib) / 1024.0)
    }

    /// Milliseconds of a core that it has used; `None` where the system does not tell.
    pub fn cpu_ms(&self) -> Option<f64> {
        /// What Linux counts in, whatever it runs on.
        const TICK_MS: f64 = 10.0;
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name of the program, which may hold anything, ends at the last bracket.
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: Option<Vec<u32>> = ticks.map(|field| field.parse().ok()).collect();
        Some(ticks?.into_iter().map(f64::from).sum::<f64>() * TICK_MS)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
