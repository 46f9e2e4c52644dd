//! Holds every file of `public/lingue` against what the sheet needs of it. Each check is tried on
//! a planted mistake: one that never fails guards nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::words::lands::{direction, own_name};

/// Words that are Italian and nothing else.
const ITALIAN_WORDS: [&str; 18] = [
    "abbiamo", "aiuto", "ancora", "che", "chi", "della", "entro", "gli", "nome", "oggi", "passo",
    "piano", "prossimo", "senza", "siamo", "testo", "vogliamo", "vostro",
];
/// Characters that simplified Chinese writes in another way.
const TRADITIONAL: &str = "們個這學語與對說讀寫簽證還請體實長書醫發養區權計畫達標幫";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../public/lingue")
}

fn file(tag: &str) -> String {
    fs::read_to_string(folder().join(format!("{tag}.json"))).expect("every language has a file")
}

/// What is wrong with a file.
fn faults(tag: &str, json: &str) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(json) else {
        return vec![format!("{tag}: is no JSON")];
    };
    let mut faults = Vec::new();
    let facts = [
        ("tag", Some(tag)),
        ("own_name", own_name(tag)),
        ("dir", Some(direction(tag))),
    ];
    for (name, wanted) in facts {
        let found = value.get(name).and_then(Value::as_str);
        if found != wanted {
            faults.push(format!("{tag}: {name} is {found:?}"));
        }
    }
    if value.get("reviewed").is_none() {
        faults.push(format!("{tag}: does not say who has read it"));
    }
    let italian: Value = serde_json::from_str(ITALIAN).expect("JSON");
    let texts: Vec<_> = Key::ALL.iter().map(|k| (k.name(), k.chars_max())).collect();
    let rights: Vec<_> = Right::ALL
        .iter()
        .map(|k| (k.name(), k.chars_max()))
        .collect();
    for (group, keys) in [("texts", texts), ("rights", rights)] {
        let known: BTreeSet<&str> = keys.iter().map(|(name, _)| *name).collect();
        let found = value.get(group).and_then(Value::as_object);
        let names = found.into_iter().flat_map(|found| found.keys());
        for name in names.filter(|name| !known.contains(name.as_str())) {
            faults.push(format!("{tag}: {name} is not known"));
        }
        for (name, chars_max) in keys {
            let text = |of: &Value| Some(of.get(group)?.get(name)?.as_str()?.to_owned());
            let source = text(&italian).expect("the source has every text");
            match text(&value) {
                None => faults.push(format!("{tag}: {name} is missing")),
                Some(text) => faults.extend(
                    faults_of(tag, &text, &source, chars_max)
                        .into_iter()
                        .map(|fault| format!("{tag}: {name} {fault}: {text}")),
                ),
            }
        }
    }
    if faults.is_empty() && Catalogue::read(json).is_none() {
        faults.push(format!("{tag}: the app cannot read it"));
    }
    faults
}

/// What is wrong with one text, beside the same in Italian.
pub(crate) fn faults_of(
    tag: &str,
    text: &str,
    source: &str,
    chars_max: usize,
) -> Vec<&'static str> {
    let blanks = |text| {
        let mut all: Vec<String> = runs(text)
            .filter_map(|run| match run {
                Run::Blank(name) => Some(name.to_owned()),
                Run::Plain(_) => None,
            })
            .collect();
        all.sort();
        all
    };
    let own: String = runs(text)
        .filter_map(|run| match run {
            Run::Plain(text) => Some(text),
            Run::Blank(_) => None,
        })
        .collect();
    let letters: Vec<char> = own.chars().filter(|c| c.is_alphabetic()).collect();
    let lower = own.to_lowercase();
    let has_italian = lower
        .split(|c: char| !c.is_alphabetic())
        .any(|word| ITALIAN_WORDS.contains(&word));
    let is_source = tag == ITALIAN_TAG;
    let checks = [
        (blanks(text) != blanks(source), "has other blanks"),
        (text.chars().count() > chars_max, "is too long"),
        (
            text.trim() != text || letters.is_empty(),
            "is empty or padded",
        ),
        (!is_source && (text == source || has_italian), "is Italian"),
        (
            own.contains(['\'', '"', '`']) || own.contains("..."),
            "has marks of a typewriter",
        ),
        (
            !letters.iter().all(|c| is_written_so(tag, *c)),
            "is in another script",
        ),
    ];
    let wrong = checks.into_iter().filter(|(is_wrong, _)| *is_wrong);
    wrong.map(|(_, fault)| fault).collect()
}

/// Whether a letter belongs to the way in which a language is written.
fn is_written_so(tag: &str, letter: char) -> bool {
    let is_latin = letter.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&letter);
    match tag {
        // Arabic and Urdu write the same sounds with other letters; so do keyboards.
        "ar" => ('\u{600}'..='\u{6ff}').contains(&letter) && !"کیےہٹڑپچگں".contains(letter),
        "ur" => ('\u{600}'..='\u{6ff}').contains(&letter) && !"كيىهة".contains(letter),
        "pa" => ('\u{a00}'..='\u{a7f}').contains(&letter),
        "bn" => ('\u{980}'..='\u{9ff}').contains(&letter),
        "zh" => ('\u{4e00}'..='\u{9fff}').contains(&letter) && !TRADITIONAL.contains(letter),
        "uk" => ('\u{400}'..='\u{4ff}').contains(&letter) && !"ыэёъЫЭЁЪ".contains(letter),
        // With a comma below, not with a cedilla.
        "ro" => is_latin && !"şţŞŢ".contains(letter),
        _ => is_latin,
    }
}

