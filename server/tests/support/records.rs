//! The real program lists what was done and what was not accepted.

use domain::id::{GoalId, OpId};
use domain::op::Known;
use domain::plan::GoalField;
use replica::hub::Barred;
use serde_json::value::RawValue;
use server::store::{Action, Sender};
use tempfile::TempDir;

use crate::typed::{ends, percorso};
use crate::world::{World, bytes, note};

const WORDS: &str = "La madre ha telefonato da sola.";

async fn world() -> (TempDir, World) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("percorso.db");
    let world = World::open(format!("sqlite:{}", file.display())).await;
    (folder, world)
}

/// What the program says about the database in a folder.
#[track_caller]
fn say(folder: &TempDir, args: &[&str]) -> String {
    ends(&percorso(folder.path(), args), 0)
}

/// The one line that has this in it.
#[track_caller]
fn line<'a>(told: &'a str, part: &str) -> &'a str {
    let mut lines = told.lines().filter(|line| line.contains(part));
    let found = lines.next().unwrap_or_else(|| panic!("{part}: {told}"));
    assert_eq!(lines.next(), None, "{part} stands in one line");
    found
}

async fn reads(world: &World) -> usize {
    let trail = world.store.trail(100).await.expect("it reads");
    let actions = trail.iter().map(|row| row.entry.action);
    actions
        .filter(|action| *action == Action::QuarantineRead)
        .count()
}

#[tokio::test]
async fn what_was_not_accepted_is_listed_and_its_words_only_where_they_are_asked_for() {
    let (folder, world) = world().await;
    let list = ["quarantine", "list"];
    assert_eq!(say(&folder, &list), "");

    let goal = GoalId::new(world.now(), rand::random());
    let field = GoalField::Weight(2);
    let not_hers = Known::GoalWritten { goal, field };
    let not_hers = world.op(&world.reviewer, world.family, not_hers);
    world.ingest(&world.reviewer, &[bytes(&not_hers)]).await;
    let elsewhere = world.op(&world.stranger, world.family, note(WORDS));
    world.ingest(&world.stranger, &[bytes(&elsewhere)]).await;
    let of_another = world.note(&world.tutor, "a nome di altri");
    world.ingest(&world.reviewer, &[bytes(&of_another)]).await;
    let seen = Known::Seen { up_to: 1 };
    let seen = world.op(&world.stranger, world.family, seen);
    world.ingest(&world.stranger, &[bytes(&seen)]).await;
    let shut_out = Sender {
        barred: Some(Barred::AccountClosed),
        ..world.stranger
    };
    let late = world.op(&shut_out, world.family, note("dopo la chiusura"));
    world.ingest(&shut_out, &[bytes(&late)]).await;
    let torn = OpId::new(world.now(), rand::random());
    let body = format!("{{\"id\":\"{torn}\",\n\"change\":{{\"{WORDS}\":1}}}}");
    let body = RawValue::from_string(body).expect("it is JSON");
    world.ingest(&world.tutor, &[body]).await;
    let handed = world
        .store
        .hand_over(&world.stranger, elsewhere.id, world.now());
    handed.await.expect("it is handed over");

    let told = say(&folder, &list);
    assert_eq!(told.lines().count(), 6, "{told}");
    assert!(!told.contains("madre"), "{told}");
    let file = format!("file {}", world.family);
    let check = |id: OpId, parts: &[&str]| {
        let line = line(&told, &id.to_string());
        for part in parts {
            assert!(line.contains(part), "{part}: {line}");
        }
    };
    let bruno = "from bruno (bruno)";
    check(
        not_hers.id,
        &[
            "2025-10-09T08:53:20Z",
            "not_your_role",
            "waiting",
            "goal_written",
        ],
    );
    check(not_hers.id, &[bruno, &file]);
    check(
        elsewhere.id,
        &["not_granted", "handed_over", "from carla", &file],
    );
    check(
        of_another.id,
        &["other_author", bruno, "written by anna (anna)", &file],
    );
    check(seen.id, &["not_granted", "void", "seen", "from carla"]);
    check(late.id, &["account_closed", "waiting", "note_added"]);
    check(late.id, &["from carla", &file]);
    check(
        torn,
        &["malformed", "waiting", "unknown", "from anna", "no file"],
    );
    assert_eq!(reads(&world).await, 0, "no words, no reading");

    let last = say(&folder, &["quarantine", "list", "--limit", "1"]);
    assert!(last.contains(&torn.to_string()), "{last}");
    assert!(last.contains("these are the latest 1"), "{last}");

    let told = say(&folder, &["quarantine", "list", "--words"]);
    assert_eq!(told.lines().count(), 12, "{told}");
    assert!(
        told.contains(&format!("    {}", bytes(&elsewhere).get())),
        "{told}"
    );
    assert_eq!(reads(&world).await, 2, "the family, and what names none");
    let told = say(&folder, &["audit", "list"]);
    assert!(!told.contains("file 00000000"), "{told}");
}

#[tokio::test]
async fn the_record_is_listed_latest_first() {
    let (folder, world) = world().await;
    let op = world.note(&world.tutor, WORDS);
    world.ingest(&world.tutor, &[bytes(&op)]).await;

    let told = say(&folder, &["audit", "list"]);
    let wrote = told.lines().next().expect("a line");
    let device = format!("device {}", world.tutor.device);
    let (file, change) = (
        format!("file {}", world.family),
        format!("change {}", op.id),
    );
    let at = "2025-10-09T08:53:20Z";
    for part in [at, "anna (anna)", "wrote", &file, &change, &device] {
        assert!(wrote.contains(part), "{part}: {wrote}");
    }
    assert!(!told.contains("madre"), "{told}");
    let given = format!("person bruno (bruno)  file {}", world.family);
    let given = line(&told, &given);
    assert!(
        given.contains("the server") && given.contains("granted"),
        "{given}"
    );

    let family = world.family.to_string();
    let of_family = say(&folder, &["audit", "list", "--family", &family]);
    let about = told.lines().filter(|line| line.contains(&file));
    assert_eq!(
        of_family.lines().collect::<Vec<_>>(),
        about.collect::<Vec<_>>()
    );
    assert!(of_family.lines().count() < told.lines().count(), "{told}");

    let two = say(&folder, &["audit", "list", "--limit", "2"]);
    assert!(two.contains("these are the latest 2"), "{two}");
    assert_eq!(two.lines().count(), 3, "{two}");
    assert_eq!(two.lines().next(), Some(wrote));
}
