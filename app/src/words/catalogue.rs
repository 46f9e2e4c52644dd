//! What a family reads, one file per language in `public/lingue`, fetched when it is asked for.
//!
//! Italian is the source and built in: where a file cannot be had, it stands. Every file says who
//! of its language has read it; until somebody has, its sentences about rights are never shown.

use std::sync::LazyLock;

use domain::score::Score;
use domain::vocabulary::{Agreement, Area, Interpreted, NeedLevel, Place, SignatureMode, WhoActs};
use jiff::civil::Date;
use litemap::LiteMap;
use serde::Deserialize;

/// The languages that have a file: Italian, then the others as they are met in the province.
pub const TAGS: [&str; 12] = [
    "it", "ar", "ro", "sq", "en", "fr", "es", "zh", "uk", "ur", "pa", "bn",
];
/// The language of the service.
pub const ITALIAN_TAG: &str = "it";

const ITALIAN: &str = include_str!("../../../public/lingue/it.json");

/// The texts of one language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Its BCP 47 tag.
    pub tag: String,
    /// What its speakers call it.
    pub own_name: String,
    /// `ltr` or `rtl`.
    pub dir: String,
    /// Who of the language has read it all; nobody yet where there is none.
    pub reviewed: Option<Reviewed>,
    texts: LiteMap<String, String>,
    rights: LiteMap<String, String>,
}

/// A person who has read a catalogue in her own language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reviewed {
    /// Her name.
    pub by: String,
    /// On which day.
    #[serde(with = "domain::civil")]
    pub on: Date,
}

