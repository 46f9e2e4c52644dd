//! What every store must do: the same cases, told to SQLite and to PostgreSQL.

#![expect(
    clippy::indexing_slicing,
    reason = "a missing element fails the case, as it should"
)]

#[path = "support/cases.rs"]
mod cases;
#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/world.rs"]
mod world;

use cluster::Cluster;
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
    other_bytes_under_one_id_are_kept_and_raise_the_alarm,
    a_foreign_scope_is_refused_and_kept_whole,
    a_role_that_may_not_is_refused,
    an_op_without_a_header_is_refused_and_kept,
    bytes_come_back_as_they_were_written,
    two_writers_and_a_reader_agree_on_the_order,
    one_op_sent_twice_at_once_is_written_once,
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
    the_trail_shows_a_change_of_its_past,
    sessions_end,
    wrong_passwords_are_counted_and_lock,
    an_import_is_written_once_and_taken_back,
    a_store_that_is_opened_again_knows_everything,
}
