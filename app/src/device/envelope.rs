//! The pure half of a sealed envelope: which key and nonce an op is sealed with (HPKE, RFC 9180,
//! base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM).
//!
//! The library that the server opens with brings its own AES and tables of the curve: 70 kB more on
//! every phone. The curve and the hash come from libraries here too, the cipher from the browser;
//! what is written here is the order of RFC 9180, section 4.1 and 5.1, and the library checks it.

use hmac::{Hmac, Mac};
use replica::sealed::{Delivery, INFO, Key};
use sha2::{Digest as _, Sha256};
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

const VERSION: &[u8] = b"HPKE-v1";
/// DHKEM(X25519, HKDF-SHA256).
const KEM: &[u8] = b"KEM\x00\x20";
/// The KEM, HKDF-SHA256, AES-256-GCM.
const SUITE: &[u8] = b"HPKE\x00\x20\x00\x01\x00\x02";
/// No key that both sides knew before.
const MODE_BASE: u8 = 0;

/// What one op is sealed with. Used once.
pub struct Once {
    /// What the server needs to come to the same key.
    pub encapsulated: [u8; 32],
    /// The key.
    pub key: [u8; 32],
    /// The nonce.
    pub nonce: [u8; 12],
}

/// Comes to a key that only the server can come to as well. `fresh` are random bytes that nobody
/// ever sees. `None` for a key of the server's that is no key.
pub fn once(server: &Key, fresh: [u8; 32]) -> Option<Once> {
    let encapsulated = x25519(fresh, X25519_BASEPOINT_BYTES);
    let shared = x25519(fresh, server.0);
    if shared == [0; 32] {
        return None;
    }
    let context = [encapsulated, server.0].concat();
    let extracted = extract(KEM, &[], b"eae_prk", &shared);
    let secret = expand(KEM, &extracted, b"shared_secret", &context, 32);
    let hashes = [
        extract(SUITE, &[], b"psk_id_hash", &[]),
        extract(SUITE, &[], b"info_hash", INFO),
    ];
    let schedule = [&[MODE_BASE], hashes.concat().as_slice()].concat();
    let secret = extract(SUITE, &secret, b"secret", &[]);
    let nonce = expand(SUITE, &secret, b"base_nonce", &schedule, 12);
    Some(Once {
        encapsulated,
        key: expand(SUITE, &secret, b"key", &schedule, 32),
        nonce: *nonce.first_chunk()?,
    })
}

/// By what the server knows a secret: its SHA-256.
pub fn proof(secret: [u8; 32]) -> Key {
    Key(Sha256::digest(secret).into())
}

/// `LabeledExtract`.
fn extract(suite: &[u8], salt: &[u8], label: &[u8], material: &[u8]) -> [u8; 32] {
    mac(salt, &[VERSION, suite, label, material])
}

/// `LabeledExpand`, for no more than one block: the first `length` bytes count.
fn expand(suite: &[u8], secret: &[u8], label: &[u8], info: &[u8], length: u8) -> [u8; 32] {
    mac(secret, &[&[0, length], VERSION, suite, label, info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("a key of any length is one");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Writes a file of sealed things: the very delivery that it will become.
///
/// # Panics
/// Never: all its keys are text.
pub fn file_of(delivery: &Delivery) -> String {
    serde_json::to_string(delivery).expect("a delivery has only string keys")
}

/// What a file of sealed things holds. `None` for any other file.
pub fn read_file(text: &str) -> Option<Delivery> {
    let delivery: Delivery = serde_json::from_str(text).ok()?;
    (!delivery.envelopes.is_empty()).then_some(delivery)
}

#[cfg(test)]
mod tests {
    use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
    use hpke::aead::AesGcm256;
    use hpke::kdf::HkdfSha256;
    use hpke::kem::X25519HkdfSha256;
    use hpke::{Deserializable as _, Kem as _, OpModeR, Serializable as _, single_shot_open};

    use replica::sealed::Envelope;

    use super::*;

    #[test]
    fn the_library_opens_what_is_sealed_so() {
        for _ in 0..8 {
            let (private, public) = X25519HkdfSha256::gen_keypair(&mut rand::rng());
            let server = Key(public.to_bytes().into());
            let once = once(&server, rand::random()).expect("a key");
            let sealed = aes_gcm::Aes256Gcm::new(&once.key.into())
                .encrypt(
                    &once.nonce.into(),
                    Payload {
                        msg: "parole".as_bytes(),
                        aad: &server.head(),
                    },
                )
                .expect("it seals");
            let opened = single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
                &OpModeR::Base,
                &private,
                &<X25519HkdfSha256 as hpke::Kem>::EncappedKey::from_bytes(&once.encapsulated)
                    .expect("a key"),
                INFO,
                &sealed,
                &server.head(),
            );
            assert_eq!(opened.as_deref(), Ok("parole".as_bytes()));
        }
    }

    #[test]
    fn the_server_knows_a_secret_by_its_sha_256() {
        assert_eq!(
            String::from(proof([0; 32])),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }

    #[test]
    fn what_is_no_key_seals_nothing() {
        assert!(once(&Key([0; 32]), [7; 32]).is_none());
    }

    #[test]
    fn a_file_of_sealed_things_is_told_from_any_other() {
        let envelopes = vec![Envelope(vec![1, 2]), Envelope(vec![3])];
        let file = file_of(&Delivery {
            envelopes: envelopes.clone(),
        });
        assert_eq!(file, r#"{"envelopes":["0102","03"]}"#);
        assert_eq!(read_file(&file).map(|file| file.envelopes), Some(envelopes));
        for other in [
            "",
            "{}",
            "[]",
            r#"{"envelopes":[]}"#,
            r#"{"envelopes":["x"]}"#,
        ] {
            assert!(read_file(other).is_none(), "{other}");
        }
    }
}
