//! Chance from a seed, so that every run and every contestant sees the same words.

use std::time::Duration;

/// A small generator (SplitMix64). Never for secrets.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The generator of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The random part of an id.
    pub fn id_bits(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        let drawn = [self.bits().to_le_bytes(), self.bits().to_le_bytes()];
        for (byte, drawn) in bytes.iter_mut().zip(drawn.as_flattened()) {
            *byte = *drawn;
        }
        bytes
    }

    /// One of these.
    pub fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let among = u64::try_from(words.len()).unwrap_or(1).max(1);
        let place = usize::try_from(self.bits() % among).unwrap_or(0);
        words.get(place).copied().unwrap_or_default()
    }

    /// How long until the next arrival, where arrivals know nothing of each other and `mean` lies
    /// between two of them.
    pub fn until_next(&mut self, mean: Duration) -> Duration {
        let drawn = u32::try_from(self.bits() >> 32).unwrap_or(0);
        // Between 0 and 1, never 0, of which there is no logarithm.
        let part = (f64::from(drawn) + 1.0) / (f64::from(u32::MAX) + 1.0);
        mean.mul_f64(-part.ln())
    }
}
