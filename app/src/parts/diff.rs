//! What differs between two texts, word by word, for a person who reads both at once.

use leptos::prelude::*;

/// Tokens on one side above which words are no longer matched one by one: the table of matches
/// grows with the product of both sides, and a phone has to draw this at once.
const TOKENS_MAX: usize = 900;

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands in both texts.
    Kept,
    /// It stands only in the earlier text.
    Gone,
    /// It stands only in the later text.
    New,
}

/// A run of text with one fate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub fate: Fate,
    /// The text.
    pub text: String,
}

/// Compares two texts word by word. What is gone comes before what took its place.
pub fn word_diff(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (tokens(before), tokens(after));
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (
        old.get(head..).unwrap_or(&[]),
        new.get(head..).unwrap_or(&[]),
    );
    let tail = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let old_mid = old_rest.get(..old_rest.len() - tail).unwrap_or(&[]);
    let new_mid = new_rest.get(..new_rest.len() - tail).unwrap_or(&[]);

    let mut marks: Vec<(Fate, &str)> = Vec::with_capacity(old.len() + new.len());
    marks.extend(old.iter().take(head).map(|token| (Fate::Kept, *token)));
    if old_mid.len() > TOKENS_MAX || new_mid.len() > TOKENS_MAX {
        marks.extend(old_mid.iter().map(|token| (Fate::Gone, *token)));
        marks.extend(new_mid.iter().map(|token| (Fate::New, *token)));
    } else {
        matched(old_mid, new_mid, &mut marks);
    }
    marks.extend(
        old_rest
            .iter()
            .skip(old_rest.len() - tail)
            .map(|token| (Fate::Kept, *token)),
    );
    gather(&marks)
}

/// Walks the longest common run of tokens and says what became of each.
fn matched<'a>(old: &[&'a str], new: &[&'a str], marks: &mut Vec<(Fate, &'a str)>) {
    let wide = new.len() + 1;
    // lengths[i * wide + j] is the longest match of old[i..] and new[j..].
    let mut lengths = vec![0_u16; (old.len() + 1) * wide];
    let at = |lengths: &[u16], i: usize, j: usize| lengths.get(i * wide + j).copied().unwrap_or(0);
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            let length = if a == b {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * wide + j) {
                *cell = length;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    while let (Some(a), Some(b)) = (old.get(i), new.get(j)) {
        if a == b {
            marks.push((Fate::Kept, a));
            (i, j) = (i + 1, j + 1);
        } else if at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) {
            marks.push((Fate::Gone, a));
            i += 1;
        } else {
            marks.push((Fate::New, b));
            j += 1;
        }
    }
    marks.extend(old.iter().skip(i).map(|token| (Fate::Gone, *token)));
    marks.extend(new.iter().skip(j).map(|token| (Fate::New, *token)));
}

/// Joins neighbours of one fate; a blank between two changed words belongs to the change, so that
/// a phrase that was replaced reads as one phrase.
fn gather(marks: &[(Fate, &str)]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut gone, mut new) = (String::new(), String::new());
    for (at, (fate, token)) in marks.iter().enumerate() {
        match fate {
            Fate::Gone => gone.push_str(token),
            Fate::New => new.push_str(token),
            Fate::Kept => {
                let is_blank = token.chars().all(char::is_whitespace);
                let is_inside = is_blank
                    && !(gone.is_empty() && new.is_empty())
                    && marks
                        .get(at + 1)
                        .is_some_and(|(next, _)| *next != Fate::Kept);
                if is_inside {
                    gone.push_str(token);
                    new.push_str(token);
                    continue;
                }
                flush(&mut pieces, &mut gone, &mut new);
                push(&mut pieces, Fate::Kept, token);
            }
        }
    }
    flush(&mut pieces, &mut gone, &mut new);
    pieces
}

/// Writes out a change. Blanks that both sides share at an end stand outside it, so that a mark
/// never covers more than the words.
fn flush(pieces: &mut Vec<Piece>, gone: &mut String, new: &mut String) {
    let (old_words, new_words) = (gone.trim(), new.trim());
    let lead = blank_start(gone).max(blank_start(new));
    let trail = if new_words.is_empty() {
        blank_end(gone)
    } else {
        blank_end(new)
    };
    if !old_words.is_empty() || !new_words.is_empty() {
        push(pieces, Fate::Kept, lead);
        push(pieces, Fate::Gone, old_words);
        if !old_words.is_empty() && !new_words.is_empty() {
            push(pieces, Fate::Kept, " ");
        }
        push(pieces, Fate::New, new_words);
        push(pieces, Fate::Kept, trail);
    } else {
        push(pieces, Fate::Kept, new);
    }
    gone.clear();
    new.clear();
}

