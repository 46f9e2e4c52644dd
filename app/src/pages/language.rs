//! How a page that the server renders comes to its language.

use crate::words::Language;

impl Language {
    /// The language with this code, if it is one of ours.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|language| language.tag() == code)
    }

    /// The first of ours in an `Accept-Language` header, Italian where none is.
    pub fn from_accepted(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.split([';', '-']).next())
            .find_map(|code| Self::from_code(code.trim().to_ascii_lowercase().as_str()))
            .unwrap_or_default()
    }

    /// The other one, for the link that changes it.
    pub const fn other(self) -> Self {
        match self {
            Self::Italian => Self::English,
            Self::English => Self::Italian,
        }
    }

    /// The wording of this language.
    pub const fn say(self, italian: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Italian => italian,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_first_language_that_we_speak_is_taken() {
        let check = |header, expected| assert_eq!(Language::from_accepted(header), expected);
        check("en-GB,en;q=0.9", Language::English);
        check("fr-FR, en;q=0.8, it;q=0.5", Language::English);
        check("IT", Language::Italian);
        check("ar", Language::Italian);
        check("", Language::Italian);
    }
}
