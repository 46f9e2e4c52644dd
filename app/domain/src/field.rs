//! A record of registers, one for each field of a thing.

use std::fmt::Debug;

use litemap::LiteMap;

use crate::id::OpId;
use crate::op::Op;
use crate::register::{Register, Write};

/// A value that knows which field of its thing it belongs to.
pub trait Field: Clone + PartialEq + Debug {
    /// Names one field of the thing.
    type Key: Copy + Ord + Debug;

    /// The field that this value is written to.
    fn key(&self) -> Self::Key;

    /// Whether two values that stand need nobody to choose: the later one shows, silently.
    fn settles_itself(key: Self::Key) -> bool;

    /// The texts in it that merge by paragraph; none in a value, of which one is chosen.
    fn texts(&self) -> Vec<&str>;

    /// The same with other texts, as many as [`Field::texts`] gives.
    fn with_texts(&self, texts: Vec<String>) -> Self;
}

/// What a field holds: texts that merge by paragraph, or a value, of which one is chosen.
pub trait Merges: Clone {
    /// Its texts.
    fn texts(&self) -> Vec<&str>;

    /// The same with other texts.
    fn with_texts(&self, texts: Vec<String>) -> Self;
}

impl Merges for String {
    fn texts(&self) -> Vec<&str> {
        vec![self]
    }

    fn with_texts(&self, texts: Vec<String>) -> Self {
        texts.into_iter().next().unwrap_or_default()
    }
}

/// The fields of one thing: for each, a [`Register`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields<F: Field>(LiteMap<F::Key, Register<F>>);

impl<F: Field> Default for Fields<F> {
    fn default() -> Self {
        Self(LiteMap::new())
    }
}

impl<F: Field> Fields<F> {
    /// Adds the write that `op` carries.
    pub fn write(&mut self, op: &Op, value: F) {
        let write = Write {
            author: op.author,
            at: op.at,
            value,
        };
        let register = self.0.entry(write.value.key()).or_default();
        register.write(op.id, write, &op.replaces);
        register.merge_texts();
    }

    /// The value that shows in a field.
    pub fn value(&self, key: F::Key) -> Option<&F> {
        self.0.get(&key)?.value()
    }

    /// A field's register, if anybody ever wrote it.
    pub fn register(&self, key: F::Key) -> Option<&Register<F>> {
        self.0.get(&key)
    }

    /// What a new write to this field has to name in `replaces`.
    pub fn heads(&self, key: F::Key) -> Vec<OpId> {
        self.0.get(&key).map(Register::heads).unwrap_or_default()
    }

    /// Fields in which two different values stand.
    pub fn disputed(&self) -> impl Iterator<Item = (F::Key, &Register<F>)> {
        self.0
            .iter()
            .filter(|(key, register)| !F::settles_itself(**key) && register.is_disputed())
            .map(|(key, r)| (*key, r))
    }

    /// The writes that make up what shows, in every field.
    pub fn current(&self) -> impl Iterator<Item = OpId> {
        self.0.values().flat_map(Register::current)
    }

    /// Takes in what was written to the same thing under another name.
    pub(crate) fn absorb(&mut self, other: &Self) {
        for (key, register) in &other.0 {
            let mine = self.0.entry(*key).or_default();
            mine.absorb(register);
            mine.merge_texts();
        }
    }

    /// Every field that was ever written.
    pub fn iter(&self) -> impl Iterator<Item = (F::Key, &Register<F>)> {
        self.0.iter().map(|(key, register)| (*key, register))
    }
}

/// Declares a field enumeration, its key, and [`Field`] for both. This is the one table of how
/// fields merge: a field marked `text` merges by paragraph, of one marked `silent` the later write
/// shows, every other is a value of which a person chooses.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident / $key:ident {
        $(
            $(#[$vdoc:meta])*
            $variant:ident($value:ty $(, with $with:literal)? $(; $text:ident)?)
        ),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $(#[serde(with = $with)])? $variant($value)),+ }

        #[doc = concat!("Names one field of [`", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $key { $($(#[$vdoc])* $variant),+ }

        impl $key {
            /// Every field, in the order in which they are declared.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
        }

        impl $crate::field::Field for $name {
            type Key = $key;

            fn key(&self) -> $key {
                match self { $(Self::$variant(_) => $key::$variant),+ }
            }

            fn settles_itself(key: $key) -> bool {
                match key { $($key::$variant => $crate::field::settles!($($text)?)),+ }
            }

            fn texts(&self) -> Vec<&str> {
                match self {
                    $(Self::$variant(value) => $crate::field::texts!(value $(, $text)?)),+
                }
            }

            fn with_texts(&self, texts: Vec<String>) -> Self {
                match self {
                    $(Self::$variant(value) => Self::$variant(
                        $crate::field::with_texts!(value, texts $(, $text)?)
                    )),+
                }
            }
        }
    };
}

/// Whether a field marked so settles itself.
macro_rules! settles {
    (silent) => {
        true
    };
    ($($text:ident)?) => {
        false
    };
}

/// The texts of a field's value: those of one marked `text`, none of another.
macro_rules! texts {
    ($value:ident, text) => {
        $crate::field::Merges::texts($value)
    };
    ($value:ident $(, silent)?) => {{
        let _ = $value;
        Vec::new()
    }};
}

/// A field's value with other texts: only of one marked `text`.
macro_rules! with_texts {
    ($value:ident, $texts:ident, text) => {
        $crate::field::Merges::with_texts($value, $texts)
    };
    ($value:ident, $texts:ident $(, silent)?) => {{
        let _ = $texts;
        $value.clone()
    }};
}
pub(crate) use {fields, settles, texts, with_texts};
