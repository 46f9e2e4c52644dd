//! Goals that somebody has put into words already: what a family may want, and five levels by which
//! it sees how far it came. One file per language in `public/obiettivi`, fetched when it is asked
//! for; Italian is the source.
//!
//! They are examples. What is picked is written in the plan in Italian and may be changed there; as
//! long as nobody changes it, what the family's language says of it is known.

use std::sync::Arc;

use domain::vocabulary::Area;
use litemap::LiteMap;
use serde::Deserialize;

use crate::words::catalogue::Reviewed;

/// Where level 0, the expected result, stands among the five.
const EXPECTED: usize = 2;

/// The examples of one language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Who of the language has read it all; nobody yet where there is none.
    pub reviewed: Option<Reviewed>,
    goals: LiteMap<Area, Vec<Example>>,
}

/// A goal in the words of one language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// Its name among those of its area, the same in every language.
    pub key: String,
    /// What a family wants, as it would say it.
    pub words: String,
    /// From much less than expected (−2) to much more (+2).
    pub levels: [String; 5],
}

impl Example {
    /// What is hoped for: level 0.
    pub fn expected(&self) -> &str {
        &self.levels[EXPECTED]
    }

    /// The other four levels, from −2 to +2.
    pub fn others(&self) -> [String; 4] {
        let [much_less, less, _, more, much_more] = self.levels.clone();
        [much_less, less, more, much_more]
    }
}

impl Library {
    /// What a file says, if it is one.
    pub fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    fn of(&self, area: Area) -> &[Example] {
        self.goals.get(&area).map_or(&[], Vec::as_slice)
    }

    fn find(&self, area: Area, key: &str) -> Option<&Example> {
        self.of(area).iter().find(|example| example.key == key)
    }
}

/// The examples in Italian and, where its file is here, in the family's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples {
    italian: Arc<Library>,
    own: Option<Arc<Library>>,
}

/// Reads one text of an example.
pub type TextOf = fn(&Example) -> &str;

/// An example in Italian, and in the family's language.
pub type Both<'a> = (&'a Example, Option<&'a Example>);

impl Examples {
    /// Those of the source, with another language beside it.
    pub fn new(italian: Library, own: Option<Library>) -> Self {
        Self {
            italian: Arc::new(italian),
            own: own.map(Arc::new),
        }
    }

    /// The family's language, where its file is here.
    pub fn own(&self) -> Option<&Library> {
        self.own.as_deref()
    }

    /// The examples of an area.
    pub fn of(&self, area: Area) -> impl Iterator<Item = Both<'_>> {
        let beside = move |key: &str| self.own()?.find(area, key);
        let all = self.italian.of(area).iter();
        all.map(move |example| (example, beside(&example.key)))
    }

    /// One of them.
    pub fn find(&self, area: Area, key: &str) -> Option<Both<'_>> {
        self.of(area).find(|(example, _)| example.key == key)
    }

    /// Whether somebody's words are those of an example, in either language: then they are nobody's.
    pub fn says(&self, words: &str) -> bool {
        let libraries = [Some(&self.italian), self.own.as_ref()];
        let goals = libraries
            .into_iter()
            .flatten()
            .flat_map(|of| of.goals.values());
        goals.flatten().any(|example| example.words == words)
    }

    /// What the family's language says where the plan says, unchanged, what an example says.
    pub fn said(&self, area: Area, italian: &str) -> Option<&str> {
        let wanted = italian.trim();
        self.of(area).find_map(|(example, own)| {
            let own = own?;
            if example.words == wanted {
                return Some(own.words.as_str());
            }
            let at = example.levels.iter().position(|level| level == wanted)?;
            own.levels.get(at).map(String::as_str)
        })
    }
}

/// Where the file of a language lies.
pub fn address(tag: &str) -> String {
    format!("/obiettivi/{tag}.json")
}

#[cfg(test)]
mod tests;
