//! How a word sounds, written in one small alphabet whatever the script: what two spellings of a
//! name have in common.
//!
//! The alphabet is coarse on purpose and never shown to anybody. `S` is sh and ch, `x` kh,
//! `G` gh, `T` th, `D` dh, `c` ts, `Z` zh, `3` the Arabic ayn, `H` an ending that is written -a,
//! -ah, -at or -e. A letter that sounds like nothing in it is left out.

use crate::search::pinyin;
use crate::search::words::is_han;

/// Every sound, in the order of its code.
pub const ALPHABET: &[u8; 32] = b"aeiouywh3HbpvfmntTdDszcSZjgGkxlr";
/// The most sounds of a word that are looked at.
pub const SOUNDS_MAX: usize = 20;

/// U+0621 to U+064A.
const ARABIC: &[u8] = b"-aawayabHtTjhxdDrzsSsDtD3G------fkklmnhwyy";
/// U+0430 to U+045F; before the vowels of `яюєё` comes a `y`.
const CYRILLIC: &[u8] = b"abvGdeZziyklmnoprstufxcSSS-i-eua--jgeziiylnSki-j";
/// The blocks of Devanagari, Bengali, Gurmukhi and their sisters share one order, from +0x01.
const INDIC: &[u8] = b"nnh-aaiiuurleeeeooookxgGnSSjjntTdDntTdDnnpfbbmyrrlllvSSsh\
----aiiuurreeeeoooo-----------kxGzrrfyrlll------------n";

/// The code of every ASCII letter that is a sound, else [`NONE`].
const CODES: [u8; 128] = codes();
const NONE: u8 = 255;

/// How a word sounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sounds {
    /// Places in [`ALPHABET`]; a doubled letter is one sound.
    pub codes: Vec<u8>,
    /// Whether the script leaves short vowels out, as Arabic does.
    pub is_bare: bool,
}

impl Sounds {
    /// The sounds of one folded word.
    pub fn of(word: &str) -> Self {
        let mut sounds = Self::default();
        let mut latin = String::new();
        let mut before = ' ';
        let mut rest = word.chars();
        while let Some(letter) = rest.next() {
            if letter.is_ascii() {
                latin.push(letter);
                continue;
            }
            if is_han(letter) {
                latin.push_str(&pinyin::of(letter));
                continue;
            }
            sounds.push_latin(latin.as_bytes());
            latin.clear();
            let next = rest.as_str().chars().next();
            match letter {
                '\u{0600}'..='\u{06ff}' => sounds.push_arabic(letter, before, next),
                '\u{0430}'..='\u{0491}' => sounds.push_cyrillic(letter, before),
                '\u{0900}'..='\u{0dff}' => sounds.push_indic(letter, rest.as_str()),
                _ => {}
            }
            before = letter;
        }
        sounds.push_latin(latin.as_bytes());
        sounds.codes.truncate(SOUNDS_MAX);
        sounds
    }

    fn push(&mut self, letter: u8) {
        // Arabic writes a doubled letter once: two letters are two sounds, but for long vowels
        // and the name of God.
        let is_two = self.is_bare && !b"lwy".contains(&letter);
        let code = CODES.get(usize::from(letter)).copied().unwrap_or(NONE);
        if code != NONE && (is_two || self.codes.last() != Some(&code)) {
            self.codes.push(code);
        }
    }

