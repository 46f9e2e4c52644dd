//! The texts of the demonstration, read from the files in `data/demo`.
//!
//! The files are part of the program: what is wrong with them is found by the tests, never by a
//! person who runs it.

use std::collections::BTreeMap;

use domain::family::{Language, Name};
use domain::plan::{FamilyWords, Spoken};
use domain::vocabulary::{ActionKind, Area, Barrier, NeedLevel, WhoActs};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::chance::Chance;

/// Everything that the stories draw from.
pub struct Bank {
    /// Countries and how many families come from each.
    pub countries: Vec<Country>,
    /// Names.
    pub names: Vec<NameRow>,
    /// Comuni.
    pub places: Vec<Place>,
    /// Streets.
    pub streets: Vec<&'static str>,
    /// Templates of goals.
    pub goals: Vec<Template>,
    /// What families say of how it goes.
    pub remarks: Vec<Remark>,
    /// How a need looks, to both voices.
    pub needs: Vec<NeedRow>,
    /// Short texts by kind.
    pub notes: Vec<Note>,
    /// The short name of each domain of need.
    pub areas: BTreeMap<String, String>,
}

/// A country of origin.
#[derive(Clone, Debug, Deserialize)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// How many families.
    pub families: usize,
    /// The language spoken with the mediator.
    pub language: String,
    /// Every language spoken, `|` between.
    pub speaks: String,
    /// The mediator's sign-in name.
    pub mediator: String,
}

/// A name of a country.
#[derive(Clone, Debug, Deserialize)]
pub struct NameRow {
    /// Country.
    pub country: String,
    /// `family`, `man`, `woman`, `boy` or `girl`.
    pub kind: String,
    /// In Latin letters.
    pub latin: String,
    /// In the original script, empty where that is Latin.
    pub original: String,
}

impl NameRow {
    /// The name as the domain knows it.
    pub fn name(&self) -> Name {
        Name {
            latin: self.latin.clone(),
            original: (!self.original.is_empty()).then(|| self.original.clone()),
        }
    }
}

/// A Comune, how often it is drawn and whose area it is.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    /// ISTAT code.
    pub istat: String,
    /// Name.
    pub name: String,
    /// How often it is drawn.
    pub weight: usize,
    /// The social worker's sign-in name.
    pub social_worker: String,
}

/// A template of a goal, with texts for everything that grows from it.
#[derive(Clone, Debug, Deserialize)]
pub struct Template {
    /// Domain of need.
    pub area: Area,
    /// Which household it fits: `any`, `family` (two or more), `child`, `school`, `teen`, `small`,
    /// `woman`.
    pub need: String,
    /// Who acts at the beginning.
    pub who: WhoActs,
    /// The family's words by language; `it:xx` is the Italian for language `xx` where the words
    /// in it are simpler.
    pub words: BTreeMap<String, String>,
    /// Expected result.
    pub expected: String,
    /// The words of −2, −1, +1, +2.
    pub levels: Vec<String>,
    /// Kind, what, service.
    pub actions: Vec<(ActionKind, String, String)>,
    /// The next step for each rung of the ladder.
    pub steps: Vec<String>,
    /// What the tutor sees when it goes badly, so-so, well.
    pub see: Vec<String>,
    /// What may stand in the way.
    pub barriers: Vec<Barrier>,
}

/// What a family says of how it goes.
#[derive(Clone, Debug, Deserialize)]
pub struct Remark {
    /// `low`, `mid` or `high`.
    pub mood: String,
    /// By language.
    #[serde(flatten)]
    pub words: BTreeMap<String, String>,
}

/// How a need looks at one level.
#[derive(Clone, Debug, Deserialize)]
pub struct NeedRow {
    /// Domain of need.
    pub area: Area,
    /// Level.
    pub level: NeedLevel,
    /// The family's words, in Italian.
    pub family: String,
    /// The tutor's words.
    pub tutor: String,
}

/// A short text.
#[derive(Clone, Debug, Deserialize)]
pub struct Note {
    /// What for.
    pub kind: String,
    /// The text.
    pub text: String,
}

