//! The queue of attachments on a bad line: requests and answers are lost and repeated, the phone
//! and the server are killed, and every file still arrives whole, once, and is never said to have
//! arrived before it has. Mistakes planted around the queue show that this would notice.

#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that is wrong about an index fails, which is what tests are for"
)]

#[path = "../simulation/dice.rs"]
#[allow(dead_code, reason = "the simulation throws more kinds of dice")]
mod dice;

use std::collections::BTreeMap;

use dice::Dice;
use domain::attachment::Hash;
use domain::id::{AttachmentId, Millis, ScopeId};
use replica::attachment::{
    CHUNK_BYTES, Effect, Event, Failure, File, Progress, Queue, Standing, Stop,
};

/// A mistake that real systems made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    None,
    /// The phone gives a file up once its last chunk is sent, not once the server has all of it.
    ForgottenOnceSent,
    /// That all chunks came is taken for the word that the whole is right and put away.
    ArrivedOnceReceived,
    /// The server puts a chunk behind the last one, wherever it belongs, and trusts the whole.
    Appended,
    /// The server does not remember that it has a file already.
    PutTogetherAgain,
}

/// What is wrong.
const LOST: &str = "a file has not arrived";
const EARLY: &str = "said to have arrived, and has not";
const WRONG: &str = "put together and not what was sent";
const TWICE: &str = "put together or arrived twice";

/// The server: chunks by place, and what was put together from them.
struct Server {
    mistake: Mistake,
    parts: BTreeMap<Hash, BTreeMap<u32, Vec<u8>>>,
    whole: BTreeMap<Hash, Vec<u8>>,
    /// How often a file was put together.
    times: BTreeMap<Hash, u32>,
}

impl Server {
    fn received(&self, hash: Hash) -> u32 {
        let mut received = 0;
        for (from, bytes) in self.parts.get(&hash).into_iter().flatten() {
            if *from != received {
                break;
            }
            received += u32::try_from(bytes.len()).expect("a chunk is small");
        }
        received
    }

    fn offer(&mut self, file: &File) -> Result<Standing, Failure> {
        let is_known = self.whole.contains_key(&file.hash);
        if !is_known && self.received(file.hash) >= file.bytes {
            let parts = self.parts.remove(&file.hash).expect("all of it is here");
            let bytes: Vec<u8> = parts.into_values().flatten().collect();
            if Hash::of(&bytes) != file.hash && self.mistake != Mistake::Appended {
                return Err(Failure::Refused(Stop::Damaged));
            }
            self.whole.insert(file.hash, bytes);
        }
        let is_new = !is_known || self.mistake == Mistake::PutTogetherAgain;
        if self.whole.contains_key(&file.hash) && is_new {
            *self.times.entry(file.hash).or_default() += 1;
        }
        let is_complete = self.whole.contains_key(&file.hash);
        let received = if is_complete {
            file.bytes
        } else {
            self.received(file.hash)
        };
        Ok(Standing {
            received,
            is_complete,
        })
    }

    fn send(&mut self, file: &File, from: u32, bytes: &[u8]) -> Result<Standing, Failure> {
        if self.received(file.hash) < from {
            return Err(Failure::Moved);
        }
        let place = if self.mistake == Mistake::Appended {
            self.received(file.hash)
        } else {
            from
        };
        let parts = self.parts.entry(file.hash).or_default();
        parts.insert(place, bytes.to_vec());
        Ok(Standing {
            received: self.received(file.hash),
            is_complete: false,
        })
    }
}

struct World {
    dice: Dice,
    now: Millis,
    server: Server,
    queue: Queue,
    disk: BTreeMap<AttachmentId, (File, Vec<u8>)>,
    arrived: BTreeMap<AttachmentId, u32>,
    contents: BTreeMap<AttachmentId, (File, Vec<u8>)>,
    is_bad: bool,
    mistake: Mistake,
    found: Option<&'static str>,
}

impl World {
    fn new(seed: u64, mistake: Mistake) -> Self {
        let mut dice = Dice::new(seed);
        let count = 1 + dice.below(4);
        let contents: BTreeMap<_, _> = (0..count).map(|_| file(&mut dice)).collect();
        Self {
            dice,
            now: Millis(0),
            server: Server {
                mistake,
                parts: BTreeMap::new(),
                whole: BTreeMap::new(),
                times: BTreeMap::new(),
            },
            queue: Queue::default(),
            disk: contents.clone(),
            contents,
            arrived: BTreeMap::new(),
            is_bad: true,
            mistake,
            found: None,
        }
    }

    fn happens(&mut self, percent: u64) -> bool {
        self.is_bad && self.dice.happens(percent)
    }

