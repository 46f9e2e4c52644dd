//! The store on SQLite: one writer, several readers, every commit on disk before it is answered.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use domain::id::{Millis, OpId, UserId};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, Pool, QueryBuilder, SqliteConnection, Transaction};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::columns::{self, Column};
use crate::store::migrations;

pub(crate) mod copy;

#[path = "sql/access.rs"]
mod access;
#[path = "sql/agenda.rs"]
mod agenda;
#[path = "sql/anew.rs"]
mod anew;
#[path = "sql/ente.rs"]
mod ente;
#[path = "sql/facts.rs"]
mod facts;
#[path = "sql/imports.rs"]
mod imports;
#[path = "sql/ingest.rs"]
mod ingest;
#[path = "sql/log.rs"]
mod log;
#[path = "sql/naming.rs"]
mod naming;
#[path = "sql/people.rs"]
mod people;
#[path = "sql/quarantine.rs"]
mod quarantine;
#[path = "sql/queue.rs"]
mod queue;
#[path = "sql/reach.rs"]
mod reach;
#[path = "sql/sealing.rs"]
mod sealing;
#[path = "sql/suspensions.rs"]
mod suspensions;
#[path = "sql/trail.rs"]
mod trail;

/// The database that the shared sentences are compiled for.
type Db = sqlx::Sqlite;

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(migrations::sqlite);

/// What makes a `select` take locks: nothing, since a transaction that writes is alone from its
/// beginning.
const LOCKED: &str = "";

/// How long a statement waits for another process that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for its turn to write.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// `SQLITE_IOERR_SHMSIZE`.
const SHARED_MEMORY_TOO_SHORT: u32 = 4874;

/// The store on SQLite.
#[derive(Clone, Debug)]
pub struct Database {
    writer: Pool<Db>,
    reader: Pool<Db>,
    ente: Uuid,
    system: UserId,
    /// Absent from the copy that the queue itself writes with.
    queue: Option<queue::Queue>,
}

impl Database {
    /// Opens the file, making it where there is none, and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] says what is in the way.
    pub async fn open(path: &Path, now: Millis) -> Result<Self, StoreError> {
        private(path).map_err(|error| StoreError::Unavailable(Box::new(error)))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        // A file does not go away as a server does: asking whether it is still there before every
        // use costs a turn of a thread each time.
        //
        // SQLite has one writer at a time: a second connection would only wait inside SQLite,
        // where waiting is unfair.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(TURN_TIMEOUT)
            .test_before_acquire(false)
            .after_release(|connection, _| Box::pin(is_clean(connection)))
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        MIGRATIONS.run(&writer).await.map_err(ente::not_migrated)?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(TURN_TIMEOUT)
            .test_before_acquire(false)
            .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
            .await
            .map_err(failed)?;
        let (ente, system) = ente::first(&writer, now).await?;
        let mut database = Self {
            writer,
            reader,
            ente,
            system,
            queue: None,
        };
        database.queue = Some(queue::Queue::start(database.clone()));
        Ok(database)
    }

    fn reader(&self) -> &Pool<Db> {
        &self.reader
    }

    async fn begin(&self) -> Result<Transaction<'static, Db>, StoreError> {
        begin(&self.writer).await
    }
}

/// Makes the file, where there is none, so that only its owner reads it; SQLite makes the others
/// next to it with the same permissions.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

async fn begin(pool: &Pool<Db>) -> Result<Transaction<'static, Db>, StoreError> {
    // A deferred transaction that reads before it writes would fail, not wait, when another
    // process wrote in between.
    pool.begin_with("begin immediate").await.map_err(failed)
}

