//! A run of an import is taken back, and what it read is told.

use app::words::Language;
use domain::authorize::Relation;
use domain::id::ScopeId;
use domain::op::Known;
use domain::vocabulary::Role;
use server::import::report::Outcome;
use server::import::{self, ImportError};

use crate::{HASSAN, HOXHA, NOW, house, list};

#[tokio::test]
async fn a_run_is_taken_back_once_and_can_be_made_again() {
    let house = house().await;
    let run = house
        .run(list(&[HASSAN, HOXHA]), true, false)
        .await
        .run
        .expect("was written");
    let system = house.store.system();
    let undone = import::undo(&*house.store, system, run, NOW)
        .await
        .expect("is undone");
    assert_eq!((undone.withdrawn, undone.kept.len()), (2, 0));
    assert!(house.store.families().await.expect("answers").is_empty());
    let standing = house
        .store
        .standing(house.samira, Role::Mediator)
        .await
        .expect("answers");
    assert!(standing.grants.is_empty());
    let again = import::undo(&*house.store, system, run, NOW).await;
    assert!(matches!(again, Err(ImportError::NoSuchRun)), "{again:?}");
    let report = house.run(list(&[HASSAN, HOXHA]), true, false).await;
    assert_eq!(report.count(Outcome::New), 2);
}

#[tokio::test]
async fn a_family_with_somebodys_work_is_kept_when_its_run_is_taken_back() {
    let house = house().await;
    let run = house
        .run(list(&[HASSAN, HOXHA]), true, false)
        .await
        .run
        .expect("was written");
    let note = Known::NoteAdded {
        words: "Prima visita fissata.".to_owned(),
        corrects: None,
    };
    house.samira_writes("F-1", note, Vec::new()).await;
    let undone = import::undo(&*house.store, house.store.system(), run, NOW)
        .await
        .expect("is undone");
    assert_eq!(
        (undone.withdrawn, undone.kept.as_slice()),
        (1, ["F-1".to_owned()].as_slice())
    );
    assert!(
        undone
            .say(Language::Italian)
            .contains("famiglia F-1: resta")
    );
    assert_eq!(house.case("F-1").await.notes.len(), 1);
}

#[tokio::test]
async fn an_update_is_taken_back_field_by_field() {
    let house = house().await;
    house.run(list(&[HASSAN]), true, false).await;
    let changed = format!(
        "{}\nF-1;;;;;;;;;;;Mariam;;figlia;;;;",
        HASSAN.replace("via dei Tigli 18", "via Roma 3")
    );
    let run = house
        .update(list(&[&changed]), 1)
        .await
        .run
        .expect("was written");
    let undone = import::undo(
        &*house.store,
        house.store.system(),
        run,
        NOW.plus(2 * 86_400_000),
    )
    .await;
    let undone = undone.expect("is undone");
    assert_eq!((undone.withdrawn, undone.restored), (0, 1));
    assert_eq!(undone.grown, ["F-1"]);
    let case = house.case("F-1").await;
    assert_eq!(case.household.address(), Some("via dei Tigli 18"));
}

#[tokio::test]
async fn a_right_on_a_family_that_was_there_is_taken_back_unless_it_was_given_again() {
    let house = house().await;
    house.run(list(&[HASSAN, HOXHA]), true, false).await;
    let to_arta = |family: &str| family.replace("samira", "arta");
    let report = house
        .update(list(&[&to_arta(HASSAN), &to_arta(HOXHA)]), 1)
        .await;
    let found = house.store.user_by_login("arta").await.expect("answers");
    let arta = found.expect("there").user.id;
    let second = house.scope("F-2").await;
    house
        .store
        .grant(house.elena, second, arta, Relation::Tutor, NOW)
        .await
        .expect("given again");
    let system = house.store.system();
    let run = report.run.expect("was written");
    let undone = import::undo(&*house.store, system, run, NOW.plus(2 * 86_400_000))
        .await
        .expect("is undone");
    assert_eq!((undone.withdrawn, undone.restored), (0, 0));
    assert_eq!(
        undone
            .say(Language::Italian)
            .lines()
            .skip(1)
            .collect::<Vec<_>>(),
        ["famiglia F-1: non si apre più a arta"]
    );
    let standing = house
        .store
        .standing(arta, Role::Mediator)
        .await
        .expect("answers");
    let open: Vec<ScopeId> = standing.grants.iter().map(|grant| grant.scope).collect();
    assert_eq!(open, [second]);
}

#[tokio::test]
async fn the_trail_tells_which_files_an_import_read() {
    let house = house().await;
    house.run(list(&[HASSAN, HOXHA]), true, false).await;
    let (first, second) = (house.scope("F-1").await, house.scope("F-2").await);
    assert_eq!(house.read_by(house.store.system()).await, []);
    // A look is a reading, whatever is written afterwards: but only of what the list names.
    house.run(list(&[HASSAN]), false, false).await;
    assert_eq!(house.read_by(house.store.system()).await, [first]);
    let changed = HASSAN.replace("via dei Tigli 18", "via Roma 3");
    let to_arta = HOXHA.replace("samira", "arta");
    let moved = house.update(list(&[&changed]), 1).await.run;
    let opened = house.update(list(&[&to_arta]), 2).await.run;
    let read = house.read_by(house.store.system()).await;
    assert_eq!(read, [first, first, second]);
    // Taking a run back reads where it wrote and where it opened something, nothing else.
    for (run, expected) in [(moved, vec![first]), (opened, vec![first, second])] {
        let later = NOW.plus(3 * 86_400_000);
        let run = run.expect("was written");
        import::undo(&*house.store, house.elena, run, later)
            .await
            .expect("is undone");
        assert_eq!(house.read_by(house.elena).await, expected);
    }
}
