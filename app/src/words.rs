//! Every text of the interface, Italian and English side by side.
//!
//! A text is a method of [`Words`]: a missing one does not compile, and neither language can be
//! left out. Families' own words are never here: they are data.

use leptos::prelude::*;

use crate::preferences::use_preferences;

/// Declares texts: a doc line, a name, the Italian, the English.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $it:literal, $en:literal;)+) => {
        impl $crate::words::Words {
            $($(#[$doc])* pub const fn $name(self) -> &'static str {
                match self.0 {
                    $crate::words::Language::Italian => $it,
                    $crate::words::Language::English => $en,
                }
            })+
        }

        #[cfg(test)]
        pub(super) const WORDS: &[(&str, &str, &str)] = &[$((stringify!($name), $it, $en)),+];
    };
}

/// Declares texts with something filled in, as in `format!`.
macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),+): $it:literal, $en:literal;)+) => {
        impl $crate::words::Words {
            $($(#[$doc])* pub fn $name(self, $($arg: $ty),+) -> String {
                match self.0 {
                    $crate::words::Language::Italian => format!($it),
                    $crate::words::Language::English => format!($en),
                }
            })+
        }

        #[cfg(test)]
        pub(super) const PHRASES: &[(&str, &str, &str)] = &[$((stringify!($name), $it, $en)),+];
    };
}

/// Declares texts with a count: one and more, as both languages need them.
macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident($n:ident):
        $it:literal | $its:literal, $en:literal | $ens:literal;)+) => {
        impl $crate::words::Words {
            $($(#[$doc])* pub fn $name(self, $n: usize) -> String {
                match (self.0, $n) {
                    ($crate::words::Language::Italian, 1) => format!($it),
                    ($crate::words::Language::Italian, _) => format!($its),
                    ($crate::words::Language::English, 1) => format!($en),
                    ($crate::words::Language::English, _) => format!($ens),
                }
            })+
        }

        #[cfg(test)]
        pub(super) const COUNTS: &[(&str, &str, &str)] = &[$(
            (stringify!($name), $it, $en),
            (stringify!($name), $its, $ens),
        )+];
    };
}

/// Declares what the words of a closed list are called.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident($ty:ident) {
        $($(#[$vdoc:meta])* $variant:ident$(($any:tt))?: $it:literal, $en:literal;)+
    })+) => {
        impl $crate::words::Words {
            $($(#[$doc])* pub const fn $name(self, of: $ty) -> &'static str {
                match (of, self.0) {
                    $(($ty::$variant$(($any))?, $crate::words::Language::Italian) => $it,
                    ($ty::$variant$(($any))?, $crate::words::Language::English) => $en,)+
                }
            })+
        }

        #[cfg(test)]
        pub(super) const NAMES: &[(&str, &str, &str)] = &[$($(
            (stringify!($name $variant), $it, $en),
        )+)+];
    };
}

mod agenda;
#[cfg(any(feature = "hydrate", test))]
mod attachment;
pub mod catalogue;
pub mod dates;
mod diary;
mod dispute;
#[cfg(any(feature = "hydrate", test))]
mod drafts;
mod errors;
mod families;
pub mod lands;
#[cfg(any(feature = "hydrate", test))]
pub mod library;
mod lists;
mod new;
mod paper;
mod people;
mod plan;
mod review;
mod sealed;
mod settings;
mod takeover;
mod today;
mod together;
mod unlock;
mod versions;
mod visit;
mod vocabulary;

/// The language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Italiano.
    #[default]
    Italian,
    /// English.
    English,
}

impl Language {
    /// Every language of the interface.
    pub const ALL: &[Self] = &[Self::Italian, Self::English];

    /// The BCP 47 tag, also the code under which the choice is kept.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Italian => "it",
            Self::English => "en",
        }
    }

    /// The language's own name.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Italian => "Italiano",
            Self::English => "English",
        }
    }

    /// The language behind a tag such as `en-GB`; Italian for any other.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .iter()
            .copied()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
            .unwrap_or_default()
    }
}

/// The texts of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// Somebody as the reader calls them.
    pub fn who(self, name: Option<String>, is_reader: bool) -> String {
        if is_reader {
            self.you().to_owned()
        } else {
            name.unwrap_or_else(|| self.somebody().to_owned())
        }
    }
}

/// The texts of the language chosen here.
///
/// Read once for each screen: [`crate::preferences::Ground`] builds the screens anew when the
/// language changes.
pub fn use_words() -> Words {
    Words(use_preferences().language.get_untracked())
}

