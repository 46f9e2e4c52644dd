//! What goes wrong: faults that a world may have, and mistakes planted to test the alarm.

use crate::dice::Dice;

/// Mistakes that real systems made, planted in the adapters around the real code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    None,
    AckClearsAll,
    NumberBeforeCommit,
    OneGlobalCursor,
    NoDedupe,
    ReplyBeforeCommit,
    CursorSavedApart,
    RestoreUnannounced,
}

impl Mistake {
    pub const PLANTED: [Self; 7] = [
        Self::AckClearsAll,
        Self::NumberBeforeCommit,
        Self::OneGlobalCursor,
        Self::NoDedupe,
        Self::ReplyBeforeCommit,
        Self::CursorSavedApart,
        Self::RestoreUnannounced,
    ];
}

/// How often each kind of fault happens, in percent. Every seed draws its own mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults {
    pub loss: u64,
    pub duplication: u64,
    pub delay_max_ms: i64,
    pub partition: u64,
    pub phone_crash: u64,
    pub server_crash: u64,
    pub disk_refusal: u64,
    pub skew_max_ms: i64,
    pub regrant: u64,
    /// Of a backup, or of a return to the last one.
    pub restore: u64,
}

const DAY_MS: i64 = 86_400_000;

impl Faults {
    pub const NONE: Self = Self {
        loss: 0,
        duplication: 0,
        delay_max_ms: 20,
        partition: 0,
        phone_crash: 0,
        server_crash: 0,
        disk_refusal: 0,
        skew_max_ms: 0,
        regrant: 0,
        restore: 0,
    };

    pub fn drawn(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xfa17);
        let mut some = |most: u64| {
            if dice.happens(70) {
                dice.below(most + 1)
            } else {
                0
            }
        };
        Self {
            loss: some(35),
            duplication: some(35),
            delay_max_ms: 20 + i64::try_from(some(60_000)).expect("it is small"),
            partition: some(6),
            phone_crash: some(6),
            server_crash: some(4),
            disk_refusal: some(15),
            skew_max_ms: i64::try_from(some(3)).expect("it is small") * DAY_MS,
            regrant: some(5),
            restore: some(4),
        }
    }

    /// The mix with one kind of fault after the other left out: for shrinking.
    pub fn each_without(mix: Self) -> [Self; 10] {
        let none = Self::NONE;
        [
            Self {
                loss: none.loss,
                ..mix
            },
            Self {
                duplication: none.duplication,
                ..mix
            },
            Self {
                delay_max_ms: none.delay_max_ms,
                ..mix
            },
            Self {
                partition: none.partition,
                ..mix
            },
            Self {
                phone_crash: none.phone_crash,
                ..mix
            },
            Self {
                server_crash: none.server_crash,
                ..mix
            },
            Self {
                disk_refusal: none.disk_refusal,
                ..mix
            },
            Self {
                skew_max_ms: none.skew_max_ms,
                ..mix
            },
            Self {
                regrant: none.regrant,
                ..mix
            },
            Self {
                restore: none.restore,
                ..mix
            },
        ]
    }
}
