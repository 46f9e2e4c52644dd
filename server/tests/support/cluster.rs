//! A PostgreSQL of our own: made in a temporary folder, stopped and removed at the end.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Where a test that was left out is written down, for whoever runs all tests and says how they
/// went: the name of a file, one line each.
const SKIPPED: &str = "PERCORSO_SKIPPED";

/// A role that may copy the whole cluster, and ask it for nothing.
const BACKUP_ROLE: &str = "backup";

/// A running cluster.
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    account: Option<(u32, u32)>,
    is_durable: bool,
}

impl Cluster {
    /// Starts one; `None`, said loudly, where PostgreSQL is not installed.
    pub fn start(is_durable: bool) -> Option<Self> {
        let Some(programs) = programs() else {
            skipped("PostgreSQL is not installed");
            return None;
        };
        let cluster = Self::empty(programs, is_durable);
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
        cluster.resume();
        Some(cluster)
    }

    /// A folder of its own with nothing in it.
    fn empty(programs: PathBuf, is_durable: bool) -> Self {
        let folder = TempDir::with_prefix("pg").expect("a temporary folder can be made");
        // PostgreSQL refuses to run as root.
        let is_root = folder.path().metadata().expect("it exists").uid() == 0;
        let account = is_root
            .then(|| account("postgres").or_else(|| account("nobody")))
            .flatten();
        if let Some((uid, gid)) = account {
            chown(folder.path(), Some(uid), Some(gid)).expect("root may give a folder away");
        }
        Self {
            folder,
            programs,
            account,
            is_durable,
        }
    }

    /// Makes an empty database and answers its address.
    pub fn database(&self, name: &str) -> String {
        self.run("createdb", &["-h", &self.socket(), "-U", "percorso", name]);
        self.address(name)
    }

    /// The address of a database that is in it.
    pub fn address(&self, name: &str) -> String {
        let socket = self.socket();
        format!("postgres://percorso@localhost/{name}?host={socket}")
    }

    /// Lets a role of its own make base backups.
    pub fn add_backup_role(&self) {
        let socket = self.socket();
        let whom = ["-h", socket.as_str(), "-U", "percorso"];
        let what = ["--replication", BACKUP_ROLE];
        self.run("createuser", &[whom.as_slice(), what.as_slice()].concat());
    }

    /// All of it, as one compressed tar file, while others go on writing.
    pub fn base_backup(&self) -> Vec<u8> {
        let socket = self.socket();
        let whom = ["-h", socket.as_str(), "-U", BACKUP_ROLE];
        let how = ["-w", "-c", "fast", "-Ft", "-z", "-X", "fetch", "-D", "-"];
        let output = self
            .command("pg_basebackup", &[whom.as_slice(), how.as_slice()].concat())
            .stdout(Stdio::piped())
            .output()
            .expect("the program starts");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "pg_basebackup failed: {told}");
        output.stdout
    }

    /// Unpacks such a file into a new folder, looks through it, and starts it there.
    pub fn put_back(&self, tar: &[u8]) -> Self {
        let cluster = Self::empty(self.programs.clone(), self.is_durable);
        let data = cluster.data();
        succeed(&mut cluster.by_owner("mkdir".as_ref(), &["-m", "700", &data]));
        let mut unpacking = cluster
            .by_owner("tar".as_ref(), &["-xz", "-f", "-", "-C", &data])
            .stdin(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = unpacking.stdin.take().expect("it is piped");
        pipe.write_all(tar).expect("it reads to the end");
        drop(pipe);
        assert!(unpacking.wait().expect("it ends").success(), "tar failed");
        cluster.run("pg_verifybackup", &["-q", &data]);
        cluster.resume();
        cluster
    }

    /// Starts it where it lies.
    pub fn resume(&self) {
        let fsync = if self.is_durable { "on" } else { "off" };
        let options = format!("-k {} -c listen_addresses= -c fsync={fsync}", self.socket());
        let (data, log) = (self.data(), self.folder.path().join("log"));
        let log = log.display().to_string();
        self.run(
            "pg_ctl",
            &["-w", "-D", &data, "-l", &log, "-o", &options, "start"],
        );
    }

    /// Pulls its plug: whoever is connected is cut off.
    pub fn halt(&self) {
        let data = self.data();
        self.run("pg_ctl", &["-w", "-D", &data, "-m", "immediate", "stop"]);
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn socket(&self) -> String {
        self.folder.path().display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        succeed(&mut self.command(program, arguments));
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        self.by_owner(&self.programs.join(program), arguments)
    }

    /// A program run by the account that the cluster belongs to.
    fn by_owner(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
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
            say(&format!("the cluster in {data} was not stopped"));
        }
    }
}

fn succeed(command: &mut Command) {
    let status = command.status().expect("the program starts");
    assert!(status.success(), "{command:?} failed");
}

/// Says loudly that a test was left out.
pub fn skipped(why: &str) {
    let test = std::thread::current();
    let test = test.name().unwrap_or("a test").to_owned();
    say(&format!("\n!!! {why}: {test} WAS SKIPPED !!!\n"));
    let Some(file) = std::env::var_os(SKIPPED) else {
        return;
    };
    let file = fs::OpenOptions::new().create(true).append(true).open(file);
    let mut file = file.expect("the list of what was skipped can be written");
    writeln!(file, "{why}: {test}").expect("the list of what was skipped can be written");
}

/// Past the tests' own capture, which swallows what `eprintln!` says in a test that passes.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
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
        [
            "initdb",
            "pg_ctl",
            "createdb",
            "createuser",
            "pg_basebackup",
            "pg_verifybackup",
        ]
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
