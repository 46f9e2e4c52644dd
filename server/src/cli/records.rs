//! `percorso audit` and `percorso quarantine`: who did what, and what was not accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;

use domain::id::{Millis, ScopeId, UserId};
use jiff::Timestamp;

use super::{Failure, code_of};
use crate::auth::now;
use crate::config::records::{AuditAction, Latest, QuarantineAction};
use crate::store::quarantine::Quarantined;
use crate::store::{Action, ChainCheck, Entry, Store, TrailEntry};

/// Letters of the longest kind that is shown.
const KIND_MAX: usize = 40;

/// Who is who.
struct Names {
    system: UserId,
    people: BTreeMap<UserId, String>,
}

impl Names {
    async fn read(store: &dyn Store) -> Result<Self, Failure> {
        let people = store.users().await?.into_iter();
        Ok(Self {
            system: store.system(),
            people: people
                .map(|user| (user.id, format!("{} ({})", user.login, user.name)))
                .collect(),
        })
    }

    fn of(&self, id: UserId) -> String {
        match self.people.get(&id) {
            Some(name) => name.clone(),
            None if id == self.system => "the server".to_owned(),
            None => id.to_string(),
        }
    }
}

/// Does what was asked of the record.
pub(super) async fn audit(store: &dyn Store, action: AuditAction) -> Result<(), Failure> {
    match action {
        AuditAction::Verify => verify(store).await,
        AuditAction::List { latest, family } => {
            let names = Names::read(store).await?;
            let rows = match family {
                Some(scope) => store.trail_of(scope, latest.limit).await?,
                None => store.trail(latest.limit).await?,
            };
            show(rows.iter().map(|row| done(row, &names)).collect(), latest);
            Ok(())
        }
    }
}

/// Does what was asked of what was not accepted.
pub(super) async fn quarantine(store: &dyn Store, action: QuarantineAction) -> Result<(), Failure> {
    let QuarantineAction::List { latest, words } = action;
    let names = Names::read(store).await?;
    let rows = store.quarantined(latest.limit).await?;
    if words {
        note_read(store, &rows).await?;
    }
    let lines = rows.iter().map(|row| {
        let line = kept(row, &names);
        if words {
            format!("{line}\n    {}", on_one_line(row.body.get()))
        } else {
            line
        }
    });
    show(lines.collect(), latest);
    Ok(())
}

async fn verify(store: &dyn Store) -> Result<(), Failure> {
    match store.verify_trail().await? {
        ChainCheck::Whole { entries } => {
            println!("the record is whole: {entries} entries, each follows from the one before");
            Ok(())
        }
        ChainCheck::Broken { number } => Err(Failure::new(format!(
            "the record was changed at entry {number} or the one before: compare with a backup"
        ))),
    }
}

/// Notes whose words are about to be shown.
async fn note_read(store: &dyn Store, rows: &[Quarantined]) -> Result<(), Failure> {
    let scopes: BTreeSet<ScopeId> = rows.iter().map(|row| row.scope).collect();
    let read = Entry::by(store.system(), Action::QuarantineRead);
    let read: Vec<Entry> = scopes.into_iter().map(|scope| read.on(scope)).collect();
    Ok(store.note(&read, now()).await?)
}

fn show(lines: Vec<String>, latest: Latest) {
    let is_full = u32::try_from(lines.len()).is_ok_and(|count| count == latest.limit);
    // Who reads only the beginning closes the pipe.
    let mut out = std::io::stdout().lock();
    let _ = lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    if is_full {
        eprintln!(
            "these are the latest {}: --limit N shows more",
            latest.limit
        );
    }
}

fn done(row: &TrailEntry, names: &Names) -> String {
    let entry = row.entry;
    let (at, by, action) = (time(row.at), names.of(entry.by), code_of(entry.action));
    // What names no file was noted under no id.
    let scope = entry.scope.filter(|id| !id.as_uuid().is_nil());
    let mut line = format!("{:>7}  {at}  {by:<24} {action:<20}", row.number);
    let about = [
        ("person", entry.subject.map(|id| names.of(id))),
        ("file", scope.map(|id| id.to_string())),
        ("change", entry.op.map(|id| id.to_string())),
        ("device", entry.device.map(|id| id.to_string())),
    ];
    for (what, which) in about {
        if let Some(which) = which {
            let _ = write!(line, "  {what} {which}");
        }
    }
    line
}

fn kept(row: &Quarantined, names: &Names) -> String {
    let (at, from) = (time(row.received_at), names.of(row.sender));
    let (reason, fate) = (code_of(row.refusal), code_of(row.fate));
    let kind = kind_code(&row.kind);
    let mut line = format!("{}  {at}  {reason:<20} {fate:<12} {kind:<20}", row.op);
    let _ = write!(line, "  from {from}");
    if row.scope.as_uuid().is_nil() {
        return format!("{line}  no file");
    }
    if row.author != row.sender {
        let _ = write!(line, "  written by {}", names.of(row.author));
    }
    format!("{line}  file {}", row.scope)
}

fn time(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at.0).unwrap_or_default();
    format!("{at:.0}")
}

/// A kind, where it looks like one: whatever else stands in its place may be somebody's words.
fn kind_code(kind: &str) -> &str {
    let is_code = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    if kind.len() <= KIND_MAX && kind.chars().all(is_code) {
        kind
    } else {
        "unknown"
    }
}

/// What a phone sent, with nothing in it that moves the cursor of a terminal.
fn on_one_line(body: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    body.chars().map(plain).collect()
}
