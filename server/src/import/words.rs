//! What people write in cells, and what it means.
//!
//! Case, accents, apostrophes and spaces never decide: lists are typed by many hands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::family::{Comune, Language};
use domain::vocabulary::MemberRole;
use jiff::civil::Date;

/// How far a misspelt name may be from one that exists, to be suggested.
const TYPING_ERRORS_MAX: usize = 2;

static COMUNI: LazyLock<Vec<Comune>> = LazyLock::new(|| {
    let text = include_str!("../../data/comuni_ambito_lodi.csv");
    table(text, b',')
        .into_iter()
        .filter_map(|mut row| {
            let istat = row.remove("istat_code")?;
            Some(Comune {
                istat,
                name: row.remove("name")?,
            })
        })
        .collect()
});
static COUNTRIES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| codes(include_str!("../../data/import/countries.tsv")));
static LANGUAGES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| codes(include_str!("../../data/import/languages.tsv")));

/// A text without what people write differently: lowercase, no accents, single spaces.
pub fn plain(text: &str) -> String {
    let mut done = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ă' => done.push('a'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' => done.push('e'),
            'ì' | 'í' | 'î' | 'ï' => done.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => done.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => done.push('u'),
            'ç' | 'č' | 'ć' => done.push('c'),
            'ñ' => done.push('n'),
            'ș' | 'ş' | 'š' => done.push('s'),
            'ț' | 'ţ' => done.push('t'),
            // What is left of an accent that was typed on its own.
            '\u{300}'..='\u{36f}' => {}
            letter if letter.is_alphanumeric() => done.push(letter),
            _ => {
                if !done.ends_with(' ') {
                    done.push(' ');
                }
            }
        }
    }
    done.trim().to_owned()
}

/// A Comune of the ambito, by name or ISTAT code.
pub fn comune(cell: &str) -> Option<&'static Comune> {
    // A spreadsheet takes the code for a number and drops its first zero.
    let code = format!("{:0>6}", cell.trim());
    let name = plain(cell);
    COMUNI
        .iter()
        .find(|comune| comune.istat == code || plain(&comune.name) == name)
}

/// The Comune that was probably meant.
pub fn nearest_comune(cell: &str) -> Option<&'static str> {
    let name = plain(cell);
    COMUNI
        .iter()
        .map(|comune| {
            (
                strsim::damerau_levenshtein(&plain(&comune.name), &name),
                comune,
            )
        })
        .filter(|(errors, _)| *errors <= TYPING_ERRORS_MAX)
        .min_by_key(|(errors, _)| *errors)
        .map(|(_, comune)| comune.name.as_str())
}

/// A country's code, by code, name or what its citizens are called.
pub fn country(cell: &str) -> Option<&'static str> {
    COUNTRIES.get(&plain(cell)).map(String::as_str)
}

/// The languages of a cell, `|` or `/` between; the first word that is none, where there is one.
pub fn languages(cell: &str) -> Result<Vec<Language>, String> {
    let mut found: Vec<Language> = Vec::new();
    for word in cell.split(['|', '/', ',', ';', '+']) {
        if word.trim().is_empty() {
            continue;
        }
        let code = LANGUAGES
            .get(&plain(word))
            .ok_or_else(|| word.trim().to_owned())?;
        let language = Language(code.clone());
        if !found.contains(&language) {
            found.push(language);
        }
    }
    Ok(found)
}

/// Yes or no.
pub fn yes_or_no(cell: &str) -> Option<bool> {
    match plain(cell).as_str() {
        "si" | "s" | "1" | "x" | "vero" | "yes" | "y" | "true" => Some(true),
        "no" | "n" | "0" | "falso" | "false" => Some(false),
        _ => None,
    }
}

/// A place in the household.
pub fn role(cell: &str) -> Option<MemberRole> {
    match plain(cell).as_str() {
        "intestatario" | "intestataria" | "riferimento" | "capofamiglia" | "reference" => {
            Some(MemberRole::Reference)
        }
        "coniuge" | "moglie" | "marito" | "partner" | "convivente" | "compagno" | "compagna"
        | "spouse" | "wife" | "husband" => Some(MemberRole::Partner),
        "figlio" | "figlia" | "figli" | "minore" | "child" | "son" | "daughter" => {
            Some(MemberRole::Child)
        }
        "altro" | "altra" | "altro parente" | "nonno" | "nonna" | "padre" | "madre"
        | "fratello" | "sorella" | "zio" | "zia" | "nipote" | "cugino" | "cugina" | "other"
        | "relative" => Some(MemberRole::Other),
        _ => None,
    }
}

