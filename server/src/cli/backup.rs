//! `percorso backup`, `restore` and `restored`: says what was saved, what came back, and what
//! people have to know then.

use std::path::Path;

use domain::id::Millis;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use replica::message::REOFFER_MS;

use super::{Failure, open, stop_signal};
use crate::auth::now;
use crate::backup::seal::{Opening, Sealing};
use crate::backup::{self, Backup, BackupError};
use crate::config::{self, Database};
use crate::store::{StoreError, sqlite_file};

const PASSPHRASE: &str = "PERCORSO_BACKUP_PASSPHRASE";
/// What [`REOFFER_MS`] means for people.
const OFFERED_AGAIN: &str = "phones send again, by themselves, what they hold of the last 30 days";

/// Makes a backup.
pub(super) async fn make(how: config::Backup) -> Result<(), Failure> {
    let source = file_of(&how.database, "back it up with pg_basebackup or pg_dump")?;
    let sealing = Sealing::of(&how.recipients, passphrase()).map_err(Failure::new)?;
    let made = tokio::select! {
        made = backup::make(source, &how.to, sealing, how.force, now()) => made,
        () = stop_signal() => Err(BackupError::Stopped),
    };
    let made = made.map_err(Failure::new)?;
    println!("{}: {}", how.to.display(), said(&made));
    println!("looked through, found whole, and encrypted: keep what opens it somewhere else");
    println!(
        "attachments are not in it: copy {} as well, or the folder that --attachments names",
        how.database.attachments().display()
    );
    Ok(())
}

/// Puts a backup back.
pub(super) async fn put_back(how: config::Restore) -> Result<(), Failure> {
    let target = file_of(
        &how.database,
        "restore it with its own tools, then run `percorso restored`",
    )?;
    let identity = how.identity.as_deref().map(read_identity).transpose()?;
    let opening = Opening::of(identity.as_deref(), passphrase()).map_err(Failure::new)?;
    let now = now();
    // Nobody may stop it between the two steps that put the database in place.
    let done = backup::put_back(&how.file, target, opening, how.force, now).await;
    let done = done.map_err(Failure::new)?;
    println!("{}: {}", target.display(), said(&done.backup));
    println!("{OFFERED_AGAIN}; until then people may miss what came after that time");
    if now.0.saturating_sub(done.backup.latest.0) > REOFFER_MS {
        println!("this backup is older than that: what was sent before those days stays lost here");
    }
    println!(
        "do again what was changed after that time in Ufficio or here: people, passwords, \
         devices, and who may open which family"
    );
    if let Some(earlier) = done.earlier {
        println!(
            "the database that was there is kept as {}",
            earlier.display()
        );
    }
    Ok(())
}

/// Announces that the database was put back by other means.
pub(super) async fn announce(database: &Database) -> Result<(), Failure> {
    if let Some(file) = sqlite_file(&database.url).filter(|file| !file.is_file()) {
        return Err(Failure::new(BackupError::NoDatabase(file.to_owned())));
    }
    let store = open(database).await?;
    store.raise_restore_epoch(store.system(), now()).await?;
    println!("noted: {OFFERED_AGAIN}");
    Ok(())
}

/// The file of the database, if it is one.
fn file_of<'a>(database: &'a Database, otherwise: &str) -> Result<&'a Path, Failure> {
    if let Some(file) = sqlite_file(&database.url) {
        return Ok(file);
    }
    if database.url.starts_with("postgres") {
        return Err(Failure::new(format!(
            "this command is for SQLite, and the database is PostgreSQL: {otherwise}, as the \
             README says under «Backups»"
        )));
    }
    Err(StoreError::NotAStore.into())
}

fn passphrase() -> Option<String> {
    // Only from the environment: everybody on the machine may read a command line.
    std::env::var(PASSPHRASE)
        .ok()
        .filter(|text| !text.is_empty())
}

fn read_identity(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        Failure::new(format!(
            "{} cannot be read ({error}): name the file that `age-keygen` wrote",
            file.display()
        ))
    })
}

/// What is in a backup, in a line.
fn said(backup: &Backup) -> String {
    let kilobytes = backup.bytes.div_ceil(1_000);
    format!(
        "{} families, {} changes, everything up to {} ({kilobytes} kB)",
        backup.families,
        backup.changes,
        instant(backup.latest)
    )
}

/// An instant as the machine's clock tells it.
fn instant(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
    let at = at.to_zoned(TimeZone::system());
    at.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}
