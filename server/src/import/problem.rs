//! What is wrong with a list, where, and how to mend it: one plain sentence each.

use std::fmt::{self, Display};

use app::words::Language;

use crate::import::column::Column;
use crate::import::file::{FILE_BYTES_MAX, FileError, ROWS_MAX};

/// What is wrong with a row or a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A cell that must say something is empty.
    Empty,
    /// A cell says more than fits.
    TooLong {
        /// How many characters fit.
        max: usize,
    },
    /// A row has more cells than the header.
    TooManyCells {
        /// Cells.
        cells: usize,
        /// Columns.
        columns: usize,
    },
    /// A column that nobody knows: it is not read.
    UnknownColumn {
        /// Its header.
        header: String,
    },
    /// No Comune of the ambito.
    NoSuchComune {
        /// What the cell says.
        cell: String,
        /// What was probably meant.
        nearest: Option<&'static str>,
    },
    /// No date.
    NotADate {
        /// What the cell says.
        cell: String,
    },
    /// A year of two digits.
    ShortYear {
        /// What the cell says.
        cell: String,
    },
    /// Nobody is born then.
    ImpossibleBirth {
        /// What the cell says.
        cell: String,
    },
    /// No country.
    NoSuchCountry {
        /// What the cell says.
        cell: String,
    },
    /// No language.
    NoSuchLanguage {
        /// What the cell says.
        cell: String,
    },
    /// Several languages where one is meant.
    OneLanguage,
    /// Neither yes nor no.
    NeitherYesNorNo {
        /// What the cell says.
        cell: String,
    },
    /// No place in a household.
    NoSuchRole {
        /// What the cell says.
        cell: String,
    },
    /// No active user of this name.
    NoSuchUser {
        /// What the cell says.
        cell: String,
    },
    /// The user has another role.
    OtherRole {
        /// What the cell says.
        cell: String,
    },
    /// Two rows of a family say different things about it.
    Differs {
        /// The row that says something else.
        row: usize,
    },
    /// The same person twice in one family.
    SamePerson {
        /// The row with the same person.
        row: usize,
    },
    /// Two reference persons.
    TwoReferences {
        /// The row with the other one.
        row: usize,
    },
    /// Nobody would see the family on a phone.
    NoMediator,
    /// Nobody would review the plan.
    NoSocialWorker,
}

impl Problem {
    /// Whether the row can be written all the same.
    pub const fn is_warning(&self) -> bool {
        matches!(
            self,
            Self::UnknownColumn { .. } | Self::NoMediator | Self::NoSocialWorker
        )
    }

