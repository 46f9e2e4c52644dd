//! The real program saves a database and brings it back, also when somebody is in the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use age::secrecy::ExposeSecret as _;
use age::x25519::Identity;
use domain::id::OpId;
use replica::message::REPLY_BYTES;
use serde_json::value::RawValue;
use server::auth::now;
use server::backup::seal::{Opening, Sealing};
use server::backup::{self, BackupError};
use server::store::{self, Action, ChainCheck, Store};
use tempfile::TempDir;

use crate::behind::tamper;
use crate::world::{Ask, World, numbers};

const PASSPHRASE: &str = "una frase lunga e difficile";

/// A folder whose name asks for care, with a world in it.
struct Room {
    folder: TempDir,
    world: Arc<World>,
    identity: Identity,
}

impl Room {
    async fn open() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("è qui? 100% #1 ")
            .tempdir()
            .expect("a temporary folder can be made");
        let url = format!("sqlite:{}", folder.path().join("live.db").display());
        Self {
            world: Arc::new(World::open(url).await),
            folder,
            identity: Identity::generate(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.path(name).display())
    }

    /// Every file but the live database.
    fn others(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).expect("it is there");
        let names = entries.map(|entry| entry.expect("it reads").file_name());
        let mut names: Vec<String> = names
            .map(|name| name.to_string_lossy().into_owned())
            .filter(|name| !name.starts_with("live.db"))
            .collect();
        names.sort();
        names
    }

    async fn write(&self, count: usize) {
        let ops = self.world.notes(count);
        numbers(&self.world.ingest(&self.world.tutor, &ops).await);
    }

    fn backup(&self, to: &str, more: &[&str]) -> Output {
        let recipient = self.identity.to_public().to_string();
        let to = self.path(to);
        let mut args = vec!["backup", "--database", &self.world.url, "--recipient"];
        args.extend([&recipient, "--to", to.to_str().expect("it is text")]);
        args.extend(more);
        percorso(&args, None)
    }

    fn restore(&self, from: &str, into: &str, more: &[&str]) -> Output {
        let (key, from, into) = (self.path("key.txt"), self.path(from), self.url(into));
        let text = format!("# a key\n{}\n", self.identity.to_string().expose_secret());
        std::fs::write(&key, text).expect("it is written");
        let mut args = vec!["restore", from.to_str().expect("it is text")];
        args.extend(["--database", &into]);
        args.extend(["--identity", key.to_str().expect("it is text")]);
        args.extend(more);
        let output = percorso(&args, None);
        std::fs::remove_file(key).expect("it is there");
        output
    }
}

pub fn percorso(args: &[&str], passphrase: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_percorso"));
    command
        .args(args)
        .env_remove("PERCORSO_LOG")
        .env_remove("PERCORSO_DATABASE")
        .env_remove("PERCORSO_BACKUP_PASSPHRASE");
    if let Some(passphrase) = passphrase {
        command.env("PERCORSO_BACKUP_PASSPHRASE", passphrase);
    }
    command.output().expect("the program starts")
}

