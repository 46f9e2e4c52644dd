//! The forms in which the words of one name can be met: with or without the Arabic article, and
//! two words written as one.

use crate::search::sounds::{SOUNDS_MAX, Sounds};

/// A form of one word or of two neighbours.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Folded letters.
    pub spelled: String,
    /// What they sound like.
    pub sounds: Sounds,
    /// The first word that it stands for.
    pub first: usize,
    /// How many words it stands for: one or two.
    pub count: usize,
}

/// Every form of the words of one name.
pub fn forms(words: &[String]) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(words.len() * 2);
    for (first, word) in words.iter().enumerate() {
        let mut push = |spelled: &str, count: usize| {
            let sounds = Sounds::of(spelled);
            slots.push(Slot {
                spelled: spelled.to_owned(),
                sounds,
                first,
                count,
            });
        };
        match without_article(word) {
            // العلمي is el Alami, Lalami and Alami.
            Some(stem) => {
                push(stem, 1);
                push(&format!("ل{stem}"), 1);
            }
            None => push(word, 1),
        }
        if let Some(next) = words.get(first + 1)
            && word.chars().count() + next.chars().count() <= SOUNDS_MAX
        {
            push(&format!("{word}{next}"), 2);
        }
    }
    slots
}

fn without_article(word: &str) -> Option<&str> {
    word.strip_prefix("ال")
        .filter(|stem| stem.chars().nth(2).is_some())
}
