//! The demonstration ambito: always the same, accepted by the store like anybody's work, and
//! plausible enough to show.

use std::collections::{BTreeMap, BTreeSet};

use domain::authorize::Relation;
use domain::id::{Millis, UserId};
use domain::op::{Change, Known, Op};
use domain::plan::Stage;
use domain::state::{Case, State};
use domain::visit::VisitKey;
use domain::vocabulary::{Role, Verdict, Voice};
use jiff::civil::{Date, date};
use server::demo::{self, DemoError, DemoOptions, PASSWORD, SEED, World};
use server::store;
use uuid::Uuid;

const TODAY: Date = date(2026, 10, 14);
const NOW: Millis = Millis(1_791_972_000_000);

fn system() -> UserId {
    UserId::from_uuid(Uuid::from_u128(7))
}

fn world() -> World {
    World::tell(SEED, TODAY, system())
}

fn cases(world: &World) -> State {
    let mut state = State::default();
    for op in world.files.iter().flat_map(|file| &file.ops) {
        state.apply(op);
    }
    state
}

fn bytes(world: &World) -> String {
    let ops: Vec<_> = world.files.iter().flat_map(|file| &file.ops).collect();
    serde_json::to_string(&(ops, &world.reference.ops)).expect("ops are JSON")
}

fn options() -> DemoOptions {
    DemoOptions {
        seed: SEED,
        today: TODAY,
        password: PASSWORD.to_owned(),
    }
}

#[test]
fn the_same_seed_and_day_tell_the_same_bytes() {
    assert_eq!(bytes(&world()), bytes(&world()));
    assert_ne!(bytes(&world()), bytes(&World::tell(1, TODAY, system())));
}

#[test]
fn any_day_of_the_year_can_be_today() {
    for today in [
        date(2026, 1, 1),
        date(2026, 3, 29),
        date(2028, 2, 29),
        date(2026, 8, 16),
        date(2026, 12, 31),
    ] {
        let world = World::tell(SEED, today, system());
        let future = today.tomorrow().expect("a day follows");
        let midnight = future
            .at(0, 0, 0, 0)
            .duration_since(date(1970, 1, 1).at(0, 0, 0, 0));
        for op in world.files.iter().flat_map(|file| &file.ops) {
            assert!(
                i128::from(op.at.0) < midnight.as_millis(),
                "{today}: written in the future"
            );
        }
    }
}

#[test]
fn there_are_eighty_families_in_real_proportions() {
    let world = world();
    assert_eq!(world.files.len(), 80);
    let mut by_country: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(&world).cases.values() {
        let reference = case
            .household
            .members
            .values()
            .find(|member| member.role() == Some(domain::vocabulary::MemberRole::Reference));
        let country = reference
            .and_then(|member| member.citizenship())
            .expect("everybody has one");
        *by_country.entry(country.to_owned()).or_default() += 1;
        let members = case.household.members.len();
        assert!((1..=6).contains(&members), "{members} members");
    }
    let table = include_str!("../data/demo/countries.tsv");
    let expected: BTreeMap<String, usize> = table
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split('\t');
            let country = cells.next().expect("a country").to_owned();
            let families = cells.next().expect("how many").parse();
            (country, families.expect("a number"))
        })
        .collect();
    assert_eq!(by_country, expected);
    assert_eq!((expected.len(), expected.values().sum()), (20, 80));
}

#[test]
fn nine_people_work_here() {
    let mut by_role: BTreeMap<String, usize> = BTreeMap::new();
    for colleague in world().colleagues {
        *by_role.entry(format!("{:?}", colleague.role)).or_default() += 1;
    }
    let expected = [
        ("Administrator", 1),
        ("Coordinator", 1),
        ("Mediator", 4),
        ("SocialWorker", 3),
    ];
    let expected = expected.map(|(role, people)| (role.to_owned(), people));
    assert_eq!(by_role, BTreeMap::from(expected));
}