#[track_caller]
pub fn done(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// One sentence that says this.
#[track_caller]
fn refused(output: &Output, said: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(told.trim_end().lines().count(), 1, "{told}");
    assert!(told.starts_with("percorso: "), "{told}");
    assert!(told.contains(said), "{said}: {told}");
    assert!(output.stdout.is_empty(), "{output:?}");
}

/// The whole log of the world's family.
async fn log(store: &dyn Store, world: &World) -> BTreeMap<OpId, Box<RawValue>> {
    let mut log = BTreeMap::new();
    let mut from = 0;
    loop {
        let stretch = store.read(world.family, from, REPLY_BYTES).await;
        let stretch = stretch.expect("it reads");
        let Some(last) = stretch.ops.last() else {
            return log;
        };
        let length = u64::try_from(stretch.ops.len()).expect("it is small");
        assert_eq!(last.seq - from, length, "no gap");
        from = last.seq;
        log.extend(stretch.ops.into_iter().map(|op| (op.id, op.body)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_others_write_is_whole_and_comes_back() {
    let room = Room::open().await;
    let world = room.world.clone();
    let is_over = Arc::new(AtomicBool::new(false));
    let writing = tokio::spawn({
        let (world, is_over) = (world.clone(), is_over.clone());
        async move {
            let mut written = 0;
            while !is_over.load(Ordering::SeqCst) {
                let ops = world.notes(20);
                written = *numbers(&world.ingest(&world.tutor, &ops).await)
                    .last()
                    .expect("there are ops");
            }
            written
        }
    });
    room.write(200).await;
    let mut before = BTreeMap::new();
    for _ in 0..4 {
        before = log(&*world.store, &world).await;
        let said = done(&tokio::task::block_in_place(|| {
            room.backup("night.age", &["--force"])
        }));
        assert!(said.contains("1 families"), "{said}");
    }
    is_over.store(true, Ordering::SeqCst);
    let written = writing.await.expect("it writes");
    assert_eq!(room.others(), ["night.age"], "nothing readable is left");
    let sealed = std::fs::read(room.path("night.age")).expect("it reads");
    let is_plain = |word: &[u8]| sealed.windows(word.len()).any(|part| part == word);
    assert!(!is_plain(b"SQLite") && !is_plain(b"nota 1"));
    #[cfg(unix)]
    assert_eq!(mode(&room.path("night.age")), 0o600);

    let told = done(&room.restore("night.age", "new.db", &[]));
    assert!(
        told.contains("1 families") && told.contains("phones send again"),
        "{told}"
    );
    assert_eq!(room.others(), ["new.db", "night.age"]);
    #[cfg(unix)]
    assert_eq!(mode(&room.path("new.db")), 0o600);
    let restored = store::open(&room.url("new.db"), now()).await;
    let restored = restored.expect("it opens");
    let log = log(&*restored, &world).await;
    for (id, body) in &before {
        let kept = log.get(id).map(|body| body.get());
        assert_eq!(kept, Some(body.get()), "what was there before is there");
    }
    assert!(
        before.len() >= 200 && u64::try_from(log.len()).is_ok_and(|copied| copied < written),
        "{} of {written}: the test has to write meanwhile",
        log.len()
    );
    let check = restored.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
    let last = restored.trail(1).await.expect("it reads");
    assert_eq!(last[0].entry.action, Action::Restored);
    // A phone hears of it with its next answer.
    let old = world.sync(&world.tutor, Ask::from(&[])).await;
    let standing = restored.standing(world.tutor.user, world.tutor.role).await;
    let epoch = standing.expect("it reads").restore_epoch;
    assert!(epoch > old.restore_epoch, "{epoch}");
}

#[cfg(unix)]
fn mode(file: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}

#[tokio::test]
async fn a_backup_is_noted_in_the_record_of_what_it_read() {
    let room = Room::open().await;
    let store = &room.world.store;
    let noted = async || {
        let trail = store.trail(100).await.expect("it reads");
        let entries = trail.iter().map(|row| row.entry);
        let backups = entries.filter(|entry| entry.action == Action::BackedUp);
        backups.map(|entry| entry.by).collect::<Vec<_>>()
    };
    done(&room.backup("one.age", &[]));
    assert_eq!(noted().await, [store.system()]);
    refused(&room.backup("one.age", &[]), "is there already");
    assert_eq!(noted().await.len(), 1, "nothing was read");
    // The server that works meanwhile goes on in the same record.
    room.write(1).await;
    done(&room.backup("one.age", &["--force"]));
    assert_eq!(noted().await.len(), 2);
    let check = store.verify_trail().await.expect("it reads");
    assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
}

#[tokio::test]
async fn a_byte_changed_anywhere_in_a_backup_is_refused_before_anything_is_put_in_place() {
    let room = Room::open().await;
    room.write(20).await;
    done(&room.backup("whole.age", &[]));
    let whole = std::fs::read(room.path("whole.age")).expect("it reads");
    let changed = room.path("changed.age");
    let check = async |bytes: &[u8], what: &str| {
        std::fs::write(&changed, bytes).expect("it is written");
        let opening = Opening::Identities(vec![room.identity.clone()]);
        let target = room.path("new.db");
        let refused = backup::put_back(&changed, &target, opening, false, now()).await;
        assert!(
            matches!(
                refused,
                Err(BackupError::Damaged(_) | BackupError::WrongKey(_))
            ),
            "{what}: {refused:?}"
        );
        assert_eq!(room.others(), ["changed.age", "whole.age"], "{what}");
    };
    let end = whole.len() - 1;
    // Every byte of the head, one of each piece that is sealed for itself, and the end.
    let places = (0..250)
        .chain((250..end).step_by(30_011))
        .chain([end - 16, end]);
    for place in places {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        check(&bytes, &format!("byte {place}")).await;
    }
    for length in [0, 1, 100, 250, 65_536, end - 16, end] {
        check(&whole[..length], &format!("cut after {length}")).await;
    }
    let mut longer = whole.clone();
    longer.push(0);
    check(&longer, "a byte more").await;
    let output = room.restore("changed.age", "new.db", &[]);
    refused(&output, "is not a whole backup: take another one");
}

#[tokio::test]
async fn what_opens_but_is_not_whole_is_not_put_in_place() {
    let room = Room::open().await;
    room.write(5).await;
    let recipient = room.identity.to_public();
    let check = async |bytes: Vec<u8>, said: &str| {
        let sealed = age::encrypt(&recipient, &bytes).expect("it is sealed");
        std::fs::write(room.path("odd.age"), sealed).expect("it is written");
        refused(&room.restore("odd.age", "new.db", &[]), said);
        assert_eq!(room.others(), ["odd.age"]);
    };
    check(b"Gentile famiglia, ".repeat(100), "not a database").await;
    check(Vec::new(), "not a database of this program").await;
    // What a hand behind the program's back left is not saved, either.
    tamper(
        &room.world,
        "update trail set action = 'read' where number = 2",
    )
    .await;
    refused(&room.backup("night.age", &[]), "the record was changed");
    assert_eq!(room.others(), ["odd.age"]);
}

#[tokio::test]
async fn only_what_it_was_made_for_opens_a_backup() {
    let room = Room::open().await;
    let (file, into) = (room.path("night.age"), room.url("new.db"));
    let file = file.to_str().expect("it is text");
    let backup = ["backup", "--database", &room.world.url, "--to", file];
    refused(&percorso(&backup, None), "set PERCORSO_BACKUP_PASSPHRASE");
    refused(&percorso(&backup, Some("corta")), "at least 16 characters");
    refused(
        &room.backup("night.age", &["--recipient", "age1corta"]),
        "begins with age1",
    );
    assert!(room.others().is_empty());
    done(&percorso(&backup, Some(PASSPHRASE)));
    let restore = ["restore", file, "--database", &into];
    refused(&percorso(&restore, None), "set PERCORSO_BACKUP_PASSPHRASE");
    for wrong in ["", "una frase lunga e difficilE"] {
        let output = percorso(&restore, Some(wrong));
        let said = if wrong.is_empty() {
            "--identity"
        } else {
            "does not open"
        };
        refused(&output, said);
    }
    refused(&room.restore("night.age", "new.db", &[]), "does not open");
    assert_eq!(room.others(), ["night.age"]);
    done(&percorso(&restore, Some(PASSPHRASE)));
    assert_eq!(room.others(), ["new.db", "night.age"]);
}

#[tokio::test]
async fn nothing_is_overwritten_unless_asked_and_an_earlier_database_is_kept() {
    let room = Room::open().await;
    room.write(3).await;
    done(&room.backup("night.age", &[]));
    let first = std::fs::read(room.path("night.age")).expect("it reads");
    refused(&room.backup("night.age", &[]), "overwrite it with --force");
    assert_eq!(
        std::fs::read(room.path("night.age")).expect("it reads"),
        first
    );
    // As a power cut leaves it: the last changes are still in the file beside.
    room.write(4).await;
    for end in ["", "-wal"] {
        std::fs::copy(
            room.path(&format!("live.db{end}")),
            room.path(&format!("here.db{end}")),
        )
        .expect("it is copied");
    }
    let here = std::fs::read(room.path("here.db")).expect("it reads");
    refused(
        &room.restore("night.age", "here.db", &[]),
        "replace it with --force",
    );
    assert_eq!(std::fs::read(room.path("here.db")).expect("it reads"), here);
    let told = done(&room.restore("night.age", "here.db", &["--force"]));
    let earlier = room.others();
    let earlier = earlier
        .iter()
        .find(|name| name.starts_with("here.db.before-restore-"));
    let earlier = earlier.expect("it is kept");
    assert!(told.contains(earlier), "{told}");
    for (name, count) in [("here.db", 3), (earlier, 7)] {
        let opened = store::open(&room.url(name), now()).await.expect("it opens");
        assert_eq!(log(&*opened, &room.world).await.len(), count, "{name}");
    }
    // What is left of a database that is gone would be read into the new one.
    std::fs::write(room.path("gone.db-wal"), "left").expect("it is written");
    refused(
        &room.restore("night.age", "gone.db", &[]),
        "replace it with --force",
    );
}

#[tokio::test]
async fn a_database_that_a_server_works_with_is_not_replaced() {
    let room = Room::open().await;
    room.write(3).await;
    done(&room.backup("night.age", &[]));
    let output = room.restore("night.age", "live.db", &["--force"]);
    refused(&output, "a server works with");
    room.write(1).await;
    assert_eq!(log(&*room.world.store, &room.world).await.len(), 4);
    assert_eq!(room.others(), ["night.age"]);
}

#[tokio::test]
async fn without_space_a_restore_leaves_nothing_behind() {
    let room = Room::open().await;
    room.write(50).await;
    let file = room.path("night.age");
    let sealing = Sealing::of(&[], Some(PASSPHRASE.to_owned())).expect("it is long");
    let live = room.path("live.db");
    let made = backup::make(&live, &file, sealing, false, now()).await;
    assert!(made.is_ok_and(|made| made.bytes > 65_536));
    // A file may not grow beyond 16 kB, and whoever tries is told instead of ended.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 32; exec \"$0\" \"$@\""])
        .args([env!("CARGO_BIN_EXE_percorso"), "restore"])
        .arg(&file)
        .args(["--database", &room.url("new.db")])
        .env("PERCORSO_BACKUP_PASSPHRASE", PASSPHRASE)
        .output()
        .expect("a shell starts");
    refused(&output, "new.db: make room");
    assert_eq!(room.others(), ["night.age"]);
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_said_in_one_sentence() {
    let room = Room::open().await;
    let file = room.path("night.age");
    let file = file.to_str().expect("it is text");
    let check = |database: &str, said: &str| {
        let args = ["backup", "--database", database, "--to", file];
        refused(&percorso(&args, Some(PASSPHRASE)), said);
        assert!(!Path::new(file).exists());
    };
    check(&room.url("none.db"), "there is no database");
    check("postgres://percorso@localhost/percorso", "pg_basebackup");
    check("mysql://localhost/percorso", "write --database sqlite:FILE");
    let letter = room.path("letter.txt");
    std::fs::write(&letter, "Gentile famiglia, ".repeat(100)).expect("it is written");
    check(&room.url("letter.txt"), "keep the backups that you have");
    let far = room.path("no/such/night.age");
    let far = far.to_str().expect("it is text");
    let args = ["backup", "--database", &room.world.url, "--to", far];
    refused(
        &percorso(&args, Some(PASSPHRASE)),
        "check that the folder is there",
    );
    let restore = [
        "restore",
        "none.age",
        "--database",
        "postgres://localhost/percorso",
    ];
    refused(&percorso(&restore, None), "percorso restored");
}

#[tokio::test]
async fn a_database_that_was_put_back_by_other_means_announces_it() {
    let room = Room::open().await;
    let before = room.world.sync(&room.world.tutor, Ask::from(&[])).await;
    let told = done(&percorso(
        &["restored", "--database", &room.world.url],
        None,
    ));
    assert!(told.contains("phones send again"), "{told}");
    let after = room.world.sync(&room.world.tutor, Ask::from(&[])).await;
    assert!(after.restore_epoch > before.restore_epoch);
    let output = percorso(&["restored", "--database", &room.url("none.db")], None);
    refused(&output, "there is no database");
    assert!(room.others().is_empty(), "none was made");
}
