//! Chance that always falls the same way: everything drawn comes from a seed and a stream.
//!
//! Only `next_u64` of the generator is used: its values are fixed by the ChaCha specification,
//! while the ways in which a library turns them into ranges may change between releases.

use domain::id::Millis;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of draws.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The draws of one stream of a seed. Streams do not depend on each other, so that a change
    /// in one family's story leaves the others as they were.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from 0 to `end - 1`; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.0.next_u64() % end).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = usize::try_from(high - low + 1).unwrap_or(1);
        low + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// True `percent` times in a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        from.get(self.below(from.len()))
            .expect("nothing is picked from an empty list")
    }

    /// One of several, each as often as its weight says.
    pub fn weighted<'a, T>(&mut self, from: &'a [T], weight: impl Fn(&T) -> usize) -> &'a T {
        let mut left = self.below(from.iter().map(&weight).sum());
        for item in from {
            let of_item = weight(item);
            if left < of_item {
                return item;
            }
            left -= of_item;
        }
        from.first().expect("nothing is picked from an empty list")
    }

    /// Puts a list in a random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, self.below(end + 1));
        }
    }

    /// An id of any kind, made at `now`.
    pub fn id<I>(&mut self, now: Millis, new: fn(Millis, [u8; 10]) -> I) -> I {
        let mut random = [0; 10];
        self.0.fill_bytes(&mut random);
        new(now, random)
    }
}
