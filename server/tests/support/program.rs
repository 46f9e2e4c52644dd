//! The real program, told to serve where it cannot.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use crate::cluster::skipped;
use crate::live::build_site;

/// Has the program serve, until it ends by itself.
fn serve(folder: &std::path::Path, addr: &str, database: &str) -> Output {
    let site = folder.join("site");
    build_site(&site);
    Command::new(env!("CARGO_BIN_EXE_percorso"))
        .args(["serve", "--addr", addr, "--database", database, "--site"])
        .arg(&site)
        .env_remove("PERCORSO_LOG")
        .env_remove("PERCORSO_ORIGIN")
        .output()
        .expect("the program starts")
}

#[test]
fn what_keeps_the_program_from_serving_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let taken = taken.local_addr().expect("it is bound");
    let file = format!("sqlite:{}", folder.path().join("percorso.db").display());
    let check = |addr: &str, database: &str, said: &[&str]| {
        let output = serve(folder.path(), addr, database);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert_eq!(told.trim_end().lines().count(), 1, "{told}");
        assert!(told.starts_with("percorso: "), "{told}");
        for part in said {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(output.stdout.is_empty(), "{output:?}");
    };
    check(
        &taken.to_string(),
        &file,
        &[
            &format!("port {} is taken by another program", taken.port()),
            "choose another with --addr",
        ],
    );
    // Nobody listens at port 1; no such folder; no such kind of database.
    let remedy = "check that it runs and that --database names it rightly";
    for database in [
        "postgres://percorso@127.0.0.1:1/percorso",
        "sqlite:/no/such/folder/percorso.db",
    ] {
        check("127.0.0.1:0", database, &["not available", remedy]);
    }
    check(
        "127.0.0.1:0",
        "mysql://localhost/percorso",
        &["write --database sqlite:FILE or --database postgres://…"],
    );
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Gentile famiglia, ".repeat(100)).expect("it is written");
    check(
        "127.0.0.1:0",
        &format!("sqlite:{}", letter.display()),
        &["cannot be read", "restore the latest backup"],
    );
}

/// Runs the program with a small full disk of its own at `disk`. `None` where nobody may make one.
fn serve_on_a_full_disk(disk: &Path, site: &Path) -> Option<Output> {
    const ALONE: &str = "mount -t tmpfs -o size=64k none \"$1\" || exit 77
        dd if=/dev/zero of=\"$1\"/ballast bs=4k 2>/dev/null
        cd \"$1\"
        exec timeout 60 \"$2\" serve --addr 127.0.0.1:0 --site \"$3\" --database sqlite:p.db";
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", ALONE, "sh"])
        .arg(disk)
        .arg(env!("CARGO_BIN_EXE_percorso"))
        .arg(site)
        .env_remove("PERCORSO_LOG")
        .env_remove("PERCORSO_ORIGIN")
        .output()
        .ok()?;
    // Nobody may make a disk here, or `unshare` itself was refused.
    let is_refused = matches!(output.status.code(), Some(77))
        || String::from_utf8_lossy(&output.stderr).starts_with("unshare:");
    (!is_refused).then_some(output)
}

#[tokio::test]
async fn a_program_whose_disk_has_no_room_says_so_at_its_start() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let [disk, site] = ["disk", "site"].map(|name| folder.path().join(name));
    std::fs::create_dir(&disk).expect("a folder can be made");
    build_site(&site);
    let Some(output) = serve_on_a_full_disk(&disk, &site) else {
        skipped("nobody may make a small disk here");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
    assert!(told.starts_with("percorso: "), "{told}");
    let said = "the database has no space left: make room on the disk and start again";
    assert!(told.contains(said), "{told}");
}
