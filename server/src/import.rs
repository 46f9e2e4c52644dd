//! Families from a list: a CSV file, one row per person.
//!
//! Nothing is written before every row is understood. The same list written twice changes
//! nothing; a run can be taken back.

pub mod column;
pub mod compare;
pub mod file;
pub mod household;
pub mod problem;
pub mod report;
mod undo;
pub mod words;

use std::collections::BTreeMap;

use app::words::Language;
use domain::authorize::Relation;
use domain::id::{DeviceId, MemberId, Millis, OpId, ScopeId, UserId};
use domain::op::{Op, SCHEMA};
use domain::state::{Case, State};
use domain::upcast;
use domain::vocabulary::Role;
use jiff::civil::Date;
use replica::message::Outcome as Fate;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::store::{Action, Entry, ImportedFamily, Sender, Store, StoreError, User};
use column::Column;
use compare::{Changed, Write, compare};
use file::FileError;
use household::{Family, group};
use problem::{Finding, Problem};
use report::{FamilyReport, Outcome, Report};
pub use undo::undo;

/// Ops that are sent to the store together.
const OPS_TOGETHER: usize = 100;
/// Bytes of a log that are read together.
const BYTES_TOGETHER: usize = 1024 * 1024;

/// What to import and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// The file.
    pub bytes: Vec<u8>,
    /// Whether to write; otherwise only the report is made.
    pub is_written: bool,
    /// Whether to write the good families although others are bad.
    pub skips_bad: bool,
    /// Who asked for it.
    pub by: UserId,
    /// Now.
    pub now: Millis,
    /// Today: nobody is born later.
    pub today: Date,
}

/// Why an import or its undoing failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing of the file can be read. Nothing was written.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no such run, or it was taken back already. Nothing was written.
    #[error("there is no such run to take back")]
    NoSuchRun,
    /// The store failed. Families before it are whole; a second run adds the rest.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store refused a change: a mistake in the program.
    #[error("the store refused a change: {0}")]
    Refused(replica::message::Refusal),
}

impl ImportError {
    /// The error as a sentence for people.
    pub fn say(&self, language: Language) -> String {
        let is_italian = language == Language::Italian;
        match self {
            Self::File(error) => error.say(language),
            Self::NoSuchRun if is_italian => {
                "Non c’è nessuna importazione con questo numero, o è già stata annullata: \
                 vedi quelle fatte con `percorso import list`."
                    .to_owned()
            }
            Self::NoSuchRun => {
                "There is no import with this number, or it was taken back already: \
                 see those that were made with `percorso import list`."
                    .to_owned()
            }
            Self::Store(_) | Self::Refused(_) if is_italian => {
                "L’archivio non ha risposto: riprova, le famiglie già scritte non si ripetono."
                    .to_owned()
            }
            Self::Store(_) | Self::Refused(_) => {
                "The store did not answer: try again, families already written are not repeated."
                    .to_owned()
            }
        }
    }
}

/// A family that is understood, and what it changes.
struct Ready {
    family: Family,
    stored: Option<ScopeId>,
    writes: Vec<Write>,
    changed: Vec<Changed>,
    grants: Vec<(User, Relation)>,
}

/// Reads a list and, where asked, writes it.
///
/// # Errors
/// [`ImportError`]; rows that are wrong are no error but part of the [`Report`].
pub async fn run(store: &dyn Store, options: &ImportOptions) -> Result<Report, ImportError> {
    let (rows, mut findings) = file::read(&options.bytes)?;
    let (mut families, homeless) = group(&rows, options.today);
    findings.extend(homeless);
    let people = assigned(store, &mut families).await?;
    let (overlong, findings): (Vec<Finding>, Vec<Finding>) = findings
        .into_iter()
        .partition(|finding| matches!(finding.problem, Problem::TooManyCells { .. }));
    for finding in overlong {
        claim(&mut families, &rows, finding);
    }
    let mut report = Report {
        run: None,
        findings,
        families: Vec::new(),
    };
    let stored = find_stored(store, options, &families).await?;
    let mut ready = Vec::new();
    for family in families {
        if family.is_good() {
            let scope = stored.get(&family.external_id).copied();
            let one = prepare(store, options, family, scope, &people).await?;
            report.families.push(one.report());
            ready.push(one);
        } else {
            report.families.push(bad(family));
        }
    }
    ready.retain(|one| !one.is_unchanged());
    let is_stopped = report.has_errors() && !options.skips_bad;
    if options.is_written && !is_stopped && !ready.is_empty() {
        report.run = Some(write(store, options, &ready).await?);
    }
    Ok(report)
}

