//! The language of a talk: each text in the family's language, Italian small beside it.

use std::sync::Arc;

use domain::forward::Forward;
use domain::vocabulary::Area;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::parts::mark::Icon;
use crate::screens::examples::Shelf;
use crate::screens::paper::Beside;
use crate::screens::paper::column::spelled;
use crate::words::catalogue::{Catalogue, ITALIAN_TAG, Key, Right, Run, runs};
use crate::words::library::{Both, Examples, TextOf};
use crate::words::{Language, Words};

/// What fills the blanks of a text.
type Blanks<'a> = &'a [(&'static str, String)];

/// What a talk is held in.
#[derive(Clone, PartialEq)]
pub struct Tongue {
    /// The family's catalogue; none where it reads Italian or the text is not here.
    own: Option<Arc<Catalogue>>,
    examples: Option<Examples>,
}

impl Tongue {
    /// The catalogue as far as it arrived.
    pub fn of(beside: &Beside) -> Self {
        let own = match beside {
            Beside::Here(catalogue) => Some(Arc::clone(catalogue)),
            Beside::Nothing | Beside::Missing => None,
        };
        Self {
            own,
            examples: None,
        }
    }

    /// The same with goals that somebody has put into words already, as far as they arrived.
    #[must_use]
    pub fn with(self, shelf: &Shelf) -> Self {
        let examples = match shelf {
            Shelf::Here(examples) => Some(examples.clone()),
            Shelf::Coming | Shelf::Empty => None,
        };
        Self { examples, ..self }
    }

    /// The examples of an area, in Italian and in the family's language.
    pub fn examples(&self, area: Area) -> Vec<Both<'_>> {
        let all = self.examples.as_ref().map(|examples| examples.of(area));
        all.into_iter().flatten().collect()
    }

    /// A text of an example: the family's first, Italian beside it; Italian alone where there is no
    /// other.
    pub fn example_text(&self, both: Both<'_>, text: TextOf) -> AnyView {
        let (italian, own) = both;
        let italian = text(italian).to_owned();
        match own.filter(|_| self.own.is_some()) {
            Some(own) => {
                let own = text(own).to_owned();
                view! { <span>{own}{beside(italian)}</span> }.into_any()
            }
            None => view! { <bdi lang=ITALIAN_TAG>{italian}</bdi> }.into_any(),
        }
    }

    fn own(&self) -> &Catalogue {
        self.own.as_deref().unwrap_or_else(|| Catalogue::italian())
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
        self.own.is_some().then_some(text)
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

    /// What the family's language says where the plan says, unchanged, what an example says.
    pub fn known(&self, area: Option<Area>, italian: &str) -> Option<&str> {
        self.own.as_ref()?;
        self.examples.as_ref()?.said(area?, italian)
    }

    /// What somebody wrote in the plan in Italian: with the family's language before it where that
    /// is known, otherwise with the mark that it is read aloud.
    pub fn written(&self, area: Option<Area>, italian: &str) -> AnyView {
        let text = italian.to_owned();
        if self.own.is_none() {
            return view! { <span dir="auto">{text}</span> }.into_any();
        }
        match self.known(area, italian) {
            Some(known) => {
                let known = known.to_owned();
                view! { <span>{known}{beside(text)}</span> }.into_any()
            }
            None => {
                let reads = self.plain(Key::Reads, &[]);
                view! {
                    <span class="reads">
                        <Icon name="ear" /><span class="sr">{reads}</span>
                        <bdi lang=ITALIAN_TAG>{text}</bdi>
                    </span>
                }
                .into_any()
            }
        }
    }

    /// Where a family was with a goal and where it is, to fill the blanks of
    /// [`Key::BeforeToday`]; the levels by their general words, in the family's language.
    fn levels(catalogue: &Catalogue, step: Forward) -> [(&'static str, String); 2] {
        let level = |score| filled(catalogue, Key::reached(score), &[]);
        [("before", level(step.from)), ("now", level(step.to))]
    }

    /// A step forward, drawn: the family's language, Italian beside it.
    pub fn forward(&self, step: Forward) -> AnyView {
        let own = filled(
            self.own(),
            Key::BeforeToday,
            &Self::levels(self.own(), step),
        );
        let italian = Catalogue::italian();
        let other = self.own.is_some().then(|| {
            let text = filled(italian, Key::BeforeToday, &Self::levels(italian, step));
            beside(text)
        });
        view! {
            <p class="forward">
                <Icon name="trending-up" />
                <span><b>{self.both(Key::StepForward, &[])}</b><span>{own}{other}</span></span>
            </p>
        }
        .into_any()
    }

    /// The same to be read aloud.
    pub fn forward_aloud(&self, step: Forward) -> String {
        let head = self.plain(Key::StepForward, &[]);
        let said = filled(
            self.own(),
            Key::BeforeToday,
            &Self::levels(self.own(), step),
        );
        format!("{head}. {said}")
    }

    /// By a day, as the family's language says it.
    pub fn by_day(&self, due: Date) -> String {
        self.plain(Key::ByDay, &[("day", spelled(&self.lang(), due))])
    }

    /// A text in the family's language with the Italian behind it, as one line: where something is
    /// missing.
    pub fn line(&self, key: Key) -> String {
        match self.other(key, &[]) {
            Some(italian) => format!("{} (\u{2068}{italian}\u{2069})", self.plain(key, &[])),
            None => self.plain(key, &[]),
        }
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
        let italian = self.own.is_some().then(|| whole(Catalogue::italian()));
        (own, italian.flatten())
    }

    /// That nobody of the language has read these texts yet.
    pub fn unreviewed(&self) -> Option<AnyView> {
        let (own, italian) = self.unreviewed_said()?;
        Some(view! { <span>{own}{beside(italian)}</span> }.into_any())
    }

    /// Each sentence calls the language as its own readers do.
    pub fn unreviewed_said(&self) -> Option<(String, String)> {
        let examples = self.examples.as_ref().and_then(Examples::own);
        let is_unread = examples.is_some_and(|own| own.reviewed.is_none());
        let own = self.own.as_ref();
        let own = own.filter(|own| own.reviewed.is_none() || is_unread)?;
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
