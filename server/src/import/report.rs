//! What an import did or would do, row by row, in words.

use app::words::Language;
use uuid::Uuid;

use crate::import::compare::Changed;
use crate::import::problem::Finding;

/// What becomes of a family of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not here: it is added.
    New,
    /// It is here and the list says nothing new.
    Unchanged,
    /// Some of its fields change.
    Updated,
    /// Something is wrong with it: it is left out.
    Bad,
}

/// One family of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyReport {
    /// Its id in the list.
    pub external_id: String,
    /// The row in which it begins.
    pub row: usize,
    /// How many people the list has in it.
    pub people: usize,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What changes, where it is updated.
    pub changed: Vec<Changed>,
    /// People who may open it from now on, by sign-in name.
    pub opened_to: Vec<String>,
    /// What is wrong with it or seems odd.
    pub findings: Vec<Finding>,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The run, where something was written: what `--undo` wants.
    pub run: Option<Uuid>,
    /// What is odd about the file or about rows that belong to no family.
    pub findings: Vec<Finding>,
    /// Family by family, in the order of the list.
    pub families: Vec<FamilyReport>,
}

impl Report {
    /// Whether any row is wrong.
    pub fn has_errors(&self) -> bool {
        let is_error = |finding: &Finding| !finding.problem.is_warning();
        self.findings.iter().any(is_error) || self.count(Outcome::Bad) > 0
    }

    /// How many families have this outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.families
            .iter()
            .filter(|family| family.outcome == outcome)
            .count()
    }

    /// The report in words, a line each.
    ///
    /// How to take a run back is for whoever asked for it to say: it depends on how they asked.
    pub fn say(&self, language: Language) -> String {
        let mut lines = Vec::new();
        let mut findings: Vec<&Finding> = self
            .findings
            .iter()
            .chain(self.families.iter().flat_map(|family| &family.findings))
            .collect();
        findings.sort_by_key(|finding| finding.row);
        lines.extend(findings.iter().map(|finding| {
            let mark = match (finding.problem.is_warning(), language) {
                (true, Language::Italian) => "attenzione",
                (true, Language::English) => "warning",
                (false, Language::Italian) => "errore",
                (false, Language::English) => "error",
            };
            format!("{mark}: {}", finding.say(language))
        }));
        lines.extend(
            self.families
                .iter()
                .filter_map(|family| family.say(language)),
        );
        lines.push(self.total(language));
        lines.join("\n")
    }

    fn total(&self, language: Language) -> String {
        let [new, updated, unchanged, bad] = [
            Outcome::New,
            Outcome::Updated,
            Outcome::Unchanged,
            Outcome::Bad,
        ]
        .map(|outcome| self.count(outcome));
        match language {
            Language::Italian => {
                let end = match self.run {
                    None => "Non è stato scritto nulla.",
                    Some(_) => "Scritto.",
                };
                format!(
                    "Famiglie nuove: {new}, da aggiornare: {updated}, senza cambi: {unchanged}, \
                     con errori: {bad}. {end}"
                )
            }
            Language::English => {
                let end = match self.run {
                    None => "Nothing was written.",
                    Some(_) => "Written.",
                };
                format!(
                    "Families new: {new}, to update: {updated}, unchanged: {unchanged}, \
                     with errors: {bad}. {end}"
                )
            }
        }
    }
}

impl FamilyReport {
    fn say(&self, language: Language) -> Option<String> {
        let is_new = match self.outcome {
            Outcome::New => true,
            Outcome::Updated => false,
            Outcome::Unchanged | Outcome::Bad => return None,
        };
        // Of a family that was not here everything changes: its size says more.
        let size = is_new.then(|| match (self.people, language) {
            (1, Language::Italian) => "nuova, 1 persona".to_owned(),
            (people, Language::Italian) => format!("nuova, {people} persone"),
            (1, Language::English) => "new, 1 person".to_owned(),
            (people, Language::English) => format!("new, {people} people"),
        });
        let changed = self.changed.iter().filter(|_| !is_new);
        let changes = changed.map(|changed| {
            let column = changed.column.name();
            let whose = changed
                .member
                .as_ref()
                .map_or_else(String::new, |name| format!(" ({name})"));
            let contested = match (changed.is_contested, language) {
                (false, _) => "",
                (true, Language::Italian) => ", con accanto quello che qualcuno ha scritto dopo",
                (true, Language::English) => ", beside what somebody wrote since",
            };
            format!("{column}{whose}{contested}")
        });
        let opened = self.opened_to.iter().map(|login| match language {
            Language::Italian => format!("si apre a {login}"),
            Language::English => format!("opens to {login}"),
        });
        let all: Vec<String> = size.into_iter().chain(changes).chain(opened).collect();
        let (row, id, all) = (self.row, &self.external_id, all.join("; "));
        Some(match (language, is_new) {
            (Language::Italian, true) => format!("riga {row}, famiglia {id}: {all}"),
            (Language::Italian, false) => format!("riga {row}, famiglia {id}: cambia {all}"),
            (Language::English, true) => format!("row {row}, family {id}: {all}"),
            (Language::English, false) => format!("row {row}, family {id}: changes {all}"),
        })
    }
}

/// What taking a run back did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoReport {
    /// Families that the run had added and that nobody may open any more.
    pub withdrawn: usize,
    /// Fields that say again what they said before.
    pub restored: usize,
    /// Families that stay, by their id in the list: somebody has worked on them since.
    pub kept: Vec<String>,
    /// Families with fields that stay as the run wrote them: there was nothing there before.
    pub grown: Vec<String>,
    /// Rights that the run gave on families that were there before it, and that are gone.
    pub rights: Vec<UndoneRight>,
}

/// A right that the run gave and that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoneRight {
    /// The family, by its id in the list.
    pub family: String,
    /// Whose right, by sign-in name.
    pub login: String,
    /// Whether the person may not open the family any more; otherwise they may again what they
    /// could before the run.
    pub is_closed: bool,
}

impl UndoReport {
    /// The report in words, a line each.
    pub fn say(&self, language: Language) -> String {
        let (withdrawn, restored) = (self.withdrawn, self.restored);
        let is_italian = language == Language::Italian;
        let mut lines = vec![if is_italian {
            format!("Famiglie ritirate: {withdrawn}. Campi tornati come prima: {restored}.")
        } else {
            format!("Families withdrawn: {withdrawn}. Fields as they were before: {restored}.")
        }];
        lines.extend(self.rights.iter().map(|right| {
            let (id, login) = (&right.family, &right.login);
            match (right.is_closed, language) {
                (true, Language::Italian) => format!("famiglia {id}: non si apre più a {login}"),
                (true, Language::English) => format!("family {id}: no longer opens to {login}"),
                (false, Language::Italian) => {
                    format!("famiglia {id}: {login} torna a quello che poteva prima")
                }
                (false, Language::English) => {
                    format!("family {id}: {login} may again do what they could before")
                }
            }
        }));
        lines.extend(self.kept.iter().map(|id| {
            if is_italian {
                format!("famiglia {id}: resta, perché qualcuno ci ha già lavorato")
            } else {
                format!("family {id}: stays, because somebody has worked on it since")
            }
        }));
        lines.extend(self.grown.iter().map(|id| {
            if is_italian {
                format!("famiglia {id}: restano i dati aggiunti, perché prima non c’era nulla")
            } else {
                format!("family {id}: what was added stays, because there was nothing before")
            }
        }));
        lines.join("\n")
    }
}