fn blank_start(text: &str) -> &str {
    text.strip_suffix(text.trim_start()).unwrap_or("")
}

fn blank_end(text: &str) -> &str {
    text.strip_prefix(text.trim_end()).unwrap_or("")
}

fn push(pieces: &mut Vec<Piece>, fate: Fate, text: &str) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.fate == fate => last.text.push_str(text),
        Some(_) | None => pieces.push(Piece {
            fate,
            text: text.to_owned(),
        }),
    }
}

/// Words, blanks and marks. Scripts that set no blanks between words are compared sign by sign.
fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut last: Option<Kind> = None;
    for (at, sign) in text.char_indices() {
        let kind = kind(sign);
        let is_same_run = last == Some(kind) && (kind == Kind::Word || kind == Kind::Blank);
        if !is_same_run && at > start {
            found.extend(text.get(start..at));
            start = at;
        }
        last = Some(kind);
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Mark,
    Sign,
}

fn kind(sign: char) -> Kind {
    if sign.is_whitespace() {
        Kind::Blank
    } else if matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}') {
        Kind::Sign
    } else if sign.is_ascii_punctuation() || "«»“”„‘’…–—،؛؟।".contains(sign)
    {
        Kind::Mark
    } else {
        // Vowel signs and other combining marks belong to their word.
        Kind::Word
    }
}

/// A text with what was taken out and what was put in.
#[component]
pub fn Diffed(pieces: Vec<Piece>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|piece| match piece.fate {
            Fate::Kept => view! { <span>{piece.text}</span> }.into_any(),
            Fate::Gone => view! { <del>{piece.text}</del> }.into_any(),
            Fate::New => view! { <ins>{piece.text}</ins> }.into_any(),
        })
        .collect_view()
}

/// The pieces as plain text, `[-gone-]` and `[+new+]`: how tests read them.
#[cfg(test)]
pub fn marked(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece.fate {
            Fate::Kept => piece.text.clone(),
            Fate::Gone => format!("[-{}-]", piece.text),
            Fate::New => format!("[+{}+]", piece.text),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expected: &str) {
        assert_eq!(
            marked(&word_diff(before, after)),
            expected,
            "{before:?} → {after:?}"
        );
    }

    #[test]
    fn a_changed_phrase_reads_as_one_phrase() {
        check(
            "Voglio capire la maestra.",
            "Voglio parlare da sola con la maestra, senza mio figlio che traduce.",
            "Voglio [-capire-] [+parlare da sola con+] la maestra[+, senza mio figlio che \
             traduce+].",
        );
    }

    #[test]
    fn the_ends_of_a_text_may_change() {
        check("", "Ora sì", "[+Ora sì+]");
        check("Prima no", "", "[-Prima no-]");
        check("uno due", "uno due tre", "uno due [+tre+]");
        check("uno due tre", "due tre", "[-uno-] due tre");
        check("uguale", "uguale", "uguale");
    }

    #[test]
    fn other_scripts_are_compared_by_their_words() {
        check(
            "أريد أن أتحدث",
            "أريد أن أعمل",
            "أريد أن [-أتحدث-] [+أعمل+]",
        );
        check(
            "ਮੈਂ ਪੜ੍ਹਨਾ ਚਾਹੁੰਦੀ ਹਾਂ",
            "ਮੈਂ ਬੋਲਣਾ ਚਾਹੁੰਦੀ ਹਾਂ",
            "ਮੈਂ [-ਪੜ੍ਹਨਾ-] [+ਬੋਲਣਾ+] ਚਾਹੁੰਦੀ ਹਾਂ",
        );
        check("我想工作", "我想学习", "我想[-工作-] [+学习+]");
    }

    #[test]
    fn both_texts_can_be_read_back() {
        let (before, after) = ("a, b  c d. e", "a b x c; e f");
        let pieces = word_diff(before, after);
        let read = |fate: Fate| -> String {
            pieces
                .iter()
                .filter(|piece| piece.fate == Fate::Kept || piece.fate == fate)
                .flat_map(|piece| piece.text.chars())
                .filter(|sign| !sign.is_whitespace())
                .collect()
        };
        let squeezed = |text: &str| text.replace(' ', "");
        assert_eq!(read(Fate::Gone), squeezed(before));
        assert_eq!(read(Fate::New), squeezed(after));
    }
}