    fn push_latin(&mut self, mut rest: &[u8]) {
        loop {
            let (sound, tail) = match rest {
                [] => return,
                [b's' | b't', b'c', b'h', tail @ ..] | [b's' | b'c', b'h', tail @ ..] => {
                    (b'S', tail)
                }
                [b'k', b'h', tail @ ..] => (b'x', tail),
                [b'g', b'h', tail @ ..] => (b'G', tail),
                [b't', b'h', tail @ ..] => (b'T', tail),
                [b'd', b'h', tail @ ..] => (b'D', tail),
                [b'z', b'h', tail @ ..] => (b'Z', tail),
                [b'p', b'h', tail @ ..] => (b'f', tail),
                [b'b', b'h', tail @ ..] => (b'b', tail),
                [b'r', b'h', tail @ ..] => (b'r', tail),
                [b'j', b'h', tail @ ..] | [b'd', b'j', tail @ ..] => (b'j', tail),
                [b't', b's' | b'z', tail @ ..] => (b'c', tail),
                [b'o', b'u' | b'o', tail @ ..] => (b'u', tail),
                [b'e', b'e', tail @ ..] => (b'i', tail),
                [b'g', b'u', b'e' | b'i', ..] => (b'g', after(rest, 2)),
                [b'q', b'u', b'e' | b'i', ..] => (b'k', after(rest, 2)),
                [b'c', b'e' | b'i' | b'y', ..] => (b's', after(rest, 1)),
                [b'c' | b'q', tail @ ..] => (b'k', tail),
                // Xiaoming, Xhevdet; but Alexandru.
                [b'x', tail @ ..] if self.codes.is_empty() => (b'S', tail),
                [b'x', tail @ ..] => {
                    self.push(b'k');
                    (b's', tail)
                }
                [letter, tail @ ..] => (*letter, tail),
            };
            self.push(sound);
            rest = tail;
        }
    }

    fn push_arabic(&mut self, letter: char, before: char, next: Option<char>) {
        self.is_bare = true;
        let sound = match letter {
            // An alef that only carries the vowel after it.
            'ا' if before == ' ' && matches!(next, Some('و' | 'ي')) => return,
            'ه' if next.is_none() && before != ' ' => b'H',
            'پ' | 'ڀ' => b'p',
            'ٻ' => b'b',
            'ٹ' | 'ټ' | 'ٺ' | 'ٿ' => b't',
            'چ' | 'ڇ' | 'ښ' => b'S',
            'څ' => b'c',
            'ځ' => b'z',
            'ڄ' => b'j',
            'ڈ' | 'ډ' | 'ڊ' | 'ڏ' => b'd',
            'ڌ' => b'D',
            'ڑ' | 'ړ' | 'ڙ' => b'r',
            'ژ' | 'ږ' => b'Z',
            'ڤ' => b'v',
            'ڦ' => b'f',
            'ڪ' => b'k',
            'گ' | 'ڭ' | 'ڨ' | 'ڳ' | 'ګ' => b'g',
            'ڻ' | 'ڼ' => b'n',
            'ۋ' => b'w',
            'ۍ' => b'y',
            'ھ' => return self.aspirate(),
            other => in_table(ARABIC, '\u{0621}', other),
        };
        self.push(sound);
    }

    /// The two-eyed he of Urdu makes the letter before it breathe: گھ is gh.
    fn aspirate(&mut self) {
        let Some(last) = self.codes.pop() else {
            return self.push(b'h');
        };
        let letter = ALPHABET.get(usize::from(last)).copied().unwrap_or(b'-');
        let sound = match letter {
            b'k' => b'x',
            b'g' => b'G',
            b't' => b'T',
            b'd' => b'D',
            b'w' | b'y' | b'a' | b'm' | b'n' | b'l' => {
                self.codes.push(last);
                b'h'
            }
            other => other,
        };
        self.push(sound);
    }

    fn push_cyrillic(&mut self, letter: char, before: char) {
        if matches!(letter, 'я' | 'ю' | 'є' | 'ё') {
            self.push(b'y');
        }
        // дж is one sound, as in Джамал.
        if letter == 'ж' && before == 'д' {
            self.codes.pop();
            return self.push(b'j');
        }
        self.push(match letter {
            'ґ' => b'g',
            other => in_table(CYRILLIC, '\u{0430}', other),
        });
    }

