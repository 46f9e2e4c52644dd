//! Families from a list: what is wrong is said where it is, the same list twice changes nothing,
//! and a run can be taken back.

#[path = "support/records.rs"]
mod records;
#[path = "support/typed.rs"]
mod typed;
#[path = "support/undo.rs"]
mod undo;
#[path = "support/world.rs"]
mod world;

use std::sync::Arc;

use app::words::Language;
use domain::authorize::Relation;
use domain::family::{FamilyField, Phone};
use domain::id::{DeviceId, Millis, OpId, ScopeId, UserId};
use domain::op::{Known, Op, SCHEMA};
use domain::state::{Case, State};
use domain::vocabulary::{MemberRole, Role};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::value::to_raw_value;
use server::import::file::FileError;
use server::import::problem::{Finding, Problem};
use server::import::report::{Outcome, Report};
use server::import::{self, ImportError, ImportOptions, column::Column};
use server::store::{self, Action, Sender, Store, User};
use tempfile::TempDir;

const NOW: Millis = Millis(1_791_972_000_000);
const HEADER: &str = "Codice;Famiglia;Famiglia originale;Comune;Indirizzo;Telefono;Telefono di;\
    Lingua;Interprete;Mediatore;Assistente sociale;Nome;Nome originale;Ruolo;\
    Data di nascita;Cittadinanza;Lingue parlate;Lingue lette";
const HASSAN: &str =
    "F-1;Hassan;حسن;CODOGNO;via dei Tigli 18;320 555 01 04;Amina;arabo;sì;samira;elena;\
    Amina;أمينة;intestataria;12/3/1992;Egitto;arabo;ar
F-1;;;;;;;;;;;Youssef;يوسف;figlio; 25 / 1 / 2017;EG;italiano | arabo;it";
const HOXHA: &str = "F-2;Hoxha;;98031;;;;sq;no;samira;elena;Mimoza;;;1990-05-01;albanese;sq/it;sq";

struct House {
    store: Arc<dyn Store>,
    samira: UserId,
    elena: UserId,
    _folder: TempDir,
}

async fn house() -> House {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
    let store = store::open(&url, NOW).await.expect("opens");
    let samira = join(&*store, "samira", Role::Mediator).await;
    let elena = join(&*store, "elena", Role::SocialWorker).await;
    join(&*store, "arta", Role::Mediator).await;
    House {
        store,
        samira,
        elena,
        _folder: folder,
    }
}

async fn join(store: &dyn Store, login: &str, role: Role) -> UserId {
    let user = User {
        id: UserId::new(NOW, rand::random()),
        login: login.to_owned(),
        name: login.to_owned(),
        role,
        is_active: true,
    };
    let added = store.create_user(store.system(), &user, "!", NOW).await;
    added.expect("is added");
    user.id
}

impl House {
    async fn try_run(
        &self,
        text: impl AsRef<[u8]>,
        is_written: bool,
        skips_bad: bool,
        days: i64,
    ) -> Result<Report, ImportError> {
        let options = ImportOptions {
            bytes: text.as_ref().to_vec(),
            is_written,
            skips_bad,
            by: self.store.system(),
            now: NOW.plus(days * 86_400_000),
            today: date(2026, 10, 14),
        };
        import::run(&*self.store, &options).await
    }

    async fn run(&self, text: impl AsRef<[u8]>, is_written: bool, skips_bad: bool) -> Report {
        let done = self.try_run(text, is_written, skips_bad, 0).await;
        done.expect("the file is read")
    }

    async fn update(&self, text: impl AsRef<[u8]>, days: i64) -> Report {
        let done = self.try_run(text, true, false, days).await;
        done.expect("the file is read")
    }

    /// The files that somebody has read, in order.
    async fn read_by(&self, by: UserId) -> Vec<ScopeId> {
        let trail = self.store.trail(1_000).await.expect("answers");
        let told = trail.iter().rev().map(|told| told.entry);
        told.filter(|entry| entry.by == by && entry.action == Action::Read)
            .filter_map(|entry| entry.scope)
            .collect()
    }