/// Declares keys: a doc line, the key, its name in a file, and how many characters fit its place.
macro_rules! keys {
    ($of:ident: $($(#[$doc:meta])* $key:ident: $name:literal, $chars_max:literal;)+) => {
        /// A text of a catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $of { $($(#[$doc])* $key),+ }

        impl $of {
            const ALL: &[Self] = &[$(Self::$key),+];

            const fn name(self) -> &'static str {
                match self { $(Self::$key => $name),+ }
            }

            #[cfg(test)]
            const fn chars_max(self) -> usize {
                match self { $(Self::$key => $chars_max),+ }
            }
        }
    };
}

keys! { Key:
    /// Our plan.
    Title: "title", 20;
    /// The family by name.
    Family: "family", 22;
    /// Number and day of a version that waits for the family.
    VersionProposed: "version_proposed", 50;
    /// The same once the family has agreed.
    VersionAgreed: "version_agreed", 50;
    /// The same where it did not sign.
    VersionRefused: "version_refused", 50;
    /// A domain of need.
    AreaHome: "area_home", 20;
    /// A domain of need.
    AreaWork: "area_work", 20;
    /// A domain of need.
    AreaIncome: "area_income", 24;
    /// A domain of need.
    AreaLanguage: "area_language", 24;
    /// A domain of need.
    AreaSchool: "area_school", 24;
    /// A domain of need.
    AreaHealth: "area_health", 20;
    /// A domain of need.
    AreaPapers: "area_papers", 20;
    /// A domain of need.
    AreaParenting: "area_parenting", 24;
    /// A domain of need.
    AreaCommunity: "area_community", 36;
    /// A domain of need.
    AreaRights: "area_rights", 30;
    /// A domain of need.
    AreaMobility: "area_mobility", 36;
    /// A goal without a domain.
    Goal: "goal", 14;
    /// Who does it?
    WhoActs: "who_acts", 24;
    /// The tutor, for us.
    WhoTutor: "who_tutor", 46;
    /// We and the tutor.
    WhoTogether: "who_together", 46;
    /// We, with help.
    WhoHelped: "who_helped", 46;
    /// We alone.
    WhoAlone: "who_alone", 46;
    /// What comes next.
    NextStep: "next_step", 20;
    /// By a day.
    ByDay: "by_day", 26;
    /// What we want to reach.
    Expected: "expected", 32;
    /// Do we agree?
    Agreement: "agreement", 26;
    /// Yes.
    Agreed: "agreed", 36;
    /// No.
    NotAgreed: "not_agreed", 36;
    /// Nobody asked us yet.
    NotAsked: "not_asked", 36;
    /// Answer of Insieme: neither, for now.
    NotNow: "not_now", 36;
    /// Who acts and the next step are today's and no part of the version.
    AsOf: "as_of", 120;
    /// Heading of who signed and how.
    Signature: "signature", 14;
    /// On the glass of the phone.
    SignedGlass: "signed_glass", 44;
    /// On paper.
    SignedPaper: "signed_paper", 44;
    /// By word of mouth, before a witness.
    SignedOral: "signed_oral", 44;
    /// We did not sign.
    SignedRefused: "signed_refused", 44;
    /// The language in which it was read.
    ReadIn: "read_in", 24;
    /// The tutor interpreted.
    InterpretedTutor: "interpreted_tutor", 60;
    /// Another mediator or an interpreter did.
    InterpretedOther: "interpreted_other", 60;
    /// A relative or a neighbour did.
    InterpretedAdult: "interpreted_adult", 60;
    /// A child did.
    InterpretedMinor: "interpreted_minor", 60;
    /// A line to sign on.
    SignHere: "sign_here", 34;
    /// Instead of what stands in Italian only: it is read aloud.
    Reads: "reads", 56;
    /// Nobody of the language has read this.
    Unreviewed: "unreviewed", 100;
    /// Who has.
    Reviewed: "reviewed", 60;
    /// The version's fingerprint.
    VersionCode: "version_code", 40;
    /// The summary of a visit.
    VisitTitle: "visit_title", 30;
    /// Heading of who was at a visit.
    WhoWasThere: "who_was_there", 24;
    /// How far the family says that it is with a goal.
    WhereWeAre: "where_we_are", 32;
    /// Heading of when and where the next visit is.
    NextVisit: "next_visit", 24;
    /// It has no day yet.
    NextVisitOpen: "next_visit_open", 40;
    /// Where a visit takes place.
    PlaceHome: "place_home", 32;
    /// Where a visit takes place.
    PlaceOffice: "place_office", 32;
    /// Where a visit takes place.
    PlaceSchool: "place_school", 32;
    /// Where a visit takes place.
    PlaceService: "place_service", 36;
    /// Where a visit takes place.
    PlacePhone: "place_phone", 32;
    /// Button of Insieme: the way out, behind the PIN.
    Leave: "leave", 14;
    /// Button: the question before.
    Back: "back", 14;
    /// Button: the next question.
    Next: "next", 14;
    /// Button: the page is read aloud.
    Listen: "listen", 14;
    /// Where somebody stands on the way.
    StageOf: "stage_of", 24;
    /// Question: what matters.
    AskMatters: "ask_matters", 40;
    /// As many as a family can keep in mind.
    AskMattersHint: "ask_matters_hint", 36;
    /// Question: how an area is.
    AskNow: "ask_now", 40;
    /// Question: how it should be.
    AskHope: "ask_hope", 40;
    /// A level of need.
    LevelWell: "level_well", 20;
    /// A level of need.
    LevelSoSo: "level_so_so", 20;
    /// A level of need.
    LevelHard: "level_hard", 20;
    /// Button: no answer to this.
    RatherNot: "rather_not", 48;
    /// Question: what should change.
    AskWords: "ask_words", 40;
    /// In the family's own words.
    AskWordsHint: "ask_words_hint", 44;
    /// Button: the same is said aloud and recorded.
    Record: "record", 34;
    /// While somebody speaks.
    Recording: "recording", 30;
    /// Button: ends the recording and keeps it.
    RecordStop: "record_stop", 30;
    /// Button: ends it and forgets it.
    RecordDiscard: "record_discard", 24;
    /// While it is put on disk.
    RecordKeeping: "record_keeping", 24;
    /// Question: how it will be seen that something changed.
    AskResult: "ask_result", 40;
    /// One is picked; its words can be changed.
    AskResultHint: "ask_result_hint", 64;
    /// Level −2 of a goal.
    MuchLess: "much_less", 24;
    /// Level −1 of a goal.
    Less: "less", 24;
    /// Level 0 of a goal.
    AsHoped: "as_hoped", 24;
    /// Level +1 of a goal.
    More: "more", 24;
    /// Level +2 of a goal.
    MuchMore: "much_more", 24;
    /// The family is further with a goal than it was.
    StepForward: "step_forward", 30;
    /// Where it was and where it is, by the words of the levels.
    BeforeToday: "before_today", 90;
    /// Question: the first step.
    AskStep: "ask_step", 40;
    /// Something small and soon.
    AskStepHint: "ask_step_hint", 48;
    /// Question: who takes it.
    AskWho: "ask_who", 40;
    /// The plan is read together.
    WeRead: "we_read", 44;
    /// Which goal of how many.
    GoalOf: "goal_of", 26;
    /// Question: whether and how the family signs.
    AskSign: "ask_sign", 40;
    /// Who of the family signs.
    WhoSigns: "who_signs", 30;
    /// With a finger, here.
    SignGlass: "sign_glass", 44;
    /// By word of mouth.
    SignOral: "sign_oral", 44;
    /// Not now.
    SignNot: "sign_not", 44;
    /// The place to sign.
    SignField: "sign_field", 44;
    /// Button: what was drawn goes away.
    SignAnew: "sign_anew", 24;
    /// Field: who heard the yes.
    Witness: "witness", 48;
    /// What is to be done for a goal.
    Actions: "actions", 30;
    /// How much a goal matters.
    Matters: "matters", 48;
    /// Nobody has signed.
    MissingSignature: "missing_signature", 36;
    /// Nobody is named.
    MissingName: "missing_name", 36;
    /// Heading: everything is read over.
    WhatWeSaid: "what_we_said", 40;
    /// Nobody said anything yet.
    NothingSaid: "nothing_said", 48;
    /// Button: done.
    Done: "done", 20;
    /// The phone goes back to the mediator.
    GiveBack: "give_back", 64;
}

keys! { Right:
    /// The plan is yours.
    Yours: "yours", 30;
    /// You can change it, refuse it, stop it.
    YoursHow: "yours_how", 130;
}

impl Key {
    /// A domain of need.
    pub const fn area(area: Area) -> Self {
        match area {
            Area::Home => Self::AreaHome,
            Area::Work => Self::AreaWork,
            Area::Income => Self::AreaIncome,
            Area::Language => Self::AreaLanguage,
            Area::School => Self::AreaSchool,
            Area::Health => Self::AreaHealth,
            Area::Papers => Self::AreaPapers,
            Area::Parenting => Self::AreaParenting,
            Area::Community => Self::AreaCommunity,
            Area::Rights => Self::AreaRights,
            Area::Mobility => Self::AreaMobility,
        }
    }

    /// Who acts, as the family says it.
    pub const fn who(who: WhoActs) -> Self {
        match who {
            WhoActs::Tutor => Self::WhoTutor,
            WhoActs::Together => Self::WhoTogether,
            WhoActs::FamilyHelped => Self::WhoHelped,
            WhoActs::FamilyAlone => Self::WhoAlone,
        }
    }

    /// How things are in an area.
    pub const fn level(level: NeedLevel) -> Self {
        match level {
            NeedLevel::Hard => Self::LevelHard,
            NeedLevel::SoSo => Self::LevelSoSo,
            NeedLevel::Well => Self::LevelWell,
        }
    }

    /// A level of a goal, by its general word.
    pub const fn reached(score: Score) -> Self {
        match score.get() {
            ..=-2 => Self::MuchLess,
            -1 => Self::Less,
            0 => Self::AsHoped,
            1 => Self::More,
            2.. => Self::MuchMore,
        }
    }

    /// The family's answer on a goal.
    pub const fn answer(agreement: Agreement) -> Self {
        match agreement {
            Agreement::Agreed => Self::Agreed,
            Agreement::NotAgreed => Self::NotAgreed,
            Agreement::NotAsked => Self::NotAsked,
        }
    }

    /// How a version was signed.
    pub const fn signed(mode: SignatureMode) -> Self {
        match mode {
            SignatureMode::Glass => Self::SignedGlass,
            SignatureMode::Paper => Self::SignedPaper,
            SignatureMode::Oral => Self::SignedOral,
            SignatureMode::Refused => Self::SignedRefused,
        }
    }

    /// Who interpreted while a version was read.
    pub const fn interpreted(who: Interpreted) -> Self {
        match who {
            Interpreted::Tutor => Self::InterpretedTutor,
            Interpreted::Interpreter => Self::InterpretedOther,
            Interpreted::Adult => Self::InterpretedAdult,
            Interpreted::Minor => Self::InterpretedMinor,
        }
    }

    /// Where a visit takes place.
    pub const fn place(place: Place) -> Self {
        match place {
            Place::AtHome => Self::PlaceHome,
            Place::Office => Self::PlaceOffice,
            Place::School => Self::PlaceSchool,
            Place::Service => Self::PlaceService,
            Place::Phone => Self::PlacePhone,
        }
    }
}

impl Catalogue {
    /// What a file says, if it is a whole catalogue.
    pub fn read(json: &str) -> Option<Self> {
        let read: Self = serde_json::from_str(json).ok()?;
        let has = |texts: &LiteMap<String, String>, name| texts.get(name).is_some();
        let is_whole = Key::ALL.iter().all(|key| has(&read.texts, key.name()))
            && Right::ALL.iter().all(|key| has(&read.rights, key.name()));
        is_whole.then_some(read)
    }

    /// The source, which needs no file.
    pub fn italian() -> &'static Self {
        static READ: LazyLock<Catalogue> = LazyLock::new(|| {
            Catalogue::read(ITALIAN).expect("the built-in file is a whole catalogue")
        });
        &READ
    }

    /// A text; what stands in braces is still to be filled in.
    pub fn text(&self, key: Key) -> &str {
        // A catalogue is whole, or it is none.
        self.texts.get(key.name()).map_or("", String::as_str)
    }

    /// A sentence about rights, only where a person of the language has read it: the Italian is
    /// the service's own, and every other version of it is a promise that somebody has to check.
    pub fn right(&self, key: Right) -> Option<&str> {
        let is_sure = self.reviewed.is_some() || self.tag == ITALIAN_TAG;
        let text = self.rights.get(key.name()).filter(|_| is_sure)?;
        Some(text)
    }
}

/// The catalogue for a language that somebody reads. Written Arabic is one, whatever is spoken.
pub fn tag_for(language: &str) -> Option<&'static str> {
    let primary = language.split(['-', '_']).next()?;
    let written = match primary {
        "arz" | "ary" => "ar",
        other => other,
    };
    TAGS.into_iter().find(|tag| *tag == written)
}

/// Where the file of a language lies.
pub fn address(tag: &str) -> String {
    format!("/lingue/{tag}.json")
}

/// A run of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run<'a> {
    /// As it stands.
    Plain(&'a str),
    /// What is to be filled in, by its name.
    Blank(&'a str),
}

/// A text with its blanks told apart.
pub fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    text.split('{')
        .enumerate()
        .flat_map(|(at, part)| match part.split_once('}') {
            Some((name, rest)) if at > 0 => [Run::Blank(name), Run::Plain(rest)],
            _ => [Run::Plain(part), Run::Plain("")],
        })
        .filter(|run| *run != Run::Plain(""))
}

#[cfg(test)]
pub(crate) mod tests;
