//! Passwords: Argon2id, stored in the PHC format, computed off the event loop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::{
    Decimal, Error, Ident, Output, ParamsString, PasswordHash, PasswordHasher, PasswordVerifier,
    Salt, SaltString,
};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use rand::seq::IndexedRandom;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The shortest password that a person may choose.
pub const CHARS_MIN: usize = 10;

/// Passwords that are computed with at once: each takes a core and 19 MiB.
const TURNS_MAX: usize = 2;
static TURNS: Semaphore = Semaphore::const_new(TURNS_MAX);

/// The memory of those who had a turn, for those who have the next. Given back and asked for again
/// it would come each time from another thread's part of the allocator, and stay there: after some
/// sign-ins, hundreds of MiB.
static SPARE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// What a password is compared with where its person has no hash: it costs as much as those that
/// [`hash`] makes, so that a stranger waits as long as a user. Made once and for all: the first
/// stranger would otherwise wait for its making too.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1\
                      $hLo3P8MvqFp0zh9tE9xnzQ$ciBOIyf89dMjeIPjY6SOEVUWVDxQFJxHGqM1fmAWC78";

/// Leave to compute with a password. The computation holds it too: whoever asks and goes away does
/// not make room for one more before theirs has ended.
#[derive(Debug)]
pub struct Turn(Arc<SemaphorePermit<'static>>);

impl Turn {
    /// Waits for it.
    pub async fn wait() -> Self {
        let permit = TURNS.acquire().await;
        Self(Arc::new(permit.expect("nobody closes it")))
    }

    /// Whether the password is the one that was hashed; without a hash, takes as long and says no.
    pub async fn check(&self, password: String, hash: Option<String>) -> bool {
        let checked = self.compute(move || {
            is_right(hash.as_deref(), |hash| {
                let compared = Frugal.verify_password(password.as_bytes(), hash);
                compared.is_ok()
            })
        });
        checked.await.unwrap_or(false)
    }

    /// Computes where it does not hold up others; `None` if it failed.
    async fn compute<T: Send + 'static>(
        &self,
        compute: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let turn = self.0.clone();
        let computed = tokio::task::spawn_blocking(move || {
            let computed = compute();
            drop(turn);
            computed
        });
        computed.await.ok()
    }
}

/// Hashes a password with a fresh salt.
///
/// # Errors
/// The password is longer than Argon2 takes.
pub async fn hash(password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    let turn = Turn::wait().await;
    let hashed = turn.compute(move || {
        let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
        let hash = Frugal.hash_password(password.as_bytes(), &salt)?;
        Ok(hash.to_string())
    });
    hashed.await.unwrap_or(Err(Error::Password))
}

/// Argon2 in memory that was used before.
struct Frugal;

impl PasswordHasher for Frugal {
    type Params = Params;

    fn hash_password_customized<'a>(
        &self,
        password: &[u8],
        algorithm: Option<Ident<'a>>,
        version: Option<Decimal>,
        params: Params,
        salt: impl Into<Salt<'a>>,
    ) -> Result<PasswordHash<'a>, Error> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?;
        let version = version.map(Version::try_from).transpose()?;
        let (algorithm, version) = (algorithm.unwrap_or_default(), version.unwrap_or_default());
        let salt = salt.into();
        let mut decoded = [0; Salt::MAX_LENGTH];
        let decoded = salt.decode_b64(&mut decoded)?;
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let shown = ParamsString::try_from(&params)?;
        let argon2 = Argon2::new(algorithm, version, params);
        let hash = Output::init_with(length, |out| {
            let mut memory = Memory::of(argon2.params().block_count());
            Ok(argon2.hash_password_into_with_memory(password, decoded, out, &mut memory.0)?)
        })?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: shown,
            salt: Some(salt),
            hash: Some(hash),
        })
    }
}

/// Memory for one computation, of which the next gets nothing but its size.
struct Memory(Vec<Block>);

impl Memory {
    fn of(blocks: usize) -> Self {
        let mut memory = spare().pop().unwrap_or_default();
        memory.resize(blocks, Block::new());
        Self(memory)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // Whoever reads it some day finds nothing of a password.
        self.0.fill(Block::new());
        spare().push(std::mem::take(&mut self.0));
    }
}

fn spare() -> MutexGuard<'static, Vec<Vec<Block>>> {
    SPARE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What `verify` says about the stored hash. There is no way to an answer but through it, once:
