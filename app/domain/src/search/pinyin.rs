//! Chinese characters as people spell them in Latin letters: Hanyu Pinyin without tones.
//!
//! A table of 4,100 characters: all of GB 2312 level 1 and those beyond it that names are made
//! of, simplified as on the papers of the People's Republic; each with one reading, which for a
//! family name is the one it has as a name (曾 zeng). `tests/search/pinyin.rs` makes the table
//! anew and says where it comes from. A crate would be ten times as large: `pinyin` knows 47,000
//! characters with tones, `any_ascii` and `deunicode` every script there is.

/// Two bytes for each character: five bits of distance to the one before, five bits of initial,
/// six bits of final. A final of [`FAR`] is only a distance.
const TABLE: &[u8] = include_bytes!("pinyin.bin");
const FAR: u16 = 63;

/// What a syllable may begin with.
pub const INITIALS: [&str; 24] = [
    "", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh",
    "r", "z", "c", "s", "y", "w",
];
/// What a syllable may end with.
pub const FINALS: [&str; 36] = [
    "a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "er", "i", "ia", "ian", "iang", "iao",
    "ie", "in", "ing", "iong", "iu", "o", "ong", "ou", "u", "ua", "uai", "uan", "uang", "ue", "ui",
    "un", "uo", "ve", "v", "n", "ng",
];

/// The syllable of a character; empty for one that is not in the table.
pub fn of(character: char) -> String {
    let mut at: u32 = 0x4e00;
    for bytes in TABLE.chunks_exact(2) {
        let entry = bytes
            .iter()
            .fold(0, |entry, byte| entry << 8 | u16::from(*byte));
        at += u32::from(entry >> 11);
        if entry & FAR == FAR || at < u32::from(character) {
            continue;
        }
        if at > u32::from(character) {
            break;
        }
        let part = |parts: &'static [&str], place: u16| {
            parts.get(usize::from(place)).copied().unwrap_or_default()
        };
        return part(&INITIALS, entry >> 6 & 31).to_owned() + part(&FINALS, entry & FAR);
    }
    String::new()
}
