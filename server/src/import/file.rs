//! From bytes to numbered rows: encoding, separator, headers, quotes.

use std::collections::BTreeMap;

use crate::import::column::{Column, REQUIRED};
use crate::import::problem::{Finding, Problem};

/// The largest file that is read.
pub const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The greatest number of rows that is read.
pub const ROWS_MAX: usize = 50_000;

/// Why nothing of a file could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is larger than [`FILE_BYTES_MAX`] or longer than [`ROWS_MAX`]: split it.
    #[error("the file is too large")]
    TooLarge,
    /// The text is in another encoding: save it as UTF-8.
    #[error("the file is not UTF-8, first seen in line {line}")]
    NotUtf8 {
        /// The line with the first byte that is not UTF-8.
        line: usize,
    },
    /// It is not a text at all, but a spreadsheet or the like: save it as CSV.
    #[error("the file is not a text")]
    NotText,
    /// It has no header.
    #[error("the file is empty")]
    Empty,
    /// A header and nothing below.
    #[error("the file has no rows")]
    NoRows,
    /// Columns without which no family can be read are not there.
    #[error("columns are missing: {0:?}")]
    MissingColumns(Vec<Column>),
    /// Two columns are the same one.
    #[error("two columns are {0:?}: {1} and {2}")]
    TwiceTheColumn(Column, usize, usize),
    /// A quote is opened and never closed.
    #[error("a quote that begins in row {row} is never closed")]
    OpenQuote {
        /// The row in which it begins.
        row: usize,
    },
}

/// A row as it stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in a spreadsheet; the header is row 1.
    pub number: usize,
    cells: BTreeMap<Column, String>,
}

impl Row {
    /// A cell, without the spaces around it; `None` where it is empty.
    pub fn cell(&self, column: Column) -> Option<&str> {
        self.cells.get(&column).map(String::as_str)
    }
}

/// Reads a file: its rows, and what seems odd about its columns.
///
/// # Errors
/// [`FileError`] where nothing can be read at all.
pub fn read(bytes: &[u8]) -> Result<(Vec<Row>, Vec<Finding>), FileError> {
    let text = decode(bytes)?;
    let (delimiter, text) = sniff(&text);
    let is_quote_open = text.matches('"').count() % 2 == 1;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    let (mut broken, mut last) = (0, 1);
    // The text ends with a line break, so that after each record the reader stands at the
    // beginning of the next line; breaks inside quotes make one row of several lines.
    while reader
        .read_record(&mut record)
        .map_err(|_| FileError::NotText)?
    {
        let after = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let breaks: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let number = after.saturating_sub(1 + breaks + broken);
        broken += breaks;
        let is_at_end = usize::try_from(reader.position().byte()).is_ok_and(|at| at >= text.len());
        if is_quote_open && breaks > 0 && is_at_end {
            return Err(FileError::OpenQuote { row: last });
        }
        last = after.saturating_sub(broken);
        sheet.record(number, &record)?;
    }
    sheet.done()
}

fn decode(bytes: &[u8]) -> Result<String, FileError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileError::TooLarge);
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(FileError::NotUtf8 { line: 1 });
    }
    if bytes.contains(&0) || bytes.starts_with(b"PK\x03\x04") {
        return Err(FileError::NotText);
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        FileError::NotUtf8 {
            line: 1 + good.iter().filter(|byte| **byte == b'\n').count(),
        }
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    Ok(text)
}

/// The separator: the one that occurs most often in the header, outside quotes. A first line
/// `sep=;`, as spreadsheets write it, says so itself; it stays as an empty line for the numbers.
fn sniff(text: &str) -> (u8, String) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let said = first.trim().strip_prefix("sep=").map(str::as_bytes);
    if let Some([separator @ (b',' | b';' | b'\t')]) = said {
        return (*separator, format!("\n{rest}"));
    }
    let header = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("");
    let outside: String = header.split('"').step_by(2).collect();
    let mut best = (0, b',');
    for separator in [b',', b';', b'\t'] {
        let times = outside.matches(char::from(separator)).count();
        if times > best.0 {
            best = (times, separator);
        }
    }
    (best.1, text.to_owned())
}

#[derive(Default)]
struct Sheet {
    columns: Option<Vec<Option<Column>>>,
    rows: Vec<Row>,
    findings: Vec<Finding>,
}

impl Sheet {
    fn record(&mut self, number: usize, record: &csv::StringRecord) -> Result<(), FileError> {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let Some(columns) = &self.columns else {
            self.columns = Some(self.header(number, record)?);
            return Ok(());
        };
        if self.rows.len() >= ROWS_MAX {
            return Err(FileError::TooLarge);
        }
        let beyond = record.iter().skip(columns.len());
        if beyond.filter(|cell| !cell.trim().is_empty()).count() > 0 {
            let (cells, columns) = (record.len(), columns.len());
            let problem = Problem::TooManyCells { cells, columns };
            self.findings.push(Finding::of_row(number, problem));
        }
        let cells = columns
            .iter()
            .zip(record)
            .filter_map(|(column, cell)| Some(((*column)?, clean(cell))))
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        self.rows.push(Row { number, cells });
        Ok(())
    }

