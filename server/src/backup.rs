//! Backups of an SQLite database: one encrypted file that holds all of it, and the way back.
//!
//! A backup is never put where another is before it is whole, looked through and on disk; a
//! database is never touched before the backup that replaces it is. What is readable lies only in
//! files of this owner, and only while it is needed.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use domain::id::Millis;
use jiff::Timestamp;

use crate::backup::seal::{Opening, Sealing};
use crate::store::StoreError;
use crate::store::sqlite::copy::{self, Contents};

pub mod seal;

/// What SQLite may have beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why a backup was not made or not put back. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("there is no database {0}: name the one to back up with --database sqlite:FILE")]
    NoDatabase(PathBuf),
    /// There is nothing to restore.
    #[error("there is no backup {0}: name the file that `percorso backup` wrote")]
    NoBackup(PathBuf),
    /// It would be overwritten.
    #[error("{0} is there already: name another file, or overwrite it with --force")]
    Taken(PathBuf),
    /// It would be replaced.
    #[error(
        "{0} is there already: name a new file with --database, or replace it with --force, which \
         keeps it beside"
    )]
    InPlace(PathBuf),
    /// Another process writes the same backup.
    #[error("another backup is being written to {0}: wait until it ends")]
    Running(PathBuf),
    /// A server works with the database.
    #[error("a server works with {0}: stop it first")]
    Held(PathBuf),
    /// The key does not fit.
    #[error("this passphrase or identity does not open {0}: give the one that it was made for")]
    WrongKey(PathBuf),
    /// Not a backup, or a byte is not what was written.
    #[error("{0} is not a whole backup: take another one, this file was cut off or changed")]
    Damaged(PathBuf),
    /// It opens, but what is in it is not whole.
    #[error("what is in {0} cannot be restored ({1}): take another backup")]
    Unsound(PathBuf, StoreError),
    /// It was made by a newer program.
    #[error("{0} was made by a newer version of the program: update the program first")]
    Newer(PathBuf),
    /// The database itself is not whole.
    #[error("{0} was not backed up ({1}): keep the backups that you have, and look at this file")]
    NotCopied(PathBuf, #[source] StoreError),
    /// That it was read could not be noted, so it was not.
    #[error(
        "{0} cannot note that it was read ({1}): make room beside it, and let it be written to"
    )]
    NotNoted(PathBuf, #[source] StoreError),
    /// No space.
    #[error("no space is left beside {0}: make room for the database's size twice over")]
    Full(PathBuf),
    /// The disk or the folder refuses.
    #[error("{0} cannot be used ({1}): check that the folder is there and may be written to")]
    Disk(PathBuf, #[source] std::io::Error),
    /// The database that was to be replaced cannot be asked.
    #[error("{0} cannot be looked at ({1}): stop whatever works with it")]
    NotAsked(PathBuf, #[source] StoreError),
    /// It was asked to stop.
    #[error("stopped as asked: nothing was written")]
    Stopped,
}

impl BackupError {
    fn disk(file: &Path, error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::Full(file.to_owned())
            }
            _ => Self::Disk(file.to_owned(), error),
        }
    }
}

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Families that are worked with.
    pub families: u64,
    /// Changes in the log.
    pub changes: u64,
    /// When the last thing in it was done.
    pub latest: Millis,
    /// Bytes of the encrypted file.
    pub bytes: u64,
}

impl Backup {
    fn of(contents: Contents, bytes: u64) -> Self {
        Self {
            families: contents.families,
            changes: contents.ops,
            latest: contents.latest,
            bytes,
        }
    }
}

/// Writes a backup of the database `source`, which a server may be working with, to `to`, and notes
/// in the database's record that all of it was read.
///
/// # Errors
/// [`BackupError`] says what is in the way; `to` is then what it was.
pub async fn make(
    source: &Path,
    to: &Path,
    sealing: Sealing,
    is_forced: bool,
    now: Millis,
) -> Result<Backup, BackupError> {
    if !source.is_file() {
        return Err(BackupError::NoDatabase(source.to_owned()));
    }
    let check_free = || match to.try_exists() {
        Ok(true) if !is_forced || to.is_dir() => Err(BackupError::Taken(to.to_owned())),
        Ok(_) => Ok(()),
        Err(error) => Err(BackupError::disk(to, error)),
    };
    check_free()?;
    let (part, sealed) = claim(to)?;
    let plain = Passing::make(beside(to, ".plain"))?;
    let copied = copy::copy(source, &plain.path).await;
    let contents = copied.map_err(|error| match error {
        StoreError::Full => BackupError::Full(to.to_owned()),
        error => BackupError::NotCopied(source.to_owned(), error),
    })?;
    // Noted before any of it leaves: a reading that is not on record does not happen.
    let noted = copy::note_read(source, now).await;
    noted.map_err(|error| BackupError::NotNoted(source.to_owned(), error))?;
    let (from, whole) = (plain.path.clone(), to.to_owned());
    let bytes = off_thread(move || {
        let disk = |error| BackupError::disk(&whole, error);
        let plain = File::open(from).map_err(disk)?;
        seal::seal(plain, &sealed, &sealing).map_err(disk)?;
        sealed.sync_all().map_err(disk)?;
        // The lock goes with the file, not before it has its name.
        Ok((sealed.metadata().map_err(disk)?.len(), sealed))
    });
    let (bytes, _locked) = bytes.await?;
    check_free()?;
    part.becomes(to)?;
    Ok(Backup::of(contents, bytes))
}

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was in the backup.
    pub backup: Backup,
    /// Where the earlier database is kept, if there was one.
    pub earlier: Option<PathBuf>,
}