    async fn scope(&self, external_id: &str) -> ScopeId {
        let before = self.store.imported(external_id).await.expect("answers");
        before.expect("was imported").scope
    }

    async fn case(&self, external_id: &str) -> Case {
        let scope = self.scope(external_id).await;
        let mut state = State::default();
        for op in self.ops(scope).await {
            state.apply(&op);
        }
        state.cases.remove(&scope).expect("has ops")
    }

    async fn ops(&self, scope: ScopeId) -> Vec<Op> {
        let stretch = self
            .store
            .read(scope, 0, 10_000_000)
            .await
            .expect("answers");
        let read = |op: &store::StoredOp| serde_json::from_str(op.body.get()).expect("an op");
        stretch.ops.iter().map(read).collect()
    }

    /// The mediator writes to a family's file.
    async fn samira_writes(&self, external_id: &str, known: Known, replaces: Vec<OpId>) {
        let op = Op {
            id: OpId::new(NOW.plus(60_000), rand::random()),
            device: DeviceId::new(NOW, [1; 10]),
            device_seq: 1,
            scope: self.scope(external_id).await,
            author: self.samira,
            at: NOW.plus(60_000),
            schema: SCHEMA,
            replaces,
            change: known.into(),
        };
        let sender = Sender::new(self.samira, Role::Mediator, op.device);
        let bytes = [to_raw_value(&op).expect("JSON")];
        let receipts = self
            .store
            .ingest(&sender, &bytes, NOW)
            .await
            .expect("answers");
        let receipt = receipts.first().expect("an answer");
        assert!(matches!(
            receipt.outcome,
            replica::message::Outcome::Accepted(_)
        ));
    }
}

fn list(families: &[&str]) -> String {
    format!("{HEADER}\n{}\n", families.join("\n"))
}

fn codes(report: &Report) -> Vec<(usize, Option<Column>, &'static str)> {
    let of_families = report.families.iter().flat_map(|family| &family.findings);
    let all = report.findings.iter().chain(of_families);
    all.map(|one| (one.row, one.column, one.problem.code()))
        .collect()
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let house = house().await;
    let report = house.run(list(&[HASSAN, HOXHA]), false, false).await;
    assert_eq!(report.count(Outcome::New), 2);
    assert_eq!((report.run, report.has_errors()), (None, false));
    assert!(house.store.families().await.expect("answers").is_empty());
    assert!(house.store.imports().await.expect("answers").is_empty());
}

#[tokio::test]
async fn a_dry_run_says_of_each_family_what_it_would_do() {
    let house = house().await;
    let report = house.run(list(&[HASSAN, HOXHA]), false, false).await;
    assert_eq!(
        report.say(Language::Italian),
        "riga 2, famiglia F-1: nuova, 2 persone; si apre a samira; si apre a elena\n\
         riga 4, famiglia F-2: nuova, 1 persona; si apre a samira; si apre a elena\n\
         Famiglie nuove: 2, da aggiornare: 0, senza cambi: 0, con errori: 0. \
         Non è stato scritto nulla."
    );
    assert_eq!(
        report.say(Language::English),
        "row 2, family F-1: new, 2 people; opens to samira; opens to elena\n\
         row 4, family F-2: new, 1 person; opens to samira; opens to elena\n\
         Families new: 2, to update: 0, unchanged: 0, with errors: 0. Nothing was written."
    );
}