words! {
    /// The name of the app.
    percorso: "Percorso", "Percorso";
    /// Navigation.
    navigation: "Principale", "Main";
    /// Screen: today's visits.
    today: "Oggi", "Today";
    /// Screen: families.
    families: "Famiglie", "Families";
    /// Screen: the social worker's queue.
    to_review: "Da rivedere", "To review";
    /// Button: something new.
    something_new: "Nuovo", "New";
    /// Screen: everything else.
    more: "Altro", "More";
    /// Back.
    back: "Indietro", "Back";
    /// Close a sheet.
    close: "Chiudi", "Close";
    /// Give up what was begun.
    cancel: "Lascia stare", "Never mind";
    /// Undo what was just done.
    undo: "Annulla", "Undo";
    /// Save.
    save: "Salva", "Save";
    /// Go on.
    go_on: "Avanti", "Next";
    /// Change something.
    change: "Cambia", "Change";
    /// Open something.
    open: "Apri", "Open";
    /// Yes.
    yes: "Sì", "Yes";
    /// No.
    no: "No", "No";
    /// You, the reader.
    you: "Tu", "You";
    /// Somebody whose name is not on this phone.
    somebody: "Una persona del servizio", "Someone at the service";
    /// Nothing is known.
    unknown: "Non si sa", "Not known";
    /// A member or family without a name.
    nameless: "Senza nome", "No name";
    /// May be left out.
    optional: "se serve", "optional";
    /// Receipt: on this phone.
    receipt_phone: "Sul telefono", "On this phone";
    /// Receipt: sent, not answered.
    receipt_sent: "Inviato", "Sent";
    /// Receipt: accepted.
    receipt_accepted: "Accettato", "Accepted";
    /// Receipt: seen by another person.
    receipt_seen: "Visto", "Seen";
    /// Receipt: refused, a person has to help.
    receipt_stopped: "Serve una mano", "Needs a hand";
    /// Pill: nothing waits.
    all_sent: "Tutto inviato", "All sent";
    /// Pill: a request is under way.
    sending: "Invio…", "Sending…";
    /// No network.
    offline: "Senza rete", "No network";
    /// After a thing was written to disk.
    saved_on_phone: "Salvato sul telefono.", "Saved on this phone.";
    /// Strip above everything when the data are invented.
    demonstration: "Dati dimostrativi", "Demonstration data";
    /// Notice: a new build is ready.
    update_ready: "Aggiornamento pronto.", "An update is ready.";
    /// What happens to drafts.
    update_keeps: "Le bozze sono al sicuro.", "Your drafts are safe.";
    /// Button: update.
    update_now: "Aggiorna", "Update";
    /// An address that leads nowhere.
    nothing_here: "Qui non c’è niente", "There is nothing here";
    /// What to do about it.
    nothing_here_hint:
        "Forse la famiglia non è più tra le tue. Torna a Famiglie.",
        "Maybe the family is no longer one of yours. Go back to Families.";
    /// Screen reader: who said it.
    voice_family: "Famiglia", "Family";
    /// Screen reader: who said it.
    voice_tutor: "Tutor", "Tutor";
    /// Rating by the family.
    rate_family: "Secondo la famiglia", "What the family says";
    /// Rating by the tutor who writes.
    rate_tutor: "Secondo te", "What you say";
    /// Low end of the scale.
    scale_low: "molto meno", "much less";
    /// Middle of the scale.
    scale_middle: "come previsto", "as expected";
    /// High end of the scale.
    scale_high: "molto più", "much more";
    /// Nobody has rated it.
    not_rated: "Non ancora valutato", "Not rated yet";
    /// Shows a hidden secret.
    show_secret: "Mostra", "Show";
    /// Hides a shown secret.
    hide_secret: "Nascondi", "Hide";
}

phrases! {
    /// The family by name.
    family_named(name: &str): "Famiglia {name}", "The {name} family";
    /// The hub's number.
    accepted_number(number: u64): "Accettato n. {number}", "Accepted no. {number}";
    /// The hub's number, and seen.
    seen_number(number: u64): "Visto, n. {number}", "Seen, no. {number}";
    /// Families still arriving.
    families_arriving(here: usize, granted: usize):
        "{here} di {granted} famiglie.",
        "{here} of {granted} families.";
    /// Words quoted.
    quoted(text: &str): "«{text}»", "“{text}”";
}

