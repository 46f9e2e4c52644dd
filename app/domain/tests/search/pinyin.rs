//! Makes the table of `domain::search::pinyin` anew and compares.
//!
//! Characters: `characters.txt`, which is GB 2312 level 1 (3,755, by frequency of use in the
//! People's Republic) and the other characters of common family and given names. Readings: crate
//! `pinyin` 0.11 (MIT), made from mozillazg/pinyin-data (MIT), the first and most frequent one.

use std::path::Path;

use ::pinyin::ToPinyin as _;
use domain::search::pinyin;

const CHARACTERS: &str = include_str!("characters.txt");

/// Where a family name is read otherwise than the character elsewhere.
const AS_NAMES: [(char, &str); 16] = [
    ('曾', "zeng"),
    ('单', "shan"),
    ('解', "xie"),
    ('任', "ren"),
    ('查', "zha"),
    ('仇', "qiu"),
    ('区', "ou"),
    ('覃', "qin"),
    ('朴', "piao"),
    ('翟', "zhai"),
    ('盖', "ge"),
    ('乐', "le"),
    ('种', "zhong"),
    ('尹', "yin"),
    ('沈', "shen"),
    ('贾', "jia"),
];

#[test]
fn the_table_is_what_its_source_says() {
    let made = table();
    let shipped = include_bytes!("../../src/search/pinyin.bin");
    if made != shipped {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pinyin.bin");
        std::fs::write(&fresh, &made).expect("the folder for tests is writable");
        panic!(
            "copy {} to app/domain/src/search/pinyin.bin",
            fresh.display()
        );
    }
}

#[test]
fn every_character_of_the_list_is_read() {
    for character in characters() {
        assert_eq!(pinyin::of(character), reading(character), "{character}");
    }
    assert_eq!(
        pinyin::of('龘'),
        "",
        "what is not in the list is not guessed"
    );
    assert_eq!(pinyin::of('a'), "");
}

fn characters() -> Vec<char> {
    let mut all: Vec<char> = CHARACTERS.chars().filter(|c| !c.is_whitespace()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn reading(character: char) -> String {
    let named = AS_NAMES.iter().find(|(name, _)| *name == character);
    let plain = || {
        character
            .to_pinyin()
            .expect("a character in use has a reading")
            .plain()
    };
    named
        .map_or_else(plain, |(_, reading)| reading)
        .replace('ü', "v")
}

fn table() -> Vec<u8> {
    let mut table = Vec::new();
    let mut at = 0x4e00;
    for character in characters() {
        let mut distance = u32::from(character) - at;
        while distance > 31 {
            table.extend((31_u16 << 11 | 63).to_be_bytes());
            distance -= 31;
        }
        let reading = reading(character);
        // The longest initial whose rest is a final.
        let (initial, last) = (0..pinyin::INITIALS.len())
            .rev()
            .filter_map(|initial| {
                let rest = reading.strip_prefix(pinyin::INITIALS[initial])?;
                let last = pinyin::FINALS.iter().position(|last| *last == rest)?;
                Some((initial, last))
            })
            .max_by_key(|(initial, _)| pinyin::INITIALS[*initial].len())
            .unwrap_or_else(|| panic!("{character}: `{reading}` is no syllable of the list"));
        let entry = (distance as u16) << 11 | (initial as u16) << 6 | last as u16;
        table.extend(entry.to_be_bytes());
        at = u32::from(character);
    }
    table
}
