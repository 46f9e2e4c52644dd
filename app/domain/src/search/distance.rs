//! How far two words are from each other by their sounds: an edit distance in which what people
//! mix up costs little. Integers only, so that every device ranks alike.

use crate::search::sounds::{ALPHABET, SOUNDS_MAX, Sounds};

/// What a sound costs that is there in one of the words only.
const GAPS: [u8; 32] = gaps(3);
/// The same, where the other word's script leaves short vowels out.
const GAPS_BARE: [u8; 32] = gaps(1);
/// What one sound for another costs.
const SWAPS: [[u8; 32]; 32] = swaps();
/// Two neighbours in the wrong order: a typing error.
const TURNED: u16 = 5;
/// More than any two words are apart.
const FAR: u16 = 10_000;

/// What is mixed up between traditions of writing, scripts and ears: two sounds and their cost.
const PAIRS: &[u8] = b"\
ae1 ei1 ou1 iy0 ey1 uw0 ow0 aw3 ay3 aH0 eH0 iH2 a31 e31 i31 o31 u31 hH0 tH3 3h4 \
bp3 bv2 pf2 pv4 vf2 vw1 fw4 mn4 tT1 td4 tD4 dD1 dT4 DT3 Tz5 Ts2 TS5 Dz1 Ds5 dz5 \
sz3 sc2 sS3 zc3 zZ2 zj4 cS3 ck6 SZ4 Sj4 Sk5 Sx4 cT5 Zj2 Zs5 ZD3 jg2 jG4 jd5 jy3 \
gG2 gk3 gx6 gh6 Gk4 Gx4 Gr4 Gh4 kx3 kh5 xh3 lr6 nl7 rd6 ";

/// No word this far away is alike.
const LOST_MAX: u16 = 46;

/// What a word weighs, how far it is, as a whole and as the beginning of the other.
struct Apart {
    whole: u16,
    beginning: u16,
    typed: u16,
    other: u16,
}

/// How alike two words are as a whole, and how alike the first is to a beginning of the second:
/// 0 to 98, since only the same letters are the same word.
pub fn alike(typed: &Sounds, other: (&[u8], bool)) -> (u8, u8) {
    let (codes, is_bare) = other;
    let gaps_typed = if is_bare && !typed.is_bare {
        &GAPS_BARE
    } else {
        &GAPS
    };
    let gaps_other = if typed.is_bare && !is_bare {
        &GAPS_BARE
    } else {
        &GAPS
    };
    let Some(apart) = apart((&typed.codes, gaps_typed), (codes, gaps_other)) else {
        return (0, 0);
    };
    let whole = share(apart.whole, (apart.typed + apart.other) / 2);
    (whole, share(apart.beginning, apart.typed))
}

/// What the sounds of a word weigh together.
pub fn weight(codes: &[u8]) -> u16 {
    codes.iter().map(|code| cost(&GAPS, *code)).sum()
}

fn share(cost: u16, weight: u16) -> u8 {
    let lost = cost * 100 / weight.max(1);
    u8::try_from(98_u16.saturating_sub(lost)).unwrap_or(0)
}

fn apart(typed: (&[u8], &[u8; 32]), other: (&[u8], &[u8; 32])) -> Option<Apart> {
    let mut before = [FAR; SOUNDS_MAX + 1];
    let mut above = [FAR; SOUNDS_MAX + 1];
    let mut sum = 0;
    let [first, rest @ ..] = &mut above;
    *first = 0;
    for (cell, code) in rest.iter_mut().zip(other.0) {
        sum += cost(other.1, *code);
        *cell = sum;
    }
    let weight_other = sum;
    let weight: u16 = typed.0.iter().map(|code| cost(typed.1, *code)).sum();
    let far = LOST_MAX * weight.max((weight + weight_other) / 2) / 100;
    let mut last_typed = u8::MAX;
    let mut weight_typed = 0;
    for a in typed.0 {
        let gap = cost(typed.1, *a);
        weight_typed += gap;
        let mut row = [FAR; SOUNDS_MAX + 1];
        let [first, rest @ ..] = &mut row;
        *first = weight_typed;
        let (mut left, mut last_other, mut turned_from) = (weight_typed, u8::MAX, FAR);
        let old = above.iter().zip(above.iter().skip(1)).zip(&before);
        for ((cell, ((diagonal, up), earlier)), b) in rest.iter_mut().zip(old).zip(other.0) {
            let mut best = (diagonal + swap(*a, *b))
                .min(up + gap)
                .min(left + cost(other.1, *b));
            if *a == last_other && *b == last_typed {
                best = best.min(turned_from + TURNED);
            }
            *cell = best;
            (left, last_other, turned_from) = (best, *b, *earlier);
        }
        if row
            .iter()
            .take(other.0.len() + 1)
            .min()
            .is_none_or(|least| *least > far)
        {
            return None;
        }
        before = above;
        above = row;
        last_typed = *a;
    }
    let ends = above.iter().take(other.0.len() + 1);
    Some(Apart {
        whole: ends.clone().next_back().copied().unwrap_or(FAR),
        beginning: ends.min().copied().unwrap_or(FAR),
        typed: weight,
        other: weight_other,
    })
}

