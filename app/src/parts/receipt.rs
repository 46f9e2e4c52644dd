//! How far a saved thing has gone: one item's receipt, and the pill for the whole phone.

use leptos::prelude::*;
use replica::replica::{Receipt as Step, Status, SyncError};

use crate::parts::mark::Icon;
use crate::words::Words;

/// After how long something unsent is pressing.
const PRESSING_MS: i64 = 24 * 3_600_000;

/// The receipt of one item: icon and word, always both.
#[component]
pub fn Receipt(
    /// How far it has gone; nothing is shown for what is not on this phone.
    #[prop(into)]
    step: Signal<Option<Step>>,
    /// The words to say it in.
    words: Words,
    /// Whether to name the hub's number too.
    #[prop(optional)]
    numbered: bool,
) -> impl IntoView {
    move || {
        step.get().map(|step| {
            let (state, icon) = look(step);
            view! {
                <span class="receipt" data-state=state>
                    <Icon name=icon />
                    {receipt_words(step, words, numbered)}
                </span>
            }
        })
    }
}

const fn look(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Refused(_) => ("stopped", "circle-alert"),
        Step::OnPhone => ("phone", "on-phone"),
        Step::Sent => ("sent", "up"),
        Step::Accepted(_) => ("accepted", "ok"),
        Step::Seen(_) => ("seen", "seen"),
    }
}

fn receipt_words(step: Step, words: Words, numbered: bool) -> String {
    match step {
        Step::Refused(_) => words.receipt_stopped().to_owned(),
        Step::OnPhone => words.receipt_phone().to_owned(),
        Step::Sent => words.receipt_sent().to_owned(),
        Step::Accepted(number) if numbered => words.accepted_number(number),
        Step::Seen(number) if numbered => words.seen_number(number),
        Step::Accepted(_) => words.receipt_accepted().to_owned(),
        Step::Seen(_) => words.receipt_seen().to_owned(),
    }
}

/// What the pill says. Never "all sent" unless it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    /// Drawn by this state.
    pub state: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its words.
    pub label: String,
}

/// Whether nothing is sent any more until a person does something. What heals by itself, such as
/// a network that is away, is not worth a word: it is how a phone works.
pub const fn needs_person(why: SyncError) -> bool {
    match why {
        SyncError::SessionEnded
        | SyncError::UpdateNeeded
        | SyncError::DeviceRevoked
        | SyncError::Suspended
        | SyncError::OtherOwner
        | SyncError::RequestRefused => true,
        SyncError::Unreachable | SyncError::ServerFailed | SyncError::Busy => false,
    }
}

/// What the pill of the app bar says about the whole phone.
pub fn pill(status: &Status, now_ms: i64, words: Words) -> Pill {
    if let Some(why) = status.problem.filter(|why| needs_person(*why)) {
        return Pill {
            state: "stopped",
            icon: "circle-alert",
            label: words.standstill(why, status.unsent),
        };
    }
    let age_ms = status
        .oldest_unsent
        .map_or(0, |oldest| now_ms.saturating_sub(oldest.0));
    if status.refused > 0 {
        return Pill {
            state: "stopped",
            icon: "circle-alert",
            label: words.stopped(status.refused),
        };
    }
    if status.unsent > 0 {
        let count = words.on_phone(status.unsent);
        if age_ms >= PRESSING_MS {
            return Pill {
                state: "pressing",
                icon: "circle-alert",
                label: format!("{count} {}", words.lasting(age_ms)),
            };
        }
        let icon = if status.is_sending { "up" } else { "on-phone" };
        return Pill {
            state: "phone",
            icon,
            label: count,
        };
    }
    match status.problem {
        Some(SyncError::Unreachable) => Pill {
            state: "calm",
            icon: "wifi-off",
            label: words.offline().to_owned(),
        },
        Some(_) => Pill {
            state: "stopped",
            icon: "circle-alert",
            label: words.receipt_stopped().to_owned(),
        },
        None => Pill {
            state: "calm",
            icon: "ok",
            label: words.all_sent().to_owned(),
        },
    }
}

/// The pill of the app bar; leads to where sending is looked after.
#[component]
pub fn SendingPill(
    /// What it says.
    #[prop(into)]
    pill: Signal<Pill>,
    /// Where it leads.
    href: &'static str,
) -> impl IntoView {
    view! {
        <a class="sending" href=href data-state=move || pill.read().state>
            <Icon name=Signal::derive(move || pill.read().icon) />
            <span role="status">{move || pill.read().label.clone()}</span>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Millis;

    use super::*;
    use crate::words::Language;

    fn status(unsent: usize, oldest_ms: i64) -> Status {
        Status {
            unsent,
            oldest_unsent: (unsent > 0).then_some(Millis(oldest_ms)),
            ..Status::default()
        }
    }

    #[test]
    fn what_is_unsent_is_always_said() {
        let words = Words::default();
        assert_eq!(pill(&status(3, 0), 1_000, words).label, "3 sul telefono");
        assert_eq!(pill(&status(0, 0), 0, words).label, "Tutto inviato");
    }

    #[test]
    fn what_a_person_has_to_do_is_said_before_what_waits() {
        let check = |problem, unsent, italian: &str, english: &str| {
            let status = Status {
                problem: Some(problem),
                refused: 1,
                ..status(unsent, 0)
            };
            for (words, said) in [
                (Words::default(), italian),
                (Words(Language::English), english),
            ] {
                let pill = pill(&status, PRESSING_MS, words);
                assert_eq!((pill.state, &*pill.label), ("stopped", said), "{problem}");
            }
        };
        check(
            SyncError::SessionEnded,
            3,
            "Accedi di nuovo: 3 da inviare",
            "Sign in again: 3 to send",
        );
        check(
            SyncError::Suspended,
            1,
            "Accesso sospeso: 1 da inviare",
            "Access suspended: 1 to send",
        );
        check(
            SyncError::DeviceRevoked,
            2,
            "Telefono escluso: 2 da inviare",
            "Phone shut out: 2 to send",
        );
        check(
            SyncError::SessionEnded,
            0,
            "Accedi di nuovo",
            "Sign in again",
        );
    }

    #[test]
    fn what_heals_by_itself_is_no_alarm() {
        for problem in [
            SyncError::Unreachable,
            SyncError::ServerFailed,
            SyncError::Busy,
        ] {
            let status = Status {
                problem: Some(problem),
                ..status(3, 0)
            };
            let pill = pill(&status, 1_000, Words::default());
            assert_eq!((pill.state, &*pill.label), ("phone", "3 sul telefono"));
        }
    }

    #[test]
    fn after_a_day_it_presses() {
        let pressing = pill(&status(1, 0), PRESSING_MS, Words::default());
        assert_eq!(pressing.state, "pressing");
        assert_eq!(pressing.label, "1 sul telefono da 24 ore");
    }

    #[test]
    fn without_a_network_it_never_says_all_sent() {
        let offline = Status {
            problem: Some(SyncError::Unreachable),
            ..Status::default()
        };
        assert_eq!(pill(&offline, 0, Words::default()).label, "Senza rete");
    }
}
