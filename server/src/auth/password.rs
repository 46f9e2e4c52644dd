//! Passwords: Argon2id, stored in the PHC format, checked off the event loop.

use argon2::Argon2;
use argon2::password_hash::{Error, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::seq::IndexedRandom;

/// The shortest password that a person may choose.
pub const CHARS_MIN: usize = 10;

/// What a password is compared with where its person has no hash: it costs as much as those that
/// [`hash`] makes, so that a stranger waits as long as a user. Made once and for all: the first
/// stranger would otherwise wait for its making too.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1\
                      $hLo3P8MvqFp0zh9tE9xnzQ$ciBOIyf89dMjeIPjY6SOEVUWVDxQFJxHGqM1fmAWC78";

/// Hashes a password with a fresh salt.
///
/// # Errors
/// The password is longer than Argon2 takes.
pub fn hash(password: &str) -> Result<String, Error> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>())?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed; without a hash, takes as long and says no.
pub async fn check(password: String, hash: Option<String>) -> bool {
    let checked = tokio::task::spawn_blocking(move || {
        is_right(hash.as_deref(), |hash| {
            let compared = Argon2::default().verify_password(password.as_bytes(), hash);
            compared.is_ok()
        })
    });
    checked.await.unwrap_or(false)
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
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_hash_is_right() {
        let hash = hash("una password lunga").expect("hashes");
        assert!(hash.starts_with("$argon2id$"));
        assert!(check("una password lunga".to_owned(), Some(hash.clone())).await);
        assert!(!check("un’altra".to_owned(), Some(hash)).await);
        assert!(!check("nobody".to_owned(), None).await);
        assert!(!check("x".to_owned(), Some("not a hash".to_owned())).await);
    }

    #[test]
    fn a_stranger_costs_one_comparison_as_dear_as_a_users() {
        // Algorithm, version and parameters, and how long salt and hash are.
        let cost = |hash: &str| {
            let parts: Vec<&str> = hash.split('$').collect();
            let (salt, hash) = (parts[4].len(), parts[5].len());
            (parts[..4].join("$"), salt, hash)
        };
        let own = hash("una password lunga").expect("hashes");
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
