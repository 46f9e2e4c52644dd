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
        self.0
            .entry(write.value.key())
            .or_default()
            .write(op.id, write, &op.replaces);
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
            .filter(|(_, register)| register.is_disputed())
            .map(|(key, r)| (*key, r))
    }

    /// Every field that was ever written.
    pub fn iter(&self) -> impl Iterator<Item = (F::Key, &Register<F>)> {
        self.0.iter().map(|(key, register)| (*key, register))
    }
}

/// Declares a field enumeration, its key, and [`Field`] for both.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident / $key:ident {
        $($(#[$vdoc:meta])* $variant:ident($value:ty $(, with $with:literal)?)),+ $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $(#[serde(with = $with)])? $variant($value)),+ }

        #[doc = concat!("Names one field of [`", stringify!($name), "`].")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $key { $($(#[$vdoc])* $variant),+ }

        impl $crate::field::Field for $name {
            type Key = $key;

            fn key(&self) -> $key {
                match self { $(Self::$variant(_) => $key::$variant),+ }
            }
        }
    };
}
pub(crate) use fields;
