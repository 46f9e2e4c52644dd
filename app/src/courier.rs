//! Brings what lies sealed on this device to the server, whoever wrote it and whether or not
//! anybody can open it here.

use leptos::ev::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::sealed::{self, Tally};
use crate::device::senses;
use crate::device::wire::WireError;
use crate::gate::Keeper;

/// Under which name the file is offered.
const FILE_NAME: &str = "percorso-sigillato.json";

/// What became of the last errand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The server answered.
    Delivered(Tally),
    /// The server cannot be reached or cannot take it now: everything is where it was.
    NotNow,
    /// Whoever wrote it is suspended: it goes once they are let in again.
    Suspended,
    /// The chosen file is no file of sealed things.
    OtherFile,
}

/// The courier of one page.
#[derive(Clone, Copy)]
pub struct Courier {
    /// How many things lie sealed here.
    pub waiting: RwSignal<usize>,
    /// What became of the last errand.
    pub told: RwSignal<Option<Told>>,
    /// Whether it is on its way.
    pub is_away: RwSignal<bool>,
    keeper: Keeper,
}

impl Courier {
    /// A courier that has not looked yet, and whom it tells of what it brought.
    pub fn new(keeper: Keeper) -> Self {
        Self {
            waiting: RwSignal::new(0),
            told: RwSignal::new(None),
            is_away: RwSignal::new(false),
            keeper,
        }
    }

    /// Looks at what lies here and brings it at once, if there is anything.
    pub fn go(self) {
        if self.is_away.try_get_untracked() != Some(false) {
            return;
        }
        self.is_away.set(true);
        spawn_local(async move {
            let waiting = sealed::count().await;
            self.waiting.try_set(waiting);
            if waiting > 0 {
                let answer = sealed::deliver().await;
                self.keeper.hear_courier();
                self.waiting.try_set(sealed::count().await);
                self.tell(answer);
            }
            self.is_away.try_set(false);
        });
    }

    /// Offers what lies here as a file that somebody else can bring.
    pub fn save(self) {
        spawn_local(async move {
            if let Some(file) = sealed::to_file().await {
                senses::save_file(FILE_NAME, &file);
            }
        });
    }

    /// Brings the file that somebody chose.
    pub fn bring(self, event: Event) {
        self.is_away.set(true);
        spawn_local(async move {
            let text = senses::chosen_file(event).await;
            match text.as_deref().and_then(sealed::read_file) {
                Some(file) => self.tell(sealed::deliver_file(file).await),
                None => drop(self.told.try_set(Some(Told::OtherFile))),
            }
            self.is_away.try_set(false);
        });
    }

    /// The page may be gone by now; what was brought is brought all the same.
    fn tell(self, answer: Result<Tally, WireError>) {
        let told = match answer {
            Ok(tally) => Told::Delivered(tally),
            Err(WireError::Refused { code, .. }) if code == "suspended" => Told::Suspended,
            Err(_) => Told::NotNow,
        };
        self.told.try_set(Some(told));
    }
}
