//! Laws of texts that several people write in.

use domain::family::{FamilyField, FamilyKey, MemberField};
use domain::field::{Field, Fields};
use domain::id::{Millis, OpId};
use domain::merge::merge;
use domain::op::{Change, Known, Op, WORDS_CHARS_MAX};
use domain::plan::{ActionField, GoalField};
use proptest::prelude::*;

use crate::common::{every_kind, id, op_of};

fn wrote(n: u64, text: &str, replaces: &[OpId]) -> Op {
    let field = FamilyField::SafeContact(text.to_owned());
    op_of(n, Known::FamilyWritten(field), replaces)
}

fn fields_of<'a>(ops: impl IntoIterator<Item = &'a Op>) -> Fields<FamilyField> {
    let mut fields = Fields::default();
    for op in ops {
        if let Change::Known(known) = &op.change
            && let Known::FamilyWritten(field) = &**known
        {
            fields.write(op, field.clone());
        }
    }
    fields
}

fn shown(fields: &Fields<FamilyField>) -> &str {
    match fields.value(FamilyKey::SafeContact) {
        Some(FamilyField::SafeContact(text)) => text,
        other => panic!("no text shows: {other:?}"),
    }
}

/// Texts of few different paragraphs, so that people often write the same.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-d]{0,2}", 0..5).prop_map(|lines| lines.join("\n"))
}

/// A text and what each of up to four people made of it, in ids that ascend.
fn histories() -> impl Strategy<Value = Vec<Op>> {
    let one = (
        text(),
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    );
    prop::collection::vec(one, 1..7).prop_map(|drawn| {
        let mut ops: Vec<Op> = Vec::new();
        for (n, (text, origins)) in drawn.into_iter().enumerate() {
            let mut replaces: Vec<OpId> = origins
                .iter()
                .filter(|_| !ops.is_empty())
                .map(|at| at.get(&ops).id)
                .collect();
            replaces.dedup();
            ops.push(wrote(n as u64, &text, &replaces));
        }
        ops
    })
}

proptest! {
    #[test]
    fn a_merge_is_a_function_of_the_set_of_writes(
        (ops, shuffled) in histories()
            .prop_flat_map(|ops| (Just(ops.clone()), Just(ops).prop_shuffle())),
    ) {
        prop_assert_eq!(fields_of(&ops), fields_of(shuffled.iter().chain(&ops)));
    }

    #[test]
    fn no_new_paragraph_is_ever_missing(
        base in text(), sides in prop::collection::vec(text(), 1..5)
    ) {
        let first = wrote(0, &base, &[]);
        let mut ops = vec![first.clone()];
        for (n, side) in sides.iter().enumerate() {
            ops.push(wrote(n as u64 + 1, side, &[first.id]));
        }
        let fields = fields_of(&ops);
        let merged: Vec<&str> = shown(&fields).split('\n').collect();
        for side in &sides {
            for paragraph in side.split('\n').filter(|text| !text.is_empty()) {
                let is_old = base.split('\n').any(|known| known == paragraph);
                prop_assert!(is_old || merged.contains(&paragraph), "{side:?} in {merged:?}");
            }
        }
    }

    #[test]
    fn edits_of_different_paragraphs_keep_both_without_a_dispute(
        lines in prop::collection::vec("[a-z]{3,5}", 2..7),
        (here, there) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let here = here.index(lines.len());
        let there = (here + 1 + there.index(lines.len() - 1)) % lines.len();
        let first = wrote(0, &lines.join("\n"), &[]);
        let changed = |at: usize, to: &str| {
            let mut lines = lines.clone();
            lines[at] = to.to_owned();
            lines
        };
        let (left, right) = (changed(here, "QUI"), changed(there, "LÀ"));
        let ops = [
            first.clone(),
            wrote(1, &left.join("\n"), &[first.id]),
            wrote(2, &right.join("\n"), &[first.id]),
        ];
        let fields = fields_of(&ops);
        let mut both = left;
        both[there] = "LÀ".to_owned();
        prop_assert_eq!(shown(&fields), both.join("\n"));
        prop_assert_eq!(fields.disputed().count(), 0);
    }
}