    fn push_indic(&mut self, letter: char, rest: &str) {
        const NUKTA: u32 = 0x3c;
        const VIRAMA: u32 = 0x4d;
        let place = u32::from(letter) & 0x7f;
        let mut signs = rest.chars().map(|sign| u32::from(sign) & 0x7f).peekable();
        let has_nukta = signs.next_if_eq(&NUKTA).is_some();
        let follows = signs.next();
        let mut sound = match letter {
            // The Bengali letters that are said otherwise than their sisters.
            'য' => b'j',
            'ৎ' => b't',
            'ৰ' => b'r',
            'ৱ' => b'w',
            _ => place
                .checked_sub(1)
                .and_then(|place| usize::try_from(place).ok())
                .and_then(|place| INDIC.get(place).copied())
                .unwrap_or(b'-'),
        };
        let is_consonant = matches!(place, 0x15..=0x39 | 0x58..=0x5f) || letter == 'ৎ';
        if is_consonant && has_nukta {
            sound = match sound {
                b'j' if letter == 'য' => b'y',
                b'j' => b'z',
                b'S' => b's',
                b's' => b'S',
                b'd' | b'D' => b'r',
                other => other,
            };
        }
        // The carriers of Gurmukhi say nothing themselves.
        let is_carrier = matches!(letter, 'ੲ' | 'ੳ');
        if place == NUKTA || place == VIRAMA || is_carrier {
            return;
        }
        self.push(sound);
        // A consonant is followed by a short vowel, unless a sign says otherwise or the word ends.
        let has_sign = matches!(follows, None | Some(0x3e..=0x4d | 0x70));
        if is_consonant && !has_sign {
            self.push(b'a');
        }
    }
}

fn after(letters: &[u8], count: usize) -> &[u8] {
    letters.get(count..).unwrap_or_default()
}

fn in_table(table: &[u8], start: char, letter: char) -> u8 {
    u32::from(letter)
        .checked_sub(u32::from(start))
        .and_then(|place| usize::try_from(place).ok())
        .and_then(|place| table.get(place).copied())
        .unwrap_or(b'-')
}

#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "runs while compiling: a wrong place is a build that fails"
)]
const fn codes() -> [u8; 128] {
    let mut codes = [NONE; 128];
    let mut code = 0;
    while code < ALPHABET.len() {
        codes[ALPHABET[code] as usize] = code as u8;
        code += 1;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::fold;

    fn spelled(word: &str) -> String {
        let letter = |code: &u8| char::from(ALPHABET[usize::from(*code)]);
        Sounds::of(&fold(word)).codes.iter().map(letter).collect()
    }

    #[test]
    fn names_of_every_script_sound_like_their_latin_spelling() {
        for (word, sounds) in [
            ("Mohammed", "mohamed"),
            ("Djamel", "jamel"),
            ("Chérif", "Serif"),
            ("Khouaja", "xuaja"),
            ("Baccouche", "bakuSe"),
            ("Guenidi", "genidi"),
            ("Alexandru", "aleksandru"),
            ("محمد", "mhmd"),
            ("فاطمة", "fatmH"),
            ("قنديل", "kndyl"),
            ("النني", "alnny"),
            ("داوود", "dawd"),
            ("الله", "alH"),
            ("ایاز", "yaz"),
            ("چودھری", "SwDry"),
            ("بھٹی", "bty"),
            ("کھوکھر", "xwxr"),
            ("گھر", "Gr"),
            ("Шевченко", "SevSenko"),
            ("Ґалаґан", "galagan"),
            ("Юлія", "yuliya"),
            ("Джамал", "jamal"),
            ("Зеленський", "zelenskiy"),
            ("सिंह", "sinh"),
            ("शर्मा", "Sarma"),
            ("राज़िया", "raziya"),
            ("ਗੁਰਪ੍ਰੀਤ", "guraprit"),
            ("ਸਿੰਘ", "sinG"),
            ("ਸ਼ਰਮਾ", "Sarama"),
            ("রহমান", "rahaman"),
            ("জাহিদ", "jahid"),
            ("যাদব", "jadab"),
            ("আয়ান", "ayan"),
            ("王", "wang"),
            ("小明", "Siaoming"),
        ] {
            assert_eq!(spelled(word), sounds, "{word}");
        }
    }
}
