//! The language of a talk: each text in the family's language, Italian small beside it.

use std::sync::Arc;

use leptos::prelude::*;

use crate::screens::paper::Beside;
use crate::words::catalogue::{Catalogue, Key, Right, Run, runs};
use crate::words::{Language, Words};

/// What fills the blanks of a text.
type Blanks<'a> = &'a [(&'static str, String)];

/// The family's catalogue; Italian alone where it reads Italian or the text is not here.
#[derive(Clone, PartialEq)]
pub struct Tongue(Option<Arc<Catalogue>>);

impl Tongue {
    /// The catalogue as far as it arrived.
    pub fn of(beside: &Beside) -> Self {
        match beside {
            Beside::Here(catalogue) => Self(Some(Arc::clone(catalogue))),
            Beside::Nothing | Beside::Missing => Self(None),
        }
    }

    fn own(&self) -> &Catalogue {
        self.0.as_deref().unwrap_or_else(|| Catalogue::italian())
    }

    /// Its tag.
    pub fn lang(&self) -> String {
        self.own().tag.clone()
    }

    /// Its direction.
    pub fn dir(&self) -> String {
        self.own().dir.clone()
    }

    /// A text in the family's language alone.
    pub fn plain(&self, key: Key, blanks: Blanks<'_>) -> String {
        filled(self.own(), key, blanks)
    }

    /// The Italian of a text, where the family's language is another.
    fn other(&self, key: Key, blanks: Blanks<'_>) -> Option<String> {
        let text = filled(Catalogue::italian(), key, blanks);
        self.0.is_some().then_some(text)
    }

    /// The same as it is drawn, small.
    pub fn italian(&self, key: Key, blanks: Blanks<'_>) -> Option<AnyView> {
        self.other(key, blanks).map(beside)
    }

    /// A text in the family's language, and Italian beside it.
    pub fn both(&self, key: Key, blanks: Blanks<'_>) -> AnyView {
        let own = self.plain(key, blanks);
        view! { <span>{own}{self.italian(key, blanks)}</span> }.into_any()
    }

    /// The plan is the family's.
    pub fn rights(&self) -> AnyView {
        let (own, italian) = self.rights_said();
        view! { <p class="small soft">{own}{italian.map(beside)}</p> }.into_any()
    }

    /// In its own language only once a person of that language has read it; until then that it is
    /// read aloud, and the service's own Italian.
    pub fn rights_said(&self) -> (String, Option<String>) {
        let whole = |of: &Catalogue| {
            let said = of.right(Right::Yours).zip(of.right(Right::YoursHow))?;
            Some(format!("{} {}", said.0, said.1))
        };
        let own = whole(self.own()).unwrap_or_else(|| self.plain(Key::Reads, &[]));
        let italian = self.0.is_some().then(|| whole(Catalogue::italian()));
        (own, italian.flatten())
    }

    /// That nobody of the language has read these texts yet.
    pub fn unreviewed(&self) -> Option<AnyView> {
        let (own, italian) = self.unreviewed_said()?;
        Some(view! { <span>{own}{beside(italian)}</span> }.into_any())
    }

    /// Each sentence calls the language as its own readers do.
    pub fn unreviewed_said(&self) -> Option<(String, String)> {
        let own = self.0.as_ref().filter(|own| own.reviewed.is_none())?;
        let said = |of, language| filled(of, Key::Unreviewed, &[("language", language)]);
        let in_italian = Words(Language::Italian).language(&own.tag);
        Some((
            said(own, own.own_name.clone()),
            said(Catalogue::italian(), in_italian),
        ))
    }
}

fn beside(text: String) -> AnyView {
    view! { <span class="it"><bdi lang="it" dir="ltr">{text}</bdi></span> }.into_any()
}

fn filled(of: &Catalogue, key: Key, blanks: Blanks<'_>) -> String {
    let drawn = runs(of.text(key)).map(|run| match run {
        Run::Plain(text) => text,
        Run::Blank(name) => {
            let found = blanks.iter().find(|(known, _)| *known == name);
            found.map_or("", |(_, text)| text.as_str())
        }
    });
    drawn.collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::words::catalogue::Reviewed;

    fn tongue(catalogue: &Catalogue) -> Tongue {
        Tongue::of(&Beside::Here(Arc::new(catalogue.clone())))
    }

    #[test]
    fn a_sentence_about_rights_is_italian_until_somebody_has_read_the_other() {
        let file = include_str!("../../../../public/lingue/fr.json");
        let mut french = Catalogue::read(file).expect("a whole catalogue");
        french.reviewed = None;
        let (own, italian) = tongue(&french).rights_said();
        assert_eq!(own, french.text(Key::Reads));
        assert!(italian.is_some_and(|text| text.starts_with("Il piano è vostro.")));
        french.reviewed = Some(Reviewed {
            by: "Une personne".into(),
            on: date(2026, 10, 14),
        });
        let (own, _) = tongue(&french).rights_said();
        assert!(own.starts_with("Le plan est à vous."), "{own}");
        let (own, italian) = Tongue::of(&Beside::Nothing).rights_said();
        assert!(own.starts_with("Il piano è vostro.") && italian.is_none());
    }

    #[test]
    fn that_nobody_has_read_it_names_the_language_to_each_in_its_own_words() {
        let file = include_str!("../../../../public/lingue/ar.json");
        let mut arabic = Catalogue::read(file).expect("a whole catalogue");
        arabic.reviewed = None;
        let (own, italian) = tongue(&arabic).unreviewed_said().expect("a mark");
        assert!(own.contains("العربية"), "{own}");
        assert!(italian.starts_with("Testo in arabo non"), "{italian}");
        arabic.reviewed = Some(Reviewed {
            by: "Una persona".into(),
            on: date(2026, 10, 14),
        });
        assert_eq!(tongue(&arabic).unreviewed_said(), None);
        assert_eq!(Tongue::of(&Beside::Missing).unreviewed_said(), None);
    }

    #[test]
    fn italian_stands_alone_and_beside_every_other_language() {
        let file = include_str!("../../../../public/lingue/ar.json");
        let arabic = tongue(&Catalogue::read(file).expect("a whole catalogue"));
        let italian = Tongue::of(&Beside::Missing);
        let stage = [("n", "2".to_owned()), ("all", "6".to_owned())];
        assert_eq!(italian.plain(Key::StageOf, &stage), "Parte 2 di 6");
        assert_eq!((arabic.lang(), arabic.dir()), ("ar".into(), "rtl".into()));
        assert_eq!(arabic.other(Key::Next, &[]).as_deref(), Some("Avanti"));
        assert_eq!(italian.other(Key::Next, &[]), None);
    }
}
