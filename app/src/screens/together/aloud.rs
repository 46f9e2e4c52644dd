//! What a question of Insieme says aloud, to who does not read: what is asked, what can be answered
//! and what was said, in the order in which it stands on its page. Pure.

use domain::vocabulary::Area;

use crate::device::voices::Spoken;
use crate::screens::together::pages::questions::{LADDER, LEVELS};
use crate::screens::together::pages::result::STEPS;
use crate::screens::together::pages::{area_of, question};
use crate::screens::together::talk::{At, CHOSEN_MAX, Said, Talk};
use crate::screens::together::tongue::Tongue;
use crate::words::catalogue::{ITALIAN_TAG, Key};
use crate::words::library::{Both, Example, TextOf};

/// Texts on their way to a voice.
struct Page<'a> {
    talk: &'a Talk,
    tongue: &'a Tongue,
    said: Vec<Spoken>,
}

impl Page<'_> {
    /// A text of the catalogue.
    fn text(&mut self, key: Key) {
        let blanks = [("n", CHOSEN_MAX.to_string())];
        self.say(self.tongue.lang(), &self.tongue.plain(key, &blanks));
    }

    /// A text of an example: in Italian where the family's language does not have it.
    fn example(&mut self, (italian, own): Both<'_>, text: TextOf) {
        let is_own = self.tongue.lang() != ITALIAN_TAG;
        match own.filter(|_| is_own) {
            Some(own) => self.say(self.tongue.lang(), text(own)),
            None => self.say(ITALIAN_TAG.to_owned(), text(italian)),
        }
    }

    /// How they will see it.
    fn hoped(&mut self, said: &Said) {
        if said.example.is_none() {
            return self.own(&said.result);
        }
        match self.tongue.known(Some(said.area), &said.expected) {
            Some(known) => self.say(self.tongue.lang(), known),
            None => self.say(ITALIAN_TAG.to_owned(), &said.expected),
        }
    }

    /// What the family said, in the language in which it said it.
    fn own(&mut self, words: &str) {
        self.say(self.talk.language.clone(), words);
    }

    fn say(&mut self, language: String, words: &str) {
        if !words.trim().is_empty() {
            let words = words.trim().to_owned();
            self.said.push(Spoken { language, words });
        }
    }

    fn read_over(&mut self, said: &Said) {
        self.text(Key::area(said.area));
        for (key, level) in [(Key::AskNow, said.now), (Key::AskHope, said.hope)] {
            if let Some(level) = level {
                self.text(key);
                self.text(Key::level(level));
            }
        }
        self.own(&said.words);
        if said.is_goal() {
            self.hoped(said);
        }
        self.own(&said.step);
        if !said.is_goal() {
            return;
        }
        if let Some(who) = said.who {
            self.text(Key::who(who));
        }
        self.text(Key::Agreement);
        for answer in [Key::Agreed, Key::NotAgreed, Key::NotNow] {
            self.text(answer);
        }
    }

    /// That nobody of the language has read the texts yet.
    fn mark(&mut self) {
        if let Some((own, _)) = self.tongue.unreviewed_said() {
            self.say(self.tongue.lang(), &own);
        }
    }
}

/// Everything that a question says.
pub fn aloud(talk: &Talk, at: At, tongue: &Tongue) -> Vec<Spoken> {
    let mut page = Page {
        talk,
        tongue,
        said: Vec::new(),
    };
    let area = area_of(at);
    if let Some(area) = area {
        page.text(Key::area(area));
    }
    let (asked, hint) = question(at);
    page.text(asked);
    let has_examples = area.is_some_and(|area| !tongue.examples(area).is_empty());
    if let Some(hint) = hint.filter(|_| has_examples || !matches!(at, At::Result(_))) {
        page.text(hint);
    }
    let said = area.and_then(|area| talk.of(area));
    match at {
        At::Choose => {
            for area in Area::ALL {
                page.text(Key::area(*area));
            }
            page.mark();
        }
        At::Now(_) | At::Hope(_) => {
            for level in LEVELS {
                page.text(Key::level(level));
            }
            page.text(Key::RatherNot);
        }
        At::Words(_) => page.own(said.map_or("", |said| &said.words)),
        At::Result(area) => {
            page.own(said.map_or("", |said| &said.words));
            let picked = said
                .filter(|said| said.is_as_picked())
                .and_then(|said| said.example.as_ref());
            for both in tongue.examples(area) {
                if picked.is_none_or(|picked| picked.key != both.0.key) {
                    page.example(both, Example::expected);
                    continue;
                }
                for (key, text) in STEPS {
                    page.text(key);
                    page.example(both, text);
                }
            }
            if has_examples {
                page.text(Key::AskWordsHint);
            }
            if let Some(said) = said.filter(|said| said.example.is_none()) {
                page.own(&said.result);
            }
        }
        At::Step(_) => {
            page.own(said.map_or("", |said| &said.words));
            page.own(said.map_or("", |said| &said.step));
        }
        At::Who(_) => {
            page.own(said.map_or("", |said| step_or_words(said)));
            for who in LADDER {
                page.text(Key::who(who));
            }
        }
        At::Read => {
            for said in talk.chosen() {
                page.read_over(said);
            }
            if talk.chosen().next().is_none() {
                page.text(Key::NothingSaid);
            } else {
                page.say(tongue.lang(), &tongue.rights_said().0);
            }
            page.mark();
        }
        At::End => {}
    }
    page.said
}

