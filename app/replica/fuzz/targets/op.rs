//! Any bytes are an op that is kept unchanged, or a clear error; and no op that is kept, whatever
//! it replaces and in whatever order it comes, breaks the state or makes it depend on that order.
#![no_main]

use domain::op::Op;
use domain::state::State;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let ops: Vec<Op> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    for op in &ops {
        let written = serde_json::to_string(op).expect("an op that was read can be written");
        let again: Op = serde_json::from_str(&written).expect("and read once more");
        assert_eq!(*op, again);
    }
    let mut forth = State::default();
    for op in &ops {
        // What may be refused before it is written must still be kept when it is there.
        let _ = forth.check(op);
        forth.apply(op);
    }
    if has_one_word_for_each_id(&ops) {
        let mut back = State::default();
        for op in ops.iter().rev().chain(&ops) {
            back.apply(op);
        }
        assert_eq!(forth, back);
    }
});

/// Two ops with one id and different bytes never reach the state: the server keeps the second out.
fn has_one_word_for_each_id(ops: &[Op]) -> bool {
    ops.iter()
        .all(|op| ops.iter().all(|other| op.id != other.id || op == other))
}
