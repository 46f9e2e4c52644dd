//! What is measured of one server: phones at once, and a log that grows.

use std::time::Duration;

use tokio::time::Instant;

use crate::load::{CHANGES, Client, Seen, arrive, saturate};
use crate::phone::Phone;
use crate::report::float;
use crate::wire::Packed;
use crate::world::World;
use crate::{Failure, Plan};

/// Phones of the budget.
pub const PHONES: usize = 200;
/// What a family holds that is read for the first time.
const FAMILY: usize = 75;
/// Changes in one request that fills the log: as many as a request may hold.
const FILLED: usize = 500;
/// Requests that are not counted, before those that are.
const WARM: usize = 20;
/// Requests that ask for nothing.
const IDLE: usize = 300;
/// First syncs.
const FIRST: usize = 100;
/// Requests that push. The log grows meanwhile by twenty times as many changes.
const PUSHED: usize = 100;

/// Figures of phones at once.
#[derive(Clone, Debug, Default)]
pub struct AtOnce {
    /// [`PHONES`] as fast as the answers come.
    pub closed: Seen,
    /// [`PHONES`], by the changes a second that fell due.
    pub open: Vec<(u32, Seen)>,
    /// As fast as the answers come, by the number of phones.
    pub ladder: Vec<(usize, Seen)>,
    /// The most memory that the server has had, in MiB.
    pub memory_mib: Option<f64>,
    /// The same before the phones came, when everybody had just signed in.
    pub memory_mib_before: Option<f64>,
    /// Milliseconds of a core that the server used for each 1,000 changes, its database's own
    /// processes and the phones left out.
    pub cpu_ms_per_1000: Option<f64>,
}

/// Measures phones at once.
///
/// # Errors
/// The program failed in another way than by answering a request badly.
pub async fn at_once(mut world: World, plan: &Plan) -> Result<AtOnce, Failure> {
    let phones = std::mem::take(&mut world.phones);
    let memory_mib_before = world.server.memory_mib_max();
    let held = |phones: &[Phone]| phones.iter().map(Phone::holds).sum::<u64>();
    let (cpu, before) = (world.server.cpu_ms(), held(&phones));
    let (phones, closed, open) = both_ways(phones, plan).await?;
    let (phones, ladder) = climb(phones, &plan.phones, plan.rung).await?;
    let changes = float(held(&phones).saturating_sub(before)).max(1.0);
    let used = world.server.cpu_ms().zip(cpu);
    Ok(AtOnce {
        cpu_ms_per_1000: used.map(|(after, before)| (after - before) * 1000.0 / changes),
        closed,
        open,
        ladder,
        memory_mib_before,
        memory_mib: world.server.memory_mib_max(),
    })
}

/// So many clients at once, as fast as the answers come, each number for so long.
///
/// # Errors
/// A client panicked.
pub async fn climb<C: Client>(
    mut clients: Vec<C>,
    rungs: &[usize],
    length: Duration,
) -> Result<(Vec<C>, Vec<(usize, Seen)>), Failure> {
    let mut ladder = Vec::new();
    for rung in rungs {
        let others = clients.split_off(clients.len().min(*rung));
        let (used, seen) = saturate(clients, length).await?;
        clients = used;
        clients.extend(others);
        ladder.push((*rung, seen));
    }
    Ok((clients, ladder))
}

type BothWays<C> = (Vec<C>, Seen, Vec<(u32, Seen)>);

/// The first [`PHONES`] of these clients, as fast as the answers come and at each rate.
///
/// # Errors
/// A client panicked.
pub async fn both_ways<C: Client>(
    mut clients: Vec<C>,
    plan: &Plan,
) -> Result<BothWays<C>, Failure> {
    let others = clients.split_off(clients.len().min(PHONES));
    // Connections are made and pages of the database are read before it counts.
    let (clients, _) = saturate(clients, plan.warm_up).await?;
    let (mut clients, closed) = saturate(clients, plan.length).await?;
    let mut open = Vec::new();
    for rate in &plan.rates {
        let (used, seen) = arrive(clients, *rate, plan.length).await?;
        clients = used;
        open.push((*rate, seen));
    }
    clients.extend(others);
    Ok((clients, closed, open))
}

/// What one phone asks while nobody else does.
#[derive(Clone, Copy, Debug)]
enum Errand {
    Idle,
    First,
    Push,
}