fn step_or_words(said: &Said) -> &str {
    if said.step.trim().is_empty() {
        &said.words
    } else {
        &said.step
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::id::{ActionId, GoalId, Millis};
    use domain::vocabulary::{NeedLevel, WhoActs};

    use super::*;
    use crate::screens::paper::Beside;
    use crate::words::catalogue::Catalogue;

    fn french() -> Tongue {
        let file = include_str!("../../../../public/lingue/fr.json");
        let french = Catalogue::read(file).expect("a whole catalogue");
        Tongue::of(&Beside::Here(Arc::new(french)))
    }

    fn talk() -> Talk {
        let mut talk = Talk::new("fr");
        let (goal, action) = (
            GoalId::new(Millis(1), [1; 10]),
            ActionId::new(Millis(1), [2; 10]),
        );
        talk.choose(Area::Work, goal, action);
        talk.change(Area::Work, |said| {
            said.now = Some(NeedLevel::Hard);
            said.words = " Je veux un contrat. ".to_owned();
            said.who = Some(WhoActs::FamilyAlone);
        });
        talk
    }

    fn words(at: At, tongue: &Tongue) -> Vec<String> {
        let said = aloud(&talk(), at, tongue);
        said.into_iter().map(|spoken| spoken.words).collect()
    }

    #[test]
    fn a_question_is_said_with_its_area_its_help_and_its_answers() {
        let french = french();
        let said = words(At::Now(Area::Work), &french);
        assert_eq!(
            said,
            [
                "Travail",
                "Comment est la situation aujourd’hui ?",
                "Ça va bien",
                "Moyen",
                "C’est difficile",
                "Je ne sais pas, ou je préfère ne pas le dire"
            ]
        );
        let said = words(At::Choose, &french);
        let mark = usize::from(french.unreviewed_said().is_some());
        assert_eq!(said.len(), 2 + Area::ALL.len() + mark);
        assert!(said.iter().any(|words| words.contains('5')), "{said:?}");
    }

    #[test]
    fn what_the_family_said_is_said_back_in_its_own_language() {
        // The questions could not be had in French.
        let italian = Tongue::of(&Beside::Missing);
        let nothing = aloud(&Talk::new("fr"), At::Read, &italian);
        assert_eq!(nothing[1].words, italian.plain(Key::NothingSaid, &[]));
        let said = aloud(&talk(), At::Who(Area::Work), &italian);
        let own = Spoken {
            language: "fr".to_owned(),
            words: "Je veux un contrat.".to_owned(),
        };
        assert_eq!(said.iter().filter(|one| **one == own).count(), 1);
        assert!(said.iter().any(|one| one.language == "it"));
    }

    #[test]
    fn at_the_end_everything_is_read_over_and_what_was_not_said_is_not() {
        let french = french();
        let said = words(At::Read, &french);
        assert!(said.contains(&french.plain(Key::AskNow, &[])));
        assert!(!said.contains(&french.plain(Key::AskHope, &[])));
        assert!(said.contains(&french.plain(Key::NotAgreed, &[])));
        assert!(said.contains(&french.rights_said().0));
        assert!(said.contains(&"Je veux un contrat.".to_owned()));
    }
}
