//! What goes wrong: the classes of faults, how often each happens, and which are switched off.

use std::fmt;

use crate::dice::Dice;

/// A class of faults, which can be switched off by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A message is lost.
    Drop,
    /// A request arrives twice.
    Duplicate,
    /// A message overtakes those before it.
    Reorder,
    /// A message takes up to so many milliseconds.
    Delay,
    /// A phone is cut off, or no longer.
    Partition,
    /// A phone, or one tab of it, dies: between two steps, before a commit or after it.
    Crash,
    /// The server dies: between two requests, in the middle of one, or before its reply.
    ServerCrash,
    /// A phone's disk takes nothing.
    Disk,
    /// Clocks are wrong by up to so many days, and jump.
    Skew,
    /// A family goes to another mediator, or to nobody.
    Regrant,
    /// Somebody is suspended, or let in again.
    Suspend,
    /// Somebody decides about an op in quarantine.
    Takeover,
    /// The server is backed up, or comes back from its last backup.
    Restore,
    /// A phone is backed up, or comes back from its last backup: it counts again from there.
    PhoneRestore,
    /// The browser erases everything that a phone kept.
    Evict,
    /// A newer app writes what this build cannot read, and one day the server is updated.
    Newer,
    /// A second tab works on one phone's disk.
    Tabs,
    /// Phones whose app is of an earlier release, which one day is updated.
    Older,
    /// Somebody's account is closed, or a phone revoked; or what lies sealed on one is brought.
    ShutOut,
    /// What lies sealed on a phone is delivered, and its receipts come back beside the answers.
    Sealed,
}

const COUNT: usize = 20;

impl Fault {
    pub const ALL: [Self; COUNT] = [
        Self::Drop,
        Self::Duplicate,
        Self::Reorder,
        Self::Delay,
        Self::Partition,
        Self::Crash,
        Self::ServerCrash,
        Self::Disk,
        Self::Skew,
        Self::Regrant,
        Self::Suspend,
        Self::Takeover,
        Self::Restore,
        Self::PhoneRestore,
        Self::Evict,
        Self::Newer,
        Self::Tabs,
        // Whatever is new comes last: what a seed draws for those before stays what it was.
        Self::Older,
        Self::ShutOut,
        Self::Sealed,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Delay => "delay",
            Self::Partition => "partition",
            Self::Crash => "crash",
            Self::ServerCrash => "server-crash",
            Self::Disk => "disk",
            Self::Skew => "skew",
            Self::Regrant => "regrant",
            Self::Suspend => "suspend",
            Self::Takeover => "takeover",
            Self::Restore => "restore",
            Self::PhoneRestore => "phone-restore",
            Self::Evict => "evict",
            Self::Newer => "newer",
            Self::Tabs => "tabs",
            Self::Older => "older",
            Self::ShutOut => "shut-out",
            Self::Sealed => "sealed",
        }
    }

    /// The most that a seed draws: percent, but for delays and clocks.
    const fn most(self) -> u64 {
        match self {
            Self::Drop | Self::Duplicate => 35,
            Self::Reorder => 50,
            Self::Delay => 60_000,
            Self::Partition | Self::Crash => 6,
            Self::ServerCrash | Self::Restore | Self::Suspend => 4,
            Self::Disk | Self::Sealed => 15,
            Self::Skew => 3,
            Self::Regrant => 5,
            Self::Takeover => 20,
            Self::PhoneRestore | Self::Evict => 2,
            Self::Newer | Self::ShutOut => 8,
            Self::Tabs | Self::Older => 10,
        }
    }

    /// The classes named in a list with commas.
    pub fn named(list: &str) -> Result<Vec<Self>, String> {
        let names = list
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let one = |name: &str| {
            let known = Self::ALL.into_iter().find(|fault| fault.name() == name);
            known.ok_or_else(|| {
                let all = Self::ALL.map(Self::name).join(", ");
                format!("`{name}` is no class of faults; there are {all}")
            })
        };
        names.map(one).collect()
    }
}

/// How often each class happens. Every seed draws its own mix.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Faults([u64; COUNT]);

const DAY_MS: i64 = 86_400_000;
const DELAY_MS_MIN: i64 = 20;

impl Faults {
    pub fn drawn(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0xfa17);
        Self(Fault::ALL.map(|fault| {
            let is_on = dice.happens(70);
            let often = dice.below(fault.most() + 1);
            if is_on { often } else { 0 }
        }))
    }

    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }

    /// Whether a class happens in this run at all.
    pub fn has(&self, fault: Fault) -> bool {
        self.of(fault) > 0
    }

    pub fn without(mut self, off: &[Fault]) -> Self {
        for fault in off {
            self.0[*fault as usize] = 0;
        }
        self
    }

    /// The mix when the world is calm: clocks are as wrong as they were.
    pub fn calm(&self) -> Self {
        let others = Fault::ALL.into_iter().filter(|fault| *fault != Fault::Skew);
        self.without(&others.collect::<Vec<_>>())
    }

    pub fn delay_max_ms(&self) -> i64 {
        DELAY_MS_MIN + i64::try_from(self.of(Fault::Delay)).expect("it is small")
    }

    pub fn skew_max_ms(&self) -> i64 {
        i64::try_from(self.of(Fault::Skew)).expect("it is small") * DAY_MS
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let active = Fault::ALL.into_iter().filter(|fault| self.has(*fault));
        let words: Vec<String> = active
            .map(|fault| format!("{} {}", fault.name(), self.of(fault)))
            .collect();
        let text = words.join(", ");
        f.write_str(if text.is_empty() { "no faults" } else { &text })
    }
}

/// The classes that whoever runs this switched off: `PERCORSO_SIM_WITHOUT` names those, or
/// `PERCORSO_SIM_ONLY` the ones that stay.
pub fn switched_off() -> Result<Vec<Fault>, String> {
    let read = |name: &str| std::env::var(name).ok();
    let mut off = Fault::named(&read("PERCORSO_SIM_WITHOUT").unwrap_or_default())?;
    if let Some(only) = read("PERCORSO_SIM_ONLY") {
        let kept = Fault::named(&only)?;
        off.extend(Fault::ALL.into_iter().filter(|fault| !kept.contains(fault)));
    }
    off.sort();
    off.dedup();
    Ok(off)
}