#[test]
fn the_same_paragraph_changed_twice_shows_both_and_waits_for_a_person() {
    let first = wrote(1, "casa\nmattina\nfine", &[]);
    let here = wrote(2, "casa\ndopo le 9\nfine", &[first.id]);
    let there = wrote(3, "casa\nmai il lunedì\nfine", &[first.id]);
    let fields = fields_of([&there, &here, &first]);
    assert_eq!(shown(&fields), "casa\ndopo le 9\nmai il lunedì\nfine");
    let (_, register) = fields.disputed().next().expect("somebody has to look");
    let marks: Vec<_> = register.merged().expect("it merges").texts[0]
        .paragraphs
        .iter()
        .map(|paragraph| paragraph.by)
        .collect();
    assert_eq!(marks, [None, Some(here.id), Some(there.id), None]);

    let heads = fields.heads(FamilyKey::SafeContact);
    let settled = wrote(4, "casa\ndopo le 9, mai il lunedì\nfine", &heads);
    let fields = fields_of([&settled, &there, &here, &first]);
    assert_eq!(shown(&fields), "casa\ndopo le 9, mai il lunedì\nfine");
    assert_eq!(fields.disputed().count(), 0);
}

#[test]
fn taken_out_and_untouched_is_gone_taken_out_and_changed_stays_and_waits() {
    let sides = |left: &str, right: &str| merge("uno\ndue\ntre", &[(id(1), left), (id(2), right)]);
    let gone = sides("uno\ntre", "uno\ndue\ntre!");
    assert_eq!((gone.text().as_str(), gone.overlaps), ("uno\ntre!", false));
    let stays = sides("uno\ntre", "uno\ndue!\ntre");
    assert_eq!(
        (stays.text().as_str(), stays.overlaps),
        ("uno\ndue!\ntre", true)
    );
}

#[test]
fn what_was_merged_once_is_the_origin_of_the_next_merge() {
    let first = wrote(1, "a\nb\nc", &[]);
    let left = wrote(2, "A\nb\nc", &[first.id]);
    let right = wrote(3, "a\nb\nC", &[first.id]);
    let both = wrote(4, "A\nb\nC", &[left.id, right.id]);
    let next = wrote(5, "A\nB\nC", &[both.id]);
    let other = wrote(6, "A\nb\nC\nd", &[both.id]);
    let fields = fields_of([&first, &left, &right, &both, &next, &other]);
    assert_eq!(shown(&fields), "A\nB\nC\nd");
    assert_eq!(fields.disputed().count(), 0);
}

#[test]
fn a_merge_that_does_not_fit_leaves_the_sides_to_a_person() {
    let long = |letter: &str| letter.repeat(WORDS_CHARS_MAX - 100);
    let ops = [wrote(1, &long("a"), &[]), wrote(2, &long("b"), &[])];
    let fields = fields_of(&ops);
    let (_, register) = fields.disputed().next().expect("somebody has to choose");
    assert!(register.merged().is_none());
    assert_eq!(register.standing().count(), 2, "both are still there");
}

/// The one table of what merges. A field that is moved from one side to the other shows here.
#[test]
fn a_field_is_a_text_or_a_value_and_gives_back_the_texts_it_was_given() {
    fn check<F: Field>(field: &F, texts: usize) {
        assert_eq!(field.texts().len(), texts, "{field:?}");
        let given: Vec<String> = (0..texts).map(|n| format!("testo {n}")).collect();
        let again = field.with_texts(given.clone());
        assert_eq!(again.texts(), given);
        assert_eq!(again.key(), field.key());
    }
    check(&FamilyField::Address("via".into()), 1);
    check(&FamilyField::SafeContact("mai".into()), 1);
    check(&FamilyField::ExternalId("F-1".into()), 0);
    check(&FamilyField::InterpreterNeeded(true), 0);
    check(&MemberField::Citizenship("MA".into()), 0);
    check(&GoalField::Expected("parlare".into()), 1);
    check(&GoalField::MuchLess("x".into()), 1);
    check(&GoalField::Less("x".into()), 1);
    check(&GoalField::More("x".into()), 1);
    check(&GoalField::MuchMore("x".into()), 1);
    check(&GoalField::Order("5".into()), 0);
    check(&ActionField::What("chiamare".into()), 1);
    check(&ActionField::Service("CPIA".into()), 0);
    for known in every_kind(3) {
        if let Known::ProgressRated { rating, .. } = known {
            check(&GoalField::Words(rating.words.expect("it has words")), 2);
        }
    }
    assert_eq!(merge("", &[(OpId::new(Millis(1), [0; 10]), "")]).text(), "");
}
