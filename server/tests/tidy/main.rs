//! House rules as a test: what the compiler and clippy cannot see, this file looks for.
//!
//! Each rule is a function from a file to findings, and is tried on a planted mistake in
//! `every_rule_sees_the_mistake_it_is_for`: a rule that never fails guards nothing.

mod rules;
mod source;

use std::fmt::Write as _;

use crate::rules::{
    COLUMNS_MAX, LINES_MAX, banned_words, browser_stays_in_device, cfg_seam, dependency_edges,
    fields_are_not_kept, files_fit, lines_fit, no_machine_paths, opens_with_a_description,
    sql_stays_in_store, status_codes_stay_in_handlers,
};
use crate::source::{Findings, Source, names_at, root, sources};

const TOP_LEVEL: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "app",
    "end2end",
    "public",
    "server",
    "style",
];
const INVARIANTS: usize = 15;

#[test]
fn the_house_is_tidy() {
    let sources = sources();
    assert!(
        sources.len() > 5,
        "tidy found {} files: is the root right?",
        sources.len()
    );
    let mut findings = top_level(&names_at(&root()));
    for source in &sources {
        for rule in RULES {
            findings.extend(rule(source));
        }
    }
    findings.extend(invariants(&sources));
    let mut report = String::new();
    for finding in &findings {
        writeln!(report, "  {finding}").unwrap();
    }
    assert!(
        findings.is_empty(),
        "{} house rules are broken:\n{report}",
        findings.len()
    );
}

const RULES: [fn(&Source) -> Findings; 11] = [
    cfg_seam,
    dependency_edges,
    browser_stays_in_device,
    fields_are_not_kept,
    sql_stays_in_store,
    status_codes_stay_in_handlers,
    banned_words,
    no_machine_paths,
    opens_with_a_description,
    lines_fit,
    files_fit,
];

/// The top level stays as drawn in the README; tools live in dotfiles.
fn top_level(names: &[String]) -> Findings {
    let is_known = |name: &str| TOP_LEVEL.contains(&name) || name.starts_with('.');
    names
        .iter()
        .filter(|name| !is_known(name) && *name != "target")
        .map(|name| format!("{name}: does not belong at the top level; move or remove it"))
        .collect()
}

/// Every invariant of the README names, in backticks, tests that exist.
fn invariants(sources: &[Source]) -> Findings {
    let Some(readme) = sources.iter().find(|source| source.path == "README.md") else {
        return vec!["README.md: is missing".to_owned()];
    };
    let Some((_, section)) = readme.text.split_once("\n## Invariants") else {
        return vec![];
    };
    let section = section
        .split_once("\n## ")
        .map_or(section, |(inside, _)| inside);
    let is_test = |name: &str| {
        let definition = format!("fn {name}(");
        let is_journey = |source: &Source| source.path == name;
        let is_defined = |source: &Source| source.is_rust() && source.text.contains(&definition);
        sources
            .iter()
            .any(|source| is_journey(source) || is_defined(source))
    };
    let mut findings = Findings::new();
    for number in 1..=INVARIANTS {
        let Some(item) = item(section, number) else {
            findings.push(format!("README.md: invariant {number} is missing"));
            continue;
        };
        let names = item
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| is_test_name(name));
        let mut tests = names.peekable();
        if tests.peek().is_none() {
            findings.push(format!("README.md: invariant {number} names no test"));
        }
        for name in tests.filter(|name| !is_test(name)) {
            findings.push(format!(
                "README.md: invariant {number}: no test `{name}` exists"
            ));
        }
    }
    findings
}

/// The numbered item `n. …` of a list, up to the next one.
fn item(section: &str, number: usize) -> Option<&str> {
    let (_, rest) = section.split_once(&format!("\n{number}. "))?;
    let next = format!("\n{}. ", number + 1);
    Some(rest.split_once(&next).map_or(rest, |(inside, _)| inside))
}

