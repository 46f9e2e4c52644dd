//! What stands before the screens: sign-in, choosing a secret, unlocking, locking again.
//!
//! The gate holds no case data. What it knows of a person ends when it locks.

use std::cell::Cell;
use std::rc::Rc;

use domain::id::{DeviceId, UserId};
use domain::vocabulary::Role;
use leptos::prelude::*;
use leptos::task::spawn_local;
use replica::replica::SyncError;
use replica::stored::{DiskError, Owner};

use crate::device::vault::{self, Open, UnlockError};
use crate::device::wire::{self, Me, WireError};
use crate::device::{senses, unsent_key};
use crate::driver::Driver;
use crate::rooms;
use crate::session::Session;

/// After how long without a touch, or hidden, the app locks itself.
const IDLE_MS_MAX: i64 = 5 * 60_000;
/// How often idleness is looked at.
const IDLE_LOOK_MS: i64 = 20_000;
/// How long a copy may be opened without a word from the server.
const LEASE_MS: i64 = 14 * 86_400_000;
/// Under which name the device keeps that the data are invented.
const DEMONSTRATION: &str = "demonstration";
/// How long the screens may take to arrive before the person is told.
const SCREENS_MS: i64 = 8_000;
/// Where people sign in.
const SIGN_IN: &str = "/accesso";
/// The same for somebody whose copy is gone, who is told so there.
const SIGN_IN_ANEW: &str = "/accesso?motivo=copia";

/// Where a person stands before the screens.
#[derive(Clone)]
pub enum Gate {
    /// Looking at what is there.
    Starting,
    /// Nobody is signed in and nothing is kept here: on the way to the sign-in page.
    SignInNeeded,
    /// Nothing is kept here and the server cannot be reached: the first start needs a network.
    NetworkNeeded,
    /// Signed in for the first time on this device: a secret has to be chosen.
    Choose(Me),
    /// Locked, with what went wrong at the last try.
    Locked(Option<UnlockError>),
    /// The key is being derived; takes about a second.
    Working,
    /// Ten wrong tries: the key is gone. What had been sent is on the server.
    Erased,
    /// No word from the server for fourteen days: one contact opens the copy again.
    LeaseOver {
        /// Whether the office keeps this phone or its owner out.
        is_shut_out: bool,
    },
    /// The file with the screens did not arrive.
    Incomplete,
    /// The secret was right, but the browser erased what it opens.
    Gone(Gone),
    /// The device's store does not work.
    Broken(DiskError),
    /// Unlocked.
    Open(Session),
}

/// A copy of which nothing is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Whose it was.
    pub user: UserId,
    /// How many things were unsent when it was last open, if the device still knows.
    pub unsent: Option<usize>,
    /// Whether the server could not be reached when the person wanted to go on.
    pub is_unreachable: bool,
}

/// Opens and closes the gate. Provided as context around the whole app.
#[derive(Clone, Copy)]
pub struct Keeper {
    /// Where the person stands.
    pub gate: RwSignal<Gate, LocalStorage>,
    /// Whether the page is hidden: then nothing may be on it.
    pub is_hidden: RwSignal<bool>,
    /// Whether a new build waits for a tap.
    pub is_update_waiting: RwSignal<bool>,
    /// Whether the screens have been on their way for long.
    pub is_arriving: RwSignal<bool>,
    /// Whether the server's data are invented, as it said last.
    pub is_demonstration: RwSignal<bool>,
    driver: StoredValue<Option<Rc<Driver>>, LocalStorage>,
    idle_timer: StoredValue<Option<senses::Timer>, LocalStorage>,
}

impl Keeper {
    /// A closed gate.
    pub fn new() -> Self {
        Self {
            gate: RwSignal::new_local(Gate::Starting),
            is_hidden: RwSignal::new(false),
            is_update_waiting: RwSignal::new(false),
            is_arriving: RwSignal::new(false),
            is_demonstration: RwSignal::new(false),
            driver: StoredValue::new_local(None),
            idle_timer: StoredValue::new_local(None),
        }
    }

    /// Looks at what is there and says where the person stands. Called once.
    pub fn start(self) {
        self.is_demonstration
            .set(senses::kept(DEMONSTRATION).is_some());
        self.watch();
        self.look();
    }

    /// Looks again: after a failure, or when the network is back.
    pub fn look(self) {
        if matches!(
            *self.gate.read_untracked(),
            Gate::Broken(DiskError::Outdated)
        ) {
            senses::reload();
            return;
        }
        spawn_local(async move {
            match vault::exists().await {
                Ok(true) => {
                    self.gate.set(Gate::Locked(None));
                    self.follow_sign_in().await;
                }
                Ok(false) => match vault::erased().await {
                    Some(user) => self.gate.set(gone(user)),
                    None => self.ask_who().await,
                },
                Err(why) => self.gate.set(Gate::Broken(why)),
            }
        });
    }

