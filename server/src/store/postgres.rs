//! The store on PostgreSQL.

use std::str::FromStr;
use std::time::Duration;

use domain::id::{Millis, UserId};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _, Pool, Transaction};
use uuid::Uuid;

use crate::store::{StoreError, columns};

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
type Db = sqlx::Postgres;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// What makes a `select` take the locks that an `update` would take. It waits for whoever has them
/// and then answers with what they left.
const LOCKED: &str = " for no key update";

/// How long a request waits for a connection.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
const CONNECTIONS: u32 = 16;

/// The store on PostgreSQL.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool<Db>,
    ente: Uuid,
    system: UserId,
    /// Absent from the copy that the queue itself writes with.
    queue: Option<queue::Queue>,
}

impl Database {
    /// Connects and brings the tables up to date.
    ///
    /// # Errors
    /// [`StoreError`] says what is in the way.
    pub async fn open(url: &str, now: Millis) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(failed)?
            .application_name("percorso")
            .disable_statement_logging();
        // A pool would try until its time is up and forget why: one connection tells at once.
        let first = tokio::time::timeout(TURN_TIMEOUT, options.connect());
        let first = first
            .await
            .map_err(|late| StoreError::Unavailable(Box::new(late)))?;
        first.map_err(failed)?.close().await.map_err(failed)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(TURN_TIMEOUT)
            .connect_with(options)
            .await
            .map_err(failed)?;
        MIGRATIONS.run(&pool).await.map_err(ente::not_migrated)?;
        let (ente, system) = ente::first(&pool, now).await?;
        let mut database = Self {
            pool,
            ente,
            system,
            queue: None,
        };
        database.queue = Some(queue::Queue::start(database.clone()));
        Ok(database)
    }

    fn reader(&self) -> &Pool<Db> {
        &self.pool
    }

    async fn begin(&self) -> Result<Transaction<'static, Db>, StoreError> {
        begin(&self.pool).await
    }
}

async fn begin(pool: &Pool<Db>) -> Result<Transaction<'static, Db>, StoreError> {
    // Read committed is enough: whoever writes into a scope first takes the lock on its row, and
    // looks at everything else after that.
    pool.begin().await.map_err(failed)
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
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        return match told.code().as_deref() {
            Some("53100") => StoreError::Full,
            Some("40001" | "40P01") => StoreError::Conflict,
            Some("XX001" | "XX002") => StoreError::Corrupt("a page or an index is damaged"),
            _ => StoreError::Unavailable(Box::new(error)),
        };
    }
    columns::failed_elsewhere(error)
}