#[test]
fn what_is_wrong_is_said_with_how_to_mend_it() {
    let cell = || "x".to_owned();
    let check = |problem: Problem, italian: &str, english: &str| {
        let finding = Finding::of_row(2, problem);
        for (language, remedy) in [(Language::Italian, italian), (Language::English, english)] {
            let said = finding.say(language);
            assert!(said.ends_with(&format!(": {remedy}")), "{remedy}: {said}");
        }
    };
    check(
        Problem::OneLanguage,
        "lascia quella che si parla con il mediatore",
        "keep the one spoken with the mediator",
    );
    check(
        Problem::NeitherYesNorNo { cell: cell() },
        "scrivi sì o no",
        "write sì or no",
    );
    check(
        Problem::NoSuchUser { cell: cell() },
        "vedi i nomi con `percorso user list`",
        "see the names with `percorso user list`",
    );
    check(
        Problem::OtherRole { cell: cell() },
        "scrivi chi ha quello della colonna, vedi i ruoli con `percorso user list`",
        "write somebody with the role of the column, see the roles with `percorso user list`",
    );
    check(
        Problem::TwoReferences { row: 2 },
        "scrivi coniuge, figlio o altro",
        "write coniuge, figlio or altro",
    );
    for problem in [Problem::NoMediator, Problem::NoSocialWorker] {
        check(
            problem,
            "scrivi qui il suo nome utente, o assegna la famiglia in Ufficio",
            "write their sign-in name here, or assign the family in Ufficio",
        );
    }
    let check = |text: &str, italian: &str, english: &str| {
        let error = import::file::read(text.as_bytes()).expect_err("is refused");
        assert_eq!(error.say(Language::Italian), italian);
        assert_eq!(error.say(Language::English), english);
    };
    check(
        "codice;famiglia\n1;Rossi\n",
        "Mancano queste colonne: comune, nome; aggiungile nella prima riga.",
        "These columns are missing: comune, nome; add them in the first row.",
    );
    check(
        "codice;famiglia;comune;nome\n1;\"Rossi;Lodi;Ada\n",
        "Nella riga 2 si aprono delle virgolette che non si chiudono mai: chiudile o toglile.",
        "A quote that begins in row 2 is never closed: close it or take it out.",
    );
}

#[tokio::test]
async fn a_list_becomes_families_that_their_people_can_open() {
    let house = house().await;
    let report = house.run(list(&[HASSAN, HOXHA]), true, false).await;
    assert!(report.run.is_some(), "{}", report.say(Language::Italian));
    let case = house.case("F-1").await;
    let name = case.household.name().expect("a name");
    assert_eq!(
        (name.latin.as_str(), name.original.as_deref()),
        ("Hassan", Some("حسن"))
    );
    assert_eq!(case.household.comune().expect("a Comune").istat, "098019");
    let phone = case.household.phone().expect("a telephone");
    assert_eq!(phone.holder.as_deref(), Some("Amina"));
    assert!(case.household.is_interpreter_needed());
    assert_eq!(case.household.language().expect("a language").0, "ar");
    let youssef = case
        .household
        .members
        .values()
        .find(|member| member.role() == Some(MemberRole::Child));
    let youssef = youssef.expect("a child");
    assert_eq!(youssef.birth(), Some(date(2017, 1, 25)));
    assert_eq!(youssef.citizenship(), Some("EG"));
    assert_eq!(youssef.speaks().len(), 2);
    let hoxha = house.case("F-2").await;
    assert_eq!(hoxha.household.comune().expect("a Comune").name, "Lodi");
    let member = hoxha.household.members.values().next().expect("a member");
    assert_eq!(member.role(), Some(MemberRole::Reference));
    assert_eq!(member.citizenship(), Some("AL"));
    let grants = house
        .store
        .grants(house.scope("F-1").await)
        .await
        .expect("answers");
    let mut held: Vec<_> = grants
        .iter()
        .map(|grant| (grant.user, grant.relation))
        .collect();
    held.sort();
    let mut expected = vec![
        (house.samira, Relation::Tutor),
        (house.elena, Relation::Reviewer),
    ];
    expected.sort();
    assert_eq!(held, expected);
}