/// What is wrong with a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateError {
    /// It is no date.
    NotADate,
    /// The year has two digits: it could be of either century.
    ShortYear,
}

/// A date as `gg/mm/aaaa` or ISO, with any spaces and `-` or `.` between.
pub fn date(cell: &str) -> Result<Date, DateError> {
    let cell = cell.trim();
    // A spreadsheet may add midnight to a day.
    let cell = ["T00:00:00", "00:00:00", "00:00"]
        .iter()
        .find_map(|midnight| cell.strip_suffix(midnight))
        .unwrap_or(cell);
    let parts: Vec<&str> = cell.split(['/', '-', '.']).map(str::trim).collect();
    let [first, month, last] = parts.as_slice() else {
        return Err(DateError::NotADate);
    };
    let is_iso = first.len() == 4;
    let (year, day) = if is_iso { (first, last) } else { (last, first) };
    let digits = |text: &str| {
        text.chars()
            .all(|digit| digit.is_ascii_digit())
            .then(|| text.parse::<i16>().ok())
            .flatten()
    };
    let (Some(number), Some(month), Some(day)) = (digits(year), digits(month), digits(day)) else {
        return Err(DateError::NotADate);
    };
    if year.len() <= 2 {
        return Err(DateError::ShortYear);
    }
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return Err(DateError::NotADate);
    };
    Date::new(number, month, day).map_err(|_| DateError::NotADate)
}

fn table(text: &str, delimiter: u8) -> Vec<BTreeMap<String, String>> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(delimiter == b',')
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the import's tables are well formed: a test reads them")
}

/// Every word of a table and the code that it stands for.
fn codes(text: &str) -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for row in table(text, b'\t') {
        let cell = |column: &str| row.get(column).map_or("", String::as_str);
        let words = ["code", "italian", "english"].into_iter().map(cell);
        for word in words.chain(cell("also").split('|')) {
            if !word.is_empty() {
                codes
                    .entry(plain(word))
                    .or_insert_with(|| cell("code").to_owned());
            }
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let expected = Ok(civil::date(1990, 2, 3));
        for cell in [
            "03/02/1990",
            "3/2/1990",
            " 3 / 2 / 1990 ",
            "3-2-1990",
            "3.2.1990",
            "1990-02-03",
            "1990/2/3",
            "1990-02-03 00:00:00",
            "1990-02-03T00:00:00",
        ] {
            assert_eq!(date(cell), expected, "{cell}");
        }
        assert_eq!(date("3/2/90"), Err(DateError::ShortYear));
        for cell in [
            "",
            "32/01/1990",
            "30/02/1990",
            "1990",
            "a/b/c",
            "1/2/3/4",
            "١/٢/١٩٩٠",
            "-1/-2/1990",
        ] {
            assert!(date(cell).is_err(), "{cell}");
        }
    }

    #[test]
    fn comuni_are_found_whatever_the_hand() {
        for cell in [
            "Sant'Angelo Lodigiano",
            "SANT’ANGELO  LODIGIANO",
            "sant angelo-lodigiano",
            "098050",
            "98050",
        ] {
            assert_eq!(
                comune(cell).map(|comune| comune.istat.as_str()),
                Some("098050"),
                "{cell}"
            );
        }
        assert_eq!(comune("Milano"), None);
        assert_eq!(nearest_comune("Codongo"), Some("Codogno"));
        assert_eq!(COMUNI.len(), 61);
    }

    #[test]
    fn countries_and_languages_have_many_names() {
        for cell in ["EG", "eg", "Egitto", "egiziana", " Egypt "] {
            assert_eq!(country(cell), Some("EG"), "{cell}");
        }
        for cell in ["ro", "Romania", "rumena"] {
            assert_eq!(country(cell), Some("RO"), "{cell}");
        }
        assert_eq!(country("Costa d’Avorio"), Some("CI"));
        assert_eq!(country("Atlantide"), None);
        let both = vec![Language("ar".to_owned()), Language("fr".to_owned())];
        assert_eq!(languages("Arabo | FR/arabo"), Ok(both));
        assert_eq!(languages("arabo|elfico"), Err("elfico".to_owned()));
        assert_eq!(languages(""), Ok(Vec::new()));
    }
}
