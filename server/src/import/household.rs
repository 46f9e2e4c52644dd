//! From rows to families: one row per member, grouped by the id in the list.

use std::collections::BTreeMap;

use domain::family::{Comune, FamilyField, Language, MemberField, Name, Phone};
use domain::vocabulary::MemberRole;
use jiff::civil::{Date, date};

use crate::import::column::Column;
use crate::import::file::Row;
use crate::import::problem::{Finding, Problem};
use crate::import::words::{self, DateError, plain};

/// Characters that a cell may hold.
pub const CELL_CHARS_MAX: usize = 500;
/// Characters that an id may hold.
pub const ID_CHARS_MAX: usize = 64;
/// The earliest day of birth that is believed.
const BIRTH_MIN: Date = date(1900, 1, 1);

/// A family of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Family {
    /// Its id in the list.
    pub external_id: String,
    /// The row in which it begins.
    pub row: usize,
    /// What the list says of the household.
    pub fields: Vec<FamilyField>,
    /// What the list says of each member.
    pub members: Vec<Vec<MemberField>>,
    /// The sign-in name of the mediator, and the row that says so.
    pub mediator: Option<(String, usize)>,
    /// The sign-in name of the social worker, and the row that says so.
    pub social_worker: Option<(String, usize)>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

impl Family {
    /// Whether it can be written.
    pub fn is_good(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.problem.is_warning())
    }
}

/// Groups rows into families, in the order of the list. Rows without an id belong to nobody: what
/// is wrong with them comes back beside.
pub fn group(rows: &[Row], today: Date) -> (Vec<Family>, Vec<Finding>) {
    let mut order: Vec<&str> = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    let mut homeless = Vec::new();
    for row in rows {
        let Some(id) = row.cell(Column::ExternalId) else {
            let problem = Problem::Empty;
            homeless.push(Finding::of_cell(row.number, Column::ExternalId, problem));
            continue;
        };
        if id.chars().count() > ID_CHARS_MAX {
            let problem = Problem::TooLong { max: ID_CHARS_MAX };
            homeless.push(Finding::of_cell(row.number, Column::ExternalId, problem));
            continue;
        }
        let rows = by_id.entry(id).or_insert_with(|| {
            order.push(id);
            Vec::new()
        });
        rows.push(row);
    }
    let families = order
        .into_iter()
        .filter_map(|id| Some((id, by_id.get(id)?)))
        .map(|(id, rows)| Reading::new(rows, today).family(id))
        .collect();
    (families, homeless)
}

struct Reading<'a> {
    rows: &'a [&'a Row],
    today: Date,
    findings: Vec<Finding>,
}