/// Puts a backup back as the database `target`, and announces in it that it was restored.
///
/// # Errors
/// [`BackupError`] says what is in the way; `target` is then what it was.
pub async fn put_back(
    file: &Path,
    target: &Path,
    opening: Opening,
    is_forced: bool,
    now: Millis,
) -> Result<Restored, BackupError> {
    let sealed = File::open(file).map_err(|error| match error.kind() {
        ErrorKind::NotFound => BackupError::NoBackup(file.to_owned()),
        _ => BackupError::disk(file, error),
    })?;
    let bytes = sealed
        .metadata()
        .map_err(|error| BackupError::disk(file, error))?
        .len();
    may_replace(target, is_forced).await?;
    let plain = Passing::make(beside(target, ".restoring"))?;
    let (name, into) = (file.to_owned(), plain.path.clone());
    off_thread(move || seal::open(&name, sealed, &into, &opening)).await?;
    let contents = copy::examine(&plain.path).await;
    let contents = contents.map_err(|error| match error {
        StoreError::Newer => BackupError::Newer(file.to_owned()),
        error => BackupError::Unsound(file.to_owned(), error),
    })?;
    let announced = copy::announce(&plain.path, now).await;
    announced.map_err(|error| match error {
        StoreError::Full => BackupError::Full(target.to_owned()),
        error => BackupError::Unsound(file.to_owned(), error),
    })?;
    if BESIDE.iter().any(|end| beside(&plain.path, end).exists()) {
        let open = StoreError::Corrupt("it is not in one file");
        return Err(BackupError::Unsound(file.to_owned(), open));
    }
    // Whoever started a server meanwhile is asked to stop it.
    may_replace(target, is_forced).await?;
    let earlier = keep_beside(target, now)?;
    if let Err(error) = plain.becomes(target) {
        if let Some(earlier) = &earlier {
            rename_all(earlier, target)?;
        }
        return Err(error);
    }
    Ok(Restored {
        backup: Backup::of(contents, bytes),
        earlier,
    })
}

/// Whether a database may be put at `target` now.
async fn may_replace(target: &Path, is_forced: bool) -> Result<(), BackupError> {
    // What SQLite has beside a database that is gone would be read into the new one.
    let is_there = |end: &&str| beside(target, end).exists();
    if !target.exists() && !BESIDE.iter().any(is_there) {
        return Ok(());
    }
    if !is_forced || target.is_dir() {
        return Err(BackupError::InPlace(target.to_owned()));
    }
    if !target.exists() {
        return Ok(());
    }
    match copy::is_free(target).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(BackupError::Held(target.to_owned())),
        Err(error) => Err(BackupError::NotAsked(target.to_owned(), error)),
    }
}

/// Moves the database that is at `target`, with all that SQLite has beside it.
fn keep_beside(target: &Path, now: Millis) -> Result<Option<PathBuf>, BackupError> {
    let is_there = target.exists() || BESIDE.iter().any(|end| beside(target, end).exists());
    if !is_there {
        return Ok(None);
    }
    let at = Timestamp::from_millisecond(now.0).unwrap_or_default();
    let at = at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut earlier = beside(target, &format!(".before-restore-{at}"));
    let mut number = 1;
    while earlier.exists() {
        number += 1;
        earlier = beside(target, &format!(".before-restore-{at}-{number}"));
    }
    rename_all(target, &earlier)?;
    Ok(Some(earlier))
}

fn rename_all(from: &Path, to: &Path) -> Result<(), BackupError> {
    for end in [""].iter().chain(&BESIDE) {
        match std::fs::rename(beside(from, end), beside(to, end)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(BackupError::disk(from, error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// A file that goes when nobody needs it any more, whatever happened, with what SQLite made beside.
struct Passing {
    path: PathBuf,
    is_kept: bool,
}

impl Passing {
    /// An empty file that only its owner reads. What an earlier run left there goes.
    fn make(path: PathBuf) -> Result<Self, BackupError> {
        let made = Self {
            path,
            is_kept: false,
        };
        made.remove();
        private()
            .create_new(true)
            .open(&made.path)
            .map_err(|error| BackupError::disk(&made.path, error))?;
        Ok(made)
    }

    /// Gives the file its name, for good.
    fn becomes(mut self, name: &Path) -> Result<(), BackupError> {
        let disk = |error| BackupError::disk(name, error);
        File::open(&self.path)
            .and_then(|file| file.sync_all())
            .map_err(disk)?;
        std::fs::rename(&self.path, name).map_err(disk)?;
        self.is_kept = true;
        // Without this the name may be gone after a power cut. Not every system can do it.
        let folder = name
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn remove(&self) {
        for end in [""].iter().chain(&BESIDE) {
            let _ = std::fs::remove_file(beside(&self.path, end));
        }
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        if !self.is_kept {
            self.remove();
        }
    }
}

/// The file that becomes `to`, for this process alone.
fn claim(to: &Path) -> Result<(Passing, File), BackupError> {
    let path = beside(to, ".part");
    let disk = |error| BackupError::disk(to, error);
    let file = private().create(true).open(&path).map_err(disk)?;
    match file.try_lock() {
        Ok(()) if is_same(&file, &path) => {}
        // Another process has it, or has just finished with it and given it its name.
        Ok(()) | Err(std::fs::TryLockError::WouldBlock) => {
            return Err(BackupError::Running(to.to_owned()));
        }
        Err(std::fs::TryLockError::Error(error)) => return Err(disk(error)),
    }
    let part = Passing {
        path,
        is_kept: false,
    };
    file.set_len(0).map_err(disk)?;
    Ok((part, file))
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let place = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(open), Ok(named)) => place(open) == place(named),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(_: &File, path: &Path) -> bool {
    path.exists()
}

fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The file with this end to its name.
fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Does what takes long without keeping others from their turn.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(BackupError::Stopped))
}