#[tokio::test]
async fn the_same_list_twice_changes_nothing() {
    let house = house().await;
    house.run(list(&[HASSAN, HOXHA]), true, false).await;
    let before = house.ops(house.scope("F-1").await).await.len();
    let report = house.run(list(&[HOXHA, HASSAN]), true, false).await;
    assert_eq!(report.count(Outcome::Unchanged), 2);
    assert_eq!(report.run, None);
    assert_eq!(house.ops(house.scope("F-1").await).await.len(), before);
}

#[tokio::test]
async fn a_bad_row_stops_everything_unless_it_is_skipped() {
    let house = house().await;
    let bad = HOXHA
        .replace("98031", "Codongo")
        .replace("1990-05-01", "31/2/90");
    let text = list(&[HASSAN, &bad]);
    let report = house.run(&text, true, false).await;
    assert_eq!(report.run, None);
    assert!(house.store.families().await.expect("answers").is_empty());
    assert_eq!(
        codes(&report),
        [
            (4, Some(Column::Comune), "no_such_comune"),
            (4, Some(Column::Birth), "short_year"),
        ]
    );
    let said = report.say(Language::Italian);
    assert!(
        said.contains(
            "riga 4, colonna comune: «Codongo» non è un Comune dell’ambito: forse «Codogno»?"
        ),
        "{said}"
    );
    let report = house.run(&text, true, true).await;
    assert_eq!(
        (report.count(Outcome::New), report.count(Outcome::Bad)),
        (1, 1)
    );
    assert_eq!(house.store.families().await.expect("answers").len(), 1);
}

#[tokio::test]
async fn every_mistake_is_named_where_it_is() {
    let house = house().await;
    let check = async |from: &str, to: &str, column: Column, code: &str| {
        let row = HASSAN.replacen(from, to, 1);
        assert_ne!(row, HASSAN, "{from}");
        let report = house.run(list(&[&row]), true, false).await;
        let found = codes(&report);
        assert!(
            found
                .iter()
                .any(|(_, at, what)| *at == Some(column) && *what == code),
            "{to}: {found:?}"
        );
        assert_eq!(report.run, None, "{to}");
    };
    check("samira", "ionela", Column::Mediator, "no_such_user").await;
    check("samira", "elena", Column::Mediator, "other_role").await;
    check("12/3/1992", "12/3/2192", Column::Birth, "impossible_birth").await;
    check("12/3/1992", "=OGGI()", Column::Birth, "not_a_date").await;
    check("Egitto", "Egittto", Column::Citizenship, "no_such_country").await;
    check(
        ";arabo;ar",
        ";arabbo;ar",
        Column::Speaks,
        "no_such_language",
    )
    .await;
    check("arabo;sì", "arabo|fr;sì", Column::Language, "one_language").await;
    check("sì", "forse", Column::Interpreter, "neither_yes_nor_no").await;
    check("intestataria", "amica", Column::Role, "no_such_role").await;
    check("figlio", "intestatario", Column::Role, "two_references").await;
    check("F-1;Hassan", "F-1;", Column::FamilyName, "empty").await;
    check(";Amina;أمينة", ";;أمينة", Column::MemberName, "empty").await;
    check("F-1;;;;", "F-1;;;Lodi;", Column::Comune, "differs").await;
    check(
        "via dei Tigli 18",
        &"x".repeat(100_000),
        Column::Address,
        "too_long",
    )
    .await;
    check("F-1;;", ";;", Column::ExternalId, "empty").await;
    check(
        "Youssef;يوسف;figlio; 25 / 1 / 2017",
        "AMINA;;figlio;12/3/1992",
        Column::MemberName,
        "same_person",
    )
    .await;
}

#[tokio::test]
async fn a_row_with_too_many_cells_is_not_guessed_at() {
    let house = house().await;
    let text = format!("{HEADER}\n{HOXHA};in più\n");
    let report = house.run(&text, true, true).await;
    assert_eq!(codes(&report), [(2, None, "too_many_cells")]);
    assert_eq!(report.count(Outcome::Bad), 1);
    assert_eq!(report.run, None);
}