impl<'a> Reading<'a> {
    fn new(rows: &'a [&'a Row], today: Date) -> Self {
        let mut findings = Vec::new();
        for row in rows {
            for column in [
                Column::FamilyName,
                Column::FamilyNameOriginal,
                Column::Address,
                Column::Phone,
                Column::PhoneHolder,
                Column::SafeContact,
                Column::MemberName,
                Column::MemberNameOriginal,
            ] {
                let chars = row.cell(column).map_or(0, |cell| cell.chars().count());
                if chars > CELL_CHARS_MAX {
                    let problem = Problem::TooLong {
                        max: CELL_CHARS_MAX,
                    };
                    findings.push(Finding::of_cell(row.number, column, problem));
                }
            }
        }
        Self {
            rows,
            today,
            findings,
        }
    }

    fn family(mut self, external_id: &str) -> Family {
        let row = self.rows.first().map_or(0, |row| row.number);
        let mut fields = self.fields(row);
        fields.push(FamilyField::ExternalId(external_id.to_owned()));
        let members = self.members();
        let own = |cell: Option<(&str, usize)>| cell.map(|(login, row)| (plain_login(login), row));
        let mediator = own(self.of_family(Column::Mediator));
        let social_worker = own(self.of_family(Column::SocialWorker));
        if mediator.is_none() {
            self.find(row, Column::Mediator, Problem::NoMediator);
        }
        if social_worker.is_none() {
            self.find(row, Column::SocialWorker, Problem::NoSocialWorker);
        }
        let mut findings = self.findings;
        findings.sort_by_key(|finding| finding.row);
        Family {
            external_id: external_id.to_owned(),
            row,
            fields,
            members,
            mediator,
            social_worker,
            findings,
        }
    }

    fn find(&mut self, row: usize, column: Column, problem: Problem) {
        self.findings.push(Finding::of_cell(row, column, problem));
    }

    /// What the rows say of the whole family in one column: the first that says something, as
    /// long as no other contradicts it.
    fn of_family(&mut self, column: Column) -> Option<(&'a str, usize)> {
        debug_assert!(column.is_of_family(), "{column:?} is of one member");
        let mut said = self
            .rows
            .iter()
            .filter_map(|row| Some((row.cell(column)?, row.number)));
        let (first, number) = said.next()?;
        if let Some((_, other)) = said.find(|(cell, _)| plain(cell) != plain(first)) {
            self.find(other, column, Problem::Differs { row: number });
        }
        Some((first, number))
    }

    fn fields(&mut self, row: usize) -> Vec<FamilyField> {
        let mut fields = Vec::new();
        let original = self.of_family(Column::FamilyNameOriginal);
        match self.of_family(Column::FamilyName) {
            Some((latin, _)) => {
                fields.push(FamilyField::Name(name(latin, original.map(|one| one.0))))
            }
            None => self.find(row, Column::FamilyName, Problem::Empty),
        }
        match self.of_family(Column::Comune) {
            Some((cell, number)) => {
                fields.extend(self.comune(cell, number).cloned().map(FamilyField::Comune));
            }
            None => self.find(row, Column::Comune, Problem::Empty),
        }
        let address = self.of_family(Column::Address);
        fields.extend(address.map(|(cell, _)| FamilyField::Address(cell.to_owned())));
        let holder = self
            .of_family(Column::PhoneHolder)
            .map(|(cell, _)| cell.to_owned());
        fields.extend(self.of_family(Column::Phone).map(|(cell, _)| {
            let number = cell.to_owned();
            FamilyField::Phone(Phone { number, holder })
        }));
        let safe = self.of_family(Column::SafeContact);
        fields.extend(safe.map(|(cell, _)| FamilyField::SafeContact(cell.to_owned())));
        if let Some((cell, number)) = self.of_family(Column::Language) {
            let mut languages = self.languages(cell, number, Column::Language);
            if languages.len() > 1 {
                self.find(number, Column::Language, Problem::OneLanguage);
            }
            fields.extend(languages.pop().map(FamilyField::Language));
        }
        if let Some((cell, number)) = self.of_family(Column::Interpreter) {
            match words::yes_or_no(cell) {
                Some(is_needed) => fields.push(FamilyField::InterpreterNeeded(is_needed)),
                None => self.find(
                    number,
                    Column::Interpreter,
                    Problem::NeitherYesNorNo { cell: short(cell) },
                ),
            }
        }
        fields
    }

    fn comune(&mut self, cell: &str, row: usize) -> Option<&'static Comune> {
        let comune = words::comune(cell);
        if comune.is_none() {
            let nearest = words::nearest_comune(&short(cell));
            let cell = short(cell);
            self.find(row, Column::Comune, Problem::NoSuchComune { cell, nearest });
        }
        comune
    }

    fn languages(&mut self, cell: &str, row: usize, column: Column) -> Vec<Language> {
        words::languages(cell).unwrap_or_else(|cell| {
            let cell = short(&cell);
            self.find(row, column, Problem::NoSuchLanguage { cell });
            Vec::new()
        })
    }

    fn members(&mut self) -> Vec<Vec<MemberField>> {
        let mut members = Vec::new();
        let mut seen: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
        let mut reference: Option<usize> = None;
        let rows = self.rows;
        let says_roles = rows.iter().any(|row| row.cell(Column::Role).is_some());
        for (place, row) in rows.iter().enumerate() {
            let number = row.number;
            let Some(latin) = row.cell(Column::MemberName) else {
                self.find(number, Column::MemberName, Problem::Empty);
                continue;
            };
            let person = (plain(latin), row.cell(Column::Birth).map(str::to_owned));
            if let Some(earlier) = seen.insert(person, number) {
                self.find(
                    number,
                    Column::MemberName,
                    Problem::SamePerson { row: earlier },
                );
                continue;
            }
            let mut fields = vec![MemberField::Name(name(
                latin,
                row.cell(Column::MemberNameOriginal),
            ))];
            let role = match row.cell(Column::Role) {
                // A list without roles begins each family with the person who answers for it.
                None => (place == 0 && !says_roles).then_some(MemberRole::Reference),
                Some(cell) => words::role(cell).or_else(|| {
                    let cell = short(cell);
                    self.find(number, Column::Role, Problem::NoSuchRole { cell });
                    None
                }),
            };
            if role == Some(MemberRole::Reference)
                && let Some(earlier) = reference.replace(number)
            {
                self.find(
                    number,
                    Column::Role,
                    Problem::TwoReferences { row: earlier },
                );
            }
            fields.extend(role.map(MemberField::Role));
            self.about(row, &mut fields);
            members.push(fields);
        }
        members
    }

    fn about(&mut self, row: &Row, fields: &mut Vec<MemberField>) {
        if let Some(cell) = row.cell(Column::Birth) {
            fields.extend(self.birth(cell, row.number).map(MemberField::Birth));
        }
        if let Some(cell) = row.cell(Column::Citizenship) {
            match words::country(cell) {
                Some(code) => fields.push(MemberField::Citizenship(code.to_owned())),
                None => {
                    let cell = short(cell);
                    self.find(
                        row.number,
                        Column::Citizenship,
                        Problem::NoSuchCountry { cell },
                    );
                }
            }
        }
        let speaks = self.languages_of(row, Column::Speaks);
        fields.extend(speaks.map(MemberField::Speaks));
        let reads = self.languages_of(row, Column::Reads);
        fields.extend(reads.map(MemberField::Reads));
    }

    fn languages_of(&mut self, row: &Row, column: Column) -> Option<Vec<Language>> {
        let languages = self.languages(row.cell(column)?, row.number, column);
        (!languages.is_empty()).then_some(languages)
    }

    fn birth(&mut self, cell: &str, row: usize) -> Option<Date> {
        let said = short(cell);
        let problem = match words::date(cell) {
            Ok(birth) if birth > self.today || birth < BIRTH_MIN => {
                Problem::ImpossibleBirth { cell: said }
            }
            Ok(birth) => return Some(birth),
            Err(DateError::NotADate) => Problem::NotADate { cell: said },
            Err(DateError::ShortYear) => Problem::ShortYear { cell: said },
        };
        self.find(row, Column::Birth, problem);
        None
    }
}

fn name(latin: &str, original: Option<&str>) -> Name {
    Name {
        latin: latin.to_owned(),
        original: original
            .filter(|original| *original != latin)
            .map(str::to_owned),
    }
}

/// A sign-in name as the store compares it.
fn plain_login(cell: &str) -> String {
    cell.trim().to_lowercase()
}

/// The beginning of a cell, for a message.
fn short(cell: &str) -> String {
    let mut text: String = cell.chars().take(40).collect();
    if text.len() < cell.len() {
        text.push('…');
    }
    text
}
