//! Sealed delivery: ops that reach the server although nobody can open the copy that holds them.
//!
//! Each unsent op also lies on the phone as an *envelope* that only the server opens: HPKE (RFC
//! 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. So it can be
//! delivered when the PIN is forgotten, the copy's key erased or the session over, or travel as a
//! file that a colleague delivers. A secret inside, which the phone registered while its owner was
//! signed in, says whose it is; what becomes of the op is judged as if its author had sent it.
//!
//! An envelope is `version (1 byte) | begin of the server's key (8) | encapsulated key (32) |
//! ciphertext and tag`. The first nine bytes are what the seal is bound to.

use domain::id::{DeviceId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::message::{Receipt, readable_or_none};

/// The version of the envelopes that phones write now.
pub const VERSION: u8 = 1;
/// What the key schedule is bound to (`info` of RFC 9180, section 5.1).
pub const INFO: &[u8] = b"percorso sealed op 1";
/// What the seal is bound to: version and begin of the server's key.
pub const HEAD_BYTES: usize = 1 + KEY_MARK_BYTES;
/// Envelopes in one delivery at most.
pub const ENVELOPES_MAX: usize = 200;
/// Bytes of envelopes in one delivery at most, unless it is a single one: they travel as
/// hexadecimal digits, and a delivery has to stay below
/// [`REQUEST_BYTES_MAX`](crate::message::REQUEST_BYTES_MAX).
pub const DELIVERY_BYTES_MAX: usize = 200 * 1024;

const KEY_MARK_BYTES: usize = 8;
const ENCAPSULATED_BYTES: usize = 32;
/// An envelope shows a multiple of this and not how long its op is.
const BUCKET_BYTES: usize = 512;

/// Thirty-two bytes: a public key, or a secret. Written as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(pub [u8; 32]);

/// Not shown: it may be a secret.
impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        to_hex(&key.0)
    }
}

impl TryFrom<String> for Key {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = from_hex(&text).ok_or("no hexadecimal digits")?;
        Ok(Self(bytes.try_into().map_err(|_| "not thirty-two bytes")?))
    }
}

impl Key {
    /// The first nine bytes of an envelope that is sealed to this key.
    pub fn head(&self) -> [u8; HEAD_BYTES] {
        let mut head = [VERSION; HEAD_BYTES];
        for (to, from) in head.iter_mut().skip(1).zip(self.0) {
            *to = from;
        }
        head
    }
}

/// A sealed op. Written as hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Envelope(pub Vec<u8>);

impl From<Envelope> for String {
    fn from(envelope: Envelope) -> Self {
        to_hex(&envelope.0)
    }
}

impl TryFrom<String> for Envelope {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        from_hex(&text).map(Self).ok_or("no hexadecimal digits")
    }
}

impl Envelope {
    /// Puts the parts together.
    pub fn new(key: &Key, encapsulated: [u8; 32], ciphertext: &[u8]) -> Self {
        Self([&key.head(), encapsulated.as_slice(), ciphertext].concat())
    }

    /// What the seal is bound to, the encapsulated key, and the ciphertext with its tag. `None`
    /// for bytes that are no envelope.
    pub fn parts(&self) -> Option<(&[u8; HEAD_BYTES], &[u8; ENCAPSULATED_BYTES], &[u8])> {
        let (head, rest) = self.0.split_first_chunk()?;
        let (encapsulated, ciphertext) = rest.split_first_chunk()?;
        Some((head, encapsulated, ciphertext))
    }
}

/// What is inside an envelope.
#[derive(Debug, Serialize, Deserialize)]
pub struct Content {
    /// The device that wrote the op.
    pub device: DeviceId,
    /// Its secret, whose SHA-256 the server knows: only who has it can have sealed this.
    pub secret: Key,
    /// The op, as the bytes of its author.
    pub op: Box<RawValue>,
}

impl Content {
    /// As bytes to be sealed: JSON, and blanks behind it.
    ///
    /// # Panics
    /// Never: all its keys are text.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_string(self)
            .expect("a content has only string keys")
            .into_bytes();
        bytes.resize(bytes.len().next_multiple_of(BUCKET_BYTES), b' ');
        bytes
    }
}