    /// The stable name of the problem.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::UnknownColumn { .. } => "unknown_column",
            Self::NoSuchComune { .. } => "no_such_comune",
            Self::NotADate { .. } => "not_a_date",
            Self::ShortYear { .. } => "short_year",
            Self::ImpossibleBirth { .. } => "impossible_birth",
            Self::NoSuchCountry { .. } => "no_such_country",
            Self::NoSuchLanguage { .. } => "no_such_language",
            Self::OneLanguage => "one_language",
            Self::NeitherYesNorNo { .. } => "neither_yes_nor_no",
            Self::NoSuchRole { .. } => "no_such_role",
            Self::NoSuchUser { .. } => "no_such_user",
            Self::OtherRole { .. } => "other_role",
            Self::Differs { .. } => "differs",
            Self::SamePerson { .. } => "same_person",
            Self::TwoReferences { .. } => "two_references",
            Self::NoMediator => "no_mediator",
            Self::NoSocialWorker => "no_social_worker",
        }
    }

    fn italian(&self) -> String {
        match self {
            Self::Empty => "la cella è vuota: va compilata".to_owned(),
            Self::TooLong { max } => format!("il testo è troppo lungo: al massimo {max} caratteri"),
            Self::TooManyCells { cells, columns } => format!(
                "la riga ha {cells} celle e le intestazioni sono {columns}: \
                 un testo che contiene il separatore va tra virgolette"
            ),
            Self::UnknownColumn { header } => {
                format!("colonna «{header}» non riconosciuta: non viene letta")
            }
            Self::NoSuchComune {
                cell,
                nearest: Some(nearest),
            } => format!("«{cell}» non è un Comune dell’ambito: forse «{nearest}»?"),
            Self::NoSuchComune {
                cell,
                nearest: None,
            } => format!(
                "«{cell}» non è un Comune dell’ambito: scrivi il nome intero o il codice ISTAT"
            ),
            Self::NotADate { cell } => format!("«{cell}» non è una data: scrivi gg/mm/aaaa"),
            Self::ShortYear { cell } => {
                format!("in «{cell}» l’anno ha due cifre: scrivilo con quattro")
            }
            Self::ImpossibleBirth { cell } => {
                format!("«{cell}» non può essere una data di nascita: controllala")
            }
            Self::NoSuchCountry { cell } => format!(
                "«{cell}» non è un Paese: scrivi il nome in italiano o il codice di due lettere"
            ),
            Self::NoSuchLanguage { cell } => {
                format!("«{cell}» non è una lingua: scrivi il nome in italiano o il codice")
            }
            Self::OneLanguage => {
                "qui va una lingua sola: lascia quella che si parla con il mediatore".to_owned()
            }
            Self::NeitherYesNorNo { cell } => {
                format!("«{cell}» non è né sì né no: scrivi sì o no")
            }
            Self::NoSuchRole { cell } => {
                format!("«{cell}» non è un ruolo: scrivi intestatario, coniuge, figlio o altro")
            }
            Self::NoSuchUser { cell } => {
                format!(
                    "«{cell}» non è il nome utente di una persona attiva: \
                     vedi i nomi con `percorso user list`"
                )
            }
            Self::OtherRole { cell } => format!(
                "«{cell}» ha un altro ruolo: scrivi chi ha quello della colonna, \
                 vedi i ruoli con `percorso user list`"
            ),
            Self::Differs { row } => format!(
                "nella riga {row} la stessa famiglia ha un valore diverso: lasciane uno solo"
            ),
            Self::SamePerson { row } => {
                format!("è la stessa persona della riga {row}: togli una delle due righe")
            }
            Self::TwoReferences { row } => {
                format!("l’intestatario è già nella riga {row}: scrivi coniuge, figlio o altro")
            }
            Self::NoMediator => "senza mediatore nessuno vede la famiglia sul telefono: \
                 scrivi qui il suo nome utente, o assegna la famiglia in Ufficio"
                .to_owned(),
            Self::NoSocialWorker => "senza assistente sociale nessuno rivede il piano: \
                 scrivi qui il suo nome utente, o assegna la famiglia in Ufficio"
                .to_owned(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Empty => "the cell is empty: fill it in".to_owned(),
            Self::TooLong { max } => format!("the text is too long: at most {max} characters"),
            Self::TooManyCells { cells, columns } => format!(
                "the row has {cells} cells and there are {columns} headers: \
                 put a text that contains the separator in quotes"
            ),
            Self::UnknownColumn { header } => {
                format!("column “{header}” is not known: it is not read")
            }
            Self::NoSuchComune {
                cell,
                nearest: Some(nearest),
            } => format!("“{cell}” is no Comune of the ambito: perhaps “{nearest}”?"),
            Self::NoSuchComune {
                cell,
                nearest: None,
            } => format!(
                "“{cell}” is no Comune of the ambito: write the full name or the ISTAT code"
            ),
            Self::NotADate { cell } => format!("“{cell}” is not a date: write dd/mm/yyyy"),
            Self::ShortYear { cell } => format!("in “{cell}” the year has two digits: write four"),
            Self::ImpossibleBirth { cell } => {
                format!("“{cell}” cannot be a date of birth: check it")
            }
            Self::NoSuchCountry { cell } => {
                format!("“{cell}” is not a country: write its Italian name or its two-letter code")
            }
            Self::NoSuchLanguage { cell } => {
                format!("“{cell}” is not a language: write its Italian name or its code")
            }
            Self::OneLanguage => {
                "only one language goes here: keep the one spoken with the mediator".to_owned()
            }
            Self::NeitherYesNorNo { cell } => {
                format!("“{cell}” is neither yes nor no: write sì or no")
            }
            Self::NoSuchRole { cell } => {
                format!("“{cell}” is not a role: write intestatario, coniuge, figlio or altro")
            }
            Self::NoSuchUser { cell } => {
                format!(
                    "“{cell}” is not the sign-in name of an active person: \
                     see the names with `percorso user list`"
                )
            }
            Self::OtherRole { cell } => format!(
                "“{cell}” has another role: write somebody with the role of the column, \
                 see the roles with `percorso user list`"
            ),
            Self::Differs { row } => {
                format!("row {row} says something else about the same family: keep one")
            }
            Self::SamePerson { row } => {
                format!("this is the same person as in row {row}: remove one of the two")
            }
            Self::TwoReferences { row } => format!(
                "row {row} has the reference person already: write coniuge, figlio or altro"
            ),
            Self::NoMediator => "without a mediator nobody sees the family on a phone: \
                 write their sign-in name here, or assign the family in Ufficio"
                .to_owned(),
            Self::NoSocialWorker => "without a social worker nobody reviews the plan: \
                 write their sign-in name here, or assign the family in Ufficio"
                .to_owned(),
        }
    }
}

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The row in a spreadsheet.
    pub row: usize,
    /// The column, where it is one cell.
    pub column: Option<Column>,
    /// What is wrong.
    pub problem: Problem,
}