#[test]
fn every_language_has_a_whole_file_in_its_own_words() {
    let names = fs::read_dir(folder()).expect("the folder of the languages");
    let names = names.map(|entry| entry.expect("a file").file_name());
    let found: BTreeSet<_> = names.collect();
    let wanted = TAGS.map(|tag| format!("{tag}.json").into());
    assert_eq!(found, BTreeSet::from(wanted));
    let faults: Vec<String> = TAGS
        .into_iter()
        .flat_map(|tag| faults(tag, &file(tag)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_check_of_a_file_sees_the_mistake_it_is_for() {
    type Plant = fn(&mut Value);
    let cases: [(&str, Plant, &str); 18] = [
        ("ar", |v| v["tag"] = json!("fa"), "tag is"),
        ("ar", |v| v["own_name"] = json!("Arabo"), "own_name is"),
        ("ar", |v| v["dir"] = json!("ltr"), "dir is"),
        (
            "fr",
            |v| drop(take(v, "", "reviewed")),
            "does not say who has read it",
        ),
        (
            "fr",
            |v| v["reviewed"] = json!({"by": "Une personne"}),
            "cannot read it",
        ),
        (
            "fr",
            |v| drop(take(v, "texts", "agreed")),
            "agreed is missing",
        ),
        (
            "fr",
            |v| drop(take(v, "rights", "yours")),
            "yours is missing",
        ),
        (
            "fr",
            |v| v["texts"]["agreee"] = json!("Oui"),
            "agreee is not known",
        ),
        (
            "fr",
            |v| v["texts"]["family"] = json!("Famille {nom}"),
            "family has other blanks",
        ),
        (
            "fr",
            |v| v["texts"]["goal"] = json!("Ce que nous visons"),
            "goal is too long",
        ),
        (
            "fr",
            |v| v["texts"]["goal"] = json!(" Objectif"),
            "goal is empty or padded",
        ),
        (
            "es",
            |v| v["texts"]["area_home"] = json!("Casa"),
            "area_home is Italian",
        ),
        (
            "sq",
            |v| v["texts"]["next_step"] = json!("Prossimo hap"),
            "next_step is Italian",
        ),
        (
            "fr",
            |v| v["texts"]["who_helped"] = json!("Nous, avec de l'aide"),
            "typewriter",
        ),
        (
            "ar",
            |v| v["texts"]["area_work"] = json!("کام"),
            "area_work is in another script",
        ),
        (
            "ur",
            |v| v["texts"]["area_work"] = json!("عمل كبير"),
            "area_work is in another script",
        ),
        (
            "pa",
            |v| v["texts"]["area_work"] = json!("काम"),
            "area_work is in another script",
        ),
        (
            "zh",
            |v| v["texts"]["title"] = json!("我們的計畫"),
            "title is in another script",
        ),
    ];
    for (tag, plant, fault) in cases {
        let mut value: Value = serde_json::from_str(&file(tag)).expect("JSON");
        plant(&mut value);
        let found = faults(tag, &value.to_string());
        assert!(
            found.len() == 1 && found.iter().all(|found| found.contains(fault)),
            "{fault} in {tag}: {found:?}"
        );
    }
    assert_eq!(faults("fr", "{"), ["fr: is no JSON"]);
}

fn take(value: &mut Value, group: &str, name: &str) -> Option<Value> {
    let group = if group.is_empty() {
        Some(value)
    } else {
        value.get_mut(group)
    };
    group?.as_object_mut()?.remove(name)
}

#[test]
fn a_file_that_is_not_whole_is_no_catalogue() {
    for (group, name) in [("texts", "agreed"), ("rights", "yours_how")] {
        let mut value: Value = serde_json::from_str(&file("fr")).expect("JSON");
        assert!(Catalogue::read(&value.to_string()).is_some());
        take(&mut value, group, name).expect("it was there");
        assert!(Catalogue::read(&value.to_string()).is_none(), "{name}");
    }
}

#[test]
fn a_sentence_about_rights_waits_for_a_person_of_the_language() {
    let italian = Catalogue::italian();
    assert_eq!(italian.right(Right::Yours), Some("Il piano è vostro."));
    for tag in TAGS.into_iter().filter(|tag| *tag != ITALIAN_TAG) {
        let mut catalogue = Catalogue::read(&file(tag)).expect("a whole catalogue");
        catalogue.reviewed = None;
        for right in Right::ALL {
            assert_eq!(catalogue.right(*right), None, "{tag}");
        }
        catalogue.reviewed = Some(Reviewed {
            by: "Una persona".into(),
            on: date(2026, 10, 14),
        });
        assert!(catalogue.right(Right::YoursHow).is_some(), "{tag}");
    }
}

#[test]
fn who_speaks_a_kind_of_arabic_reads_the_written_one() {
    assert_eq!(tag_for("arz"), Some("ar"));
    assert_eq!(tag_for("ar-EG"), Some("ar"));
    assert_eq!(tag_for("zh"), Some("zh"));
    assert_eq!(tag_for("wo"), None);
}

#[test]
fn blanks_are_told_apart_from_the_text_around_them() {
    let all: Vec<Run<'_>> = runs("Versione {n}, proposta {day}").collect();
    assert_eq!(
        all,
        [
            Run::Plain("Versione "),
            Run::Blank("n"),
            Run::Plain(", proposta "),
            Run::Blank("day"),
        ]
    );
    assert_eq!(runs("{name}一家").next(), Some(Run::Blank("name")));
}