/// Tests have sentences for names, journeys are files; a plain word in backticks is neither.
fn is_test_name(name: &str) -> bool {
    let is_sentence = name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    (is_sentence && name.contains('_')) || name.ends_with(".spec.ts")
}

#[test]
fn every_rule_sees_the_mistake_it_is_for() {
    type Rule = fn(&Source) -> Findings;
    let long = format!("//! {}", "x".repeat(COLUMNS_MAX));
    let tall = "//! A line.\n".repeat(LINES_MAX + 1);
    let cases: [(Rule, &str, &str, &str); 16] = [
        (
            cfg_seam,
            "app/src/today.rs",
            concat!("#[cfg(feature = ", "\"ssr\")]"),
            "app/src/lib.rs",
        ),
        (
            cfg_seam,
            "app/domain/Cargo.toml",
            "default = [\"hydrate\"]",
            "app/Cargo.toml",
        ),
        (
            dependency_edges,
            "app/domain/Cargo.toml",
            "[dependencies]\nrand = \"0.9\"",
            "x",
        ),
        (
            dependency_edges,
            "app/replica/Cargo.toml",
            "[dependencies]\napp.workspace = true",
            "x",
        ),
        (
            dependency_edges,
            "app/Cargo.toml",
            "[dependencies.server]\npath = \"x\"",
            "x",
        ),
        (
            browser_stays_in_device,
            "app/src/today.rs",
            "web_sys::window()",
            "app/src/device/d.rs",
        ),
        (
            fields_are_not_kept,
            "app/src/parts/form.rs",
            concat!("<in", "put\n  type=\"date\"\n/>\n<b autocomplete=\"off\">"),
            "app/src/pages/sign_in.rs",
        ),
        (
            sql_stays_in_store,
            "server/src/sync.rs",
            concat!("sqlx::", "query(x)"),
            "server/src/store/a.rs",
        ),
        (
            status_codes_stay_in_handlers,
            "server/src/store/a.rs",
            "StatusCode::OK",
            "server/src/sync.rs",
        ),
        (banned_words, "app/src/a.rs", concat!("to", "do!()"), "a.md"),
        (
            banned_words,
            "app/src/a.rs",
            concat!("#[ig", "nore]"),
            "a.md",
        ),
        (
            banned_words,
            "app/src/a.rs",
            concat!("x.unw", "rap()"),
            "app/tests/a.rs",
        ),
        (no_machine_paths, "a.md", concat!("cd /ho", "me/me"), ""),
        (opens_with_a_description, "a.rs", "use x;", "a.md"),
        (lines_fit, "a.rs", &long, "a.md"),
        (files_fit, "a.rs", &tall, "a.md"),
    ];
    for (number, (rule, path, text, allowed)) in cases.into_iter().enumerate() {
        assert_eq!(
            rule(&planted(path, text)).len(),
            1,
            "case {number} is not seen in {path}"
        );
        if !allowed.is_empty() {
            let findings = rule(&planted(allowed, text));
            assert!(
                findings.is_empty(),
                "case {number} is seen in {allowed}: {findings:?}"
            );
        }
    }
    assert_eq!(
        top_level(&["app".into(), ".ci".into(), "Makefile".into()]).len(),
        1
    );
}

#[test]
fn an_invariant_without_a_test_is_seen() {
    let code = planted("a.rs", "//! A.\nfn it_holds() {}");
    let list = |named: &str| {
        let items: String = (1..=INVARIANTS)
            .map(|n| format!("{n}. It holds: {named}.\n"))
            .collect();
        planted(
            "README.md",
            &format!("# P\n\n## Invariants\n\n{items}\n## Next\n"),
        )
    };
    let found = |readme: Source| invariants(&[readme, planted("a.rs", &code.text)]).len();
    assert_eq!(found(list("`it_holds`")), 0);
    assert_eq!(found(list("`it_does_not_hold`")), INVARIANTS);
    assert_eq!(found(list("nothing")), INVARIANTS);
    assert_eq!(
        found(planted("README.md", "# P\n\n## Invariants\n")),
        INVARIANTS
    );
}

fn planted(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}