    fn feed(&mut self, event: Event) {
        let mut effects = self.queue.step(self.now, event);
        while let Some(effect) = effects.pop() {
            if self.happens(8) {
                // The phone is killed: what it knows is what lies on its disk.
                self.queue = Queue::default();
                return;
            }
            let (file, asked) = match effect {
                Effect::WakeAt(at) => {
                    self.now = at;
                    continue;
                }
                Effect::Arrived(file) => {
                    self.arrive(&file);
                    continue;
                }
                Effect::Offer(file) => (file, None),
                Effect::Send(file, from, count) => (file, Some((from, count))),
            };
            let event = self.ask(&file, asked);
            effects.extend(self.queue.step(self.now, event));
        }
    }

    fn ask(&mut self, file: &File, asked: Option<(u32, u32)>) -> Event {
        let dice = u32::try_from(self.dice.below(u64::from(u32::MAX))).expect("below");
        if self.happens(20) {
            return Event::Failed(file.id, Failure::Unreachable, dice);
        }
        if self.happens(5) {
            // The server was killed before this chunk was on its disk, or its sweeper was early.
            self.server.parts.remove(&file.hash);
        }
        let times = if self.happens(10) { 2 } else { 1 };
        let mut answer = Err(Failure::Unreachable);
        for _ in 0..times {
            answer = match (asked, self.disk.get(&file.id)) {
                (None, _) => self.server.offer(file),
                (Some(_), None) => Err(Failure::Refused(Stop::Damaged)),
                (Some((from, count)), Some((_, bytes))) => {
                    assert!(count <= CHUNK_BYTES && count > 0);
                    let (first, count) = (place(from), place(count));
                    self.server.send(file, from, &bytes[first..first + count])
                }
            };
        }
        let is_last = asked.is_some_and(|(from, count)| from + count == file.bytes);
        if is_last && self.mistake == Mistake::ForgottenOnceSent {
            self.disk.remove(&file.id);
        }
        if self.happens(20) {
            return Event::Failed(file.id, Failure::Unreachable, dice);
        }
        match answer {
            Ok(mut standing) => {
                let is_received = standing.received >= file.bytes;
                standing.is_complete |= is_received && self.mistake == Mistake::ArrivedOnceReceived;
                Event::Told(file.id, standing)
            }
            Err(why) => Event::Failed(file.id, why, dice),
        }
    }

    fn arrive(&mut self, file: &File) {
        if !self.server.whole.contains_key(&file.hash) {
            self.found.get_or_insert(EARLY);
        }
        *self.arrived.entry(file.id).or_default() += 1;
        self.disk.remove(&file.id);
    }

    /// A bad line for a while, then a good one. Says what is wrong then, or was before.
    fn play(mut self) -> Option<&'static str> {
        for _ in 0..12 {
            self.begin();
            self.feed(Event::Woke);
        }
        self.is_bad = false;
        for _ in 0..4 {
            self.begin();
            self.feed(Event::Nudged);
        }
        let at_rest = self.contents.iter().find_map(|(id, (file, bytes))| {
            let whole = self.server.whole.get(&file.hash);
            let once = [self.server.times.get(&file.hash), self.arrived.get(id)];
            match whole {
                None => Some(LOST),
                Some(whole) if whole != bytes => Some(WRONG),
                Some(_) if self.disk.contains_key(id) => Some(LOST),
                Some(_) => once
                    .into_iter()
                    .any(|times| times > Some(&1))
                    .then_some(TWICE),
            }
        });
        self.found.or(at_rest)
    }

    fn begin(&mut self) {
        let files = self.disk.values().map(|(file, _)| *file).collect();
        self.feed(Event::Found(files));
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).expect("it is small")
}

fn file(dice: &mut Dice) -> (AttachmentId, (File, Vec<u8>)) {
    let length = 1 + dice.below(u64::from(CHUNK_BYTES) * 3);
    let seed = dice.next().to_le_bytes();
    let bytes: Vec<u8> = seed
        .iter()
        .copied()
        .cycle()
        .take(place(u32::try_from(length).expect("small")))
        .collect();
    let id = AttachmentId::new(Millis(1), dice.bytes10());
    let file = File {
        id,
        scope: ScopeId::new(Millis(1), [1; 10]),
        hash: Hash::of(&bytes),
        bytes: u32::try_from(bytes.len()).expect("small"),
    };
    (id, (file, bytes))
}

const SEEDS: u64 = 150;

#[test]
fn every_file_arrives_whole_and_is_put_together_once() {
    for seed in 0..SEEDS {
        assert_eq!(World::new(seed, Mistake::None).play(), None, "seed {seed}");
    }
}

