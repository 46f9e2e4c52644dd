//! The device of a server: there is none. Same names as on the phone, so that screens compile;
//! nothing here is ever called, since browser calls happen only in effects and event handlers.

use domain::id::{AttachmentId, ScopeId};
use replica::sealed::Delivered;
use replica::stored::{Batch, Contents, DiskError};

/// Where a file lies.
type At = (ScopeId, AttachmentId);

/// The disk of the unlocked vault: one that always fails.
#[derive(Clone, Default)]
pub struct Disk(());

impl Disk {
    /// Reads everything back.
    pub async fn load(&self) -> Result<Contents, DiskError> {
        Err(DiskError::Failed)
    }
    /// Writes one batch, all of it or nothing.
    pub async fn commit(&self, _batch: &Batch) -> Result<Option<Vec<String>>, DiskError> {
        Err(DiskError::Failed)
    }
    /// Keeps what somebody is typing.
    pub async fn put_draft(
        &self,
        _key: &str,
        _json: &str,
        _is_wanted: &dyn Fn() -> bool,
    ) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// Is done when everything that was asked before is.
    pub async fn settled(&self) {}
    /// What somebody was typing.
    pub async fn draft(&self, _key: &str) -> Result<Option<String>, DiskError> {
        Err(DiskError::Failed)
    }
    /// Forgets the drafts of scopes.
    pub async fn remove_drafts_of(&self, _scopes: &[ScopeId]) -> Result<Vec<String>, DiskError> {
        Err(DiskError::Failed)
    }
    /// Receipts of what was delivered sealed.
    pub async fn delivered(&self) -> Result<Vec<Delivered>, DiskError> {
        Err(DiskError::Failed)
    }
    /// Whether the standing on disk is still of this revision.
    pub async fn stands_at(&self, _revision: u64) -> Result<bool, DiskError> {
        Err(DiskError::Failed)
    }
    /// Whether unsent ops are also sealed to the server's key.
    pub fn is_sealing(&self, _epoch: u64) -> bool {
        false
    }
    /// Forgets a draft.
    pub async fn remove_draft(&self, _key: &str) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// Puts a new file on disk.
    pub async fn stage(&self, _at: At, _bytes: &[u8]) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// Has a file that had arrived sent once more.
    pub async fn stage_again(&self, _at: At) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// Forgets a file.
    pub async fn unstage(&self, _at: At) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// The files that have not arrived.
    pub async fn staged(&self) -> Result<Vec<At>, DiskError> {
        Err(DiskError::Failed)
    }
    /// Bytes of a file that has not arrived.
    pub async fn staged_chunk(
        &self,
        _at: At,
        _from: u32,
        _count: u32,
    ) -> Result<Vec<u8>, DiskError> {
        Err(DiskError::Failed)
    }
    /// Notes that a file has arrived.
    pub async fn arrived(&self, _at: At, _may_stay: bool) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// Keeps a file that came from the server.
    pub async fn keep_file(&self, _at: At, _bytes: &[u8]) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// The bytes of a file.
    pub async fn file(&self, _at: At) -> Result<Option<Vec<u8>>, DiskError> {
        Err(DiskError::Failed)
    }
}

/// Microphone, camera and glass.
pub mod media {
    use domain::attachment::Format;

    pub use crate::device::kinds::{NoMedia, Stroke};

    /// A recording under way.
    pub struct Recorder(());
    // One that is dropped is thrown away; here too dropping one means something.
    impl Drop for Recorder {
        fn drop(&mut self) {}
    }
    impl Recorder {
        /// Begins.
        pub async fn begin() -> Result<Self, NoMedia> {
            Err(NoMedia::Missing)
        }
        /// What was said until now.
        pub fn so_far(&self) -> impl Future<Output = Result<(Format, Vec<u8>), NoMedia>> + use<> {
            std::future::ready(Err(NoMedia::Missing))
        }
        /// Ends.
        pub async fn end(self) -> Result<(Format, Vec<u8>), NoMedia> {
            Err(NoMedia::Missing)
        }
    }
    /// Offers something as a file.
    pub fn save(_name: &str, _bytes: &[u8], _format: Format) {}
    /// The photo that somebody chose.
    pub async fn chosen_photo(_event: leptos::ev::Event) -> Option<Result<Vec<u8>, NoMedia>> {
        None
    }
    /// A drawing as a PNG.
    pub async fn drawing(_strokes: &[Stroke], _wide: f64, _high: f64) -> Result<Vec<u8>, NoMedia> {
        Err(NoMedia::Missing)
    }
    /// Bytes that the page can show.
    pub struct Shown(());
    impl Shown {
        /// Makes an address for them.
        pub fn new(_bytes: &[u8], _format: Format) -> Option<Self> {
            None
        }
        /// The address.
        pub fn url(&self) -> String {
            String::new()
        }
    }
}

