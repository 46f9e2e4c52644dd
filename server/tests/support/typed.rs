//! The real program as people type it: its options, its help, and a list brought in and taken back.

use std::path::Path;
use std::process::{Command, Output};

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};
use domain::authorize::Relation;
use domain::state::State;
use domain::upcast;
use replica::message::REPLY_BYTES;
use server::auth::now;
use server::config::{Cli, Command as Typed, Database};
use server::store;

use crate::{HASSAN, HOXHA, list};

/// Runs the program in a folder, with nothing in the environment that it would read.
pub fn percorso(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_percorso"))
        .args(args)
        .current_dir(folder)
        .env_remove("PERCORSO_LOG")
        .env_remove("PERCORSO_DATABASE")
        .output()
        .expect("the program starts")
}

/// What the program says when it ends with this code.
#[track_caller]
pub fn ends(output: &Output, code: i32) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    let sentences = told.lines().filter(|line| line.starts_with("percorso: "));
    assert_eq!(sentences.count(), usize::from(code == 1), "{told}");
    format!("{}{told}", String::from_utf8_lossy(&output.stdout))
}

fn argv(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn the_options_of_the_program_do_not_contradict_each_other() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_tells_about_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut waiting = vec![(Vec::new(), Cli::command())];
    let mut asked = 0;
    while let Some((path, command)) = waiting.pop() {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let help = ends(
            &percorso(folder.path(), &[&names[..], &["--help"]].concat()),
            0,
        );
        assert!(help.contains("Usage: percorso"), "{path:?}: {help}");
        asked += 1;
        for inner in command.get_subcommands() {
            let mut path = path.clone();
            path.push(inner.get_name().to_owned());
            waiting.push((path, inner.clone()));
        }
    }
    assert!(asked > 20, "{asked}");
    let left: Vec<_> = folder.path().read_dir().expect("is read").collect();
    assert!(left.is_empty(), "help makes no file: {left:?}");
}

/// The address of the database that a line names.
fn database(line: &str) -> Option<String> {
    let cli = argv(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    match cli.command {
        Typed::User { database, .. }
        | Typed::Grant { database, .. }
        | Typed::Audit { database, .. }
        | Typed::Quarantine { database, .. }
        | Typed::Restored { database }
        | Typed::Rebuild { database } => Some(database.url),
        Typed::Import(how) => Some(how.database.url),
        Typed::Serve(how) => Some(how.database.url),
        Typed::Demo(how) => Some(how.database.url),
        Typed::Backup(how) => Some(how.database.url),
        Typed::Restore(how) => Some(how.database.url),
        Typed::Openapi => None,
    }
}

#[test]
fn the_database_is_named_before_or_after_what_to_do() {
    for (command, action) in [
        ("user", "list"),
        ("grant", "list"),
        ("audit", "verify"),
        ("audit", "list"),
        ("quarantine", "list --words"),
        ("import", "list"),
        ("import", "families x.csv --write"),
    ] {
        for line in [
            format!("percorso {command} --database sqlite:x.db {action}"),
            format!("percorso {command} {action} --database sqlite:x.db"),
        ] {
            assert_eq!(database(&line).as_deref(), Some("sqlite:x.db"), "{line}");
        }
    }
}

#[test]
fn the_lines_of_the_readme_can_be_typed() {
    let readme = include_str!("../../../README.md");
    let lines = readme.lines().filter(|line| line.starts_with("percorso "));
    let mut checked = 0;
    for line in lines {
        let typed = line.split(" # ").next().unwrap_or(line);
        if let Err(error) = argv(typed) {
            assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{typed}: {error}");
        }
        checked += 1;
    }
    assert!(checked >= 8, "{checked}");
}

#[test]
fn a_list_is_looked_at_written_and_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = ["--database", "sqlite:the office.db"];
    let say = |args: &[&str], code| {
        let args = [args, &at].concat();
        ends(&percorso(folder.path(), &args), code)
    };
    for (login, role) in [("samira", "mediator"), ("elena", "social-worker")] {
        let add = ["user", "add", login, "--name", login, "--role", role];
        let added = say(&add, 0);
        assert!(added.contains("first password: "), "{added}");
    }
    let families = |file: &str, more: &[&str], code| {
        say(&[&["import", "families", file][..], more].concat(), code)
    };
    let write = |file: &str, text: String| {
        std::fs::write(folder.path().join(file), text).expect("it is written");
    };
    write("good.csv", list(&[HASSAN, HOXHA]));
    let bad = HOXHA.replace("98031", "Codongo");
    write("bad.csv", list(&[HASSAN, &bad]));

    let looked = families("good.csv", &[], 0);
    assert!(
        looked.contains("famiglia F-1: nuova, 2 persone"),
        "{looked}"
    );
    assert!(looked.contains("Non è stato scritto nulla."), "{looked}");
    assert!(looked.contains("aggiungi --write"), "{looked}");
    let none = say(&["import", "list"], 0);
    assert_eq!(none, "");

    // One bad row stops all of it, unless it is skipped.
    let refused = families("bad.csv", &["--write"], 1);
    assert!(refused.contains("forse «Codogno»?"), "{refused}");
    assert!(refused.contains("--write --skip-bad"), "{refused}");
    assert_eq!(say(&["grant", "list"], 0), "");
    let skipped = families("bad.csv", &["--write", "--skip-bad"], 0);
    assert!(skipped.contains("Famiglie nuove: 1"), "{skipped}");
    assert!(skipped.contains("con errori: 1. Scritto."), "{skipped}");

    let written = families("good.csv", &["--write"], 0);
    let counted = "Famiglie nuove: 1, da aggiornare: 0, senza cambi: 1";
    assert!(written.contains(counted), "{written}");
    let open = say(&["grant", "list"], 0);
    assert_eq!(open.matches("tutor: samira").count(), 2, "{open}");
    let again = families("good.csv", &["--write"], 0);
    assert!(again.contains("senza cambi: 2"), "{again}");
    assert!(again.contains("Non è stato scritto nulla."), "{again}");

    // Each run is taken back with the very line that it printed.
    for told in [written, skipped] {
        let line = told.lines().find_map(|line| line.split_once(": percorso "));
        let (_, line) = line.expect("the line that takes it back");
        let (line, file) = line.split_once(" --database ").expect("which database");
        assert_eq!(file, "'sqlite:the office.db'");
        let args: Vec<&str> = line.split(' ').collect();
        let undone = say(&args, 0);
        assert!(undone.contains("Famiglie ritirate: 1."), "{undone}");
        let twice = say(&args, 1);
        assert!(twice.contains("è già stata annullata"), "{twice}");
    }
    assert_eq!(say(&["grant", "list"], 0), "");
    let runs = say(&["import", "list"], 0);
    assert_eq!(runs.matches("(annullata)").count(), 2, "{runs}");
    let whole = say(&["audit", "verify"], 0);
    assert!(whole.contains("the record is whole"), "{whole}");
}

