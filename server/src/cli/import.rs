//! `percorso import`: brings lists in, says what they say, takes them back.

use std::io::{ErrorKind, Read};
use std::path::Path;

use app::words::Language;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::{Failure, open};
use crate::auth::now;
use crate::config::{Database, Import, ImportWhat, ReportLanguage};
use crate::import::file::FILE_BYTES_MAX;
use crate::import::{self, ImportError, ImportOptions};
use crate::store::Store;

impl From<ReportLanguage> for Language {
    fn from(language: ReportLanguage) -> Self {
        match language {
            ReportLanguage::It => Self::Italian,
            ReportLanguage::En => Self::English,
        }
    }
}

/// Does what was asked.
pub(super) async fn import(how: Import) -> Result<(), Failure> {
    let language = how.language.into();
    match (how.what, how.undo) {
        (Some(_), Some(_)) => Err(Failure::new(
            "--undo goes alone: first take the import back, then bring the list in",
        )),
        (None, Some(run)) => undo(&*open(&how.database).await?, run, language).await,
        (Some(ImportWhat::List), None) => list(&*open(&how.database).await?, language).await,
        (
            Some(ImportWhat::Families {
                file,
                write,
                skip_bad,
            }),
            None,
        ) => {
            let bytes = read(&file)?;
            let store = open(&how.database).await?;
            let zone = TimeZone::get("Europe/Rome").unwrap_or(TimeZone::UTC);
            let options = ImportOptions {
                bytes,
                is_written: write,
                skips_bad: skip_bad,
                by: store.system(),
                now: now(),
                today: Timestamp::now().to_zoned(zone).date(),
            };
            families(&*store, &options, language, &how.database).await
        }
        (None, None) => Err(Failure::new(
            "say what to bring in: see `percorso import --help`",
        )),
    }
}

async fn families(
    store: &dyn Store,
    options: &ImportOptions,
    language: Language,
    database: &Database,
) -> Result<(), Failure> {
    let done = import::run(store, options).await;
    let report = done.map_err(|error| failure(error, language))?;
    println!("{}", report.say(language));
    if let Some(run) = report.run {
        let named = database.as_typed();
        let (before, after) = match language {
            Language::Italian => ("Per tornare indietro", ""),
            Language::English => ("To take it back", " --language en"),
        };
        println!("{before}: percorso import --undo {run}{named}{after}");
    }
    if report.has_errors() && !options.skips_bad {
        return Err(Failure::new(match language {
            Language::Italian => {
                "correggi le righe segnalate, oppure scrivi le altre con --write --skip-bad"
            }
            Language::English => {
                "mend the rows that are named, or write the others with --write --skip-bad"
            }
        }));
    }
    if !options.is_written {
        println!(
            "{}",
            match language {
                Language::Italian => "Per scrivere davvero, aggiungi --write.",
                Language::English => "To write it, add --write.",
            }
        );
    }
    Ok(())
}

async fn undo(store: &dyn Store, run: Uuid, language: Language) -> Result<(), Failure> {
    let undone = import::undo(store, store.system(), run, now()).await;
    let report = undone.map_err(|error| failure(error, language))?;
    println!("{}", report.say(language));
    Ok(())
}

async fn list(store: &dyn Store, language: Language) -> Result<(), Failure> {
    let (families, taken_back) = match language {
        Language::Italian => ("famiglie", "  (annullata)"),
        Language::English => ("families", "  (taken back)"),
    };
    for run in store.imports().await? {
        let at = Timestamp::from_millisecond(run.begun_at.0).unwrap_or_default();
        let state = if run.undone_at.is_some() {
            taken_back
        } else {
            ""
        };
        println!("{}  {at:.0}  {} {families}{state}", run.id, run.scopes);
    }
    Ok(())
}

fn failure(error: ImportError, language: Language) -> Failure {
    match error {
        ImportError::Store(error) => error.into(),
        error => Failure::new(error.say(language)),
    }
}

/// Reads a file, or as much of it as is more than any list may hold.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let failed = |error: std::io::Error| {
        Failure::new(match error.kind() {
            ErrorKind::NotFound => format!("there is no file {shown}: check the name"),
            ErrorKind::PermissionDenied => format!("{shown} may not be read by this user"),
            ErrorKind::IsADirectory => format!("{shown} is a folder: name a file"),
            _ => format!("{shown} cannot be read ({error})"),
        })
    };
    let mut bytes = Vec::new();
    let most = u64::try_from(FILE_BYTES_MAX)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
