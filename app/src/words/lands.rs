//! What languages and citizenships are called.
//!
//! Only those met in the province (ISTAT, resident foreigners) and their neighbours; any other
//! shows its code rather than a guess.

use crate::words::{Language, Words};
use domain::order;

/// Tag, Italian name, English name, the language's own name.
const LANGUAGES: &[(&str, &str, &str, &str)] = &[
    ("am", "amarico", "Amharic", "አማርኛ"),
    ("ar", "arabo", "Arabic", "العربية"),
    ("arz", "arabo d’Egitto", "Egyptian Arabic", "مصرى"),
    ("ary", "arabo del Marocco", "Moroccan Arabic", "الدارجة"),
    ("bg", "bulgaro", "Bulgarian", "български"),
    ("bm", "bambara", "Bambara", "Bamanankan"),
    ("bn", "bengalese", "Bengali", "বাংলা"),
    ("de", "tedesco", "German", "Deutsch"),
    ("ee", "ewe", "Ewe", "Eʋegbe"),
    ("en", "inglese", "English", "English"),
    ("es", "spagnolo", "Spanish", "Español"),
    ("fa", "dari", "Dari", "دری"),
    ("ff", "pular", "Fula", "Pular"),
    ("fr", "francese", "French", "Français"),
    ("ha", "hausa", "Hausa", "Hausa"),
    ("hi", "hindi", "Hindi", "हिन्दी"),
    ("ig", "igbo", "Igbo", "Igbo"),
    ("it", "italiano", "Italian", "Italiano"),
    ("mk", "macedone", "Macedonian", "македонски"),
    ("pa", "punjabi", "Punjabi", "ਪੰਜਾਬੀ"),
    ("pl", "polacco", "Polish", "Polski"),
    ("ps", "pashto", "Pashto", "پښتو"),
    ("pt", "portoghese", "Portuguese", "Português"),
    ("qu", "quechua", "Quechua", "Runasimi"),
    ("ro", "romeno", "Romanian", "Română"),
    ("ru", "russo", "Russian", "Русский"),
    ("si", "singalese", "Sinhala", "සිංහල"),
    ("so", "somalo", "Somali", "Soomaali"),
    ("sq", "albanese", "Albanian", "Shqip"),
    ("sr", "serbo", "Serbian", "Српски"),
    ("ta", "tamil", "Tamil", "தமிழ்"),
    ("ti", "tigrino", "Tigrinya", "ትግርኛ"),
    ("tl", "tagalog", "Tagalog", "Tagalog"),
    ("tr", "turco", "Turkish", "Türkçe"),
    ("uk", "ucraino", "Ukrainian", "Українська"),
    ("ur", "urdu", "Urdu", "اردو"),
    ("wo", "wolof", "Wolof", "Wolof"),
    ("yo", "yoruba", "Yoruba", "Yorùbá"),
    ("zh", "cinese", "Chinese", "中文"),
    ("ber", "berbero", "Berber", "Tamaziɣt"),
];

/// ISO 3166-1 alpha-2 code, Italian name, English name.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("AF", "Afghanistan", "Afghanistan"),
    ("AL", "Albania", "Albania"),
    ("BD", "Bangladesh", "Bangladesh"),
    ("BF", "Burkina Faso", "Burkina Faso"),
    ("BG", "Bulgaria", "Bulgaria"),
    ("BJ", "Benin", "Benin"),
    ("BO", "Bolivia", "Bolivia"),
    ("BR", "Brasile", "Brazil"),
    ("CD", "Congo (RD)", "Congo (DR)"),
    ("CI", "Costa d’Avorio", "Ivory Coast"),
    ("CM", "Camerun", "Cameroon"),
    ("CN", "Cina", "China"),
    ("CO", "Colombia", "Colombia"),
    ("CU", "Cuba", "Cuba"),
    ("DO", "Rep. Dominicana", "Dominican Republic"),
    ("DZ", "Algeria", "Algeria"),
    ("EC", "Ecuador", "Ecuador"),
    ("EG", "Egitto", "Egypt"),
    ("ER", "Eritrea", "Eritrea"),
    ("ES", "Spagna", "Spain"),
    ("ET", "Etiopia", "Ethiopia"),
    ("FR", "Francia", "France"),
    ("GE", "Georgia", "Georgia"),
    ("GH", "Ghana", "Ghana"),
    ("GM", "Gambia", "The Gambia"),
    ("GN", "Guinea", "Guinea"),
    ("IN", "India", "India"),
    ("IQ", "Iraq", "Iraq"),
    ("IR", "Iran", "Iran"),
    ("IT", "Italia", "Italy"),
    ("LB", "Libano", "Lebanon"),
    ("LK", "Sri Lanka", "Sri Lanka"),
    ("LY", "Libia", "Libya"),
    ("MA", "Marocco", "Morocco"),
    ("MD", "Moldova", "Moldova"),
    ("MK", "Macedonia del Nord", "North Macedonia"),
    ("ML", "Mali", "Mali"),
    ("NG", "Nigeria", "Nigeria"),
    ("PE", "Perù", "Peru"),
    ("PH", "Filippine", "Philippines"),
    ("PK", "Pakistan", "Pakistan"),
    ("PL", "Polonia", "Poland"),
    ("RO", "Romania", "Romania"),
    ("RS", "Serbia", "Serbia"),
    ("RU", "Russia", "Russia"),
    ("SD", "Sudan", "Sudan"),
    ("SN", "Senegal", "Senegal"),
    ("SO", "Somalia", "Somalia"),
    ("SV", "El Salvador", "El Salvador"),
    ("SY", "Siria", "Syria"),
    ("TG", "Togo", "Togo"),
    ("TN", "Tunisia", "Tunisia"),
    ("TR", "Turchia", "Turkey"),
    ("UA", "Ucraina", "Ukraine"),
    ("VE", "Venezuela", "Venezuela"),
    ("XK", "Kosovo", "Kosovo"),
];

