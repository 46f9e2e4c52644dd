//! Holds every file of `public/obiettivi` against the source. Each check is tried on a planted
//! mistake: one that never fails guards nothing.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::*;
use crate::words::catalogue::tests::faults_of;
use crate::words::catalogue::{ITALIAN_TAG, TAGS};

/// What fits a card of a phone in every script.
const CHARS_MAX: usize = 96;
/// Names that stand on doors, letters and screens in Italy, whatever language one speaks.
const NAMES: [&str; 5] = ["SPID", "ISEE", "e-mail", "A1", "A2"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../public/obiettivi")
}

fn library(tag: &str) -> Library {
    let file = fs::read_to_string(folder().join(format!("{tag}.json")));
    let read = Library::read(&file.expect("every language has a file"));
    let read = read.expect("it is a library");
    assert_eq!(read.tag, tag, "a file says which language it is");
    read
}

fn examples(tag: &str) -> Examples {
    Examples::new(library(ITALIAN_TAG), Some(library(tag)))
}

fn texts(example: &Example) -> impl Iterator<Item = &String> {
    [&example.words].into_iter().chain(&example.levels)
}

/// A text without the Italian names that it may have: those in brackets, and those that are the
/// same everywhere.
fn without_names(text: &str) -> String {
    let mut kept = String::new();
    let mut depth = 0_u32;
    for letter in text.chars() {
        match letter {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            other if depth == 0 => kept.push(other),
            _ => {}
        }
    }
    for name in NAMES {
        kept = kept.replace(name, "");
    }
    kept
}

/// What is wrong with a library.
fn faults(of: &Library) -> Vec<String> {
    let source = library(ITALIAN_TAG);
    let tag = of.tag.as_str();
    let mut faults = Vec::new();
    for area in Area::ALL.iter().copied() {
        let keys = |of: &Library| -> Vec<String> {
            let all = of.of(area).iter();
            all.map(|example| example.key.clone()).collect()
        };
        if keys(of) != keys(&source) || keys(of).is_empty() {
            faults.push(format!("{tag}: {area:?} has other examples"));
            continue;
        }
        for (example, origin) in of.of(area).iter().zip(source.of(area)) {
            for (text, origin) in texts(example).zip(texts(origin)) {
                let (own, origin) = (without_names(text), without_names(origin));
                let mut wrong = faults_of(tag, own.trim(), origin.trim(), CHARS_MAX);
                if text.chars().count() > CHARS_MAX || text.trim() != text {
                    wrong.push("is too long or padded");
                }
                let key = &example.key;
                let told = wrong.into_iter();
                faults.extend(told.map(|fault| format!("{tag}: {key} {fault}: {text}")));
            }
            let levels: BTreeSet<&String> = example.levels.iter().collect();
            if levels.len() < example.levels.len() {
                faults.push(format!("{tag}: {} says two levels alike", example.key));
            }
        }
    }
    faults
}

#[test]
fn every_language_has_every_example_in_its_own_words() {
    let names = fs::read_dir(folder()).expect("the folder of the examples");
    let found: BTreeSet<_> = names
        .map(|entry| entry.expect("a file").file_name())
        .collect();
    let wanted = TAGS.map(|tag| format!("{tag}.json").into());
    assert_eq!(found, BTreeSet::from(wanted));
    let faults: Vec<String> = TAGS
        .into_iter()
        .flat_map(|tag| faults(&library(tag)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_check_of_a_library_sees_the_mistake_it_is_for() {
    type Plant = fn(&mut Vec<Example>);
    let cases: [(&str, Plant, &str); 6] = [
        ("fr", |all| drop(all.pop()), "has other examples"),
        ("fr", |all| all[0].key = "new".into(), "has other examples"),
        ("fr", |all| all[0].words = "a ".repeat(60), "too long"),
        (
            "fr",
            |all| all[0].levels[1] = all[0].levels[0].clone(),
            "two levels alike",
        ),
        ("ar", |all| all[0].words = "Home".into(), "another script"),
        (
            "fr",
            |all| all[0].words = "Vogliamo une maison".into(),
            "is Italian",
        ),
    ];
    for (tag, plant, fault) in cases {
        let mut planted = library(tag);
        plant(planted.goals.get_mut(&Area::Home).expect("examples"));
        let seen = faults(&planted);
        assert!(
            seen.iter().any(|one| one.contains(fault)),
            "{fault}: {seen:?}"
        );
    }
}

#[test]
fn what_nobody_changed_is_known_in_the_familys_language() {
    let arabic = examples("ar");
    let (italian, own) = arabic.find(Area::Home, "contract").expect("an example");
    let own = own.expect("its Arabic");
    let said = |text: &str| arabic.said(Area::Home, text);
    assert_eq!(said(italian.expected()), Some(own.expected()));
    assert_eq!(said(&format!(" {} ", italian.words)), Some(&*own.words));
    assert_eq!(said(&italian.levels[4]), Some(&*own.levels[4]));
    assert_eq!(said("Abbiamo una casa."), None, "somebody changed it");
    assert_eq!(arabic.said(Area::Work, italian.expected()), None);
    assert!(arabic.says(&italian.words) && arabic.says(&own.words));
    assert!(!arabic.says("Abbiamo una casa."));
    let alone = Examples::new(library(ITALIAN_TAG), None);
    assert_eq!(alone.said(Area::Home, italian.expected()), None);
    assert!(alone.of(Area::Work).all(|(_, own)| own.is_none()));
}

#[test]
fn the_expected_result_stands_in_the_middle() {
    let source = library(ITALIAN_TAG);
    let example = source.find(Area::Papers, "residence").expect("an example");
    assert_eq!(example.expected(), "Uno di noi ha la residenza.");
    let [much_less, .., much_more] = example.others();
    assert_eq!(much_less, "Nessuno di noi ha la residenza.");
    assert_eq!(much_more, "Tutti abbiamo anche la carta d’identità.");
}