    fn header(
        &mut self,
        number: usize,
        record: &csv::StringRecord,
    ) -> Result<Vec<Option<Column>>, FileError> {
        let mut columns: Vec<Option<Column>> = Vec::new();
        for (at, header) in record.iter().enumerate() {
            let column = Column::named(header);
            if let Some(column) = column
                && let Some(earlier) = columns.iter().position(|one| *one == Some(column))
            {
                return Err(FileError::TwiceTheColumn(column, earlier + 1, at + 1));
            }
            if column.is_none() && !header.trim().is_empty() {
                let header = clean(header).chars().take(60).collect();
                let problem = Problem::UnknownColumn { header };
                self.findings.push(Finding::of_row(number, problem));
            }
            columns.push(column);
        }
        let missing: Vec<Column> = REQUIRED
            .into_iter()
            .filter(|column| !columns.contains(&Some(*column)))
            .collect();
        if missing.is_empty() {
            Ok(columns)
        } else {
            Err(FileError::MissingColumns(missing))
        }
    }

    fn done(self) -> Result<(Vec<Row>, Vec<Finding>), FileError> {
        if self.columns.is_none() {
            return Err(FileError::Empty);
        }
        if self.rows.is_empty() {
            return Err(FileError::NoRows);
        }
        Ok((self.rows, self.findings))
    }
}

/// A cell on one line, without signs that cannot be seen. A formula stays the text that it is.
fn clean(cell: &str) -> String {
    let shown: String = cell
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .filter(|letter| !matches!(letter, '\u{feff}' | '\u{200b}'))
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_does() {
        let text = "codice;famiglia;comune;nome;indirizzo\r\n\r\n\
                    1;Rossi;Lodi;Ada;\"via\r\nRoma\r\n1\"\r\n;;;;\r\n\
                    2;Neri;Lodi;Ugo;via Verdi\r\n\r\n\r\n";
        let (rows, findings) = read(text.as_bytes()).expect("is read");
        assert!(findings.is_empty(), "{findings:?}");
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.number, row.cell(Column::Address)))
            .collect();
        assert_eq!(seen, [(3, Some("via Roma 1")), (5, Some("via Verdi"))]);
    }

    #[test]
    fn what_is_no_list_is_told_apart() {
        let header = "codice,famiglia,comune,nome";
        let check = |bytes: &[u8], expected: FileError| {
            assert_eq!(read(bytes).expect_err("is refused"), expected);
        };
        check(b"", FileError::Empty);
        check(b"\n\n", FileError::Empty);
        check(header.as_bytes(), FileError::NoRows);
        check(b"PK\x03\x04rest", FileError::NotText);
        check(b"\xff\xfec\0", FileError::NotUtf8 { line: 1 });
        check(
            b"codice,famiglia,comune,nome\n1,Cede\xf1o,Lodi,Ada",
            FileError::NotUtf8 { line: 2 },
        );
        check(
            b"codice,famiglia",
            FileError::MissingColumns(vec![Column::Comune, Column::MemberName]),
        );
        check(
            b"codice,famiglia,comune,nome,ID\n",
            FileError::TwiceTheColumn(Column::ExternalId, 1, 5),
        );
        let open = format!("{header}\n1,\"Rossi,Lodi,Ada\n2,Neri,Lodi,Ugo\n");
        check(open.as_bytes(), FileError::OpenQuote { row: 2 });
    }

    #[test]
    fn separators_and_marks_are_found() {
        for text in [
            "\u{feff}Codice;FAMIGLIA;Comune;Nome\n7;Rossi;Lodi;Ada",
            "codice,famiglia,comune,nome\n7,Rossi,Lodi,Ada\n",
            "sep=;\ncodice;famiglia;comune;nome\n7;Rossi;Lodi;Ada",
            "external_id\tfamily name\tmunicipality\tname\n7\tRossi\tLodi\tAda",
            "\"codice\";\"famiglia, tutta\";\"famiglia\";\"comune\";\"nome\"\n7;;Rossi;Lodi;Ada",
        ] {
            let (rows, _) = read(text.as_bytes()).expect(text);
            let row = rows.first().expect("one row");
            assert_eq!(row.cell(Column::FamilyName), Some("Rossi"), "{text}");
            assert_eq!(row.cell(Column::ExternalId), Some("7"), "{text}");
        }
    }
}
