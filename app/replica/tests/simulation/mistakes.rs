//! Mistakes that real systems made, planted in the adapters around the real code: the alarm is
//! tested too. There is no switch for them in product code.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::checkers::Name;

/// A planted mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    None,
    /// The disk reports a batch when it was asked for, not when it is there.
    SavedTooEarly,
    /// The server writes ops anew from what it could read of them.
    Reencoded,
    /// Pages leave out what was numbered first and committed last.
    NumberBeforeCommit,
    /// Not everything that is on disk is read back.
    ReadBackHalf,
    /// One cursor for everything that a device ever read.
    OneGlobalCursor,
    /// An op that came before gets another number.
    NoDedupe,
    /// What the reply names is not on the server's disk yet.
    ReplyBeforeCommit,
    /// Cursors and ops are written in two transactions.
    CursorSavedApart,
    /// One receipt clears everything.
    AckClearsAll,
    /// The receipt of a sealed op clears others, which it does not name.
    SealedClearsAll,
    /// The server forgets what it refuses.
    RefusedThrownAway,
    /// The server comes back from a backup and does not say so.
    RestoreUnannounced,
    /// What was adopted or declined can be adopted once more.
    AdoptTwice,
    /// An author is not told what became of their refused op.
    SilentAdoption,
    /// Who is shut out is told that the family is no longer theirs.
    ShutOutTakenForUngranted,
    /// An account is opened again, and nobody looks at what waited for that.
    OpenedWithoutLooking,
    /// What is stored is checked as if it were new.
    AssertsWhenReading,
    /// A proposed version is brought up to date under its own name.
    VersionEditedInPlace,
    /// A score travels with what it was computed from.
    ScoreStored,
    /// The server asks only who somebody is, not what was granted to them.
    AnybodyMayWrite,
    /// Pages go to whoever asks.
    PageUngranted,
    /// A new list of grants joins the old one instead of taking its place.
    GrantsMerged,
    /// A phone believes that it purged.
    PurgeSkipped,
    /// Everything unsent is sent at once, however much it is.
    SentWhole,
    /// Something is decided by what is outside the simulation.
    LooksOutside,
    /// The server turns phones away whose clock is a day off.
    WrongClocksTurnedAway,
    /// The count of what is unsent is not kept outside the store.
    NoSentinel,
    /// An update begins with an empty outbox.
    UpdateForgetsUnsent,
    /// The server takes ops of its own schema only.
    OlderTurnedAway,
    /// A tab goes on from what it has in memory, whatever another has written meanwhile.
    TabsWriteOver,
    /// Author and count are taken for the name of an op, though a second phone counts from 1 too:
    /// of two such ops the first that is read stands for both.
    CountTakenForId,
    /// The server takes an answer only after what it answers, as a foreign key demands.
    AnswerNeedsVersion,
    /// A newer app says something in a new field of an old kind, which earlier builds pass over.
    WordsInNewField,
    /// The screen shows the draft while the hash that is signed is the version's.
    DraftReadAloud,
}

impl Mistake {
    /// Each mistake and the checker that is there for it.
    pub const PLANTED: [(Self, &'static str); 34] = [
        (Self::SavedTooEarly, "1 saved_only_after_commit"),
        (Self::Reencoded, "2 an_op_never_changes"),
        (Self::ReadBackHalf, "3 copies_agree"),
        (Self::CountTakenForId, "3 order_does_not_matter"),
        (
            Self::AnswerNeedsVersion,
            "3 who_syncs_first_does_not_matter",
        ),
        (Self::AckClearsAll, "4 only_a_receipt_clears"),
        (Self::SealedClearsAll, "4 only_a_receipt_clears"),
        (Self::ReplyBeforeCommit, "5 the_reply_follows_the_commit"),
        (Self::NumberBeforeCommit, "6 a_page_has_no_gaps"),
        (Self::OneGlobalCursor, "6 a_page_has_no_gaps"),
        (Self::CursorSavedApart, "6 cursor_and_ops_agree"),
        (Self::TabsWriteOver, "6 cursor_and_ops_agree"),
        (Self::RefusedThrownAway, "7 nothing_is_dropped"),
        (Self::RestoreUnannounced, "receipts_never_lie"),
        (Self::NoSentinel, "7 what_is_lost_is_reported"),
        (Self::UpdateForgetsUnsent, "7 nothing_is_dropped"),
        (Self::WordsInNewField, "7 every_word_is_on_some_screen"),
        (Self::AssertsWhenReading, "8 applying_cannot_fail"),
        (Self::OlderTurnedAway, "8 every_form_is_read"),
        (Self::VersionEditedInPlace, "9 a_version_is_immutable"),
        (Self::DraftReadAloud, "9 a_hash_covers_what_was_read"),
        (Self::ScoreStored, "10 scores_are_computed"),
        (Self::AnybodyMayWrite, "11 every_op_was_authorized"),
        (Self::PageUngranted, "11 every_page_is_granted"),
        (Self::GrantsMerged, "11 nothing_outside_the_grants"),
        (Self::PurgeSkipped, "11 a_purge_is_true"),
        (Self::SentWhole, "13 everything_has_a_limit"),
        (Self::LooksOutside, "14 every_seed_runs_the_same_twice"),
        (
            Self::WrongClocksTurnedAway,
            "15 wrong_clocks_never_stop_sync",
        ),
        (Self::NoDedupe, "nothing_happens_twice"),
        (Self::AdoptTwice, "nothing_happens_twice"),
        (Self::SilentAdoption, "authors_are_told"),
        (Self::ShutOutTakenForUngranted, "the_reason_told_is_true"),
        (Self::OpenedWithoutLooking, "nothing_waits_for_what_is_over"),
    ];

    /// Whether a mistake is planted that this checker has to see.
    pub const fn is_planted_for(checker: &str) -> bool {
        let mut planted: &[(Self, &str)] = &Self::PLANTED;
        while let [(_, meant), others @ ..] = planted {
            if is_same(meant.as_bytes(), checker.as_bytes()) {
                return true;
            }
            planted = others;
        }
        false
    }
}

/// What `==` says, which no `const` may ask.
const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([a, ones @ ..], [b, others @ ..]) = (one, other) {
        if *a != *b {
            return false;
        }
        (one, other) = (ones, others);
    }
    one.is_empty() && other.is_empty()
}

/// What no seed decides: how often this was asked.
pub fn outside() -> i64 {
    static ASKED: AtomicI64 = AtomicI64::new(0);
    ASKED.fetch_add(1, Ordering::Relaxed) % 7
}

#[test]
fn a_checker_without_a_planted_mistake_has_no_name() {
    for (mistake, checker) in Mistake::PLANTED {
        assert!(Mistake::is_planted_for(checker), "{mistake:?}");
    }
    for unknown in ["", "3 copies", "3 copies_agree_now", "4 copies_agree"] {
        assert!(!Mistake::is_planted_for(unknown), "{unknown}");
        let named = std::panic::catch_unwind(|| Name::of(unknown));
        assert!(named.is_err(), "{unknown} is a name");
    }
}