impl Bank {
    /// Reads the files.
    pub fn read() -> Self {
        #[derive(Deserialize)]
        struct AreaRow {
            area: String,
            label: String,
        }
        Self {
            countries: rows(include_str!("../../data/demo/countries.tsv")),
            names: rows(include_str!("../../data/demo/names.tsv")),
            places: rows(include_str!("../../data/demo/places.tsv")),
            streets: include_str!("../../data/demo/streets.txt")
                .lines()
                .collect(),
            goals: json(include_str!("../../data/demo/goals.json")),
            remarks: rows(include_str!("../../data/demo/remarks.tsv")),
            needs: rows(include_str!("../../data/demo/needs.tsv")),
            notes: rows(include_str!("../../data/demo/notes.tsv")),
            areas: rows::<AreaRow>(include_str!("../../data/demo/areas.tsv"))
                .into_iter()
                .map(|row| (row.area, row.label))
                .collect(),
        }
    }

    /// The names of one kind of one country.
    pub fn names(&self, country: &str, kind: &str) -> Vec<&NameRow> {
        self.names
            .iter()
            .filter(|row| row.country == country && row.kind == kind)
            .collect()
    }

    /// One short text of a kind.
    pub fn note(&self, chance: &mut Chance, kind: &str) -> &str {
        let all: Vec<_> = self.notes.iter().filter(|note| note.kind == kind).collect();
        &chance.pick(&all).text
    }

    /// The short name of a domain of need.
    pub fn area(&self, area: Area) -> &str {
        let word = serde_json::to_value(area).unwrap_or_default();
        word.as_str()
            .and_then(|word| self.areas.get(word))
            .map_or("", String::as_str)
    }
}

/// The family's words in its language, where the file has them, and in Italian.
pub fn family_words(
    words: &BTreeMap<String, String>,
    language: &str,
    filling: &Filling<'_>,
) -> FamilyWords {
    let original = words.get(language).filter(|text| !text.is_empty());
    let italian = words
        .get(&format!("it:{language}"))
        .or_else(|| words.get("it"))
        .map_or("", String::as_str);
    FamilyWords {
        original: original.map(|text| Spoken {
            language: Language(language.to_owned()),
            text: filling.fill(text, true),
        }),
        italian: filling.fill(italian, false),
        member: None,
    }
}

/// Who a text speaks of.
#[derive(Clone, Copy, Default)]
pub struct Filling<'a> {
    /// The adult.
    pub who: Option<(&'a Name, bool)>,
    /// The child, and whether she is a girl.
    pub child: Option<(&'a Name, bool)>,
    /// The Comune.
    pub comune: &'a str,
    /// Those who were there.
    pub people: &'a str,
}

impl Filling<'_> {
    /// Puts the names into a text and chooses the words by gender.
    pub fn fill(&self, text: &str, is_original: bool) -> String {
        let named = |who: Option<(&Name, bool)>| {
            who.map_or("", |(name, _)| {
                let original = name.original.as_deref().filter(|_| is_original);
                original.unwrap_or(&name.latin)
            })
            .to_owned()
        };
        let is_female = |who: Option<(&Name, bool)>| who.is_some_and(|(_, female)| female);
        let text = choose(text, '<', '>', is_female(self.who));
        choose(&text, '[', ']', is_female(self.child))
            .replace("{who}", &named(self.who))
            .replace("{child}", &named(self.child))
            .replace("{comune}", self.comune)
            .replace("{people}", self.people)
    }
}

/// Replaces every `<a|b>` by its first or second word.
fn choose(text: &str, open: char, close: char, second: bool) -> String {
    let mut done = String::new();
    let mut parts = text.split(open);
    done.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (choice, rest) = part.split_once(close).unwrap_or((part, ""));
        let (first, other) = choice.split_once('|').unwrap_or((choice, choice));
        done.push_str(if second { other } else { first });
        done.push_str(rest);
    }
    done
}

fn rows<T: DeserializeOwned>(text: &str) -> Vec<T> {
    csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the demonstration's tables are well formed: a test reads them")
}

/// Reads an embedded JSON file.
pub fn json<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text)
        .expect("the demonstration's texts are well formed: a test reads them")
}
