//! A database file as a whole: copied while a server works with it, looked through, given a new
//! restore epoch. Nothing here changes the file that is copied or looked through, but for a note in
//! its record that it was.

use std::path::Path;
use std::time::Duration;

use domain::id::{Millis, UserId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, SqliteConnection};
use uuid::Uuid;

use super::{BUSY_TIMEOUT, Database, MIGRATIONS, ente, failed};
use crate::store::columns::number;
use crate::store::{Access as _, Action, ChainCheck, Entry, StoreError, Trail as _};

const ENTE: &str = "select ente_id, system_user_id from enti where slug = $1";

/// How much is in a database. None of it ever becomes less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    scopes: u64,
    ops: u64,
    entries: u64,
}

impl Tally {
    /// Whether this was counted between the two others.
    fn is_between(self, before: Self, after: Self) -> bool {
        let least = (before.scopes, before.ops, before.entries);
        let most = (after.scopes, after.ops, after.entries);
        let grew =
            |(a, b, c): (u64, u64, u64), (x, y, z): (u64, u64, u64)| a <= x && b <= y && c <= z;
        let own = (self.scopes, self.ops, self.entries);
        grew(least, own) && grew(own, most)
    }
}

/// What is in a database that was found whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    tally: Tally,
    /// Families that are worked with.
    pub(crate) families: u64,
    /// Changes in the log.
    pub(crate) ops: u64,
    /// When the last thing in it was done.
    pub(crate) latest: Millis,
}

/// Copies what is committed at one instant into an empty file, and answers what was found in the
/// copy once all of it was looked through. Others go on reading and writing meanwhile.
pub(crate) async fn copy(source: &Path, target: &Path) -> Result<Contents, StoreError> {
    let mut connection = options(source).connect().await.map_err(failed)?;
    let before = tally(&mut connection).await?;
    sqlx::query("vacuum into $1")
        .bind(target.to_string_lossy())
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    let after = tally(&mut connection).await?;
    connection.close().await.map_err(failed)?;
    let contents = examine(target).await?;
    if !contents.tally.is_between(before, after) {
        return Err(StoreError::Corrupt("the copy has not what was copied"));
    }
    Ok(contents)
}

/// Notes in a database, which a server may be working with, that all of it was read. Its tables
/// stay as they are: a newer program may make the backup.
pub(crate) async fn note_read(source: &Path, now: Millis) -> Result<(), StoreError> {
    let options = options(source).synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await.map_err(failed)?;
    let (ente, system): (Uuid, Uuid) = sqlx::query_as(ENTE)
        .bind(ente::SLUG)
        .fetch_one(&pool)
        .await
        .map_err(failed)?;
    let db = Database {
        writer: pool.clone(),
        reader: pool.clone(),
        ente,
        system: UserId::from_uuid(system),
        queue: None,
    };
    let noted = async {
        let mut tx = db.begin().await?;
        let entry = Entry::by(db.system, Action::BackedUp);
        db.append(&mut tx, &[entry], now).await?;
        tx.commit().await.map_err(failed)
    };
    let noted = noted.await;
    pool.close().await;
    noted
}

