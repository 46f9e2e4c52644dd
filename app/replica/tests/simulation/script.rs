//! What is done to a world, step by step, drawn before anything happens: so that a failing run can
//! be played again with steps left out.

use crate::dice::Dice;
use crate::faults::{Fault, Faults};

/// Tabs of phones: two phones of one mediator, the first with a second tab, one of another
/// mediator, one of the social worker.
pub const TABS: usize = 5;
/// The tab that works on the disk of tab 0.
pub const SECOND_TAB: usize = 4;

/// One thing that is done, and how long the world goes on until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its dice: the same whatever else is left out.
    pub number: u64,
    pub tab: usize,
    pub deed: Deed,
    pub pause_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A person writes one to three changes.
    Write,
    /// A person writes for days without a network.
    WriteMuch,
    /// A person deals with something refused.
    Settle,
    /// The app asks the server.
    Nudge,
    Crash,
    ServerCrash,
    CutOff,
    JumpClock,
    Regrant,
    Suspend,
    TakeOver,
    BackUp,
    Restore,
    BackUpPhone,
    RestorePhone,
    Evict,
    WriteNewer,
    UpdateServer,
    /// The second tab is opened or closed.
    Tab,
    WriteForm,
    UpdatePhone,
    CloseAccount,
    RevokePhone,
    /// What lies sealed on a phone is brought.
    Bring,
    /// A phone delivers what lies sealed on it.
    Deliver,
}

impl Deed {
    /// The class of faults that it belongs to; none for what people do anyway.
    const fn fault(self) -> Option<Fault> {
        match self {
            Self::Write | Self::WriteMuch | Self::Settle | Self::Nudge => None,
            Self::Crash => Some(Fault::Crash),
            Self::ServerCrash => Some(Fault::ServerCrash),
            Self::CutOff => Some(Fault::Partition),
            Self::JumpClock => Some(Fault::Skew),
            Self::Regrant => Some(Fault::Regrant),
            Self::Suspend => Some(Fault::Suspend),
            Self::TakeOver => Some(Fault::Takeover),
            Self::BackUp | Self::Restore => Some(Fault::Restore),
            Self::BackUpPhone | Self::RestorePhone => Some(Fault::PhoneRestore),
            Self::Evict => Some(Fault::Evict),
            Self::WriteNewer | Self::UpdateServer => Some(Fault::Newer),
            Self::Tab => Some(Fault::Tabs),
            Self::WriteForm | Self::UpdatePhone => Some(Fault::Older),
            Self::CloseAccount | Self::RevokePhone | Self::Bring => Some(Fault::ShutOut),
            Self::Deliver => Some(Fault::Sealed),
        }
    }
}

/// Draws the steps of a seed. Leaving a class of faults out leaves every other step as it was.
pub fn drawn(seed: u64, rounds: u32, faults: Faults) -> Vec<Step> {
    let mix = Faults::drawn(seed);
    let mut dice = Dice::new(seed ^ 0x5c21);
    // Dice of their own: every other step of a seed is what it was before there were older phones,
    // before anybody was shut out, and before anything was delivered sealed.
    let mut older_dice = Dice::new(seed ^ 0x01de);
    let mut shut_out_dice = Dice::new(seed ^ 0x5407);
    let mut sealed_dice = Dice::new(seed ^ 0x5ea1);
    let mut steps: Vec<Step> = Vec::new();
    // Days without a network are long to play: one world in twenty has them.
    let long_round = if dice.happens(5) {
        dice.below(u64::from(rounds))
    } else {
        u64::MAX
    };
    for round in 0..u64::from(rounds) {
        let tab = dice.index(TABS);
        let mut deeds = accidents(&mix, &mut dice);
        deeds.push(match dice.below(100) {
            _ if round == long_round => Deed::WriteMuch,
            0..10 => Deed::Settle,
            10..64 => Deed::Write,
            _ => Deed::Nudge,
        });
        let pause_ms = dice.between(0, 20_000);
        let last = deeds.len() - 1;
        let apart = [
            (31, of_older(&mix, &mut older_dice)),
            (30, of_shutting_out(&mix, &mut shut_out_dice)),
            (29, of_sealed(&mix, &mut sealed_dice)),
        ];
        steps.extend(apart.into_iter().filter_map(|(place, deed)| {
            Some(Step {
                number: round * 32 + place,
                tab,
                deed: deed?,
                pause_ms: 0,
            })
        }));
        steps.extend(deeds.into_iter().enumerate().map(|(index, deed)| Step {
            number: round * 32 + index as u64,
            tab,
            deed,
            pause_ms: if index == last { pause_ms } else { 0 },
        }));
    }
    steps.retain(|step| step.deed.fault().is_none_or(|fault| faults.has(fault)));
    steps
}

fn accidents(mix: &Faults, dice: &mut Dice) -> Vec<Deed> {
    let mut deeds = Vec::new();
    let either = [
        (Fault::Crash, Deed::Crash, Deed::Crash),
        (Fault::ServerCrash, Deed::ServerCrash, Deed::ServerCrash),
        (Fault::Partition, Deed::CutOff, Deed::CutOff),
        (Fault::Regrant, Deed::Regrant, Deed::Regrant),
        (Fault::Suspend, Deed::Suspend, Deed::Suspend),
        (Fault::Takeover, Deed::TakeOver, Deed::TakeOver),
        (Fault::Restore, Deed::BackUp, Deed::Restore),
        (Fault::PhoneRestore, Deed::BackUpPhone, Deed::RestorePhone),
        (Fault::Evict, Deed::Evict, Deed::Evict),
        (Fault::Tabs, Deed::Tab, Deed::Tab),
    ];
    for (fault, one, other) in either {
        let happens = dice.happens(mix.of(fault));
        let deed = if dice.happens(50) { one } else { other };
        if happens {
            deeds.push(deed);
        }
    }
    // Its number is one of days, not of percent.
    if dice.happens(3) && mix.has(Fault::Skew) {
        deeds.push(Deed::JumpClock);
    }
    let is_update = dice.happens(20);
    if dice.happens(mix.of(Fault::Newer)) {
        deeds.push(if is_update {
            Deed::UpdateServer
        } else {
            Deed::WriteNewer
        });
    }
    deeds
}

fn of_older(mix: &Faults, dice: &mut Dice) -> Option<Deed> {
    let happens = dice.happens(mix.of(Fault::Older));
    let is_update = dice.happens(15);
    let deed = if is_update {
        Deed::UpdatePhone
    } else {
        Deed::WriteForm
    };
    happens.then_some(deed)
}

fn of_shutting_out(mix: &Faults, dice: &mut Dice) -> Option<Deed> {
    let happens = dice.happens(mix.of(Fault::ShutOut));
    let deed = match dice.below(3) {
        0 => Deed::CloseAccount,
        1 => Deed::RevokePhone,
        _ => Deed::Bring,
    };
    happens.then_some(deed)
}

fn of_sealed(mix: &Faults, dice: &mut Dice) -> Option<Deed> {
    let happens = dice.happens(mix.of(Fault::Sealed));
    happens.then_some(Deed::Deliver)
}