/// A phone asks for the server's key and says how its envelopes will be known. The answer is the
/// public key ([`Key`], X25519).
#[derive(Debug, Serialize, Deserialize)]
pub struct KeyRequest {
    /// The phone.
    pub device: DeviceId,
    /// Whose copy asks.
    pub owner: UserId,
    /// SHA-256 of the phone's secret.
    pub proof: Key,
}

/// Envelopes on their way, and the file that holds them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// The envelopes, oldest first.
    pub envelopes: Vec<Envelope>,
}

/// One word for each envelope, in order: the op's receipt, the same that a sync would have brought.
/// `null` for an envelope that is not for this server, was damaged, or was sealed by a phone that
/// nobody knows; read so as well where the word is of a later release.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeliveryReply {
    /// The words.
    #[serde(deserialize_with = "readable_or_none")]
    pub receipts: Vec<Option<Receipt>>,
    /// The server's restore epoch, to which the numbers belong. A server of the first release does
    /// not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restore_epoch: Option<u64>,
}

impl DeliveryReply {
    /// The words by the places of their envelopes, as they are kept until the copy takes them.
    pub fn delivered(&self) -> Vec<Option<Delivered>> {
        // What nobody dates is older than everything.
        let restore_epoch = self.restore_epoch.unwrap_or(0);
        let kept = |receipt: &Receipt| Delivered {
            receipt: *receipt,
            restore_epoch,
        };
        let receipts = self.receipts.iter();
        receipts.map(|told| told.as_ref().map(kept)).collect()
    }
}

/// The receipt of an op whose envelope was delivered. It takes the envelope's place on the phone,
/// in clear, since whoever delivers may have no key: it names an op and tells nothing of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// The receipt.
    pub receipt: Receipt,
    /// The restore epoch of the server that gave it.
    pub restore_epoch: u64,
}

/// Bytes as hexadecimal digits.
fn to_hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

/// The bytes of hexadecimal digits.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(value(*high)? * 16 + value(*low)?).ok();
    pairs.iter().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_of_an_envelope_is_frozen() {
        let key = Key([0xab; 32]);
        let envelope = Envelope::new(&key, [2; 32], &[3, 4]);
        assert_eq!(
            String::from(envelope.clone()),
            format!("01{}{}0304", "ab".repeat(8), "02".repeat(32))
        );
        let (head, encapsulated, ciphertext) = envelope.parts().expect("an envelope");
        assert_eq!(head, &key.head());
        assert_eq!(encapsulated, &[2; 32]);
        assert_eq!(ciphertext, &[3, 4]);
        assert_eq!(Envelope(vec![1; 40]).parts(), None);
    }

    #[test]
    fn digits_come_back_as_bytes_and_others_are_refused() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(from_hex(&to_hex(&bytes)), Some(bytes));
        for wrong in ["a", "0g", "é0", "+1"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
        assert!(serde_json::from_str::<Key>("\"abcd\"").is_err());
    }

    #[test]
    fn each_word_is_kept_in_its_place_with_the_epoch_of_its_number() {
        let op = "0192f0c1-2b3c-7d4e-8f50-617283940001";
        let receipt = format!(r#"{{"op":"{op}","outcome":{{"accepted":4}}}}"#);
        for (said, restore_epoch) in [("", 0), (r#","restore_epoch":7"#, 7)] {
            let reply = format!(r#"{{"receipts":[null,{receipt}]{said}}}"#);
            let reply: DeliveryReply = serde_json::from_str(&reply).expect("it is read");
            let receipt = serde_json::from_str(&receipt).expect("it is read");
            let kept = Delivered {
                receipt,
                restore_epoch,
            };
            assert_eq!(reply.delivered(), [None, Some(kept)]);
        }
    }

    #[test]
    fn a_content_shows_a_bucket_and_not_its_size() {
        let of = |text: &str| Content {
            device: DeviceId::from_uuid(
                "0192f0c1-2b3c-7d4e-8f50-617283940001".parse().expect("id"),
            ),
            secret: Key([7; 32]),
            op: RawValue::from_string(format!("{{\"words\":{text:?}}}")).expect("json"),
        };
        let (short, long) = (of("a").to_bytes(), of(&"a".repeat(300)).to_bytes());
        assert_eq!(short.len(), 512);
        assert_eq!(short.len(), long.len());
        let read: Content = serde_json::from_slice(&short).expect("blanks are no matter");
        assert_eq!(read.op.get(), "{\"words\":\"a\"}");
    }
}