impl Finding {
    /// A problem of a whole row.
    pub const fn of_row(row: usize, problem: Problem) -> Self {
        Self {
            row,
            column: None,
            problem,
        }
    }

    /// A problem of one cell.
    pub const fn of_cell(row: usize, column: Column, problem: Problem) -> Self {
        Self {
            row,
            column: Some(column),
            problem,
        }
    }

    /// The finding as a line for people.
    pub fn say(&self, language: Language) -> String {
        let (row, column, problem) = match language {
            Language::Italian => ("riga", "colonna", self.problem.italian()),
            Language::English => ("row", "column", self.problem.english()),
        };
        let place = self
            .column
            .map_or_else(String::new, |at| format!(", {column} {}", at.name()));
        format!("{row} {}{place}: {problem}", self.row)
    }
}

impl FileError {
    /// The stable name of the error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "file_too_large",
            Self::NotUtf8 { .. } => "not_utf8",
            Self::NotText => "not_text",
            Self::Empty => "file_empty",
            Self::NoRows => "no_rows",
            Self::MissingColumns(_) => "missing_columns",
            Self::TwiceTheColumn(..) => "column_twice",
            Self::OpenQuote { .. } => "open_quote",
        }
    }

    /// The error as a sentence for people.
    pub fn say(&self, language: Language) -> String {
        let is_italian = language == Language::Italian;
        let megabytes = FILE_BYTES_MAX / 1024 / 1024;
        match self {
            Self::TooLarge if is_italian => format!(
                "Il file è troppo grande (al massimo {megabytes} MB e {ROWS_MAX} righe): dividilo."
            ),
            Self::TooLarge => format!(
                "The file is too large (at most {megabytes} MB and {ROWS_MAX} rows): split it."
            ),
            Self::NotUtf8 { line } if is_italian => {
                format!("Il file non è in UTF-8 (riga {line}): salvalo di nuovo come «CSV UTF-8».")
            }
            Self::NotUtf8 { line } => {
                format!("The file is not UTF-8 (line {line}): save it again as “CSV UTF-8”.")
            }
            Self::NotText if is_italian => {
                "Questo non è un file di testo: dal foglio di calcolo salvalo come «CSV UTF-8»."
                    .to_owned()
            }
            Self::NotText => {
                "This is not a text file: save it from the spreadsheet as “CSV UTF-8”.".to_owned()
            }
            Self::Empty if is_italian => {
                "Il file è vuoto: nella prima riga vanno le intestazioni.".to_owned()
            }
            Self::Empty => "The file is empty: the first row holds the headers.".to_owned(),
            Self::NoRows if is_italian => {
                "Il file ha le intestazioni e nessuna riga: aggiungi una riga per persona."
                    .to_owned()
            }
            Self::NoRows => "The file has headers and no rows: add one row per person.".to_owned(),
            Self::MissingColumns(columns) => {
                let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
                let names = names.join(", ");
                if is_italian {
                    format!("Mancano queste colonne: {names}; aggiungile nella prima riga.")
                } else {
                    format!("These columns are missing: {names}; add them in the first row.")
                }
            }
            Self::TwiceTheColumn(column, first, second) if is_italian => format!(
                "La colonna «{}» c’è due volte ({first}ª e {second}ª): togline una.",
                column.name()
            ),
            Self::TwiceTheColumn(column, first, second) => format!(
                "Column “{}” is there twice (number {first} and {second}): remove one.",
                column.name()
            ),
            Self::OpenQuote { row } if is_italian => format!(
                "Nella riga {row} si aprono delle virgolette che non si chiudono mai: \
                 chiudile o toglile."
            ),
            Self::OpenQuote { row } => format!(
                "A quote that begins in row {row} is never closed: close it or take it out."
            ),
        }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::Italian))
    }
}