#[tokio::test]
async fn what_is_odd_is_said_and_does_not_stop() {
    let house = house().await;
    let text = "codice,Famiglia,Comune,Nome,Colore preferito\n7,Rossi,Lodi,Ada,blu\n\n\n";
    let report = house.run(text, true, false).await;
    assert_eq!(
        codes(&report),
        [
            (1, None, "unknown_column"),
            (2, Some(Column::Mediator), "no_mediator"),
            (2, Some(Column::SocialWorker), "no_social_worker"),
        ]
    );
    assert!(report.run.is_some());
}

#[tokio::test]
async fn a_formula_stays_the_text_that_it_is() {
    let house = house().await;
    let text = "codice,famiglia,comune,nome,indirizzo,telefono,mediatore\n\
                =1+1,@SUM(A1),Lodi,-Ada,\"=HYPERLINK(\"\"x\"\",\"\"y\"\")\",\
                +39 333 555 01 01,samira\n";
    house.run(text, true, false).await;
    let case = house.case("=1+1").await;
    assert_eq!(case.household.name().expect("a name").latin, "@SUM(A1)");
    assert_eq!(case.household.address(), Some("=HYPERLINK(\"x\",\"y\")"));
    assert_eq!(
        case.household.phone().expect("a telephone").number,
        "+39 333 555 01 01"
    );
}

#[tokio::test]
async fn a_changed_cell_changes_that_field_and_nothing_else() {
    let house = house().await;
    house.run(list(&[HASSAN, HOXHA]), true, false).await;
    let changed = HASSAN
        .replace("via dei Tigli 18", "via Roma 3")
        .replace("25 / 1 / 2017", "26/1/2017");
    let before = house.ops(house.scope("F-1").await).await.len();
    let report = house.update(list(&[&changed, HOXHA]), 1).await;
    assert_eq!(
        (
            report.count(Outcome::Updated),
            report.count(Outcome::Unchanged)
        ),
        (1, 1)
    );
    let said = report.say(Language::Italian);
    assert!(
        said.contains("riga 2, famiglia F-1: cambia indirizzo; data di nascita (Youssef)"),
        "{said}"
    );
    let case = house.case("F-1").await;
    assert_eq!(case.household.address(), Some("via Roma 3"));
    assert_eq!(case.household.members.len(), 2);
    assert_eq!(house.ops(house.scope("F-1").await).await.len(), before + 2);
    let again = house.update(list(&[&changed, HOXHA]), 2).await;
    assert_eq!(again.count(Outcome::Unchanged), 2);
}

#[tokio::test]
async fn a_new_member_and_a_new_mediator_join() {
    let house = house().await;
    house.run(list(&[HASSAN]), true, false).await;
    let grown = format!(
        "{}\nF-1;;;;;;;;;;;Mariam;مريم;figlia;17/2/2020;EG;ar;",
        HASSAN.replace("samira", "arta")
    );
    let report = house.update(list(&[&grown]), 1).await;
    assert_eq!(report.count(Outcome::Updated), 1);
    assert_eq!(house.case("F-1").await.household.members.len(), 3);
    let grants = house
        .store
        .grants(house.scope("F-1").await)
        .await
        .expect("answers");
    assert_eq!(grants.len(), 3);
    let again = house.update(list(&[&grown]), 2).await;
    assert_eq!(again.count(Outcome::Unchanged), 1);
}

