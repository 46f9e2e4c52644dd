//! Codes: the words of lists that grow with releases, in what phone and server say beside ops.
//!
//! An op that holds a word of a later release is kept as it came
//! ([`Change::Unknown`](crate::op::Change::Unknown)). A grant or a refusal has nothing around it
//! that could be kept in its stead: so each such list has room for a code that this build does not
//! know. It is kept, written again as it came, and gives nobody any right.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// Bytes of a code at most. Frozen: the builds in the field have room for no more.
pub const BYTES_MAX: usize = 32;

/// A code as it came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    bytes: [u8; BYTES_MAX],
    length: u8,
}

impl Code {
    /// The code; `None` for a text that is longer than a code can be.
    pub fn new(text: &str) -> Option<Self> {
        let mut bytes = [0; BYTES_MAX];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        Some(Self {
            bytes,
            length: u8::try_from(text.len()).ok()?,
        })
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length));
        bytes
            .and_then(|bytes| str::from_utf8(bytes).ok())
            .unwrap_or_default()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Code;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a code of at most {BYTES_MAX} bytes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Code, E> {
        Code::new(text).ok_or_else(|| E::invalid_length(text.len(), &self))
    }
}

/// Declares a list of codes with room for those of later releases. A code that was released is
/// never renamed or removed.
#[macro_export]
macro_rules! codes {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($(#[$vdoc:meta])* $variant:ident: $code:literal,)+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A code of a later release.
            Unknown($crate::code::Code),
        }

        $(const _: () = assert!($code.len() <= $crate::code::BYTES_MAX);)+

        impl $name {
            /// The stable code.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Unknown(code) => code.as_str(),
                }
            }
        }

        impl From<$crate::code::Code> for $name {
            fn from(code: $crate::code::Code) -> Self {
                match code.as_str() {
                    $($code => Self::$variant,)+
                    _ => Self::Unknown(code),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <$crate::code::Code as ::serde::Deserialize>::deserialize(from).map(Self::from)
            }
        }
    )+};
}