/// Whether one typing error lies between two words: a letter more, less, other, or two turned.
pub fn is_one_error(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 1 || a.len().min(b.len()) < 3 {
        return false;
    }
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let same = |(a, b): &(&u8, &u8)| a == b;
    let head = a.iter().zip(b).take_while(same).count();
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    if head + tail + 1 >= b.len() {
        return true;
    }
    let middle = |word: &[u8]| {
        let [one, two] = word.get(head..word.len() - tail)?.first_chunk()?;
        (head + tail + 2 == word.len()).then_some((*one, *two))
    };
    matches!((middle(a), middle(b)), (Some((one, two)), Some(other)) if (two, one) == other)
}

fn cost(gaps: &[u8; 32], code: u8) -> u16 {
    gaps.get(usize::from(code & 31))
        .copied()
        .map_or(0, u16::from)
}

fn swap(a: u8, b: u8) -> u16 {
    SWAPS.get(usize::from(a & 31)).map_or(0, |row| cost(row, b))
}

#[expect(
    clippy::indexing_slicing,
    reason = "runs while compiling: a wrong place fails the build"
)]
const fn gaps(vowel: u8) -> [u8; 32] {
    let mut gaps = [8; 32];
    let mut at = 0;
    while at < 32 {
        gaps[at] = match ALPHABET[at] {
            b'a' | b'e' | b'i' | b'o' | b'u' => vowel,
            b'y' | b'w' | b'h' => 4,
            b'3' => 1,
            b'H' => 2,
            _ => 8,
        };
        at += 1;
    }
    gaps
}

#[expect(
    clippy::indexing_slicing,
    reason = "runs while compiling: a wrong place fails the build"
)]
const fn swaps() -> [[u8; 32]; 32] {
    let mut swaps = [[9; 32]; 32];
    let mut at = 0;
    while at < 32 {
        let mut vowel = 0;
        while vowel < 5 {
            if at < 5 {
                swaps[at][vowel] = 2;
            }
            vowel += 1;
        }
        swaps[at][at] = 0;
        at += 1;
    }
    let mut pair = 0;
    while pair + 3 < PAIRS.len() {
        let (a, b) = (place(PAIRS[pair]), place(PAIRS[pair + 1]));
        let cost = PAIRS[pair + 2] - b'0';
        swaps[a][b] = cost;
        swaps[b][a] = cost;
        pair += 4;
    }
    swaps
}

#[expect(
    clippy::indexing_slicing,
    reason = "runs while compiling: a wrong place fails the build"
)]
const fn place(letter: u8) -> usize {
    let mut at = 0;
    while ALPHABET[at] != letter {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::fold;

    fn whole(a: &str, b: &str) -> u8 {
        let [a, b] = [a, b].map(|word| Sounds::of(&fold(word)));
        alike(&a, (&b.codes, b.is_bare)).0
    }

    #[test]
    fn what_people_mix_up_is_nearer_than_what_they_do_not() {
        for (word, near, far) in [
            ("جمال", "Gamal", "Kamel"),
            ("جمال", "Djamel", "Samir"),
            ("خالد", "Khaled", "Walid"),
            ("شعيب", "Chouaib", "Shabir"),
            ("عثمان", "Othmane", "Salman"),
            ("پروين", "Parveen", "Farhan"),
            ("Rossi", "Rosis", "Bossi"),
            ("Mohammed", "Mhamed", "Mahmoud"),
        ] {
            let (near_by, far_off) = (whole(word, near), whole(word, far));
            assert!(
                near_by > far_off,
                "{word}: {near} {near_by}, {far} {far_off}"
            );
            assert!(near_by >= 65, "{word}: {near} {near_by}");
        }
    }

    #[test]
    fn one_typing_error_is_told_from_two() {
        for (a, b, is_one) in [
            ("fatima", "fxtima", true),
            ("fatima", "fatma", true),
            ("fatma", "fatima", true),
            ("fatima", "faitma", true),
            ("fatima", "fatimaa", true),
            ("fatima", "fatima", true),
            ("fatima", "fxtimx", false),
            ("fatima", "fitama", false),
            ("fatima", "fatimaaa", false),
            ("al", "ali", false),
        ] {
            assert_eq!(is_one_error(a, b), is_one, "{a} {b}");
        }
    }

    #[test]
    fn the_beginning_of_a_word_is_found_in_it() {
        let [typed, word] = ["abder", "abderrahmane"].map(Sounds::of);
        let (whole, beginning) = alike(&typed, (&word.codes, word.is_bare));
        assert_eq!(beginning, 98);
        assert!(whole < 80, "{whole}");
    }
}
