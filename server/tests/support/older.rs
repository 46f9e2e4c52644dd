//! Databases as earlier releases left them, each beside the phone that belongs to it: today's
//! program opens them, and they say what they said.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use domain::id::Millis;
use domain::state::{Case, State};
use domain::upcast;
use flate2::read::GzDecoder;
use jiff::civil::date;
use replica::message::REPLY_BYTES;
use server::store::{self, ChainCheck, Store};

use crate::world::START;

/// Where each release has a folder of its own.
const PHONES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/fixtures/phones");
/// The mediator of each.
const TUTOR: &str = "samira";

/// What each database says of its families, in the order of their ids. A release that leaves one
/// adds what it says.
const TOLD: [(&str, &[&str]); 2] = [
    ("0.1.0", &["Haddad: 5 changes, Draft, [], []"]),
    (
        "0.1.0-schema-3",
        &[
            "Rusu: 7 changes, Draft, [], []",
            "Haddad: 21 changes, Active, [Tre piante sul balcone.], [2026-12-05]",
        ],
    ),
];

#[tokio::test]
async fn what_every_release_left_opens_and_says_the_same() {
    let expected: Vec<&str> = TOLD.iter().map(|(release, _)| *release).collect();
    assert_eq!(releases(), expected, "each says something");
    for (release, families) in TOLD {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        unpack(release, folder.path());
        let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
        let store = store::open(&url, Millis(START)).await.expect("it opens");
        assert_eq!(told(store.as_ref()).await, families, "{release}");
        let trail = store.verify_trail().await.expect("it reads");
        assert!(matches!(trail, ChainCheck::Whole { .. }), "{release}");
        // What is kept beside the log is what follows from it.
        let tutor = store.user_by_login(TUTOR).await.expect("it reads");
        let tutor = tutor.expect("she works there").user.id;
        let today = date(2026, 11, 28);
        let before = store.agenda(tutor, today).await.expect("it reads");
        store.rebuild().await.expect("it is rebuilt");
        let after = store.agenda(tutor, today).await.expect("it reads");
        assert_eq!(before, after, "{release}");
        // Nobody was named by those releases but in their demonstration.
        let people = store.users().await.expect("it reads").len();
        for unknown in [people, 0] {
            let named = store.introduce(rand::random, Millis(START)).await;
            let named = usize::try_from(named.expect("it writes"));
            assert_eq!(named, Ok(unknown), "{release}");
        }
    }
}

/// The folders that there are.
fn releases() -> Vec<String> {
    let entries = fs::read_dir(PHONES).expect("the folder is there");
    let entries = entries.map(|entry| entry.expect("it can be read"));
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Puts the files of a release's database into a folder.
fn unpack(release: &str, folder: &Path) {
    let mut unpacked = 0;
    for entry in fs::read_dir(Path::new(PHONES).join(release)).expect("the folder is there") {
        let packed = entry.expect("it can be read").path();
        let name = packed.file_stem().expect("it has a name");
        if !name.to_string_lossy().starts_with("percorso.db") {
            continue;
        }
        let mut bytes = Vec::new();
        let file = File::open(&packed).expect("it can be read");
        let mut decoder = GzDecoder::new(file);
        decoder.read_to_end(&mut bytes).expect("it is whole");
        fs::write(folder.join(name), bytes).expect("it is written");
        unpacked += 1;
    }
    assert_ne!(unpacked, 0, "{release} has a database");
}

/// What the log says of every family: all of it is understood.
async fn told(store: &dyn Store) -> Vec<String> {
    let mut told = Vec::new();
    for family in store.families().await.expect("it reads") {
        let stretch = store.read(family.scope, 0, REPLY_BYTES).await;
        let stretch = stretch.expect("it reads");
        assert_eq!(usize::try_from(stretch.head), Ok(stretch.ops.len()));
        let mut state = State::default();
        for op in &stretch.ops {
            state.apply(&upcast::read(op.body.get()).expect("an op"));
        }
        let case = state.cases.get(&family.scope).expect("something is said");
        assert!(case.unread.is_empty(), "{:?}", case.unread);
        told.push(in_short(case, stretch.head));
    }
    told
}

/// A family, its changes, where its plan stands, what its goals expect, when visits are planned.
fn in_short(case: &Case, changes: u64) -> String {
    let name = case.household.name();
    let name = name.map_or("", |name| name.latin.as_str());
    let goals = case.plan.goals_in_order();
    let goals = goals.iter().filter_map(|(_, goal)| goal.expected());
    let goals: Vec<&str> = goals.map(String::as_str).collect();
    let days: Vec<String> = case.planned_days().map(|day| day.to_string()).collect();
    format!(
        "{name}: {changes} changes, {:?}, [{}], [{}]",
        case.plan.stage(),
        goals.join(", "),
        days.join(", ")
    )
}
