//! What happens to a database behind the store's back.

use sqlx::Connection as _;

use crate::world::World;

/// Writes past the store, as somebody with the database's password could.
pub async fn tamper(world: &World, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if let Some(file) = world.url.strip_prefix("sqlite:") {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut db = sqlx::SqliteConnection::connect_with(&options)
            .await
            .expect("it connects");
        sqlx::query(sql).execute(&mut db).await.expect("it runs");
        db.close().await.expect("it closes");
    } else {
        let mut db = sqlx::PgConnection::connect(&world.url)
            .await
            .expect("it connects");
        sqlx::query(sql).execute(&mut db).await.expect("it runs");
        db.close().await.expect("it closes");
    }
}

/// From now on the database answers as one without space, at the last thing that a transaction
/// writes.
pub async fn fill_disk(world: &World) {
    let sentences: &[&str] = if world.url.starts_with("sqlite:") {
        // SQLite says the same of a table without a further number as of a disk without space
        // (https://www.sqlite.org/autoinc.html).
        &[
            "create table brim (number integer primary key autoincrement)",
            "insert into brim (number) values (9223372036854775807)",
            "create trigger brim before insert on trail
             begin insert into brim (number) values (null); end",
        ]
    } else {
        &[
            "create function brim() returns trigger language plpgsql as
             $$ begin raise exception 'no space left' using errcode = '53100'; end $$",
            "create trigger brim before insert on trail for each row execute function brim()",
        ]
    };
    for sentence in sentences {
        tamper(world, sentence).await;
    }
}

/// Somebody has made room.
pub async fn make_room(world: &World) {
    let sentence = if world.url.starts_with("sqlite:") {
        "drop trigger brim"
    } else {
        "drop trigger brim on trail"
    };
    tamper(world, sentence).await;
}
