//! The encryption of a backup: the format of age (<https://age-encryption.org/v1>), so that other
//! programs open it too. What is inside is the database file as it is.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::str::FromStr as _;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};

use super::BackupError;

/// Shorter ones are guessed.
pub const PASSPHRASE_CHARS_MIN: usize = 16;
/// 2^18 rounds of scrypt take about a second and 256 MB, as the `age` program asks for.
const WORK: u8 = 18;
/// More than this is not tried: a forged file could ask for all memory.
const WORK_MAX: u8 = 20;

/// For whom a backup is encrypted.
pub enum Sealing {
    /// Whoever knows this.
    Passphrase(SecretString),
    /// Whoever has an identity of one of these: the server itself cannot open it.
    Recipients(Vec<x25519::Recipient>),
}

/// What opens a backup.
pub enum Opening {
    /// The passphrase.
    Passphrase(SecretString),
    /// Identities, one of which may fit.
    Identities(Vec<x25519::Identity>),
}

/// Why a key was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No key at all.
    #[error(
        "a backup is encrypted: set PERCORSO_BACKUP_PASSPHRASE, or name who may open it with \
         --recipient age1…"
    )]
    NoSealing,
    /// No key at all.
    #[error(
        "a backup is encrypted: set PERCORSO_BACKUP_PASSPHRASE, or name a file with --identity"
    )]
    NoOpening,
    /// It would be guessed.
    #[error("PERCORSO_BACKUP_PASSPHRASE is too short: take at least 16 characters")]
    Short,
    /// No key of age.
    #[error("a recipient begins with age1 and is copied whole: `age-keygen` tells it")]
    NotARecipient,
    /// No identity in the file.
    #[error(
        "the identity file holds no line AGE-SECRET-KEY-1…: name the one that `age-keygen` wrote"
    )]
    NotAnIdentity,
}

impl Sealing {
    /// What was said: recipients go before the passphrase.
    ///
    /// # Errors
    /// [`KeyError`] says what is missing.
    pub fn of(recipients: &[String], passphrase: Option<String>) -> Result<Self, KeyError> {
        if !recipients.is_empty() {
            let parse = |text: &String| x25519::Recipient::from_str(text.trim());
            let recipients = recipients.iter().map(parse).collect::<Result<_, _>>();
            return recipients
                .map(Self::Recipients)
                .map_err(|_| KeyError::NotARecipient);
        }
        let passphrase = passphrase.ok_or(KeyError::NoSealing)?;
        if passphrase.chars().count() < PASSPHRASE_CHARS_MIN {
            return Err(KeyError::Short);
        }
        Ok(Self::Passphrase(passphrase.into()))
    }
}

impl Opening {
    /// What was said: the text of an identity file goes before the passphrase.
    ///
    /// # Errors
    /// [`KeyError`] says what is missing.
    pub fn of(identity_file: Option<&str>, passphrase: Option<String>) -> Result<Self, KeyError> {
        if let Some(text) = identity_file {
            let lines = text.lines().map(str::trim);
            let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
            let identities = lines.map(x25519::Identity::from_str);
            let identities: Vec<_> = identities
                .collect::<Result<_, _>>()
                .map_err(|_| KeyError::NotAnIdentity)?;
            if identities.is_empty() {
                return Err(KeyError::NotAnIdentity);
            }
            return Ok(Self::Identities(identities));
        }
        let passphrase = passphrase.ok_or(KeyError::NoOpening)?;
        Ok(Self::Passphrase(passphrase.into()))
    }
}

/// Encrypts all of `plain` into `sealed`.
pub(super) fn seal(plain: impl Read, sealed: impl Write, sealing: &Sealing) -> std::io::Result<()> {
    let secret;
    let recipients: Vec<&dyn age::Recipient> = match sealing {
        Sealing::Passphrase(passphrase) => {
            let mut recipient = scrypt::Recipient::new(passphrase.clone());
            // Without optimization, as tests run, it would take minutes.
            if !cfg!(debug_assertions) {
                recipient.set_work_factor(WORK);
            }
            secret = recipient;
            vec![&secret]
        }
        Sealing::Recipients(all) => all
            .iter()
            .map(|one| -> &dyn age::Recipient { one })
            .collect(),
    };
    let encryptor =
        Encryptor::with_recipients(recipients.into_iter()).map_err(std::io::Error::other)?;
    let mut into = encryptor.wrap_output(BufWriter::new(sealed))?;
    std::io::copy(&mut BufReader::new(plain), &mut into)?;
    into.finish()?.flush()
}

/// Decrypts all of `sealed`, which is called `name`, into the file `plain`, and makes sure that it
/// is on disk. Whatever is not as it was written is an error, at the latest at the end.
pub(super) fn open(
    name: &Path,
    sealed: impl Read,
    plain: &Path,
    opening: &Opening,
) -> Result<(), BackupError> {
    let secret;
    let identities: Vec<&dyn age::Identity> = match opening {
        Opening::Passphrase(passphrase) => {
            let mut identity = scrypt::Identity::new(passphrase.clone());
            identity.set_max_work_factor(WORK_MAX);
            secret = identity;
            vec![&secret]
        }
        Opening::Identities(all) => all
            .iter()
            .map(|one| -> &dyn age::Identity { one })
            .collect(),
    };
    let refused = |error| match error {
        DecryptError::NoMatchingKeys
        | DecryptError::KeyDecryptionFailed
        | DecryptError::DecryptionFailed => BackupError::WrongKey(name.to_owned()),
        DecryptError::Io(_)
        | DecryptError::ExcessiveWork { .. }
        | DecryptError::InvalidHeader
        | DecryptError::InvalidMac
        | DecryptError::UnknownFormat => BackupError::Damaged(name.to_owned()),
    };
    let decryptor = Decryptor::new(BufReader::new(sealed)).map_err(refused)?;
    let mut from = decryptor.decrypt(identities.into_iter()).map_err(refused)?;
    let disk = |error| BackupError::disk(&plain.with_extension(""), error);
    let mut into = File::options().write(true).open(plain).map_err(disk)?;
    let mut some = vec![0; 1 << 16];
    loop {
        // A failure to read is told from a failure to write: the one is the backup's, the other
        // the disk's.
        let read = from.read(&mut some);
        let count = read.map_err(|_| BackupError::Damaged(name.to_owned()))?;
        let Some(some) = some.get(..count).filter(|some| !some.is_empty()) else {
            break;
        };
        into.write_all(some).map_err(disk)?;
    }
    into.sync_all().map_err(disk)
}
