//! The store on PostgreSQL.

use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use domain::id::{Millis, OpId, UserId};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _, Pool, QueryBuilder, Transaction};
use uuid::Uuid;

use crate::store::StoreError;
use crate::store::columns::{self, Column};
use crate::store::migrations;

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
type Db = sqlx::Postgres;

static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(migrations::postgres);

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
            // A plan that is kept is kept for tables as they were: made for the first phones, it
            // would read the whole log for each one of a thousand later.
            .options([("plan_cache_mode", "force_custom_plan")])
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

/// Begins a question about each of `ids` in a table: `q` is what is found under one of them.
///
/// `offset 0` keeps the list and the table apart: of a table that was never looked through, which
/// grows fast, PostgreSQL believes that the ente has few rows, and would read them all to join them
/// with a long list. So it can only look up one id after the other.
fn about_each(ids: &[OpId], columns: &str, table: &str, ente: Uuid) -> QueryBuilder<Db> {
    let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
    let mut select = QueryBuilder::new(format!("select {columns} from unnest("));
    select
        .push_bind(ids)
        .push(format!(
            "::uuid[]) as v (id)
             cross join lateral (select * from {table} where op_id = v.id and ente_id = "
        ))
        .push_bind(ente)
        .push(" offset 0) as q");
    select
}

/// Inserts rows, which come as columns: the sentence is the same however many they are, and is
/// read and planned in a moment. One with a parameter for each value takes longer to plan than to
/// carry out.
fn insert(into: &str, columns: Vec<Column<'_>>) -> QueryBuilder<Db> {
    let mut insert = QueryBuilder::new(format!("insert into {into} select * from unnest("));
    let mut arrays = insert.separated(", ");
    for column in columns {
        match column {
            Column::Ids(ids) => arrays.push_bind(ids),
            Column::Numbers(numbers) => arrays.push_bind(numbers),
            Column::Texts(texts) => arrays.push_bind(texts),
            Column::Hashes(hashes) => arrays.push_bind(hashes),
        };
    }
    insert.push(")");
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

#[cfg(test)]
#[path = "../../tests/support/cluster.rs"]
mod cluster;

#[cfg(test)]
mod tests {
    use domain::authorize::ScopeKind;
    use domain::id::ScopeId;
    use sqlx::pool::PoolConnection;

    use super::cluster::Cluster;
    use super::*;
    use crate::store::Access as _;

    struct Grown {
        connection: PoolConnection<Db>,
        ente: Uuid,
        scope: Uuid,
    }

    impl Grown {
        /// A log of a few ops that is looked through or never was, and whose questions were asked
        /// so often that PostgreSQL would keep their plans; then it grows.
        async fn of(url: &str, is_looked_through: bool) -> Self {
            let db = Database::open(url, Millis(0)).await.expect("it opens");
            let scope = ScopeId::new(Millis(0), [1; 10]);
            let made = db.create_scope(db.system, scope, ScopeKind::Family, Millis(0));
            made.await.expect("it is new");
            let mut grown = Self {
                connection: db.pool.acquire().await.expect("there is one"),
                ente: db.ente,
                scope: *scope.as_uuid(),
            };
            let in_the_log = facts::in_the_log(db.ente, &[]);
            let in_the_log = in_the_log.sql();
            grown
                .run("alter table ops set (autovacuum_enabled = off)")
                .await;
            grown.grow(1, 60).await;
            if is_looked_through {
                grown.run("analyze ops").await;
            }
            grown
                .run(&format!("prepare about as {}", in_the_log.as_str()))
                .await;
            grown.run(&format!("prepare after as {}", log::AFTER)).await;
            for _ in 0..10 {
                let (about, after) = (grown.about(20), grown.after());
                grown.run(&about).await;
                grown.run(&after).await;
            }
            grown.grow(61, 20_000).await;
            grown
        }

        async fn grow(&mut self, first: u32, last: u32) {
            let (ente, scope) = (self.ente, self.scope);
            let sql = format!(
                "insert into ops
                 select '{ente}', '{scope}', number, gen_random_uuid(), '{scope}', '{scope}',
                        number, 'note', repeat('parola ', 50), 0
                 from generate_series({first}, {last}) as number"
            );
            self.run(&sql).await;
        }

        fn about(&self, ids: usize) -> String {
            let ids = (0..ids).map(|_| Uuid::from_bytes(rand::random()).to_string());
            let ids = ids.collect::<Vec<_>>().join(",");
            format!("execute about ('{{{ids}}}', '{}')", self.ente)
        }

        fn after(&self) -> String {
            format!("execute after ('{}', '{}', 0)", self.ente, self.scope)
        }

        async fn run(&mut self, sql: &str) {
            let sql = sqlx::AssertSqlSafe(sql.to_owned());
            let run = sqlx::raw_sql(sql).execute(&mut *self.connection).await;
            run.expect("it runs");
        }

        async fn plan(&mut self, sql: &str) -> Vec<String> {
            let sql = sqlx::AssertSqlSafe(format!("explain {sql}"));
            let plan = sqlx::query_scalar(sql).fetch_all(&mut *self.connection);
            plan.await.expect("it explains")
        }
    }

    #[tokio::test]
    async fn a_log_that_grew_is_looked_up_and_never_searched() {
        let Some(cluster) = Cluster::start(false) else {
            return;
        };
        for (name, is_looked_through) in [("never", false), ("while_small", true)] {
            let mut grown = Grown::of(&cluster.database(name), is_looked_through).await;
            for ids in [1, 20, 4_000] {
                let about = grown.about(ids);
                let plan = grown.plan(&about).await;
                let by_id = |step: &String| step.contains("Index Cond") && step.contains("v.id");
                assert!(plan.iter().any(by_id), "{name}, {ids} ids: {plan:#?}");
                let is_search = |step: &String| step.contains("Seq Scan") || step.contains("Hash");
                assert!(!plan.iter().any(is_search), "{name}, {ids} ids: {plan:#?}");
            }
            let after = grown.after();
            let plan = grown.plan(&after).await;
            let in_order = |step: &String| step.contains("Index Scan using ops_pkey");
            assert!(plan.iter().any(in_order), "{name}: {plan:#?}");
        }
    }
}
