//! Laws of the search: what holds for any names and any text that somebody types.

use domain::search::{Index, Typed};
use proptest::prelude::*;

/// Words from which names are made: scripts, particles, single letters, repeated words.
const WORDS: [&str; 28] = [
    "Mohamed",
    "Ali",
    "El",
    "Amrani",
    "Abdelaziz",
    "Abdul",
    "Rahman",
    "Ben",
    "Noureddine",
    "Khan",
    "محمد",
    "عبد",
    "الرحمن",
    "علي",
    "نورالدين",
    "Шевченко",
    "Юлія",
    "Singh",
    "ਸਿੰਘ",
    "शर्मा",
    "রহমান",
    "王小明",
    "欧阳",
    "Wang",
    "O’Neill",
    "A",
    "İbrahim",
    "Straße",
];

fn words() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(WORDS.as_slice()), 1..4)
}

fn name() -> impl Strategy<Value = String> {
    words().prop_map(|words| words.join(" "))
}

fn index(names: &[String]) -> Index<usize> {
    Index::new(
        names
            .iter()
            .enumerate()
            .map(|(id, name)| (id, [name.as_str()])),
    )
}

proptest! {
    #[test]
    fn any_text_may_be_a_name_and_a_query(
        names in prop::collection::vec(any::<String>(), 0..8),
        query: String,
    ) {
        let found = index(&names).find(&query, 5);
        prop_assert!(found.len() <= 5.min(names.len()));
    }

    #[test]
    fn text_of_the_scripts_we_know_may_be_a_name_and_a_query(
        names in prop::collection::vec("[a-zà-žА-яا-یऀ-ॿঀ-৿਀-੿一-龥 '-]{0,24}", 0..8),
        query in "[a-zà-žА-яا-یऀ-ॿঀ-৿਀-੿一-龥 '-]{0,60}",
    ) {
        index(&names).find(&query, 5);
        let all = names.iter().chain([&query]);
        for name in all {
            prop_assert!(index(&names).find(name, 9).len() <= names.len());
        }
    }

    #[test]
    fn the_exact_name_comes_first_or_ties(
        names in prop::collection::vec(name(), 1..40),
        pick in any::<prop::sample::Index>(),
    ) {
        let meant = pick.index(names.len());
        let found = index(&names).find(&names[meant], names.len());
        let place = found.iter().find(|found| found.id == meant);
        prop_assert_eq!(place.map(|place| place.score), found.first().map(|first| first.score));
    }

    #[test]
    fn the_order_of_words_does_not_matter(
        mut names in prop::collection::vec(name(), 0..40),
        (meant, turned) in words()
            .prop_flat_map(|words| (Just(words.join(" ")), Just(words).prop_shuffle())),
    ) {
        names.push(meant);
        let meant = names.len() - 1;
        let found = index(&names).find(&turned.join(" "), names.len());
        let place = found.iter().find(|found| found.id == meant);
        prop_assert_eq!(place.map(|place| place.score), found.first().map(|first| first.score));
        prop_assert_eq!(place.map(|place| place.score), Some(1000));
    }

    #[test]
    fn what_was_typed_before_changes_no_answer(
        names in prop::collection::vec(name(), 1..40),
        queries in prop::collection::vec(name(), 1..5),
    ) {
        let index = index(&names);
        let mut typed = Typed::default();
        for query in &queries {
            let ends = query.char_indices().map(|(at, letter)| at + letter.len_utf8());
            for end in ends {
                let query = query.get(..end).expect("a letter ends there");
                prop_assert_eq!(index.find_typed(&mut typed, query, 9), index.find(query, 9));
            }
        }
    }

    #[test]
    fn the_same_names_give_the_same_answer(
        names in prop::collection::vec(name(), 1..40),
        query in name(),
    ) {
        prop_assert_eq!(index(&names).find(&query, 9), index(&names).find(&query, 9));
        let turned: Vec<String> = names.iter().rev().cloned().collect();
        let scores = |names: &[String]| -> Vec<u16> {
            index(names).find(&query, 9).iter().map(|found| found.score).collect()
        };
        prop_assert_eq!(scores(&names), scores(&turned));
    }
}
