//! The steps that bring the tables of a database up to date, as the program carries them.

use std::borrow::Cow;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{SqlSafeStr, SqlStr};

/// The steps in a folder below `server/migrations`, each by its file's name.
macro_rules! steps {
    ($folder:literal: $($file:literal),+ $(,)?) => {
        [$((
            $file,
            include_str!(concat!("../../migrations/", $folder, "/", $file, ".sql")),
        )),+]
    };
}

const SQLITE: [(&str, &str); 5] = steps!("sqlite":
    "0001_first",
    "0002_demonstration",
    "0003_import_grants",
    "0004_sealed",
    "0005_access",
);

const POSTGRES: [(&str, &str); 5] = steps!("postgres":
    "0001_first",
    "0002_demonstration",
    "0003_import_grants",
    "0004_sealed",
    "0005_access",
);

/// The steps for SQLite.
pub fn sqlite() -> Migrator {
    migrator(&SQLITE)
}

/// The steps for PostgreSQL.
pub fn postgres() -> Migrator {
    migrator(&POSTGRES)
}

fn migrator(steps: &[(&str, &'static str)]) -> Migrator {
    Migrator::with_migrations(steps.iter().filter_map(|step| migration(*step)).collect())
}

/// A step as sqlx knows it: its number and what it is called, from its name, and the hash of its
/// words, by which a database notices that a step that it took says something else today.
fn migration((name, sql): (&str, &'static str)) -> Option<Migration> {
    let (number, called) = name.split_once('_')?;
    let sql: SqlStr = sql.into_sql_str();
    let called = Cow::Owned(called.replace('_', " "));
    let number = number.parse().ok()?;
    Some(Migration::new(
        number,
        called,
        MigrationType::Simple,
        sql,
        false,
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_step_that_lies_there_is_carried_and_numbered() {
        for (folder, steps) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("migrations")
                .join(folder);
            let lying: BTreeSet<String> = std::fs::read_dir(path)
                .expect("the folder is there")
                .map(|entry| {
                    let name = entry.expect("it can be read").file_name();
                    name.to_string_lossy().trim_end_matches(".sql").to_owned()
                })
                .collect();
            let carried: BTreeSet<String> =
                steps.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(carried, lying, "{folder}");
            let numbers: Vec<i64> = migrator(&steps).iter().map(|one| one.version).collect();
            let expected: Vec<i64> = (1..).take(steps.len()).collect();
            assert_eq!(numbers, expected, "{folder}");
        }
    }

    /// What sqlx itself wrote into the databases that there are: a step that says something else
    /// is refused by each of them.
    #[test]
    fn a_step_that_databases_have_taken_keeps_its_name_and_its_words() {
        let first = sqlite().iter().next().map(|one| {
            let digits: String = one
                .checksum
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            (one.description.to_string(), digits)
        });
        assert_eq!(first, Some(("first".to_owned(), FIRST.to_owned())));
    }

    const FIRST: &str = "2e9f29195ab134e01b022c51ff831810d2aeb3abf035f3ba\
                         1352a7b748ddc0a02b68c81033dd5c3b5fbe5030ec29b0a8";
}
