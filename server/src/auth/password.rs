//! Passwords: Argon2id, stored in the PHC format, checked off the event loop.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{Error, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::seq::IndexedRandom;

/// The shortest password that a person may choose.
pub const CHARS_MIN: usize = 10;

/// What a password of nobody is compared with, so that a stranger waits as long as a user.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash("nobody").expect("the default parameters hash any password"));

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
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let Ok(parsed) = PasswordHash::new(&hash) else {
            return false;
        };
        let is_same = Argon2::default().verify_password(password.as_bytes(), &parsed);
        is_same.is_ok() && is_known
    });
    checked.await.unwrap_or(false)
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
    fn fresh_passwords_are_long_and_differ() {
        let (one, other) = (fresh(), fresh());
        assert_eq!(one.len(), 19);
        assert_ne!(one, other);
    }
}