#[test]
fn families_live_in_the_sixty_one_comuni_of_the_ambito() {
    let cells = |text: &'static str, separator: char| -> BTreeSet<(&'static str, &'static str)> {
        let pair = |line: &'static str| {
            let mut cells = line.split(separator);
            Some((cells.next()?, cells.next()?))
        };
        text.lines().skip(1).filter_map(pair).collect()
    };
    let ambito = cells(include_str!("../data/comuni_ambito_lodi.csv"), ',');
    let drawn = cells(include_str!("../data/demo/places.tsv"), '\t');
    assert_eq!(ambito.len(), 61);
    assert_eq!(drawn, ambito);
    let mut lived_in = BTreeSet::new();
    for case in cases(&world()).cases.values() {
        let comune = case.household.comune().expect("everybody lives somewhere");
        let known = ambito.contains(&(comune.istat.as_str(), comune.name.as_str()));
        assert!(known, "{comune:?}");
        lived_in.insert(comune.istat.clone());
    }
    assert!(lived_in.len() >= 20, "{}", lived_in.len());
}

#[test]
fn visits_go_back_six_months() {
    let world = world();
    let state = cases(&world);
    let visits = state.cases.values().flat_map(|case| case.visits.values());
    let (mut made, mut ahead) = (BTreeSet::new(), BTreeSet::new());
    for visit in visits {
        if let Some((_, entry)) = visit.record() {
            made.insert(entry.record.date);
        } else if let Some(appointment) = visit.appointment() {
            ahead.insert(appointment.date);
        }
    }
    let first = *made.first().expect("a visit");
    let last = *made.last().expect("a visit");
    let farthest = *ahead.last().expect("a visit");
    let days = |from: Date, to: Date| from.until(to).expect("days").get_days();
    assert!((182..=200).contains(&days(first, TODAY)), "{first}");
    let months: BTreeSet<_> = made.iter().map(|day| (day.year(), day.month())).collect();
    assert!(months.len() >= 7, "a visit in every month: {months:?}");
    assert!(days(last, TODAY) <= 7, "{last}");
    assert!(days(TODAY, farthest) >= 7, "{farthest}");
    let ops = world.files.iter().flat_map(|file| &file.ops);
    let oldest = ops.map(|op| op.at).min().expect("an op");
    let age = NOW.0.saturating_sub(oldest.0) / 86_400_000;
    assert!(
        (215..=240).contains(&age),
        "the plans before them: {age} days"
    );
}

/// The script of a text, if it is none of ours.
fn script(text: &str) -> Option<&'static str> {
    text.chars().find_map(|letter| match letter {
        '\u{400}'..='\u{4ff}' => Some("Cyrillic"),
        '\u{600}'..='\u{6ff}' => Some("Arabic"),
        '\u{980}'..='\u{9ff}' => Some("Bengali"),
        '\u{a00}'..='\u{a7f}' => Some("Gurmukhi"),
        '\u{4e00}'..='\u{9fff}' => Some("Han"),
        _ => None,
    })
}

#[test]
fn who_writes_in_another_script_has_the_name_in_it() {
    let mut by_script: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases(&world()).cases.values() {
        let name = case.household.name().expect("everybody has a name");
        assert_eq!(script(&name.latin), None, "{name:?}");
        if let Some(script) = name.original.as_deref().and_then(script) {
            *by_script.entry(script).or_default() += 1;
        }
    }
    // As many as come from the countries that write so: 33 of 80.
    let expected = [
        ("Arabic", 21),
        ("Bengali", 2),
        ("Cyrillic", 2),
        ("Gurmukhi", 5),
        ("Han", 3),
    ];
    assert_eq!(by_script, BTreeMap::from(expected));
}