#[tokio::test]
async fn a_persons_word_is_not_overwritten() {
    let house = house().await;
    house.run(list(&[HASSAN]), true, false).await;
    let phone = |number: &str| Phone {
        number: number.to_owned(),
        holder: None,
    };
    let heads = house
        .case("F-1")
        .await
        .household
        .fields
        .heads(domain::family::FamilyKey::Phone);
    let known = Known::FamilyWritten(FamilyField::Phone(phone("333 555 01 99")));
    house.samira_writes("F-1", known, heads).await;
    // The list says what it said before: that is no news.
    let report = house.update(list(&[HASSAN]), 1).await;
    assert_eq!(report.count(Outcome::Unchanged), 1);
    // It says something new: both stand, and a person chooses.
    let changed = HASSAN.replace("320 555 01 04;Amina", "347 555 01 11;");
    let report = house.update(list(&[&changed]), 2).await;
    assert!(report.families[0].changed[0].is_contested);
    let case = house.case("F-1").await;
    let register = case
        .household
        .fields
        .register(domain::family::FamilyKey::Phone);
    assert!(register.expect("is written").is_disputed());
    assert_eq!(
        house
            .update(list(&[&changed]), 3)
            .await
            .count(Outcome::Unchanged),
        1
    );
    // Taken back, the person's word is the only one.
    let run = report.run.expect("was written");
    let undone = import::undo(
        &*house.store,
        house.store.system(),
        run,
        NOW.plus(4 * 86_400_000),
    )
    .await;
    assert_eq!(undone.expect("is undone").restored, 1);
    let case = house.case("F-1").await;
    assert_eq!(case.household.phone(), Some(&phone("333 555 01 99")));
    let register = case
        .household
        .fields
        .register(domain::family::FamilyKey::Phone);
    assert!(!register.expect("is written").is_disputed());
}

#[tokio::test]
async fn another_encoding_is_named() {
    let house = house().await;
    let latin_1 = b"codice;famiglia;comune;nome\n1;Cede\xf1o;Lodi;Jos\xe9\n";
    let error = house
        .try_run(latin_1, true, false, 0)
        .await
        .expect_err("is refused");
    assert!(
        matches!(error, ImportError::File(FileError::NotUtf8 { line: 2 })),
        "{error:?}"
    );
    assert_eq!(
        error.say(Language::Italian),
        "Il file non è in UTF-8 (riga 2): salvalo di nuovo come «CSV UTF-8»."
    );
}

#[test]
fn the_example_list_is_read_without_a_word() {
    let text = include_bytes!("../data/import/famiglie_esempio.csv");
    let (rows, findings) = import::file::read(text).expect("is read");
    assert!(findings.is_empty(), "{findings:?}");
    let (families, homeless) = import::household::group(&rows, date(2026, 10, 14));
    assert_eq!((families.len(), homeless.len()), (2, 0));
    for family in families {
        assert!(family.findings.is_empty(), "{:?}", family.findings);
        assert_eq!(family.members.len(), 2);
    }
}

/// Reads bytes as far as a store is not needed.
fn read(bytes: &[u8]) {
    let Ok((rows, findings)) = import::file::read(bytes) else {
        return;
    };
    let (families, homeless) = import::household::group(&rows, date(2026, 10, 14));
    for finding in findings.iter().chain(&homeless) {
        finding.say(Language::Italian);
    }
    for finding in families.iter().flat_map(|family| &family.findings) {
        finding.say(Language::English);
    }
}

proptest! {
    #[test]
    fn no_bytes_bring_the_import_down(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        read(&bytes);
    }

    #[test]
    fn no_text_under_a_good_header_brings_it_down(text in "(?s).{0,400}") {
        read(format!("{HEADER}\n{text}").as_bytes());
    }

    #[test]
    fn no_cells_bring_it_down(
        rows in proptest::collection::vec(
            proptest::collection::vec("[a-z0-9/=\"\n ;|à\u{202e}-]{0,12}", 0..20),
            0..6,
        )
    ) {
        let rows: Vec<String> = rows.iter().map(|cells| cells.join(";")).collect();
        read(format!("{HEADER}\n{}", rows.join("\n")).as_bytes());
    }
}
