//! Many clients at once: as fast as the answers come, or at a rate that waits for nobody.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use crate::chance::Chance;
use crate::wire::Packed;

/// Changes in one request.
pub const CHANGES: usize = 20;

/// Somebody who sends requests of [`CHANGES`] changes, one after the other.
pub trait Client: Send + 'static {
    /// Why a request failed.
    type Error: Display + Send;

    /// Makes the next request. What this takes is the phone's time, never the server's.
    ///
    /// # Errors
    /// When it cannot be made.
    fn prepare(&mut self) -> Result<Packed, Self::Error>;

    /// Sends it and looks at the answer.
    fn send(&mut self, body: Packed) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How long each answered request took, sorted.
    took: Vec<Duration>,
    /// Requests that failed.
    pub errors: u32,
    /// What the first of them said.
    pub first_error: Option<String>,
    /// From the first request to the last answer.
    lasted: Duration,
}

impl Seen {
    /// What was seen by one client that asked again and again.
    pub fn of(took: Vec<Duration>) -> Self {
        let mut seen = Self {
            took,
            ..Self::default()
        };
        seen.took.sort();
        seen
    }

    /// Changes a second that were answered.
    pub fn changes_per_s(&self) -> f64 {
        let changes = self.took.len().saturating_mul(CHANGES);
        let changes = u32::try_from(changes).unwrap_or(u32::MAX);
        f64::from(changes) / self.lasted.as_secs_f64().max(f64::EPSILON)
    }

    /// The time, in milliseconds, within which this many of 1,000 requests were answered.
    pub fn ms_at(&self, of_1000: usize) -> f64 {
        let last = self.took.len().saturating_sub(1);
        let place = last.saturating_mul(of_1000).div_ceil(1000);
        self.took.get(place).map_or(0.0, |took| ms(*took))
    }

    fn add(&mut self, outcome: Result<Duration, String>) {
        match outcome {
            Ok(took) => self.took.push(took),
            Err(error) => {
                self.errors = self.errors.saturating_add(1);
                self.first_error.get_or_insert(error);
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.took.extend(other.took);
        self.errors = self.errors.saturating_add(other.errors);
        if self.first_error.is_none() {
            self.first_error = other.first_error;
        }
    }
}

/// A duration in milliseconds.
pub fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// Every client sends its next request as soon as the last one was answered, for so long. Answers
/// the clients with what was seen.
///
/// # Errors
/// A client panicked.
pub async fn saturate<C: Client>(
    clients: Vec<C>,
    length: Duration,
) -> Result<(Vec<C>, Seen), JoinError> {
    let start = Instant::now();
    let until = start + length;
    let mut running = JoinSet::new();
    for (place, mut client) in clients.into_iter().enumerate() {
        running.spawn(async move {
            let mut seen = Seen::default();
            while Instant::now() < until {
                let made = client.prepare();
                seen.add(finish(&mut client, made, Instant::now()).await);
            }
            (place, client, seen)
        });
    }
    gather(running, start).await
}

/// Requests fall due at chance, `changes_per_s` in all, whether the earlier ones were answered or
/// not, and go to the clients in turn. A client that still waits for an answer is late with the
/// next request, and that lateness counts: time runs from the moment when the request was due.
///
/// # Errors
/// A client panicked.
pub async fn arrive<C: Client>(
    clients: Vec<C>,
    changes_per_s: u32,
    length: Duration,
) -> Result<(Vec<C>, Seen), JoinError> {
    let changes = u32::try_from(CHANGES).unwrap_or(1);
    let mean = Duration::from_secs(1) * changes / changes_per_s.max(1);
    let mut chance = Chance::new(2026);
    let mut due = vec![Vec::new(); clients.len().max(1)];
    let mut after = Duration::ZERO;
    for place in (0..due.len()).cycle() {
        after += chance.until_next(mean);
        if after >= length {
            break;
        }
        if let Some(due) = due.get_mut(place) {
            due.push(after);
        }
    }
    // Nobody is late before it begins.
    let start = Instant::now() + Duration::from_millis(200);
    let mut running = JoinSet::new();
    for (place, (mut client, due)) in clients.into_iter().zip(due).enumerate() {
        running.spawn(async move {
            let mut seen = Seen::default();
            for after in due {
                let due = start + after;
                let made = client.prepare();
                sleep_until(due).await;
                seen.add(finish(&mut client, made, due).await);
            }
            (place, client, seen)
        });
    }
    gather(running, start).await
}

async fn finish<C: Client>(
    client: &mut C,
    made: Result<Packed, C::Error>,
    begun: Instant,
) -> Result<Duration, String> {
    let body = made.map_err(|error| error.to_string())?;
    let sent = client.send(body).await;
    let took = begun.elapsed();
    sent.map(|()| took).map_err(|error| error.to_string())
}

async fn gather<C: Client>(
    mut running: JoinSet<(usize, C, Seen)>,
    start: Instant,
) -> Result<(Vec<C>, Seen), JoinError> {
    let mut clients = Vec::new();
    let mut all = Seen::default();
    while let Some(ended) = running.join_next().await {
        let (place, client, seen) = ended?;
        clients.push((place, client));
        all.join(seen);
    }
    all.lasted = start.elapsed();
    all.took.sort();
    clients.sort_by_key(|(place, _)| *place);
    Ok((clients.into_iter().map(|(_, client)| client).collect(), all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_answered() {
        let seen = Seen::of((1..=100).rev().map(Duration::from_millis).collect());
        let at = |of_1000| seen.ms_at(of_1000);
        assert_eq!(
            [at(0), at(500), at(990), at(1000)],
            [1.0, 51.0, 100.0, 100.0]
        );
        assert_eq!(Seen::default().ms_at(500), 0.0);
    }

    struct Slow;

    impl Client for Slow {
        type Error = String;

        fn prepare(&mut self) -> Result<Packed, String> {
            Ok(Packed::plain_json(Vec::new()))
        }

        async fn send(&mut self, _: Packed) -> Result<(), String> {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_an_answer_is_late_with_the_next_and_that_counts() {
        // One request of 100 ms falls due each 50 ms: the last of them has waited for all.
        let second = Duration::from_secs(1);
        let (_, seen) = arrive(vec![Slow], 400, second).await.expect("no panic");
        assert!(seen.ms_at(1000) > 500.0, "{}", seen.ms_at(1000));
        let (_, seen) = saturate(vec![Slow], second).await.expect("no panic");
        assert_eq!((seen.ms_at(0), seen.ms_at(1000)), (100.0, 100.0));
    }
}