    /// Makes this device ready with a chosen secret.
    pub fn choose(self, me: Me, secret: String) {
        self.gate.set(Gate::Working);
        spawn_local(async move {
            let device = DeviceId::new(senses::now(), senses::random10());
            let owner = Owner {
                user: me.user,
                role: me.role,
                name: me.name,
                device,
            };
            match vault::create(&secret, &owner).await {
                Ok(open) => self.open(open).await,
                Err(why) => self.gate.set(Gate::Broken(why)),
            }
        });
    }

    /// Tries a secret.
    pub fn unlock(self, secret: String) {
        self.gate.set(Gate::Working);
        spawn_local(async move {
            match vault::unlock(&secret).await {
                Ok(open) => self.open(open).await,
                Err(UnlockError::Erased) => self.end().await,
                Err(UnlockError::Gone { user }) => self.gate.set(gone(user)),
                Err(why) => self.gate.set(Gate::Locked(Some(why))),
            }
        });
    }

    /// Whether whoever holds the open app knows its secret. Counted as at unlocking: the tenth
    /// wrong try erases the key, and what is open closes.
    pub fn prove(self, secret: String, then: Callback<Result<(), UnlockError>>) {
        let owner = |driver: &Option<Rc<Driver>>| {
            let driver = driver.as_ref()?;
            Some(driver.read(|replica| replica.owner().user))
        };
        let Some(user) = self.driver.with_value(owner) else {
            return;
        };
        spawn_local(async move {
            match vault::prove(user, &secret).await {
                Err(UnlockError::Erased) => self.end().await,
                said => drop(then.try_run(said)),
            }
        });
    }

    /// What lay sealed on this device was brought: a copy that is open takes what became of it.
    pub fn hear_courier(self) {
        if let Some(driver) = self.driver.get_value() {
            driver.hear_courier();
        }
    }

    /// The key is gone: nothing is open any more.
    async fn end(self) {
        if let Some(driver) = self.driver.try_update_value(Option::take).flatten() {
            driver.close();
        }
        self.gate.set(Gate::Erased);
        // Whoever tried ten times must not go on with the owner's sign-in. Without a network it
        // stays, and is good for the erased copy only.
        let _unreachable = wire::end_session().await;
    }

    /// Gives up a copy of which nothing is left. Signed in, its owner makes a new one at once;
    /// otherwise after signing in.
    pub fn begin_anew(self, gone: Gone) {
        spawn_local(async move {
            let me = self.me().await;
            if matches!(me, Ok(_) | Err(WireError::SessionEnded))
                && let Err(why) = vault::give_up(gone.user).await
            {
                self.gate.set(Gate::Broken(why));
                return;
            }
            match me {
                Ok(me) if is_office(me.role) => senses::go_to("/ufficio"),
                Ok(me) => match vault::select(me.user).await {
                    Ok(true) => self.gate.set(Gate::Locked(None)),
                    Ok(false) if me.device.is_some() => sign_in_anew().await,
                    Ok(false) => self.gate.set(Gate::Choose(me)),
                    Err(why) => self.gate.set(Gate::Broken(why)),
                },
                Err(WireError::SessionEnded) => senses::go_to(SIGN_IN),
                Err(_) => self.gate.set(Gate::Gone(Gone {
                    is_unreachable: true,
                    ..gone
                })),
            }
        });
    }

    /// Locks. Writes under way finish; nothing readable stays in memory.
    pub fn lock(self) {
        let Some(driver) = self.driver.try_update_value(Option::take).flatten() else {
            return;
        };
        driver.close();
        self.gate.set(Gate::Locked(None));
    }

    /// Goes to the sign-in page and comes back here afterwards.
    pub fn sign_in(self) {
        senses::go_to(SIGN_IN);
    }

    /// Ends the session with the server. What is on the phone stays, locked.
    pub fn sign_out(self) {
        self.lock();
        spawn_local(async move {
            // Without a network the session ends by itself; the phone is locked either way.
            let _unreachable = wire::end_session().await;
            senses::go_to(SIGN_IN);
        });
    }

    /// Changes to the new build. Drafts go to disk first.
    pub fn update(self) {
        senses::apply_update();
    }

    /// Another build took charge, whichever tab asked for it.
    fn begin_with_new_build(self) {
        match self.driver.get_value() {
            Some(driver) => driver.leave(),
            None => senses::reload(),
        }
    }

    async fn ask_who(self) {
        match self.me().await {
            Ok(me) if is_office(me.role) => senses::go_to("/ufficio"),
            Ok(me) if me.device.is_some() => sign_in_anew().await,
            Ok(me) => self.gate.set(Gate::Choose(me)),
            Err(WireError::SessionEnded) => {
                self.gate.set(Gate::SignInNeeded);
                senses::go_to(SIGN_IN);
            }
            Err(_) => self.gate.set(Gate::NetworkNeeded),
        }
    }

    async fn me(self) -> Result<Me, WireError> {
        let me = wire::me().await?;
        self.is_demonstration.set(me.demonstration);
        if me.demonstration {
            senses::keep(DEMONSTRATION, "yes");
        }
        Ok(me)
    }