#[test]
fn every_write_is_one_that_its_author_may_make() {
    let world = world();
    for file in &world.files {
        let grants: BTreeMap<_, _> = file.grants.iter().copied().collect();
        for op in &file.ops {
            let Change::Known(known) = &op.change else {
                panic!("{op:?}")
            };
            let actor = domain::authorize::Actor {
                user: op.author,
                role: world.role(op.author),
                relation: grants.get(&op.author).copied(),
            };
            domain::authorize::may(&actor, domain::authorize::ScopeKind::Family, known)
                .unwrap_or_else(|error| panic!("{}: {error}", known.kind()));
            assert!(serde_json::to_string(op).expect("JSON").len() < 64 * 1024);
        }
    }
}

#[test]
fn plans_stand_at_every_stage() {
    let world = world();
    let state = cases(&world);
    let mut stages: BTreeMap<String, usize> = BTreeMap::new();
    let mut returned = 0;
    for case in state.cases.values() {
        let stage = case.plan.stage();
        let name = match stage {
            Stage::Closed(_) => "Closed".to_owned(),
            other => format!("{other:?}"),
        };
        *stages.entry(name).or_default() += 1;
        let version = case.plan.latest_version();
        let review = version.and_then(|version| case.plan.review(version.id));
        returned +=
            usize::from(review.is_some_and(|review| review.what.verdict != Verdict::Approved));
        let goals = case.plan.goals.len();
        assert!((2..=5).contains(&goals), "{goals} goals");
    }
    for stage in [
        "Draft",
        "Proposed",
        "Agreed",
        "Active",
        "UnderReview",
        "Suspended",
        "Closed",
    ] {
        assert!(
            stages.get(stage).copied().unwrap_or(0) >= 4,
            "{stage}: {stages:?}"
        );
    }
    assert_eq!(returned, 4);
}

#[test]
fn every_mediator_has_a_day_and_some_disagreements_stand() {
    let world = world();
    let state = cases(&world);
    for mediator in world
        .colleagues
        .iter()
        .filter(|one| one.role == Role::Mediator)
    {
        let own: Vec<&Case> = world
            .files
            .iter()
            .filter(|file| file.grants.first() == Some(&(mediator.id, Relation::Tutor)))
            .map(|file| &state.cases[&file.scope])
            .collect();
        let days: Vec<Date> = own
            .iter()
            .flat_map(|case| case.visits.values())
            .filter(|visit| visit.record().is_none())
            .filter_map(|visit| visit.appointment().map(|appointment| appointment.date))
            .collect();
        let today = days.iter().filter(|day| **day == TODAY).count();
        let ahead = days.iter().filter(|day| **day > TODAY).count();
        assert!(
            (2..=4).contains(&today),
            "{}: {today} today",
            mediator.login
        );
        assert!(ahead >= 4, "{}: {ahead} ahead", mediator.login);
    }
    let disputed = state
        .cases
        .values()
        .filter(|case| is_disputed(case))
        .count();
    assert!((4..=8).contains(&disputed), "{disputed} disputed");
    let missed = state
        .cases
        .values()
        .flat_map(|case| case.visits.values())
        .filter(|visit| visit.planned.value(VisitKey::Cancelled).is_some())
        .count();
    assert!(missed >= 10, "{missed} missed");
}

/// Whoever signs in for the first time finds a handful of news, and not a whole ambito of it.
#[test]
fn social_workers_have_read_nearly_everything() {
    let world = world();
    for reader in world
        .colleagues
        .iter()
        .filter(|one| one.role == Role::SocialWorker)
    {
        let reviewed = (reader.id, Relation::Reviewer);
        let own = world
            .files
            .iter()
            .filter(|file| file.grants.contains(&reviewed));
        let with_news = own
            .filter(|file| {
                let is_look = |op: &Op| {
                    op.author == reader.id
                        && matches!(&op.change, Change::Known(known) if known.kind() == "seen")
                };
                let seen = file.ops.iter().rposition(is_look);
                let mut unread = file.ops.iter().skip(seen.map_or(0, |at| at + 1));
                unread.any(|op| op.author != reader.id)
            })
            .count();
        println!("{}: news in {with_news} families", reader.login);
        assert!(
            (1..=8).contains(&with_news),
            "{}: {with_news}",
            reader.login
        );
    }
}

