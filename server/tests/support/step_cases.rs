//! Cases of a database that an earlier release made: it takes the steps that it lacks, and what was
//! in it is there afterwards.

use std::collections::BTreeMap;
use std::path::Path;

use domain::id::{Millis, ScopeId, VisitId};
use domain::op::Known;
use domain::visit::{Appointment, VisitField};
use domain::vocabulary::Place;
use jiff::civil::{Date, date};
use replica::message::REPLY_BYTES;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::world::{Ask, World, bytes, note, numbers};

/// The day of the cases.
const TODAY: Date = date(2025, 10, 9);

/// Which columns the tables have, a table that others need before them.
const SQLITE_COLUMNS: &str = "select t.name, c.name
     from sqlite_master as t, pragma_table_info(t.name) as c
     where t.type = 'table' and t.name <> '_sqlx_migrations'
     order by t.rowid, c.cid";
const POSTGRES_COLUMNS: &str = "select t.relname::text, c.attname::text
     from pg_class as t join pg_attribute as c on c.attrelid = t.oid
     where t.relnamespace = 'public'::regnamespace and t.relkind = 'r'
         and t.relname <> '_sqlx_migrations' and c.attnum > 0 and not c.attisdropped
     order by t.oid, c.attnum";

pub async fn what_an_earlier_step_of_the_tables_held_is_there_after_the_others(mut world: World) {
    live(&world).await;
    let (said, when) = (told(&world).await, touched(&world).await);
    let first = world.url.clone();
    let migrator = steps(&first).await;
    let all: Vec<i64> = migrator.iter().map(|step| step.version).collect();
    let (_, earlier) = all.split_last().expect("there are steps");
    for step in earlier {
        let url = if first.starts_with("sqlite:") {
            sqlite_at(&first, &migrator, *step).await
        } else {
            postgres_at(&first, &migrator, *step).await
        };
        world = world.moved_to(url).await;
        assert_eq!(touched(&world).await, when, "from step {step}");
        world.store.rebuild().await.expect("it is rebuilt");
        assert_eq!(told(&world).await, said, "from step {step}");
        // The next op has the next number.
        let number = numbers(&world.ingest(&world.tutor, &world.notes(1)).await);
        assert_eq!(number, [6], "from step {step}");
    }
}

/// What is written, planned, refused, offered by a colleague and read: five ops are in the log.
async fn live(world: &World) {
    world.ingest(&world.tutor, &world.notes(3)).await;
    let appointment = Appointment {
        date: TODAY,
        time: None,
        place: Place::AtHome,
        about: String::new(),
    };
    let planned = Known::VisitPlanned {
        visit: VisitId::new(world.now(), rand::random()),
        field: VisitField::Appointment(appointment),
    };
    let planned = world.op(&world.tutor, world.family, planned);
    world.ingest(&world.tutor, &[bytes(&planned)]).await;
    let refused = world.op(&world.stranger, world.family, note("di altri"));
    world.ingest(&world.stranger, &[bytes(&refused)]).await;
    // What its author sent after all waits for nobody.
    let offered = [bytes(&world.note(&world.tutor, "tenuta da una collega"))];
    world.ingest(&world.reviewer, &offered).await;
    world.ingest(&world.tutor, &offered).await;
    world.sync(&world.tutor, Ask::from(&[])).await;
}

/// What a server says of its ambito, line by line.
async fn told(world: &World) -> Vec<String> {
    let (store, tutor) = (&world.store, world.tutor.user);
    let users = store.users().await.expect("it reads");
    let families = store.families().await.expect("it reads");
    let devices = store.devices(tutor).await.expect("it reads");
    let agenda = store.agenda(tutor, TODAY).await.expect("it reads");
    let log = store.read(world.family, 0, REPLY_BYTES).await;
    let kept = store.quarantined(100).await.expect("it reads");
    let trail = store.trail(1_000).await.expect("it reads");
    let check = store.verify_trail().await.expect("it reads");
    let mut told = vec![
        format!("{check:?}"),
        format!("{:?}", log.expect("it reads")),
    ];
    told.extend(users.iter().map(|one| format!("{one:?}")));
    told.extend(families.iter().map(|one| format!("{one:?}")));
    told.extend(devices.iter().map(|one| format!("{one:?}")));
    told.extend(agenda.iter().map(|one| format!("{one:?}")));
    told.extend(kept.iter().map(|one| format!("{one:?}")));
    told.extend(trail.iter().map(|one| format!("{one:?}")));
    told
}

/// When each family was touched last.
async fn touched(world: &World) -> BTreeMap<ScopeId, Option<Millis>> {
    let agenda = world.store.agenda(world.tutor.user, TODAY).await;
    let turns = agenda.expect("it reads").into_iter();
    turns.map(|turn| (turn.scope, turn.touched_at)).collect()
}

/// The steps of the database that `url` names, as they lie in the program's folder.
async fn steps(url: &str) -> Migrator {
    let folder = if url.starts_with("sqlite:") {
        "sqlite"
    } else {
        "postgres"
    };
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let migrator = Migrator::new(all.join(folder)).await;
    migrator.expect("the steps are there")
}

/// A file whose tables are as they were at a step, with what they have a place for of the file that
/// `first` names. Answers its address.
async fn sqlite_at(first: &str, migrator: &Migrator, step: i64) -> String {
    let url = format!("{first}.{step}");
    let file = url.trim_start_matches("sqlite:");
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true);
    let mut db = SqliteConnection::connect_with(&options)
        .await
        .expect("it connects");
    let taken = migrator.run_to(step, &mut db).await;
    taken.expect("the steps are taken");
    let columns: Vec<(String, String)> = sqlx::query_as(SQLITE_COLUMNS)
        .fetch_all(&mut db)
        .await
        .expect("it reads");
    let today = first.trim_start_matches("sqlite:");
    let sql = format!(
        "attach database '{today}' as today; {}",
        copies("main", &columns)
    );
    let copied = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await;
    copied.expect("it is copied");
    db.close().await.expect("it closes");
    url
}

/// The same in one database: its tables of today stand aside, and those of a step in their place.
async fn postgres_at(first: &str, migrator: &Migrator, step: i64) -> String {
    let mut db = PgConnection::connect(first).await.expect("it connects");
    let aside = if step == 1 {
        "alter schema public rename to today; create schema public"
    } else {
        "drop schema public cascade; create schema public"
    };
    let moved = sqlx::raw_sql(aside).execute(&mut db).await;
    moved.expect("they stand aside");
    let taken = migrator.run_to(step, &mut db).await;
    taken.expect("the steps are taken");
    let columns: Vec<(String, String)> = sqlx::query_as(POSTGRES_COLUMNS)
        .fetch_all(&mut db)
        .await
        .expect("it reads");
    let sql = copies("public", &columns);
    let copied = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await;
    copied.expect("it is copied");
    db.close().await.expect("it closes");
    first.to_owned()
}

/// Sentences that copy each of these tables' columns, table by table.
fn copies(schema: &str, columns: &[(String, String)]) -> String {
    let tables = columns.chunk_by(|one, next| one.0 == next.0);
    let sentences = tables.filter_map(|table| {
        let (name, _) = table.first()?;
        let columns: Vec<&str> = table.iter().map(|(_, column)| column.as_str()).collect();
        let columns = columns.join(", ");
        Some(format!(
            "insert into {schema}.{name} ({columns}) select {columns} from today.{name};"
        ))
    });
    sentences.collect()
}
