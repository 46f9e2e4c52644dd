//! The files that the house rules look at, and ways to look for words in them.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

/// A text file of the project: its path from the root, with `/`, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// A broken rule: where, and what to do.
pub type Findings = Vec<String>;

impl Source {
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub fn is_manifest(&self) -> bool {
        self.path.ends_with("Cargo.toml")
    }

    /// The part that ships: tests come last in a file, or have files of their own.
    pub fn product(&self) -> Source {
        let is_test = self.path.contains("/tests/") || self.path.ends_with("/tests.rs");
        let before = self.text.split("#[cfg(test)]").next().filter(|_| !is_test);
        let text = before.unwrap_or_default().to_owned();
        Source {
            path: self.path.clone(),
            text,
        }
    }

    pub fn lines_with(&self, marks: &[&str], remedy: &str) -> Findings {
        self.lines_where(|line| marks.iter().any(|mark| line.contains(mark)), remedy)
    }

    /// As `lines_with`, but comments may speak of what code may not do.
    pub fn code_with(&self, marks: &[&str], remedy: &str) -> Findings {
        let code = |line: &str| {
            line.split_once("//")
                .map_or(line, |(code, _)| code)
                .to_owned()
        };
        self.lines_where(
            |line| marks.iter().any(|mark| code(line).contains(mark)),
            remedy,
        )
    }

    pub fn lines_where(&self, is_wrong: impl Fn(&str) -> bool, remedy: &str) -> Findings {
        let lines = self
            .text
            .lines()
            .enumerate()
            .filter(|(_, line)| is_wrong(line));
        lines
            .map(|(at, line)| format!("{}:{}: {remedy}: {}", self.path, at + 1, line.trim()))
            .collect()
    }
}

/// The project's root, seen from this crate.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("the server lies below the root")
        .to_path_buf()
}

/// The names in a folder, always in the same order.
pub fn names_at(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().expect("a folder of ours is readable");
    let name = |entry: DirEntry| entry.file_name().into_string().expect("a name is UTF-8");
    let mut names: Vec<String> = entries.flatten().map(name).collect();
    names.sort();
    names
}

/// Every text file that people of this project write.
pub fn sources() -> Vec<Source> {
    let mut sources = vec![];
    collect(&root(), "", &mut sources);
    sources
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    const TEXTS: [&str; 12] = [
        "css", "html", "js", "json", "md", "mjs", "rs", "sql", "svg", "toml", "ts", "yml",
    ];
    const LEFT_OUT: [&str; 5] = [
        ".git",
        "node_modules",
        "playwright-report",
        "target",
        "test-results",
    ];
    for name in names_at(folder) {
        let (path, inner) = (folder.join(&name), format!("{prefix}{name}"));
        if LEFT_OUT.contains(&name.as_str()) || name == "package-lock.json" {
            continue;
        } else if path.is_dir() {
            collect(&path, &format!("{inner}/"), sources);
        } else if path
            .extension()
            .is_some_and(|kind| TEXTS.iter().any(|text| kind == *text))
        {
            let text = std::fs::read_to_string(&path).expect("a text file is UTF-8");
            sources.push(Source { path: inner, text });
        }
    }
}
