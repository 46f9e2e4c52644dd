//! One function per rule that a single file can break; the finding says what to do.

use crate::source::{Findings, Source};

/// Longer files are split; about 400 lines are meant.
pub const LINES_MAX: usize = 650;
/// As `.rustfmt.toml` has it, for what rustfmt does not break.
pub const COLUMNS_MAX: usize = 100;

/// The two builds of `app` differ in these files only: what a
/// server needs of parts and words is a small part of them.
pub fn cfg_seam(source: &Source) -> Findings {
    const SEAM: [&str; 6] = [
        "app/Cargo.toml",
        "app/src/lib.rs",
        "app/src/device.rs",
        "app/src/parts.rs",
        "app/src/shell.rs",
        "app/src/words.rs",
    ];
    const ASKS: [&str; 2] = ["app/browser/Cargo.toml", "server/Cargo.toml"];
    if SEAM.contains(&source.path.as_str()) || ASKS.contains(&source.path.as_str()) {
        return vec![];
    }
    let marks: &[&str] = if source.is_rust() {
        &[
            concat!("feature = ", "\"ssr\""),
            concat!("feature = ", "\"hydrate\""),
        ]
    } else if source.is_manifest() {
        &["\"ssr\"", "\"hydrate\""]
    } else {
        return vec![];
    };
    source.lines_with(
        marks,
        "move this to one of app/src/{lib,device,parts,shell,words}.rs",
    )
}

/// Who may depend on whom (architecture.md §3), read from the manifests.
pub fn dependency_edges(source: &Source) -> Findings {
    // A new helper of `domain` or `replica` is added here, if it is pure: no input or output,
    // clock, randomness or browser.
    const PURE: [&str; 12] = [
        "blake3",
        "jiff",
        "litemap",
        "pinyin",
        "postcard",
        "proptest",
        "serde",
        "serde_json",
        "sha2",
        "similar",
        "thiserror",
        "uuid",
    ];
    let (ours, allowed): (&[&str], Option<&[&str]>) = match source.path.as_str() {
        "app/domain/Cargo.toml" => (&[], Some(&PURE)),
        "app/replica/Cargo.toml" => (&["domain"], Some(&PURE)),
        "app/Cargo.toml" => (&["domain", "replica"], None),
        "app/browser/Cargo.toml" => (&["app"], None),
        "server/Cargo.toml" => (&["app", "domain", "replica"], None),
        _ => return vec![],
    };
    let crates = ["app", "browser", "domain", "replica", "server", "xtask"];
    let is_wrong = |name: &str| match allowed {
        _ if ours.contains(&name) => false,
        _ if crates.contains(&name) => true,
        Some(pure) => !pure.contains(&name),
        None => ["sqlx", "axum", "tokio"].contains(&name) && source.path == "app/Cargo.toml",
    };
    dependencies(&source.text)
        .into_iter()
        .filter(|name| is_wrong(name))
        .map(|name| {
            format!(
                "{}: must not depend on `{name}` (dependency_edges in tidy.rs)",
                source.path
            )
        })
        .collect()
}

/// Only `device` touches the browser; the rest of `app` also runs on a server and in a test.
pub fn browser_stays_in_device(source: &Source) -> Findings {
    let is_ruled = source.is_rust() && source.path.starts_with("app/src/");
    if !is_ruled || source.path.starts_with("app/src/device") {
        return vec![];
    }
    let marks = ["rexie", "web_sys", "js_sys"];
    source.code_with(
        &marks,
        "call the browser from app/src/device/ and hand values over",
    )
}

/// A browser keeps what stands in a field with the page, readable on its disk, to restore the page
/// some day; not where the field says that nothing is to be filled in.
pub fn fields_are_not_kept(source: &Source) -> Findings {
    let is_ruled = ["app/src/parts/", "app/src/screens/"]
        .iter()
        .any(|room| source.path.starts_with(room));
    if !is_ruled || !source.is_rust() {
        return vec![];
    }
    let lines: Vec<&str> = source.text.lines().map(str::trim).collect();
    let opens = |line: &str| {
        let fields = [concat!("<in", "put"), "<textarea", "<select"];
        fields.iter().any(|field| line.starts_with(field))
    };
    let is_kept = |from: usize| {
        let tag = lines.iter().skip(from);
        let ends = |line: &&&str| !line.ends_with('>') || line.ends_with("=>");
        let open = tag.clone().take_while(ends).count();
        !tag.take(open + 1)
            .any(|line| line.contains("autocomplete="))
    };
    let numbered = lines.iter().enumerate();
    numbered
        .filter(|(at, line)| opens(line) && is_kept(*at))
        .map(|(at, _)| {
            let (path, line) = (&source.path, at + 1);
            format!("{path}:{line}: give the field an `autocomplete`, or its words stay on disk")
        })
        .collect()
}

