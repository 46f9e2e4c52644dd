//! What is attached to a family's file: recorded voice, photos, drawn signatures.
//!
//! An op says what was attached; its bytes travel by themselves and are known by their hash. So a
//! slow line never holds back a word for the sake of a photo.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::id::{AttachmentId, GoalId, VersionId, VisitId};

/// Bytes of one attachment at most.
pub const BYTES_MAX: u32 = 10 * 1024 * 1024;
/// Bytes of all attachments of one family at most.
pub const FAMILY_BYTES_MAX: u64 = 500 * 1024 * 1024;
/// The longest recording, in seconds.
pub const VOICE_SECONDS_MAX: u16 = 5 * 60;
/// The longer side of a photo at most, in pixels.
pub const PHOTO_PIXELS_MAX: u32 = 1_600;

/// Something recorded, photographed or drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its id: also the name under which it lies on a phone.
    pub id: AttachmentId,
    /// What it is.
    pub kind: Kind,
    /// How its bytes are to be read.
    pub format: Format,
    /// How many bytes there are.
    pub bytes: u32,
    /// By what the bytes are known.
    pub hash: Hash,
    /// How long a recording lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u16>,
    /// What it belongs to.
    pub about: About,
}

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Recorded voice.
    Voice,
    /// A photo.
    Photo,
    /// A signature drawn on the glass.
    Signature,
}

/// How the bytes are to be read. A closed list: nobody's file is shown as a page or a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// `audio/webm`
    Webm,
    /// `audio/ogg`
    Ogg,
    /// `audio/mp4`
    Mp4,
    /// `image/jpeg`
    Jpeg,
    /// `image/png`
    Png,
}

impl Format {
    /// The media type (RFC 6838).
    pub const fn media(self) -> &'static str {
        match self {
            Self::Webm => "audio/webm",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "audio/mp4",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// How the name of such a file ends.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Webm => "webm",
            Self::Ogg => "ogg",
            Self::Mp4 => "m4a",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// What an attachment belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The diary: it is an entry by itself.
    Diary,
    /// A visit.
    Visit(VisitId),
    /// The family's answer to a version.
    Answer(VersionId),
    /// A goal: what the family wants, in its own voice (schema 4).
    Goal(GoalId),
}

impl Attachment {
    /// Whether it keeps the limits and is in a form of its kind.
    pub fn fits(&self) -> bool {
        let is_timed = self
            .seconds
            .is_none_or(|length| length <= VOICE_SECONDS_MAX);
        let is_of_kind = match (self.kind, self.format) {
            (Kind::Voice, Format::Webm | Format::Ogg | Format::Mp4) => self.seconds.is_some(),
            (Kind::Photo, Format::Jpeg) | (Kind::Signature, Format::Png) => self.seconds.is_none(),
            (
                Kind::Voice | Kind::Photo | Kind::Signature,
                Format::Webm | Format::Ogg | Format::Mp4 | Format::Jpeg | Format::Png,
            ) => false,
        };
        is_of_kind && is_timed && (1..=BYTES_MAX).contains(&self.bytes)
    }
}

/// SHA-256 of an attachment's bytes. Written as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash([u8; 32]);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

/// A text that is no hash: sixty-four lowercase hexadecimal digits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sixty-four lowercase hexadecimal digits")]
pub struct NoHash;

impl TryFrom<String> for Hash {
    type Error = NoHash;

    fn try_from(text: String) -> Result<Self, NoHash> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            // One spelling only: the hash is also the name of a file.
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(NoHash),
        };
        let mut hash = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != hash.len() || !rest.is_empty() {
            return Err(NoHash);
        }
        for (to, [high, low]) in hash.iter_mut().zip(pairs) {
            *to = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(hash))
    }
}
