//! Search on real names: who is found, and where the table of Chinese characters comes from.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that is wrong about an index fails, which is what tests are for"
)]

mod pinyin;
mod recall;