/// Whether a connection that was given back may be used again. On a full disk SQLite takes a whole
/// transaction back by itself; the connection then counts it as open for ever, and refuses to begin
/// another.
async fn is_clean(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // Whatever was left to be taken back has been when this is answered.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Begins a question about each of `ids` in a table: `q` is what is found under one of them. The
/// list comes first (`cross join`): given `in (…)`, SQLite would rather read the whole log than
/// look up each id.
fn about_each(ids: &[OpId], columns: &str, table: &str, ente: Uuid) -> QueryBuilder<Db> {
    let mut select = QueryBuilder::new(format!("select {columns} from ("));
    select.push_values(ids, |mut row, id| {
        row.push_bind(*id.as_uuid());
    });
    select
        .push(format!(
            ") as v cross join {table} as q on q.op_id = v.column1 and q.ente_id = "
        ))
        .push_bind(ente);
    select
}

/// Inserts rows, which come as columns.
fn insert(into: &str, columns: Vec<Column<'_>>) -> QueryBuilder<Db> {
    let mut insert = QueryBuilder::new(format!("insert into {into} "));
    let rows = columns.first().map_or(0, Column::len);
    insert.push_values(0..rows, |mut row, at| {
        for column in &columns {
            match column {
                Column::Ids(ids) => row.push_bind(ids.get(at).copied().flatten()),
                Column::Numbers(numbers) => row.push_bind(numbers.get(at).copied()),
                Column::Texts(texts) => row.push_bind(texts.get(at).copied()),
                Column::Hashes(hashes) => row.push_bind(hashes.get(at).map(Vec::as_slice)),
            };
        }
    });
    insert
}

/// Sorts a database's complaint by what the caller can do.
fn failed(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(told) = &error {
        if told.is_unique_violation() {
            return StoreError::Conflict;
        }
        if told.is_foreign_key_violation() {
            return StoreError::NotFound;
        }
        let code = told.code().and_then(|code| code.parse::<u32>().ok());
        // On a full disk the file that readers and the writer share cannot be made long enough:
        // that is an extended code, whose primary one is any failure of a disk.
        if code == Some(SHARED_MEMORY_TOO_SHORT) {
            return StoreError::Full;
        }
        // The primary result code is in the low byte of the extended one
        // (https://www.sqlite.org/rescode.html).
        return match code.map(|code| code & 0xff) {
            Some(13) => StoreError::Full,
            Some(11) => StoreError::Corrupt("the file is damaged"),
            Some(26) => StoreError::Corrupt("the file is not a database"),
            _ => StoreError::Unavailable(Box::new(error)),
        };
    }
    columns::failed_elsewhere(error)
}

#[cfg(test)]
mod tests {
    use domain::vocabulary::Role;

    use super::*;
    use crate::store::{ChainCheck, People as _, Trail as _, User};

    #[tokio::test]
    async fn a_file_that_may_not_grow_is_full_and_works_again_when_it_may() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("percorso.db");
        let db = Database::open(&file, Millis(0)).await.expect("it opens");
        let pages: i64 = sqlx::query_scalar("pragma page_count")
            .fetch_one(&db.writer)
            .await
            .expect("it counts");
        let allow = async |pages: i64| {
            let sql = format!("pragma max_page_count = {pages}");
            let set = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&db.writer);
            set.await.expect("it is set");
        };
        let add = async |number: u8| {
            let user = User {
                id: UserId::new(Millis(0), [number; 10]),
                login: format!("user{number}"),
                name: "x".repeat(3_000),
                role: Role::Mediator,
                is_active: true,
            };
            db.create_user(db.system, &user, "hash", Millis(0)).await
        };
        let mut added = 0;
        for _ in 0..2 {
            // Each time again: a connection that met a full disk is not used any more.
            allow(pages + 3).await;
            let refused = loop {
                match add(added).await {
                    Ok(()) => added += 1,
                    Err(error) => break error,
                }
            };
            assert!(matches!(refused, StoreError::Full), "{refused:?}");
            let users = db.users().await.expect("it still reads");
            assert_eq!(users.len(), usize::from(added), "all or nothing");
        }
        add(added).await.expect("there is room again");
        let check = db.verify_trail().await.expect("it reads");
        assert!(matches!(check, ChainCheck::Whole { .. }), "{check:?}");
    }

    #[tokio::test]
    async fn ids_are_looked_up_in_the_log_and_never_searched_for() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("percorso.db");
        let db = Database::open(&file, Millis(0)).await.expect("it opens");
        for count in [1, 2, 4_000] {
            let ids = vec![OpId::from_uuid(Uuid::nil()); count];
            let asked = facts::in_the_log(db.ente, &ids);
            let explain = format!("explain query plan {}", asked.sql().as_str());
            let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(explain))
                .fetch_all(db.reader())
                .await
                .expect("it explains");
            let by_id = "SEARCH q USING INDEX sqlite_autoindex_ops_2 (ente_id=? AND op_id=?)";
            assert!(plan.iter().any(|step| step.3 == by_id), "{count}: {plan:?}");
        }
    }

    #[tokio::test]
    async fn what_waits_for_one_person_is_not_searched_among_what_waits_for_all() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let file = folder.path().join("percorso.db");
        let db = Database::open(&file, Millis(0)).await.expect("it opens");
        let explain = format!("explain query plan select q.body {}", quarantine::OPEN);
        let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(explain))
            .fetch_all(db.reader())
            .await
            .expect("it explains");
        let by_scope = "SEARCH q USING INDEX quarantine_open (scope_id=?)";
        assert!(plan.iter().any(|step| step.3 == by_scope), "{plan:?}");
    }
}