/// The alarm is tested too.
#[test]
fn every_mistake_around_the_queue_is_caught() {
    for (mistake, meant) in [
        (Mistake::ForgottenOnceSent, LOST),
        (Mistake::ArrivedOnceReceived, EARLY),
        (Mistake::Appended, WRONG),
        (Mistake::PutTogetherAgain, TWICE),
    ] {
        let found = (0..SEEDS).find_map(|seed| World::new(seed, mistake).play());
        assert_eq!(found, Some(meant), "{mistake:?}");
    }
}

#[test]
fn one_that_cannot_go_does_not_hold_back_the_others_and_is_tried_again_when_asked() {
    let mut dice = Dice::new(1);
    let [(first, (one, _)), (_, (other, _))] = [file(&mut dice), file(&mut dice)];
    let mut queue = Queue::default();
    let now = Millis(0);
    assert_eq!(
        queue.step(now, Event::Found(vec![one, other])),
        [Effect::Offer(one)]
    );
    let refused = Event::Failed(first, Failure::Refused(Stop::FamilyFull), 0);
    assert_eq!(queue.step(now, refused), [Effect::Offer(other)]);
    assert_eq!(
        queue.progress(first),
        Some(Progress::Stopped(Stop::FamilyFull))
    );
    let told = Standing {
        received: other.bytes,
        is_complete: true,
    };
    assert_eq!(
        queue.step(now, Event::Told(other.id, told)),
        [Effect::Arrived(other)]
    );
    assert_eq!(
        queue.step(now, Event::Woke),
        [],
        "nothing goes round and round"
    );
    assert_eq!(queue.step(now, Event::Nudged), [Effect::Offer(one)]);
}

#[test]
fn one_request_is_open_at_a_time_and_an_answer_to_none_does_nothing() {
    let mut dice = Dice::new(2);
    let (id, (one, _)) = file(&mut dice);
    let mut queue = Queue::default();
    let now = Millis(0);
    assert_eq!(
        queue.step(now, Event::Found(vec![one])),
        [Effect::Offer(one)]
    );
    for event in [Event::Found(vec![one]), Event::Nudged, Event::Woke] {
        assert_eq!(queue.step(now, event), []);
    }
    let lost = Event::Failed(id, Failure::Unreachable, u32::MAX);
    assert_eq!(
        queue.step(now, lost.clone()),
        [Effect::WakeAt(Millis(2_000))]
    );
    assert_eq!(queue.step(now, lost), []);
    let late = Standing {
        received: 1,
        is_complete: false,
    };
    assert_eq!(queue.step(now, Event::Told(id, late)), []);
    assert_eq!(queue.len(), 1);
    let percent = |queue: &mut Queue, received| {
        queue.step(now, Event::Woke);
        queue.step(
            now,
            Event::Told(
                id,
                Standing {
                    received,
                    is_complete: false,
                },
            ),
        );
        queue.progress(id)
    };
    assert_eq!(percent(&mut queue, one.bytes / 2), Some(Progress::Sent(50)));
    queue.step(now, Event::Failed(id, Failure::Unreachable, 0));
    assert_eq!(
        percent(&mut queue, one.bytes),
        Some(Progress::Sent(99)),
        "not before the server has looked at the whole"
    );
}

#[test]
fn on_a_slow_line_chunks_get_smaller_and_on_a_good_one_larger_again() {
    let mut dice = Dice::new(3);
    let (id, (mut one, _)) = file(&mut dice);
    one.bytes = CHUNK_BYTES * 3;
    let mut queue = Queue::default();
    let now = Millis(0);
    queue.step(now, Event::Found(vec![one]));
    let mut told = |received| {
        let standing = Standing {
            received,
            is_complete: false,
        };
        match queue.step(now, Event::Told(id, standing))[..] {
            [Effect::Send(_, from, count)] if from == received => {
                queue.step(now, Event::Failed(id, Failure::Unreachable, 0));
                queue.step(now, Event::Woke);
                count
            }
            ref other => panic!("{other:?}"),
        }
    };
    let sizes: Vec<u32> = (0..6).map(|_| told(CHUNK_BYTES) / 1_024).collect();
    assert_eq!(sizes, [256, 128, 64, 32, 16, 16]);
    assert_eq!(told(CHUNK_BYTES * 2 - 5), 5, "not over the end of a row");
    let mut from = CHUNK_BYTES;
    let mut sizes = Vec::new();
    for _ in 0..6 {
        let standing = Standing {
            received: from,
            is_complete: false,
        };
        let effects = queue.step(now, Event::Told(id, standing));
        let [Effect::Send(_, _, count)] = effects[..] else {
            panic!("{effects:?}")
        };
        sizes.push(count / 1_024);
        from += count;
    }
    assert_eq!(sizes[..5], [16, 32, 64, 128, 16], "the row ends there");
}