/// Looks through a file that nobody writes: every page and index, every reference, every number of
/// every scope, the whole trail.
pub(crate) async fn examine(file: &Path) -> Result<Contents, StoreError> {
    let options = options(file).read_only(true).immutable(true);
    let mut connection = options.clone().connect().await.map_err(failed)?;
    is_sound(&mut connection).await?;
    is_ours(&mut connection).await?;
    numbers_have_no_gap(&mut connection).await?;
    let tally = tally(&mut connection).await?;
    let families: i64 = sqlx::query_scalar(
        "select count(*) from scopes where kind = 'family' and withdrawn_at is null",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(failed)?;
    let latest: Option<i64> = sqlx::query_scalar("select max(at) from trail")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    let (ente, system): (Uuid, Uuid) = sqlx::query_as(ENTE)
        .bind(ente::SLUG)
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    connection.close().await.map_err(failed)?;
    let pool = SqlitePoolOptions::new().connect_lazy_with(options);
    let looked = Database {
        writer: pool.clone(),
        reader: pool.clone(),
        ente,
        system: UserId::from_uuid(system),
        queue: None,
    };
    let check = looked.verify_trail().await;
    pool.close().await;
    match check? {
        ChainCheck::Whole { entries } if entries == tally.entries => Ok(Contents {
            tally,
            families: number(families)?,
            ops: tally.ops,
            latest: Millis(latest.unwrap_or_default()),
        }),
        ChainCheck::Whole { .. } | ChainCheck::Broken { .. } => {
            Err(StoreError::Corrupt("the record was changed"))
        }
    }
}

/// Brings a file up to date, announces in it that it was restored, and closes it so that all of it
/// is in this one file.
pub(crate) async fn announce(file: &Path, now: Millis) -> Result<(), StoreError> {
    let db = Database::open(file, now).await?;
    let raised = db.raise_restore_epoch(db.system, now).await;
    db.reader.close().await;
    db.writer.close().await;
    raised.map(|_| ())
}

/// Whether no other process has the file open. A file that is damaged beyond that question counts
/// as free: no server works with it either.
pub(crate) async fn is_free(file: &Path) -> Result<bool, StoreError> {
    // Whoever works with the file in the way of a server keeps a shared lock on it all the time,
    // and with this mode the first statement asks for an exclusive one.
    let options = options(file)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(Duration::ZERO);
    let asked = async {
        let mut connection = options.connect().await?;
        let begun = sqlx::query("begin exclusive").execute(&mut connection);
        begun.await?;
        sqlx::query("rollback").execute(&mut connection).await?;
        connection.close().await
    };
    match asked.await {
        Ok(()) => Ok(true),
        // SQLITE_BUSY and its extended codes (https://www.sqlite.org/rescode.html).
        Err(error) if primary_code(&error) == Some(5) => Ok(false),
        Err(error) => match failed(error) {
            StoreError::Corrupt(_) => Ok(true),
            error => Err(error),
        },
    }
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

async fn tally(connection: &mut SqliteConnection) -> Result<Tally, StoreError> {
    let (scopes, ops, entries): (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from scopes),
                (select coalesce(sum(head), 0) from scopes),
                (select coalesce(sum(head), 0) from trails)",
    )
    .fetch_one(connection)
    .await
    .map_err(|_| StoreError::Corrupt("it is not a database of this program"))?;
    Ok(Tally {
        scopes: number(scopes)?,
        ops: number(ops)?,
        entries: number(entries)?,
    })
}

/// What SQLite itself can tell of a file.
async fn is_sound(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let told: Vec<String> = sqlx::query_scalar("pragma integrity_check")
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    if told != ["ok"] {
        return Err(StoreError::Corrupt("the file is damaged"));
    }
    let astray = sqlx::query("pragma foreign_key_check")
        .fetch_optional(connection)
        .await
        .map_err(failed)?;
    match astray {
        None => Ok(()),
        Some(_) => Err(StoreError::Corrupt("a row refers to one that is missing")),
    }
}

/// Whether this program, or an earlier one, made the tables.
async fn is_ours(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let done: Vec<(i64, bool, Vec<u8>)> =
        sqlx::query_as("select version, success, checksum from _sqlx_migrations")
            .fetch_all(connection)
            .await
            .map_err(|_| StoreError::Corrupt("it is not a database of this program"))?;
    for (version, success, checksum) in done {
        let known = MIGRATIONS.iter().find(|one| one.version == version);
        let known = known.ok_or(StoreError::Newer)?;
        if !success || *known.checksum != *checksum {
            return Err(StoreError::Corrupt("the tables are not ours"));
        }
    }
    Ok(())
}

/// Invariant 6, asked of every scope.
async fn numbers_have_no_gap(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let amiss: i64 = sqlx::query_scalar(
        "select count(*)
         from scopes s
         left join (
             select ente_id, scope_id, count(*) as ops, min(seq) as first, max(seq) as last
             from ops
             group by ente_id, scope_id
         ) o on o.ente_id = s.ente_id and o.scope_id = s.scope_id
         where s.head <> coalesce(o.ops, 0)
             or s.head <> coalesce(o.last, 0)
             or coalesce(o.first, 1) <> 1",
    )
    .fetch_one(connection)
    .await
    .map_err(failed)?;
    match amiss {
        0 => Ok(()),
        _ => Err(StoreError::Corrupt("a change is missing in the log")),
    }
}
