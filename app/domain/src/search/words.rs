//! From a text to the words that a search compares: lower case, without what people leave out.
//!
//! Keeps every script as it is: how a word sounds is for `search::sounds` to say.

/// U+00DF to U+017F without their marks; `-` stands for more than one letter, see [`push`].
const LATIN_1: &[u8] =
    b"-aaaaaa-ceeeeiiiidnooooo-ouuuuy-yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiii\
iii--jjkkkllllllllllnnnnnnnnnoooooo--rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
/// U+1EA0 to U+1EF9, the letters of Vietnamese.
const LATIN_2: &[u8] = b"aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooo\
uuuuuuuuuuuuuuyyyyyyyy";

/// What joins a name to the next one and is written, glued or left out as people like.
const ARTICLES: [&str; 18] = [
    "al", "el", "ul", "il", "as", "es", "us", "ash", "esh", "ush", "ech", "ad", "ed", "ud", "an",
    "ur", "er", "ال",
];

/// "Servant of", the first half of many names, glued to the second or not.
const SERVANT: [&str; 2] = ["abd", "عبد"];
/// "Of the faith" and "of God", the second half of many names, as they are glued to the first.
const ENDINGS: [(&str, &str); 16] = [
    ("eddine", "din"),
    ("eddin", "din"),
    ("uddine", "din"),
    ("uddin", "din"),
    ("uddeen", "din"),
    ("oddin", "din"),
    ("addine", "din"),
    ("addin", "din"),
    ("udin", "din"),
    ("eldine", "din"),
    ("eldin", "din"),
    ("aldin", "din"),
    ("الدين", "الدين"),
    ("ullah", "ullah"),
    ("ollah", "ullah"),
    ("الله", "الله"),
];

/// A text without what people leave out when they search: accents, case, apostrophes, the vowel
/// marks of Arabic and the several shapes of its letters.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        push(&mut folded, letter);
    }
    folded
}

/// The words of a text, folded, without articles that stand alone beside other words. A run of
/// Chinese characters is a family name and a given name.
pub fn words_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> = Vec::new();
    for word in folded.split_whitespace() {
        let (first, rest) = halves(word);
        words.push(first.to_owned());
        words.extend(
            Some(rest)
                .filter(|rest| !rest.is_empty())
                .map(str::to_owned),
        );
    }
    if words.iter().any(|word| !is_article(word)) {
        words.retain(|word| !is_article(word));
    }
    words
}

/// Whether a letter is a Chinese character.
pub const fn is_han(letter: char) -> bool {
    matches!(letter, '\u{4e00}'..='\u{9fff}')
}

/// The two words that a word is made of, the second empty where it is one.
fn halves(word: &str) -> (&str, &str) {
    let mut letters = word.chars();
    let first = letters.next();
    if first.is_some_and(is_han) && letters.as_str().chars().all(is_han) {
        return word.split_at(first.map_or(0, char::len_utf8));
    }
    for servant in SERVANT {
        let Some(rest) = word.strip_prefix(servant) else {
            continue;
        };
        let name = rest.trim_start_matches(['a', 'e', 'i', 'o', 'u', 'ا']);
        let mut letters = name.chars();
        let has_article = rest != name;
        let (first, second) = (letters.next(), letters.clone().next());
        let is_doubled = matches!(first, Some('l' | 'ل')) || first == second;
        let name = if is_doubled { letters.as_str() } else { name };
        if has_article && name.chars().nth(2).is_some() {
            return (servant, name);
        }
        // Abdel and Abdur, before a word of their own.
        if has_article && rest.len() <= 3 && rest.ends_with(['l', 'r', 's']) {
            return (servant, "");
        }
    }
    for (ending, name) in ENDINGS {
        let first = word.strip_suffix(ending);
        if let Some(first) = first.filter(|first| first.chars().nth(1).is_some()) {
            return (first, name);
        }
    }
    (word, "")
}

fn is_article(word: &str) -> bool {
    ARTICLES.contains(&word)
}

fn push(folded: &mut String, letter: char) {
    match letter {
        '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '`' | '´' | 'ـ' => {}
        '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}' | '\u{0670}' => {}
        '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ĳ' => folded.push_str("ij"),
        // Marks that carry a vowel in Indic scripts are part of the word.
        '\u{0900}'..='\u{0dff}' => folded.push(letter),
        other if other.is_alphanumeric() => folded.push(plain(other)),
        _ => folded.push(' '),
    }
}

fn plain(letter: char) -> char {
    let from = |start: char, table: &[u8]| {
        let place = u32::from(letter).wrapping_sub(u32::from(start));
        let found = usize::try_from(place).ok().and_then(|at| table.get(at));
        found.filter(|to| **to != b'-').map(|to| char::from(*to))
    };
    if let Some(latin) = from('ß', LATIN_1).or_else(|| from('Ạ', LATIN_2)) {
        return latin;
    }
    match letter {
        'ș' => 's',
        'ț' => 't',
        'ơ' => 'o',
        'ư' => 'u',
        'ə' => 'a',
        'ё' => 'е',
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' | 'ئ' | 'ے' | 'ې' => 'ي',
        'ؤ' => 'و',
        'ة' | 'ہ' | 'ۃ' | 'ۀ' | 'ە' => 'ه',
        'ک' => 'ك',
        'ں' => 'ن',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_without_what_people_leave_out() {
        for (text, words) in [
            ("D’Àvila  Yıldız", "davila yildiz"),
            ("Șerban Ţurcanu-Groß", "serban turcanu gross"),
            ("Nguyễn Thị Ánh", "nguyen thi anh"),
            ("Ōe Œuvre Æsir Ĳssel Þór", "oe oeuvre aesir ijssel thor"),
            ("Ğül Łukasz Ķēķe Ž ſ", "gul lukasz keke z s"),
            ("محمّد أحمد القاضى", "محمد احمد القاضي"),
            ("Abdur-Rahman al-Hafiz", "abd rahman hafiz"),
            ("al", "al"),
            ("Abdelaziz", "abd aziz"),
            ("Abdul-Aziz", "abd aziz"),
            ("Abderrahmane Abdallah", "abd rahmane abd lah"),
            ("Abdirahman", "abd rahman"),
            ("Abdou Abdi Abdat", "abdou abdi abdat"),
            ("عبدالعزيز", "عبد عزيز"),
            ("Noureddine Salahuddin", "nour din salah din"),
            ("Hedayatullah", "hedayat ullah"),
            ("نورالدين", "نور الدين"),
            ("Aladin Claudine", "aladin claudine"),
            ("王小明", "王 小明"),
            ("ਗੁਰਪ੍ਰੀਤ", "ਗੁਰਪ੍ਰੀਤ"),
            (" ,;! ", ""),
        ] {
            assert_eq!(words_of(text).join(" "), words, "{text}");
        }
    }
}