fn is_disputed(case: &Case) -> bool {
    case.household.fields.disputed().next().is_some()
        || case
            .plan
            .goals
            .values()
            .any(|goal| goal.fields.disputed().next().is_some())
}

#[test]
fn words_are_said_in_the_familys_language_and_in_italian() {
    let world = world();
    let mut languages = BTreeSet::new();
    let mut tally = (0, 0);
    for case in cases(&world).cases.values() {
        for goal in case.plan.goals.values() {
            let words = goal.words().expect("every goal has the family's words");
            assert!(!words.italian.is_empty());
            let original = words.original.as_ref().expect("in their language too");
            assert!(!original.text.is_empty());
            languages.insert(original.language.0.clone());
            tally.0 += 1;
            tally.1 += usize::from(goal.level_words(2.try_into().expect("a score")).is_some());
        }
        let voices: BTreeSet<Voice> = case.plan.needs.keys().map(|(_, voice)| *voice).collect();
        assert_eq!(voices.len(), 2);
    }
    assert!(languages.len() >= 11, "{languages:?}");
    assert!(tally.1 * 2 > tally.0, "most levels are worded: {tally:?}");
}

#[test]
fn no_text_keeps_a_mark_of_its_template() {
    for op in world().files.iter().flat_map(|file| &file.ops) {
        let Change::Known(known) = &op.change else {
            panic!("{op:?}")
        };
        let text = match &**known {
            Known::NoteAdded { words, .. } => words.clone(),
            Known::VisitRecorded { record, .. } => record.summary.clone(),
            Known::VersionReviewed { review, .. } => review.comment.clone(),
            Known::GoalWritten { field, .. } => format!("{field:?}").replace(['[', ']'], ""),
            Known::ActionWritten { field, .. } => format!("{field:?}"),
            Known::ProgressRated { rating, .. } => {
                let words = rating.words.iter().map(|words| words.italian.clone());
                let step = rating.next_step.iter().map(|step| step.what.clone());
                words.chain(step).collect()
            }
            _ => String::new(),
        };
        for mark in ["|", "<", ">", "{who", "{child", "{comune", "{people", "  "] {
            assert!(!text.contains(mark), "{mark} in {text}");
        }
    }
}

#[tokio::test]
async fn the_store_accepts_the_whole_demonstration_and_only_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("demo.db").display());
    let store = store::open(&url, NOW).await.expect("opens");
    assert!(!store.is_demonstration().await.expect("answers"));
    let started = std::time::Instant::now();
    let report = demo::create(&*store, &options()).await.expect("is created");
    println!("{} ops in {:?}", report.ops, started.elapsed());
    assert!(store.is_demonstration().await.expect("answers"));
    assert_eq!(report.families, 80);
    assert_eq!(report.people.len(), 9);
    assert!(store.quarantined(10).await.expect("answers").is_empty());
    assert_eq!(store.families().await.expect("answers").len(), 80);
    let samira = store
        .user_by_login("samira")
        .await
        .expect("answers")
        .expect("is there");
    let standing = store
        .standing(samira.user.id, Role::Mediator)
        .await
        .expect("answers");
    assert!(standing.grants.len() > 20, "{}", standing.grants.len());
    let reference = store.reference_scope().await.expect("answers");
    let readers = store.grants(reference.expect("is there")).await;
    assert_eq!(readers.expect("answers").len(), 9);
    let named = store.introduce(rand::random, NOW).await;
    assert_eq!(named.expect("answers"), 0, "everybody is known by name");
    let again = demo::create(&*store, &options()).await;
    assert!(matches!(again, Err(DemoError::InUse)), "{again:?}");
}