impl Words {
    /// A language by its BCP 47 tag, as it stands in a sentence: `arabo`, `Arabic`.
    pub fn language(self, tag: &str) -> String {
        match find_language(tag) {
            Some((_, it, en, _)) => match self.0 {
                Language::Italian => (*it).to_owned(),
                Language::English => (*en).to_owned(),
            },
            None => tag.to_owned(),
        }
    }

    /// The same with a capital, at the start of a line: `Arabo`.
    pub fn language_title(self, tag: &str) -> String {
        capitalized(&self.language(tag))
    }

    /// A citizenship by the country's code: `Egitto`.
    pub fn citizenship(self, code: &str) -> String {
        let found = COUNTRIES
            .iter()
            .find(|(known, _, _)| known.eq_ignore_ascii_case(code));
        match (found, self.0) {
            (Some((_, it, _)), Language::Italian) => (*it).to_owned(),
            (Some((_, _, en)), Language::English) => (*en).to_owned(),
            (None, _) => code.to_owned(),
        }
    }

    /// Languages that can be chosen, by tag and name, in alphabetical order.
    pub fn languages(self) -> Vec<(&'static str, String)> {
        let mut all: Vec<_> = LANGUAGES
            .iter()
            .map(|(tag, ..)| (*tag, self.language(tag)))
            .collect();
        order::sort_by_key(&mut all, |(_, name)| name.to_lowercase());
        all
    }

    /// Citizenships that can be chosen, by code and name, in alphabetical order.
    pub fn citizenships(self) -> Vec<(&'static str, String)> {
        let mut all: Vec<_> = COUNTRIES
            .iter()
            .map(|(code, ..)| (*code, self.citizenship(code)))
            .collect();
        order::sort_by(&mut all, |(_, a), (_, b)| a.cmp(b));
        all
    }
}

/// A language's own name, for the people who speak it.
pub fn own_name(tag: &str) -> Option<&'static str> {
    find_language(tag).map(|(.., own)| *own)
}

/// The direction in which a language is written.
pub fn direction(tag: &str) -> &'static str {
    match primary(tag) {
        "ar" | "arz" | "ary" | "fa" | "ps" | "ur" | "he" | "ckb" => "rtl",
        _ => "ltr",
    }
}

/// The text with its first letter as a capital.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn find_language(
    tag: &str,
) -> Option<&'static (&'static str, &'static str, &'static str, &'static str)> {
    LANGUAGES.iter().find(|(known, ..)| *known == primary(tag))
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_language_has_a_name_in_both_languages_and_in_its_own() {
        assert_eq!(Words(Language::Italian).language("ar"), "arabo");
        assert_eq!(Words(Language::English).language("ar-EG"), "Arabic");
        assert_eq!(Words(Language::Italian).language_title("pa"), "Punjabi");
        assert_eq!(own_name("uk"), Some("Українська"));
        assert_eq!(Words(Language::Italian).language("xx"), "xx");
    }

    #[test]
    fn codes_are_listed_once_and_none_is_empty() {
        let tags: BTreeSet<_> = LANGUAGES.iter().map(|(tag, ..)| tag).collect();
        assert_eq!(tags.len(), LANGUAGES.len());
        let codes: BTreeSet<_> = COUNTRIES.iter().map(|(code, ..)| code).collect();
        assert_eq!(codes.len(), COUNTRIES.len());
        assert!(
            LANGUAGES
                .iter()
                .all(|(_, it, en, own)| { !it.is_empty() && !en.is_empty() && !own.is_empty() })
        );
    }

    #[test]
    fn arabic_script_runs_from_right_to_left() {
        assert_eq!(direction("ar-EG"), "rtl");
        assert_eq!(direction("pa"), "ltr");
    }
}
