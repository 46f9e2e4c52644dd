//! What every store must do: the same cases, told to SQLite and to PostgreSQL.

#![expect(
    clippy::indexing_slicing,
    reason = "a missing element fails the case, as it should"
)]

#[path = "support/behind.rs"]
mod behind;
#[path = "support/cases.rs"]
mod cases;
#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/older.rs"]
mod older;
#[path = "support/world.rs"]
mod world;

use cluster::Cluster;
use domain::id::Millis;
use server::store::{self, StoreError};
use world::World;

macro_rules! contract {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            use super::*;

            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    let folder = tempfile::tempdir().expect("a temporary folder can be made");
                    let file = folder.path().join("percorso.db");
                    cases::$case(World::open(format!("sqlite:{}", file.display())).await).await;
                }
            )+
        }

        /// One test for all cases, so that one cluster serves them and is stopped at the end.
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn postgres() {
            let Some(cluster) = Cluster::start(false) else {
                return;
            };
            $(
                eprintln!("postgres::{}", stringify!($case));
                cases::$case(World::open(cluster.database(stringify!($case))).await).await;
            )+
        }
    };
}

contract! {
    numbers_follow_without_a_gap,
    a_replay_gets_the_same_receipt,
    a_refusal_is_repeated_even_after_a_grant,
    what_a_colleague_offered_first_does_not_bind_its_author,
    other_bytes_under_one_id_are_kept_and_raise_the_alarm,
    a_foreign_scope_is_refused_and_kept_whole,
    a_role_that_may_not_is_refused,
    an_op_without_a_header_is_refused_and_kept,
    bytes_come_back_as_they_were_written,
    two_writers_and_a_reader_agree_on_the_order,
    one_op_sent_twice_at_once_is_written_once,
    one_request_is_decided_like_its_ops_one_by_one,
    many_senders_at_once_leave_no_gap_and_one_first,
    more_ops_than_one_statement_holds_are_taken_in,
    a_revoked_tutor_is_refused_and_the_words_are_kept,
    pages_stop_at_their_limit_and_go_on,
    a_digest_stands_for_the_cursors,
    own_ops_come_back_as_null,
    grants_are_sent_when_they_changed,
    an_administrator_reads_no_case,
    a_revoked_device_gets_nothing,
    a_purge_is_acknowledged_once,
    too_many_ops_and_other_owners_are_refused,
    the_trail_tells_who_wrote_and_who_read,
    the_trail_tells_who_signed_in_and_out,
    the_trail_shows_a_change_of_its_past,
    sessions_end,
    wrong_passwords_are_counted_and_lock,
    an_import_is_written_once_and_taken_back,
    an_import_takes_back_the_rights_that_it_gave_and_no_others,
    without_space_nothing_is_written_and_nothing_is_lost,
    what_somebody_is_or_was_to_a_file_is_known,
    a_sealed_op_gets_the_receipt_of_a_sync,
    an_envelope_that_nobody_vouches_for_is_unreadable,
    one_person_s_phone_never_speaks_for_another,
    who_takes_another_s_device_id_does_not_take_their_name,
    words_sealed_before_somebody_was_shut_out_are_kept,
    an_account_that_is_open_again_takes_in_what_waited_for_it,
    what_is_left_in_the_way_is_told_once_an_account_is_open_again,
    what_a_colleague_offered_waits_for_the_reason_that_is_its_author_s,
    a_suspended_person_loses_nothing,
    a_suspension_ends_by_itself,
    a_delivery_has_a_limit,
    words_of_a_former_tutor_are_adopted_once_under_their_name,
    declined_words_stay_whole_and_their_author_learns_why,
    nobody_else_decides_or_reads,
    an_author_hands_over_what_was_refused,
    what_colleagues_offer_waits_for_its_author,
    two_who_decide_at_once_settle_it_once,
    what_was_newer_than_the_server_enters_once_it_has_caught_up,
    a_phone_that_asks_again_is_judged_anew_at_once,
    what_its_author_may_no_longer_write_waits_for_whoever_may_decide,
    what_a_person_declined_is_not_judged_anew,
    what_a_suspended_person_wrote_waits_until_they_are_let_in_again,
    a_nul_in_a_text_is_no_failure,
    the_next_visit_comes_first,
    more_visits_than_one_statement_holds_are_planned,
    what_follows_from_the_log_can_be_made_anew,
    a_scope_granted_later_arrives_alone,
    everybody_who_works_here_is_known_by_name_once,
    a_phone_learns_who_is_new_with_its_next_answer,
    another_name_or_role_is_said_once_more_and_counts,
    servers_that_begin_at_once_make_one_scope_and_say_each_name_once,
    whoever_is_shut_out_keeps_their_name_and_reads_once_let_in,
    what_is_no_name_is_left_out_and_nothing_is_refused,
    names_that_a_restored_server_lost_are_said_anew,
    a_store_that_is_opened_again_knows_everything,
    what_an_earlier_step_of_the_tables_held_is_there_after_the_others,
}

#[tokio::test]
async fn a_file_that_is_no_database_is_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("letter.txt");
    let words = "Gentile famiglia, ".repeat(100);
    std::fs::write(&file, &words).expect("it is written");
    let refused = open(&format!("sqlite:{}", file.display())).await;
    assert!(
        matches!(refused, Some(StoreError::Corrupt(_))),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), words);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_not_touched() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("sqlite:{}", folder.path().join("percorso.db").display());
    let world = World::open(url.clone()).await;
    behind::tamper(
        &world,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'later', true, x'00', 0)",
    )
    .await;
    drop(world);
    let refused = open(&url).await;
    assert!(matches!(refused, Some(StoreError::Newer)), "{refused:?}");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    let nowhere = [
        "sqlite:/no/such/folder/percorso.db",
        "postgres://percorso@localhost/percorso?host=/no/such/folder",
    ];
    for url in nowhere {
        let refused = open(url).await;
        assert!(
            matches!(refused, Some(StoreError::Unavailable(_))),
            "{url}: {refused:?}"
        );
    }
    let refused = open("mysql://localhost/percorso").await;
    assert!(
        matches!(refused, Some(StoreError::NotAStore)),
        "{refused:?}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_belongs_to_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let _world = World::open(format!("sqlite:{}", folder.path().join("p.db").display())).await;
    for file in ["p.db", "p.db-wal", "p.db-shm"] {
        let about = std::fs::metadata(folder.path().join(file)).expect("it is there");
        assert_eq!(about.permissions().mode() & 0o077, 0, "{file}");
    }
}

async fn open(url: &str) -> Option<StoreError> {
    store::open(url, Millis(world::START)).await.err()
}