#[tokio::test]
async fn who_is_added_is_known_to_the_others_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
    let store = store::open(&url, now()).await.expect("it opens");
    let say = |args: &[&str], code| ends(&percorso(folder.path(), args), code);
    let add = |login: &str, name: &str, code| {
        say(
            &["user", "add", login, "--name", name, "--role", "mediator"],
            code,
        )
    };
    let long = add("samira", &"a".repeat(201), 1);
    assert!(long.contains("a name has 1 to 200 characters"), "{long}");
    let none = store.introduce(rand::random, now()).await;
    assert_eq!(none.expect("it reads"), 0);
    let scope = store.reference_scope().await.expect("it reads");
    assert_eq!(scope, None, "nobody works here");

    add("samira", "Samira Belhadj", 0);
    add("arta", "Arta Prifti", 0);
    let scope = store.reference_scope().await.expect("it reads");
    let scope = scope.expect("somebody works here");
    let stretch = store.read(scope, 0, REPLY_BYTES).await.expect("it reads");
    let mut state = State::default();
    for op in stretch.ops {
        state.apply(&upcast::read(op.body.get()).expect("an op"));
    }
    let mut names: Vec<&str> = state.colleagues().map(|(_, one)| &*one.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["Arta Prifti", "Samira Belhadj"]);
    let grants = store.grants(scope).await.expect("it reads");
    assert_eq!(grants.len(), 2);
    assert!(
        grants
            .iter()
            .all(|grant| grant.relation == Relation::Reader)
    );
}

#[test]
fn what_cannot_be_typed_so_ends_with_a_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = "01923f5e-7a10-7cc0-9d1c-5a0a6ad2b0f1";
    let undo_and_more = ["import", "--undo", run, "families", "x.csv"];
    let check = |args: &[&str], code: i32, said: &str| {
        let told = ends(&percorso(folder.path(), args), code);
        assert!(told.contains(said), "{args:?}: {told}");
    };
    check(&undo_and_more, 1, "--undo goes alone");
    check(&["import", "--language", "en"], 1, "say what to bring in");
    check(
        &["import", "families", "x.csv"],
        1,
        "there is no file x.csv",
    );
    check(&["user", "password", "nobody"], 1, "percorso user list");
    check(&["import"], 2, "Usage: percorso import");
    check(&["import", "families"], 2, "<FILE>");
    check(&["user", "erase"], 2, "unrecognized subcommand");
    check(&["--version"], 0, "percorso ");
}

#[test]
fn a_database_is_named_as_another_command_needs_it() {
    let check = |url: &str, named: &str| {
        let database = Database {
            url: url.to_owned(),
        };
        assert_eq!(database.as_typed(), named);
    };
    check("sqlite:percorso.db", "");
    check("sqlite:/var/lib/p.db", " --database sqlite:/var/lib/p.db");
    check("sqlite:it's.db", r" --database 'sqlite:it'\''s.db'");
    check("postgres://anna@db/p", " --database postgres://anna@db/p");
    // Nobody's password is printed.
    let hidden = " --database postgres://…";
    check("postgres://anna:secret@db/p", hidden);
    check("postgres://db/p?user=anna&password=secret", hidden);
}