/// The phone's voices.
pub mod voices {
    pub use crate::device::kinds::{Hush, Spoken};

    /// Whether the phone can read a language aloud.
    pub fn can_say(_language: &str) -> bool {
        false
    }
    /// Calls when the phone has found its voices.
    pub fn on_found(_call: impl Fn() + 'static) {}
    /// Says one text after the other.
    pub fn say(_texts: &[Spoken], _done: impl FnOnce() + 'static) -> Hush {
        Hush::new(|| {})
    }
}

/// Clock, chance, signals.
pub mod senses {
    use domain::id::Millis;
    use jiff::civil::{Date, DateTime};

    /// The device's clock.
    pub fn now() -> Millis {
        Millis(0)
    }
    /// Ten random bytes.
    pub fn random10() -> [u8; 10] {
        [0; 10]
    }
    /// A random number.
    pub fn dice() -> u32 {
        0
    }
    /// An instant in the device's time zone.
    pub fn local(_now: Millis) -> DateTime {
        DateTime::ZERO
    }
    /// Today in the device's time zone.
    pub fn today() -> Date {
        Date::ZERO
    }
    /// A pending call. Dropped, it is cancelled.
    pub struct Timer(());
    // A timer that is dropped is cancelled; here too dropping one means something.
    impl Drop for Timer {
        fn drop(&mut self) {}
    }
    /// Calls once after a time.
    pub fn after(_ms: i64, _call: impl FnOnce() + 'static) -> Timer {
        Timer(())
    }
    /// Calls whenever the browser believes to be online again.
    pub fn on_online(_call: impl Fn() + 'static) {}
    /// Calls whenever the page becomes visible or hidden.
    pub fn on_visible(_call: impl Fn(bool) + 'static) {}
    /// Calls when somebody touches or types, once a second at most.
    pub fn on_activity(_call: impl Fn() + 'static) {}
    /// What the browser believes. A hint only.
    pub fn is_online() -> bool {
        false
    }
    /// Whether the page can be seen.
    pub fn is_visible() -> bool {
        false
    }
    /// Marks an instant for the measurements.
    pub fn mark(_name: &str) {}
    /// Measures from a mark until now.
    pub fn measure(_name: &str, _from: &str) {}
    /// While a tab has this, no other of the same browser asks the server.
    pub struct SyncLock;
    /// Takes the lock if no other tab has it.
    pub async fn sync_lock() -> Option<SyncLock> {
        None
    }
    /// Tells the other tabs that the disk has changed.
    pub fn tell_tabs() {}
    /// Calls when another tab has changed the disk.
    pub fn on_told(_call: impl Fn(Told) + 'static) {}
    /// What one tab tells the others.
    #[derive(Clone, Copy)]
    pub enum Told {
        /// The disk has changed.
        Written,
        /// The store is to be let go.
        Leave,
    }
    /// Asks the browser not to evict us.
    pub async fn persist() -> bool {
        false
    }
    /// Bytes used and bytes allowed.
    pub async fn storage_estimate() -> Option<(u64, u64)> {
        None
    }
    /// The first language of the browser.
    pub fn preferred_language() -> String {
        String::new()
    }
    /// Opens the browser's own way to print this page.
    pub fn print() {}
    /// A day as people write it in a language.
    pub fn spelled_day(_tag: &str, _day: Date) -> Option<String> {
        None
    }
    /// The text of a file that came with the app.
    pub async fn shipped(_address: &str) -> Option<String> {
        None
    }
    /// Sets language and direction of the document.
    pub fn set_document_language(_tag: &str, _dir: &str) {}
    /// Sets light, dark, or what the device says (empty).
    pub fn set_color_scheme(_scheme: &str) {}
    /// Brings a part of a strip that scrolls sideways into its middle.
    pub fn bring_into_sight(_part: &leptos::web_sys::Element) {}
    /// A page that is held at an address. Dropped, it is let go.
    pub struct Hold(());
    // One that is dropped lets the page go; here too dropping one means something.
    impl Drop for Hold {
        fn drop(&mut self) {}
    }
    /// Holds the page at an address.
    pub fn hold_address(_path: &str) -> Hold {
        Hold(())
    }
    /// Calls when the browser brings the page back as somebody left it, without loading it.
    pub fn on_brought_back(_call: impl Fn() + 'static) {}
    /// Asks the other tabs to begin anew, locked.
    pub fn ask_tabs_to_leave() {}
    /// Leaves the app for a page of the server.
    pub fn go_to(_url: &str) {}
    /// Loads the app anew.
    pub fn reload() {}
    /// Keeps a small setting without content.
    pub fn keep(_key: &str, _value: &str) {}
    /// A kept setting.
    pub fn kept(_key: &str) -> Option<String> {
        None
    }
    /// Calls when a new build is ready.
    pub fn update_waiting(_call: impl Fn() + 'static) {}
    /// Takes the new build and reloads.
    pub fn apply_update() {}
    /// Calls when another build has taken charge.
    pub fn on_taken_over(_call: impl Fn() + 'static) {}
    /// Offers a text as a file to keep.
    pub fn save_file(_name: &str, _text: &str) {}
    /// The text of the file that somebody chose.
    pub async fn chosen_file(_event: leptos::ev::Event) -> Option<String> {
        None
    }
}

/// The server's API.
pub mod wire {
    use domain::attachment::Hash;
    use domain::id::ScopeId;
    use replica::attachment::{File, Offer, Standing};
    use replica::message::{SyncReply, SyncRequest};
    use replica::quarantine;

    pub use crate::device::kinds::{Me, WireError};

    /// One round trip.
    pub async fn sync(_request: &SyncRequest) -> Result<SyncReply, WireError> {
        Err(WireError::Unreachable)
    }
    /// What waits in quarantine for this person.
    pub async fn quarantine(
        _request: &quarantine::Request,
    ) -> Result<quarantine::Reply, WireError> {
        Err(WireError::Unreachable)
    }
    /// Announces an attachment.
    pub async fn offer(_offer: &Offer) -> Result<Standing, WireError> {
        Err(WireError::Unreachable)
    }
    /// Sends one chunk of an attachment.
    pub async fn send_chunk(
        _file: &File,
        _from: u32,
        _bytes: Vec<u8>,
    ) -> Result<Standing, WireError> {
        Err(WireError::Unreachable)
    }
    /// The bytes of an attachment.
    pub async fn attachment(_scope: ScopeId, _hash: Hash) -> Result<Vec<u8>, WireError> {
        Err(WireError::Unreachable)
    }
    /// Who is signed in.
    pub async fn me() -> Result<Me, WireError> {
        Err(WireError::Unreachable)
    }
    /// Signs out.
    pub async fn end_session() -> Result<(), WireError> {
        Err(WireError::Unreachable)
    }
}

/// Unsent ops as only the server can open them.
pub mod sealed {
    use replica::sealed::Delivery;
    use replica::stored::Owner;

    pub use crate::device::kinds::{Tally, WireError};

    use super::Disk;

    /// Asks the server for its key.
    pub async fn begin(_owner: &Owner, _disk: &Disk, _epoch: u64) -> Result<(), WireError> {
        Err(WireError::Unreachable)
    }
    /// What a file of sealed things holds.
    pub fn read_file(_text: &str) -> Option<Delivery> {
        None
    }
    /// How many unsent things lie sealed here.
    pub async fn count() -> usize {
        0
    }
    /// Everything that lies sealed here, as a file.
    pub async fn to_file() -> Option<String> {
        None
    }
    /// Delivers what lies sealed here.
    pub async fn deliver() -> Result<Tally, WireError> {
        Err(WireError::Unreachable)
    }
    /// Delivers a colleague's file.
    pub async fn deliver_file(_file: Delivery) -> Result<Tally, WireError> {
        Err(WireError::Unreachable)
    }
}

/// Who may open.
pub mod vault {
    use domain::id::UserId;
    use replica::stored::{DiskError, Owner};

    pub use crate::device::kinds::{Open, Strength, UnlockError, secret_strength};

    /// Whether there is a vault to unlock.
    pub async fn exists() -> Result<bool, DiskError> {
        Err(DiskError::Failed)
    }
    /// Whether this person has a vault here.
    pub async fn owner_exists(_user: UserId) -> Result<bool, DiskError> {
        Err(DiskError::Failed)
    }
    /// Makes this person's vault the one that [`unlock`] opens.
    pub async fn select(_user: UserId) -> Result<bool, DiskError> {
        Err(DiskError::Failed)
    }
    /// Whose vault was here, where the browser has erased the keys.
    pub async fn erased() -> Option<UserId> {
        None
    }
    /// Whether nobody ever had a vault here.
    pub async fn is_nobody_known() -> bool {
        true
    }
    /// Notes that a copy is to be made anew.
    pub async fn give_up(_user: UserId) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
    /// Makes a vault for a person who has none.
    pub async fn create(_secret: &str, _owner: &Owner) -> Result<Open, DiskError> {
        Err(DiskError::Failed)
    }
    /// Opens the selected vault.
    pub async fn unlock(_secret: &str) -> Result<Open, UnlockError> {
        Err(UnlockError::Disk(DiskError::Failed))
    }
    /// Whether a secret opens a person's vault.
    pub async fn prove(_user: UserId, _secret: &str) -> Result<(), UnlockError> {
        Err(UnlockError::Disk(DiskError::Failed))
    }
    /// Erases a person's vault with everything in it.
    pub async fn erase(_user: UserId) -> Result<(), DiskError> {
        Err(DiskError::Failed)
    }
}

/// What is shown when the app has died.
pub mod panic {
    /// Installs the hook.
    pub fn install() {}
}