/// Gives the finding about a row to the family of that row.
fn claim(families: &mut [Family], rows: &[file::Row], finding: Finding) {
    let row = rows.iter().find(|row| row.number == finding.row);
    let id = row.and_then(|row| row.cell(Column::ExternalId));
    let family = families
        .iter_mut()
        .find(|family| Some(family.external_id.as_str()) == id);
    if let Some(family) = family {
        family.findings.push(finding);
    }
}

/// The users that the list names, and what is wrong with those names.
async fn assigned(
    store: &dyn Store,
    families: &mut [Family],
) -> Result<BTreeMap<String, User>, StoreError> {
    let mut people: BTreeMap<String, Option<User>> = BTreeMap::new();
    for family in families {
        for (assigned, role, column) in [
            (family.mediator.clone(), Role::Mediator, Column::Mediator),
            (
                family.social_worker.clone(),
                Role::SocialWorker,
                Column::SocialWorker,
            ),
        ] {
            let Some((login, row)) = assigned else {
                continue;
            };
            if !people.contains_key(&login) {
                let found = store.user_by_login(&login).await?;
                let user = found.map(|login| login.user).filter(|user| user.is_active);
                people.insert(login.clone(), user);
            }
            let problem = match people.get(&login).and_then(Option::as_ref) {
                Some(user) if user.role == role => continue,
                Some(_) => Problem::OtherRole { cell: login },
                None => Problem::NoSuchUser {
                    cell: login.chars().take(40).collect(),
                },
            };
            family.findings.push(Finding::of_cell(row, column, problem));
        }
    }
    Ok(people
        .into_iter()
        .filter_map(|(login, user)| Some((login, user?)))
        .collect())
}

fn bad(family: Family) -> FamilyReport {
    FamilyReport {
        external_id: family.external_id,
        row: family.row,
        people: family.members.len(),
        outcome: Outcome::Bad,
        changed: Vec::new(),
        opened_to: Vec::new(),
        findings: family.findings,
    }
}

/// The good families that an earlier run wrote. What they say is going to be compared with the
/// list: so it is noted first who reads them.
async fn find_stored(
    store: &dyn Store,
    options: &ImportOptions,
    families: &[Family],
) -> Result<BTreeMap<String, ScopeId>, StoreError> {
    let mut stored = BTreeMap::new();
    for family in families.iter().filter(|family| family.is_good()) {
        if let Some(before) = store.imported(&family.external_id).await? {
            stored.insert(family.external_id.clone(), before.scope);
        }
    }
    let scopes: Vec<ScopeId> = stored.values().copied().collect();
    note_reads(store, options.by, &scopes, options.now).await?;
    Ok(stored)
}

/// What a good family changes.
async fn prepare(
    store: &dyn Store,
    options: &ImportOptions,
    family: Family,
    stored: Option<ScopeId>,
    people: &BTreeMap<String, User>,
) -> Result<Ready, ImportError> {
    let case = match stored {
        Some(scope) => case(&ops(store, scope).await?, scope),
        None => Case::default(),
    };
    let fresh = || MemberId::new(options.now, rand::random());
    let difference = compare(&family, &case, store.system(), fresh);
    let mut grants = Vec::new();
    for (assigned, relation) in [
        (&family.mediator, Relation::Tutor),
        (&family.social_worker, Relation::Reviewer),
    ] {
        let user = assigned.as_ref().and_then(|(login, _)| people.get(login));
        grants.extend(user.map(|user| (user.clone(), relation)));
    }
    if let Some(scope) = stored {
        let held = store.grants(scope).await?;
        grants.retain(|(user, relation)| {
            !held
                .iter()
                .any(|grant| grant.user == user.id && grant.relation == *relation)
        });
    }
    Ok(Ready {
        family,
        stored,
        writes: difference.writes,
        changed: difference.changed,
        grants,
    })
}

impl Ready {
    fn is_unchanged(&self) -> bool {
        self.writes.is_empty() && self.grants.is_empty()
    }

    fn report(&self) -> FamilyReport {
        let outcome = match self.stored {
            None => Outcome::New,
            Some(_) if self.is_unchanged() => Outcome::Unchanged,
            Some(_) => Outcome::Updated,
        };
        FamilyReport {
            external_id: self.family.external_id.clone(),
            row: self.family.row,
            people: self.family.members.len(),
            outcome,
            changed: self.changed.clone(),
            opened_to: self
                .grants
                .iter()
                .map(|(user, _)| user.login.clone())
                .collect(),
            findings: self.family.findings.clone(),
        }
    }
}

