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

/// Figures of a log of some length.
#[derive(Clone, Debug)]
pub struct Rung {
    /// Changes in the log, when it was begun.
    pub changes: u64,
    /// Asking for nothing.
    pub idle: Seen,
    /// Sending [`CHANGES`].
    pub push: Seen,
    /// The first sync of one family, which holds the same at every length.
    pub first: Seen,
}

/// Measures one phone at a time, while the log of all families grows.
///
/// # Errors
/// The program failed, or answered otherwise than it should.
pub async fn log_lengths(mut world: World, plan: &Plan) -> Result<Vec<Rung>, Failure> {
    let mut rungs = Vec::new();
    let phones = &mut world.phones;
    let mut probes: Vec<Phone> = phones.drain(..3.min(phones.len())).collect();
    let [idle, push, first] = probes.as_mut_slice() else {
        return Err("three phones are measured".into());
    };
    let missing = u64::try_from(FAMILY)?.saturating_sub(first.holds());
    send(first, usize::try_from(missing)?).await?;
    let probes = [&*idle, &*push, &*first].map(Phone::holds);
    let mut held: u64 = probes.iter().sum();
    for target in &plan.logs {
        let others = world.phones.iter().map(Phone::holds).sum::<u64>();
        let missing = target.saturating_sub(held.saturating_add(others));
        world.phones = fill(world.phones, missing).await?;
        // What the database does behind our back after so much work is not what is measured.
        tokio::time::sleep(plan.rest).await;
        let others = world.phones.iter().map(Phone::holds).sum::<u64>();
        let changes = held.saturating_add(others);
        rungs.push(Rung {
            changes,
            idle: asked(idle, IDLE).await?,
            first: first_syncs(first).await?,
            push: pushed(push).await?,
        });
        held = [&*idle, &*push, &*first].map(Phone::holds).iter().sum();
    }
    Ok(rungs)
}

async fn asked(phone: &mut Phone, count: usize) -> Result<Seen, Failure> {
    let mut took = Vec::new();
    for number in 0..count + WARM {
        let begun = Instant::now();
        phone.ask_for_nothing().await?;
        note(&mut took, number, begun);
    }
    Ok(Seen::of(took))
}

async fn first_syncs(phone: &mut Phone) -> Result<Seen, Failure> {
    let mut took = Vec::new();
    for number in 0..FIRST + WARM {
        let begun = Instant::now();
        let pulled = phone.read_everything().await?;
        note(&mut took, number, begun);
        if pulled.len() < FAMILY {
            return Err(format!("a family of {} changes", pulled.len()).into());
        }
    }
    Ok(Seen::of(took))
}

async fn pushed(phone: &mut Phone) -> Result<Seen, Failure> {
    let mut took = Vec::new();
    for number in 0..PUSHED + WARM {
        let body = phone.prepare()?;
        let begun = Instant::now();
        phone.send_written(body, CHANGES).await?;
        note(&mut took, number, begun);
    }
    Ok(Seen::of(took))
}

fn note(took: &mut Vec<Duration>, number: usize, begun: Instant) {
    if number >= WARM {
        took.push(begun.elapsed());
    }
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