counts! {
    /// Things not sent yet.
    on_phone(n): "{n} sul telefono" | "{n} sul telefono", "{n} on this phone" | "{n} on this phone";
    /// Families found.
    families_count(n): "{n} famiglia" | "{n} famiglie", "{n} family" | "{n} families";
    /// Things refused.
    stopped(n): "{n} da sistemare" | "{n} da sistemare", "{n} needs a hand" | "{n} need a hand";
    /// Minutes.
    minutes(n): "{n} minuto" | "{n} minuti", "{n} minute" | "{n} minutes";
    /// Goals.
    goals(n): "{n} obiettivo" | "{n} obiettivi", "{n} goal" | "{n} goals";
    /// Members.
    people(n): "{n} persona" | "{n} persone", "{n} person" | "{n} people";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that are rightly the same in both languages.
    const SAME: &[&str] = &[
        "percorso",
        "no",
        "voice_tutor",
        "voice Tutor",
        "use_pin",
        "said_in",
    ];

    fn all() -> Vec<(&'static str, &'static str, &'static str)> {
        [
            WORDS,
            PHRASES,
            COUNTS,
            agenda::WORDS,
            agenda::PHRASES,
            attachment::NAMES,
            attachment::WORDS,
            attachment::PHRASES,
            dates::WORDS,
            dates::COUNTS,
            diary::NAMES,
            diary::WORDS,
            diary::PHRASES,
            dispute::NAMES,
            dispute::WORDS,
            dispute::PHRASES,
            drafts::NAMES,
            drafts::WORDS,
            drafts::PHRASES,
            drafts::COUNTS,
            errors::NAMES,
            errors::WORDS,
            families::WORDS,
            families::PHRASES,
            families::COUNTS,
            lists::WORDS,
            lists::PHRASES,
            new::WORDS,
            paper::WORDS,
            paper::PHRASES,
            people::WORDS,
            people::PHRASES,
            plan::WORDS,
            plan::PHRASES,
            plan::COUNTS,
            review::WORDS,
            review::PHRASES,
            review::COUNTS,
            sealed::WORDS,
            sealed::COUNTS,
            settings::NAMES,
            settings::WORDS,
            settings::PHRASES,
            settings::COUNTS,
            takeover::NAMES,
            takeover::WORDS,
            takeover::PHRASES,
            takeover::COUNTS,
            together::WORDS,
            together::PHRASES,
            today::WORDS,
            today::PHRASES,
            today::COUNTS,
            today::NAMES,
            unlock::WORDS,
            unlock::PHRASES,
            unlock::COUNTS,
            versions::WORDS,
            versions::PHRASES,
            visit::WORDS,
            visit::PHRASES,
            visit::COUNTS,
            vocabulary::NAMES,
            vocabulary::WORDS,
        ]
        .concat()
    }

    #[test]
    fn no_text_is_empty_or_left_in_the_other_language() {
        for (name, it, en) in all() {
            assert!(
                !it.trim().is_empty() && !en.trim().is_empty(),
                "{name} is empty"
            );
            assert!(
                it != en || SAME.contains(&name),
                "{name} is the same in both: {it}"
            );
            assert!(!it.contains('\''), "{name}: the apostrophe is ’ in {it}");
            assert!(!en.contains('\''), "{name}: the apostrophe is ’ in {en}");
        }
    }

    #[test]
    fn a_sentence_about_an_error_ends_with_a_full_stop() {
        for (name, it, en) in [errors::NAMES, errors::WORDS].concat() {
            assert!(it.ends_with('.') && en.ends_with('.'), "{name}");
        }
    }

    #[test]
    fn one_is_not_many() {
        let (it, en) = (Words(Language::Italian), Words(Language::English));
        assert_eq!(it.families_count(1), "1 famiglia");
        assert_eq!(it.families_count(0), "0 famiglie");
        assert_eq!(en.goals(1), "1 goal");
        assert_eq!(en.goals(4), "4 goals");
        assert_eq!(it.families_arriving(12, 80), "12 di 80 famiglie.");
    }

    #[test]
    fn the_reader_is_you_and_a_name_that_is_not_known_is_told_so() {
        let words = Words(Language::English);
        assert_eq!(words.who(Some("Samira".into()), true), "You");
        assert_eq!(words.who(Some("Samira".into()), false), "Samira");
        assert_eq!(words.who(None, false), "Someone at the service");
    }

    #[test]
    fn a_browser_language_becomes_one_of_ours() {
        assert_eq!(Language::from_tag("en-GB"), Language::English);
        assert_eq!(Language::from_tag("it"), Language::Italian);
        assert_eq!(Language::from_tag("fr"), Language::Italian);
    }
}
