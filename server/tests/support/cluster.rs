//! A PostgreSQL of our own: made in a temporary folder, stopped and removed at the end.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A running cluster.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    account: Option<(u32, u32)>,
}

impl Cluster {
    /// Starts one; `None`, said loudly, where PostgreSQL is not installed.
    pub fn start(is_durable: bool) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!(
                "\n!!! PostgreSQL IS NOT INSTALLED: ITS HALF OF THE CONTRACT WAS SKIPPED !!!\n"
            );
            return None;
        };
        let folder = TempDir::with_prefix("pg").expect("a temporary folder can be made");
        // PostgreSQL refuses to run as root.
        let is_root = folder.path().metadata().expect("it exists").uid() == 0;
        let account = is_root
            .then(|| account("postgres").or_else(|| account("nobody")))
            .flatten();
        if let Some((uid, gid)) = account {
            chown(folder.path(), Some(uid), Some(gid)).expect("root may give a folder away");
        }
        let cluster = Self {
            folder,
            programs,
            account,
        };
        let data = cluster.data();
        cluster.run(
            "initdb",
            &[
                "-A",
                "trust",
                "-U",
                "percorso",
                "-E",
                "UTF8",
                "--locale=C",
                "-N",
                "-D",
                &data,
            ],
        );
        let fsync = if is_durable { "on" } else { "off" };
        let options = format!(
            "-k {} -c listen_addresses= -c fsync={fsync}",
            cluster.folder.path().display()
        );
        let log = cluster.folder.path().join("log").display().to_string();
        cluster.run(
            "pg_ctl",
            &["-w", "-D", &data, "-l", &log, "-o", &options, "start"],
        );
        Some(cluster)
    }

    /// Makes an empty database and answers its address.
    pub fn database(&self, name: &str) -> String {
        let socket = self.folder.path().display().to_string();
        self.run("createdb", &["-h", &socket, "-U", "percorso", name]);
        format!("postgres://percorso@localhost/{name}?host={socket}")
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let status = self
            .command(program, arguments)
            .status()
            .expect("the program starts");
        assert!(status.success(), "{program} {arguments:?} failed");
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::null());
        if let Some((uid, gid)) = self.account {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data();
        let stopped = self
            .command("pg_ctl", &["-w", "-D", &data, "-m", "immediate", "stop"])
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("the cluster in {data} was not stopped");
        }
    }
}

fn programs() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let mut packaged: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    packaged.sort();
    let is_complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "createdb"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    on_path
        .into_iter()
        .chain(packaged.into_iter().rev())
        .find(is_complete)
}

/// An account's user and group number.
fn account(name: &str) -> Option<(u32, u32)> {
    let accounts = fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let line = accounts
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