/// also where there is no hash, or none that can be read.
fn is_right(stored: Option<&str>, verify: impl FnOnce(&PasswordHash<'_>) -> bool) -> bool {
    let known = stored.and_then(|hash| PasswordHash::new(hash).ok());
    let is_known = known.is_some();
    let nobody = || PasswordHash::new(NOBODY).expect("a test reads it");
    verify(&known.unwrap_or_else(nobody)) && is_known
}

/// A password to be told over the telephone: four groups of letters that are not mistaken.
pub fn fresh() -> String {
    const LETTERS: &[u8] = b"abcdefghkmnpqrstuvwxyz23456789";
    let mut random = rand::rng();
    let mut group = || -> String {
        (0..4)
            .filter_map(|_| LETTERS.choose(&mut random))
            .map(|letter| char::from(*letter))
            .collect()
    };
    [group(), group(), group(), group()].join("-")
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_hash_is_right() {
        let hash = hash("una password lunga").await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let turn = Turn::wait().await;
        let check = |password: &str, hash| turn.check(password.to_owned(), hash);
        assert!(check("una password lunga", Some(hash.clone())).await);
        assert!(!check("un’altra", Some(hash)).await);
        assert!(!check("nobody", None).await);
        assert!(!check("x", Some("not a hash".to_owned())).await);
    }

    #[tokio::test]
    async fn hashes_that_others_made_are_still_read() {
        // Made by the reference implementation (argon2-cffi 25.1), with our parameters and with
        // others, in one and in two lanes.
        let made = [
            "$argon2id$v=19$m=19456,t=2,p=1\
             $iGD8s7iGsesYUboWHq7mAg$reBKXUxII/B1MY4UWqxIAL834NLEKIr9YmQSEgYHCBs",
            "$argon2id$v=19$m=65536,t=3,p=2\
             $NtxRkIjeaK1cH9vJ33mShA$uOPbQxzQBkuGP91n5uVE19Ox05wDLUxLcGRWZac1OYM",
            "$argon2id$v=19$m=8192,t=1,p=1\
             $K3AFDc0M/0C6QGvm3l7nvw$qxu9SrGAdhqFdmnAGGS3lMGS6ST6HXe9VMcMpe7FXiQ",
        ];
        let turn = Turn::wait().await;
        // Twice, since the memory of the one is the other's.
        for hash in made.iter().chain(&made) {
            let check = |password: &str| turn.check(password.to_owned(), Some((*hash).to_owned()));
            assert!(
                check("una password frozen: perché no? 谢谢").await,
                "{hash}"
            );
            assert!(!check("una password frozen").await, "{hash}");
        }
    }

    #[tokio::test]
    async fn who_goes_away_keeps_the_turn_until_the_computation_ends() {
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let turn = Turn::wait().await;
        let permit = Arc::downgrade(&turn.0);
        let asked = async move { turn.compute(move || wait.recv()).await };
        assert!(asked.now_or_never().is_none(), "it did not wait");
        assert!(permit.upgrade().is_some(), "the turn was given to another");
        drop(go);
        while permit.upgrade().is_some() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn memory_is_used_again_and_holds_nothing_of_a_password() {
        let hashes = (0..16).map(|number| {
            let password = format!("password {number}");
            tokio::spawn(async move { hash(&password).await })
        });
        for hash in hashes.collect::<Vec<_>>() {
            hash.await.expect("no panic").expect("hashes");
        }
        // Nobody else of this program computes while all turns are held.
        let _turns = [Turn::wait().await, Turn::wait().await];
        let spare = spare();
        assert!((1..=TURNS_MAX).contains(&spare.len()), "{}", spare.len());
        let words = |block: &Block| block.as_ref().iter().all(|word| *word == 0);
        assert!(spare.iter().flatten().all(words));
    }

    #[tokio::test]
    async fn a_stranger_costs_one_comparison_as_dear_as_a_users() {
        // Algorithm, version and parameters, and how long salt and hash are.
        let cost = |hash: &str| {
            let parts: Vec<&str> = hash.split('$').collect();
            let (salt, hash) = (parts[4].len(), parts[5].len());
            (parts[..4].join("$"), salt, hash)
        };
        let own = hash("una password lunga").await.expect("hashes");
        for stored in [Some(own.as_str()), None, Some("not a hash")] {
            for answer in [true, false] {
                let mut compared = Vec::new();
                let is_right = is_right(stored, |with| {
                    compared.push(cost(&with.to_string()));
                    answer
                });
                assert_eq!(compared, [cost(&own)], "{stored:?}");
                assert_eq!(is_right, answer && stored == Some(&own), "{stored:?}");
            }
        }
    }

    #[test]
    fn fresh_passwords_are_long_and_differ() {
        let (one, other) = (fresh(), fresh());
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
    }
}