impl Errand {
    /// Has the phone do it once and answers how long it took.
    async fn once(self, phone: &mut Phone) -> Result<Duration, Failure> {
        match self {
            Self::Idle => {
                let begun = Instant::now();
                phone.ask_for_nothing().await?;
                Ok(begun.elapsed())
            }
            Self::First => {
                let begun = Instant::now();
                let pulled = phone.read_everything().await?;
                let took = begun.elapsed();
                if pulled.len() < FAMILY {
                    return Err(format!("a family of {} changes", pulled.len()).into());
                }
                Ok(took)
            }
            Self::Push => {
                let body = phone.prepare()?;
                let begun = Instant::now();
                phone.send_written(body, CHANGES).await?;
                Ok(begun.elapsed())
            }
        }
    }

    /// Has both phones do it in turn, so that whatever else the machine does, it does to both.
    async fn in_turn(self, count: usize, pair: &mut [Phone; 2]) -> Result<[Seen; 2], Failure> {
        let mut took = [Vec::new(), Vec::new()];
        for number in 0..count + WARM {
            for (phone, took) in pair.iter_mut().zip(&mut took) {
                let once = self.once(phone).await?;
                if number >= WARM {
                    took.push(once);
                }
            }
        }
        Ok(took.map(Seen::of))
    }
}

/// Figures of a log of some length, each followed by what was seen of a short log meanwhile.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Changes in the log, when it was begun.
    pub changes: u64,
    /// Asking for nothing.
    pub idle: [Seen; 2],
    /// Sending [`CHANGES`].
    pub push: [Seen; 2],
    /// The first sync of one family, which holds the same at every length.
    pub first: [Seen; 2],
}

/// Measures one phone at a time, while the log of all families grows; and each time, in turn with
/// it, a phone of a `short` log, which holds a few thousand changes to the end.
///
/// # Errors
/// The program failed, or answered otherwise than it should.
pub async fn log_lengths(
    mut world: World,
    mut short: World,
    plan: &Plan,
) -> Result<Vec<Rung>, Failure> {
    let mut pairs: Vec<[Phone; 2]> = Vec::new();
    for (mut long, mut short) in world.phones.drain(..3).zip(short.phones.drain(..3)) {
        for phone in [&mut long, &mut short] {
            let missing = u64::try_from(FAMILY)?.saturating_sub(phone.holds());
            send(phone, usize::try_from(missing)?).await?;
        }
        pairs.push([long, short]);
    }
    let [idle, push, first] = pairs.as_mut_slice() else {
        return Err("three phones of each are measured".into());
    };
    let least = plan.logs.first().copied().unwrap_or_default();
    short.phones = fill(short.phones, least).await?;
    let mut rungs = Vec::new();
    for target in &plan.logs {
        let held = |phones: &[Phone], pairs: [&[Phone; 2]; 3]| {
            let own = pairs.iter().flat_map(|pair| pair.first());
            phones.iter().chain(own).map(Phone::holds).sum::<u64>()
        };
        let missing = target.saturating_sub(held(&world.phones, [idle, push, first]));
        world.phones = fill(world.phones, missing).await?;
        // What the database does behind our back after so much work is not what is measured.
        tokio::time::sleep(plan.rest).await;
        rungs.push(Rung {
            changes: held(&world.phones, [idle, push, first]),
            idle: Errand::Idle.in_turn(IDLE, idle).await?,
            first: Errand::First.in_turn(FIRST, first).await?,
            push: Errand::Push.in_turn(PUSHED, push).await?,
        });
    }
    Ok(rungs)
}

/// Sends so many changes, as few requests as may be.
///
/// # Errors
/// They were not all accepted.
pub async fn send(phone: &mut Phone, mut count: usize) -> Result<(), Failure> {
    while count > 0 {
        let some = count.min(FILLED);
        let body = Packed::plain_json(phone.write(some)?);
        phone.send_written(body, some).await?;
        count -= some;
    }
    Ok(())
}

/// Adds so many changes to the log, about the same number to each phone's family.
async fn fill(phones: Vec<Phone>, count: u64) -> Result<Vec<Phone>, Failure> {
    const SENDERS: usize = 4;
    let count = usize::try_from(count)?;
    let share = count.div_ceil(phones.len().max(1));
    let mut left = count;
    let mut shares: Vec<Vec<(Phone, usize)>> = (0..SENDERS).map(|_| Vec::new()).collect();
    for (place, phone) in phones.into_iter().enumerate() {
        let own = share.min(left);
        left -= own;
        if let Some(sender) = shares.get_mut(place % SENDERS) {
            sender.push((phone, own));
        }
    }
    let mut sending = Vec::new();
    for share in shares {
        sending.push(tokio::spawn(async move {
            let mut phones = Vec::new();
            for (mut phone, own) in share {
                send(&mut phone, own).await?;
                phones.push(phone);
            }
            Ok::<_, Failure>(phones)
        }));
    }
    let mut phones = Vec::new();
    for sent in sending {
        phones.extend(sent.await??);
    }
    Ok(phones)
}