/// SQL lives once per dialect, in the store.
pub fn sql_stays_in_store(source: &Source) -> Findings {
    let is_ruled = source.is_rust() && source.path.starts_with("server/src/");
    if !is_ruled || source.path.starts_with("server/src/store") {
        return vec![];
    }
    source.code_with(
        &[concat!("sqlx::", "query")],
        "move the SQL to server/src/store/",
    )
}

/// What HTTP calls a failure is said in the error type and in handlers, nowhere deeper.
pub fn status_codes_stay_in_handlers(source: &Source) -> Findings {
    const HANDLERS: [&str; 6] = ["auth", "error", "office", "pwa", "router", "sync"];
    let Some(inner) = source.path.strip_prefix("server/src/") else {
        return vec![];
    };
    let room = inner.split(['/', '.']).next().unwrap_or_default();
    if HANDLERS.contains(&room) {
        return vec![];
    }
    source.code_with(
        &["StatusCode"],
        "return an error of server/src/error.rs instead",
    )
}

/// Words that must not be left behind.
pub fn banned_words(source: &Source) -> Findings {
    if !source.is_rust() {
        return vec![];
    }
    let anywhere = [
        (concat!("to", "do!("), "write it, or leave the item out"),
        (
            concat!("unimpl", "emented!("),
            "write it, or leave the item out",
        ),
        (concat!("db", "g!("), "remove it"),
        (concat!("#[ig", "nore"), "make the test pass, or remove it"),
        (
            concat!("FIX", "ME"),
            "mend it, or file an issue and name it",
        ),
    ];
    let mut findings = Findings::new();
    for (word, remedy) in anywhere {
        findings.extend(source.lines_with(&[word], remedy));
    }
    let unwrap = concat!(".unw", "rap()");
    findings.extend(
        source
            .product()
            .lines_with(&[unwrap], "use `expect(\"the invariant\")`"),
    );
    findings
}

/// A path of one person's machine works nowhere else.
pub fn no_machine_paths(source: &Source) -> Findings {
    let marks = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("\"/t", "mp"),
        concat!("'/t", "mp"),
    ];
    source.lines_with(&marks, "name no folder of one machine")
}

pub fn opens_with_a_description(source: &Source) -> Findings {
    if !source.is_rust() || source.text.starts_with("//! ") {
        return vec![];
    }
    vec![format!(
        "{}: open the file with `//!`: what it is, what it must never do",
        source.path
    )]
}

/// Addresses cannot be broken, and the catalogue keeps both wordings of a text side by side;
/// everything else can.
pub fn lines_fit(source: &Source) -> Findings {
    if !source.is_rust() || source.path.starts_with("app/src/words") {
        return vec![];
    }
    // rustfmt leaves markup as it stands, and a tag broken over lines is harder to read.
    let is_markup = |line: &str| {
        let line = line.trim_start();
        ["<", "{", "type=\""]
            .iter()
            .any(|start| line.starts_with(start))
            || ["view! {", "</", "/>"]
                .iter()
                .any(|part| line.contains(part))
    };
    let is_long = |line: &str| {
        line.chars().count() > COLUMNS_MAX && !line.contains("://") && !is_markup(line)
    };
    source.lines_where(
        is_long,
        &format!("break the line: it is longer than {COLUMNS_MAX}"),
    )
}

pub fn files_fit(source: &Source) -> Findings {
    let lines = source.text.lines().count();
    if !source.is_rust() || lines <= LINES_MAX {
        return vec![];
    }
    vec![format!(
        "{}: split it: {lines} lines are more than {LINES_MAX}",
        source.path
    )]
}

/// The names in the dependency tables of a manifest, those of tests included.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut names = vec![];
    let mut is_inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            is_inside = table.ends_with("dependencies");
            names.extend(table.split_once("dependencies.").map(|(_, name)| name));
        } else if is_inside && !line.starts_with('#') {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            names.extend(Some(name).filter(|name| !name.is_empty()));
        }
    }
    names
}
