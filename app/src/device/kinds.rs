//! What screens and driver may know of the device: plain types and pure rules, the same on phone
//! and server.

use domain::id::{DeviceId, UserId};
use domain::order;
use domain::vocabulary::Role;
use replica::stored::{DiskError, Owner};
use serde::{Deserialize, Serialize};

/// Digits of a PIN at least.
pub const PIN_DIGITS_MIN: usize = 8;
/// Characters of a passphrase at least.
pub const PASSPHRASE_CHARS_MIN: usize = 10;

/// Why a request brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// No connection, or none to the server.
    #[error("the server cannot be reached")]
    Unreachable,
    /// No answer in time.
    #[error("the server did not answer in time")]
    TimedOut,
    /// Sign in again; nothing on the phone is lost.
    #[error("the session has ended")]
    SessionEnded,
    /// This app is too old to read the server's answers.
    #[error("the app has to be updated")]
    UpdateNeeded,
    /// The server understood and said no.
    #[error("refused: {code}")]
    Refused {
        /// The server's stable code.
        code: String,
        /// One sentence of the server for a person.
        message: String,
    },
    /// The server failed; try later.
    #[error("the server failed: {code}")]
    ServerFailed {
        /// The server's stable code.
        code: String,
    },
    /// The answer was not what the protocol says: something stands in between.
    #[error("the answer was not understood")]
    Malformed,
}

/// Why nothing was recorded, photographed or drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMedia {
    /// The person, or the phone's settings, said no.
    NotAllowed,
    /// The phone has no microphone, or none that a browser may use.
    Missing,
    /// It is not a picture that this browser can read.
    Unreadable,
    /// The browser failed.
    Failed,
}

/// One line drawn without lifting the finger: places from left and top, in pixels of the picture.
pub type Stroke = Vec<(f64, f64)>;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The person.
    pub user: UserId,
    /// Their display name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Whether the server's data are invented.
    #[serde(default)]
    pub demonstration: bool,
    /// The copy that keeps this sign-in, once there is one: it is good for no other.
    #[serde(default)]
    pub device: Option<DeviceId>,
}

/// Why the vault stayed shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// Not the secret.
    #[error("wrong secret, {tries_left} tries left")]
    Wrong {
        /// Tries left before the wraps are erased.
        tries_left: u8,
        /// How long the next try has to wait.
        wait_ms: i64,
    },
    /// Too early: this try was not looked at and does not count.
    #[error("wait {ms} ms")]
    Wait {
        /// How long still.
        ms: i64,
    },
    /// The wraps are gone: sign in online and choose a new secret.
    #[error("the key was erased")]
    Erased,
    /// The secret was right, but what it opens is gone, and nothing unsent can be read any more.
    #[error("the copy is gone")]
    Gone {
        /// Whose copy it was.
        user: UserId,
    },
    /// The disk, not the secret.
    #[error(transparent)]
    Disk(DiskError),
}

impl From<DiskError> for UnlockError {
    fn from(error: DiskError) -> Self {
        Self::Disk(error)
    }
}

/// What became of sealed things that were delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// They are in the log.
    pub accepted: usize,
    /// They are kept at the office, which decides.
    pub refused: usize,
    /// The server cannot open them, or does not know who sealed them.
    pub unreadable: usize,
}

/// An unlocked vault.
#[derive(Clone)]
pub struct Open {
    /// Who uses this copy.
    pub owner: Owner,
    /// Their disk.
    pub disk: super::Disk,
}

/// What a chosen secret is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Long and varied enough.
    Enough,
    /// A PIN of fewer than `PIN_DIGITS_MIN` digits.
    PinTooShort,
    /// A passphrase of fewer than `PASSPHRASE_CHARS_MIN` characters.
    PassphraseTooShort,
    /// Repeated or counted through: among the first that anybody tries.
    TooSimple,
}

/// Judges a secret that somebody wants to choose.
pub fn secret_strength(secret: &str) -> Strength {
    let chars: Vec<char> = secret.trim().chars().collect();
    let is_pin = !chars.is_empty() && chars.iter().all(char::is_ascii_digit);
    if is_pin && chars.len() < PIN_DIGITS_MIN {
        return Strength::PinTooShort;
    }
    if !is_pin && chars.len() < PASSPHRASE_CHARS_MIN {
        return Strength::PassphraseTooShort;
    }
    if is_too_simple(&chars) {
        return Strength::TooSimple;
    }
    Strength::Enough
}

/// Whether characters are few, a short period repeated, or steps of one up or down (9 → 0 too).
fn is_too_simple(chars: &[char]) -> bool {
    let mut different = chars.to_vec();
    order::sort_by(&mut different, Ord::cmp);
    different.dedup();
    if different.len() < 3 {
        return true;
    }
    let is_periodic = (1..=chars.len() / 2)
        .filter(|period| *period <= 4)
        .any(|period| {
            chars
                .iter()
                .zip(chars.iter().skip(period))
                .all(|(a, b)| a == b)
        });
    let steps = |by: u32| {
        chars.iter().zip(chars.iter().skip(1)).all(|(a, b)| {
            match (a.to_digit(10), b.to_digit(10)) {
                (Some(a), Some(b)) => (a + by) % 10 == b,
                _ => false,
            }
        })
    };
    is_periodic || steps(1) || steps(9)
}

/// A text that is to be read aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// Its language, as a BCP 47 tag.
    pub language: String,
    /// What is said.
    pub words: String,
}

/// Somebody speaks until this is dropped.
pub struct Hush(Box<dyn Fn()>);

impl Hush {
    /// Falls silent so.
    pub fn new(end: impl Fn() + 'static) -> Self {
        Self(Box::new(end))
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Under which name the device keeps, outside the store, how much was unsent: should the browser
/// erase the store, the person is told what went with it.
pub fn unsent_key(user: UserId) -> String {
    format!("unsent.{user}")
}

#[cfg(test)]
mod tests {
    use super::{Strength, secret_strength};

    #[test]
    fn a_secret_that_everybody_tries_first_is_refused() {
        for (secret, expected) in [
            ("", Strength::PassphraseTooShort),
            ("1234567", Strength::PinTooShort),
            ("12345678", Strength::TooSimple),
            ("23456789012", Strength::TooSimple),
            ("98765432", Strength::TooSimple),
            ("11111111", Strength::TooSimple),
            ("12121212", Strength::TooSimple),
            ("12341234", Strength::TooSimple),
            ("aaaaaaaaaaaa", Strength::TooSimple),
            ("abcabcabcabc", Strength::TooSimple),
            ("cavallo", Strength::PassphraseTooShort),
            ("cavallo blu di notte", Strength::Enough),
            ("ঘোড়া নীল রাত", Strength::Enough),
            ("40518263", Strength::Enough),
        ] {
            assert_eq!(secret_strength(secret), expected, "{secret}");
        }
    }
}