/// Writes every family that changes, each whole or not at all, and answers the run.
async fn write(
    store: &dyn Store,
    options: &ImportOptions,
    ready: &[Ready],
) -> Result<Uuid, ImportError> {
    let run = *OpId::new(options.now, rand::random()).as_uuid();
    let digest = hex(&Sha256::digest(&options.bytes));
    store
        .begin_import(options.by, run, &digest, options.now)
        .await?;
    let mut pen = Pen::new(store.system(), run, options.now);
    for one in ready {
        match one.stored {
            Some(scope) => {
                pen.send(store, scope, &one.writes).await?;
                for (user, relation) in &one.grants {
                    store
                        .import_grant(options.by, run, scope, user.id, *relation, options.now)
                        .await?;
                }
            }
            None => {
                let scope = ScopeId::new(options.now, rand::random());
                let ops = pen.ops(scope, &one.writes);
                let family = ImportedFamily {
                    run,
                    external_id: one.family.external_id.clone(),
                    row_digest: digest_of(&one.family),
                    scope,
                    ops,
                    grants: one
                        .grants
                        .iter()
                        .map(|(user, relation)| (user.id, *relation))
                        .collect(),
                };
                store
                    .import_family(pen.device, &family, options.now)
                    .await?;
            }
        }
    }
    Ok(run)
}

/// Makes ops in the server's own name, counting them.
struct Pen {
    system: UserId,
    device: DeviceId,
    device_seq: u64,
    now: Millis,
}

impl Pen {
    /// Each run writes as a device of its own, so that what it wrote can be found again.
    fn new(system: UserId, run: Uuid, now: Millis) -> Self {
        Self {
            system,
            device: DeviceId::from_uuid(run),
            device_seq: 0,
            now,
        }
    }

    fn ops(&mut self, scope: ScopeId, writes: &[Write]) -> Vec<Box<RawValue>> {
        writes
            .iter()
            .map(|write| {
                self.device_seq += 1;
                let op = Op {
                    id: OpId::new(self.now, rand::random()),
                    device: self.device,
                    device_seq: self.device_seq,
                    scope,
                    author: self.system,
                    at: self.now,
                    schema: SCHEMA,
                    replaces: write.replaces.clone(),
                    change: write.known.clone().into(),
                };
                to_raw_value(&op).expect("an op has only string keys")
            })
            .collect()
    }

    async fn send(
        &mut self,
        store: &dyn Store,
        scope: ScopeId,
        writes: &[Write],
    ) -> Result<(), ImportError> {
        let sender = Sender::new(self.system, Role::System, self.device);
        for ops in self.ops(scope, writes).chunks(OPS_TOGETHER) {
            for receipt in store.ingest(&sender, ops, self.now).await? {
                if let Fate::Refused(refusal) = receipt.outcome {
                    return Err(ImportError::Refused(refusal));
                }
            }
        }
        Ok(())
    }
}

/// Notes who is about to read what these scopes say.
async fn note_reads(
    store: &dyn Store,
    by: UserId,
    scopes: &[ScopeId],
    now: Millis,
) -> Result<(), StoreError> {
    let read = |scope: &ScopeId| Entry::by(by, Action::Read).on(*scope);
    let entries: Vec<Entry> = scopes.iter().map(read).collect();
    store.note(&entries, now).await
}

/// Every op of a scope that this version can read.
async fn ops(store: &dyn Store, scope: ScopeId) -> Result<Vec<Op>, StoreError> {
    let mut ops = Vec::new();
    let mut from = 0;
    loop {
        let stretch = store.read(scope, from, BYTES_TOGETHER).await?;
        let Some(last) = stretch.ops.last() else {
            return Ok(ops);
        };
        from = last.seq;
        let known = stretch
            .ops
            .iter()
            .filter_map(|op| upcast::read(op.body.get()).ok());
        ops.extend(known);
    }
}

/// What the ops of a scope add up to.
fn case(ops: &[Op], scope: ScopeId) -> Case {
    let mut state = State::default();
    for op in ops {
        state.apply(op);
    }
    state.cases.remove(&scope).unwrap_or_default()
}

fn digest_of(family: &Family) -> String {
    let said = (&family.fields, &family.members);
    let bytes = serde_json::to_vec(&said).expect("a family has only string keys");
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