    /// Another person may have signed in on this device: their vault is the one to open.
    async fn follow_sign_in(self) {
        let Ok(me) = self.me().await else { return };
        if is_office(me.role) {
            return;
        }
        let is_locked = matches!(self.gate.get_untracked(), Gate::Locked(_));
        match vault::select(me.user).await {
            Ok(false) if is_locked && me.device.is_none() => self.gate.set(Gate::Choose(me)),
            Ok(_) | Err(_) => {}
        }
    }

    /// Fetches the screens again.
    pub fn complete(self) {
        self.gate.set(Gate::Starting);
        spawn_local(async move {
            if self.have_arrived().await {
                self.look();
            }
        });
    }

    /// Waits for the screens, and says so where they do not arrive or take long.
    async fn have_arrived(self) -> bool {
        let slow = senses::after(SCREENS_MS, move || self.is_arriving.set(true));
        let arrived = rooms::arrive().await;
        drop(slow);
        self.is_arriving.set(false);
        if arrived.is_err() {
            self.gate.set(Gate::Incomplete);
        }
        arrived.is_ok()
    }

    async fn open(self, open: Open) {
        if !self.have_arrived().await {
            return;
        }
        let revision = RwSignal::new(0);
        match Driver::open(open.owner, open.disk, revision).await {
            Err(why) => self.gate.set(Gate::Broken(why)),
            Ok(driver) => {
                if is_lease_over(&driver)
                    && let Err(why) = driver.greet().await
                {
                    driver.close();
                    let is_shut_out =
                        matches!(why, SyncError::DeviceRevoked | SyncError::Suspended);
                    self.gate.set(Gate::LeaseOver { is_shut_out });
                    return;
                }
                self.driver.set_value(Some(Rc::clone(&driver)));
                let lock = Callback::new(move |()| self.lock());
                self.gate
                    .set(Gate::Open(Session::new(driver, revision, lock)));
            }
        }
    }

    fn watch(self) {
        let last_touch = Rc::new(Cell::new(senses::now().0));
        let touch = Rc::clone(&last_touch);
        senses::on_activity(move || touch.set(senses::now().0));
        let touched = Rc::clone(&last_touch);
        senses::on_visible(move |is_visible| {
            self.is_hidden.set(!is_visible);
            if is_visible {
                self.lock_if_idle(touched.get());
            }
        });
        // What was open when somebody left is not open to whoever goes back.
        senses::on_brought_back(senses::reload);
        senses::on_taken_over(move || self.begin_with_new_build());
        senses::update_waiting(move || self.is_update_waiting.set(true));
        self.look_at_idleness(last_touch);
    }

    fn look_at_idleness(self, last_touch: Rc<Cell<i64>>) {
        let timer = senses::after(IDLE_LOOK_MS, move || {
            self.lock_if_idle(last_touch.get());
            self.look_at_idleness(last_touch);
        });
        self.idle_timer.set_value(Some(timer));
    }

    fn lock_if_idle(self, last_touch_ms: i64) {
        // Somebody who speaks into the phone does not touch it.
        let is_held =
            |driver: &Option<Rc<Driver>>| driver.as_ref().is_some_and(|one| one.is_held());
        if self.driver.with_value(is_held) {
            return;
        }
        if senses::now().0.saturating_sub(last_touch_ms) > IDLE_MS_MAX {
            self.lock();
        }
    }
}

impl Default for Keeper {
    fn default() -> Self {
        Self::new()
    }
}

/// The keeper of this app.
///
/// # Panics
/// Outside the app, which provides it around everything.
pub fn use_keeper() -> Keeper {
    expect_context::<Keeper>()
}

/// People of the office work on server-rendered pages and keep no copy.
fn is_office(role: Role) -> bool {
    match role {
        Role::Coordinator | Role::Administrator | Role::System => true,
        Role::Mediator | Role::SocialWorker => false,
    }
}

/// A sign-in that belongs to a copy which is no longer here is good for no other: whoever holds the
/// device says the password again.
async fn sign_in_anew() {
    let _unreachable = wire::end_session().await;
    // Of somebody whose PIN was erased something is still here, and nothing was lost.
    let has_nothing = vault::is_nobody_known().await;
    senses::go_to(if has_nothing { SIGN_IN_ANEW } else { SIGN_IN });
}

/// Where somebody stands whose copy is gone: how much went with it was kept outside.
fn gone(user: UserId) -> Gate {
    Gate::Gone(Gone {
        user,
        unsent: senses::kept(&unsent_key(user)).and_then(|kept| kept.parse().ok()),
        is_unreachable: false,
    })
}

fn is_lease_over(driver: &Driver) -> bool {
    let last_contact = driver.read(|replica| replica.status().last_contact);
    last_contact.is_some_and(|at| senses::now().0.saturating_sub(at.0) > LEASE_MS)
}
