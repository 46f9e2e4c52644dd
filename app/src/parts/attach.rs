//! Recording a voice and taking a photo, wherever something can be attached.

use std::cell::RefCell;
use std::rc::Rc;

use domain::attachment::{About, Format, Kind, VOICE_SECONDS_MAX};
use domain::id::ScopeId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::media::{self, NoMedia, Recorder};
use crate::device::senses;
use crate::driver::Hold;
use crate::frame::use_toasts;
use crate::parts::form::FieldError;
use crate::parts::mark::Icon;
use crate::session::{Made, Session, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

/// How often the length of a recording is shown anew.
const TICK_MS: i64 = 250;

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Nothing,
    Recording,
    Keeping,
}

/// A recording under way, since when, and what keeps the copy at work for it.
type Tape = Rc<RefCell<Option<(Recorder, i64, Option<Hold>)>>>;

/// The buttons, and what they lead to. What is made is kept at once.
#[component]
pub fn Attach(
    /// The family.
    scope: ScopeId,
    /// What it belongs to.
    #[prop(into)]
    about: Signal<About>,
) -> impl IntoView {
    let booth = Booth {
        session: use_session(),
        words: use_words(),
        scope,
        about,
        doing: RwSignal::new(Doing::Nothing),
        seconds: RwSignal::new(0),
        error: RwSignal::new(None),
        tape: StoredValue::new_local(Tape::default()),
        timer: StoredValue::new_local(None),
        toasts: use_toasts(),
    };
    let words = booth.words;
    // Who walks away in the middle has spoken all the same.
    on_cleanup(move || booth.end());
    view! {
        <div class="attach">
            {move || match booth.doing.get() {
                Doing::Nothing => view! {
                    <button type="button" class="btn btn--soft" on:click=hear(move |_| booth.begin())>
                        <Icon name="mic" />{words.record_voice()}
                    </button>
                    <label class="btn btn--soft btn--file">
                        <Icon name="camera" />{words.take_photo()}
                        <input
                            class="sr" type="file" autocomplete="off"
                            accept="image/*" capture="environment"
                            on:change=hear(move |event| booth.photograph(event))
                        />
                    </label>
                }
                .into_any(),
                Doing::Recording => view! {
                    <p class="attach__tape" role="status">
                        <span class="attach__dot" aria-hidden="true"></span>{words.recording()}
                    </p>
                    <output class="attach__time" aria-live="off">{move || words.length(booth.seconds.get())}</output>
                    <button type="button" class="btn btn--main" on:click=hear(move |_| booth.end())>
                        <Icon name="check" />{words.keep_recording()}
                    </button>
                    <button type="button" class="btn btn--bare" on:click=hear(move |_| booth.throw_away())>
                        {words.throw_away()}
                    </button>
                }
                .into_any(),
                Doing::Keeping => view! { <p role="status">{words.keeping()}</p> }.into_any(),
            }}
            <FieldError id="attach" error=booth.error />
        </div>
    }
    .into_any()
}

/// Where somebody speaks or is photographed.
#[derive(Clone, Copy)]
struct Booth {
    session: Session,
    words: Words,
    scope: ScopeId,
    about: Signal<About>,
    doing: RwSignal<Doing>,
    seconds: RwSignal<u16>,
    error: RwSignal<Option<String>>,
    tape: StoredValue<Tape, LocalStorage>,
    timer: StoredValue<Option<senses::Timer>, LocalStorage>,
    toasts: crate::frame::Toasts,
}

impl Booth {
    fn begin(self) {
        self.error.set(None);
        let tape = self.tape.get_value();
        spawn_local(async move {
            match Recorder::begin().await {
                Ok(recorder) => {
                    // Not earlier: a question for permission that nobody answers must not keep
                    // the app open.
                    let hold = self.session.hold();
                    tape.replace(Some((recorder, senses::now().0, hold)));
                    self.seconds.try_set(0);
                    if self.doing.try_set(Doing::Recording).is_some() {
                        // The screen went while the phone asked for permission.
                        tape.replace(None);
                        return;
                    }
                    self.tick();
                }
                Err(why) => self.fail(why),
            }
        });
    }

    /// Shows how long it is, and ends it when it may not be longer.
    fn tick(self) {
        let Some(tape) = self.tape.try_get_value() else {
            return;
        };
        let Some(since) = tape.borrow().as_ref().map(|(_, since, _)| *since) else {
            return;
        };
        let seconds = seconds_since(since);
        if seconds >= VOICE_SECONDS_MAX {
            self.end();
            return;
        }
        self.seconds.try_set(seconds);
        self.timer
            .try_set_value(Some(senses::after(TICK_MS, move || self.tick())));
    }

    /// Ends the recording, if there is one, and keeps it.
    fn end(self) {
        let tape = self.tape.try_get_value().and_then(|tape| tape.take());
        let Some((recorder, since, hold)) = tape else {
            return;
        };
        let about = self.about.try_get_untracked();
        self.doing.try_set(Doing::Keeping);
        let seconds = seconds_since(since).clamp(1, VOICE_SECONDS_MAX);
        spawn_local(async move {
            match (recorder.end().await, about) {
                (Ok((format, bytes)), Some(about)) => {
                    let made = Made {
                        kind: Kind::Voice,
                        format,
                        bytes,
                        seconds: Some(seconds),
                    };
                    self.keep(made, about, self.words.voice_toast());
                }
                (Err(why), _) => self.fail(why),
                (Ok(_), None) => {}
            }
            // What is kept has a hold of its own by now.
            drop(hold);
        });
    }

    fn throw_away(self) {
        self.tape.with_value(|tape| drop(tape.take()));
        self.doing.set(Doing::Nothing);
    }

    fn photograph(self, event: leptos::ev::Event) {
        self.error.set(None);
        let about = self.about.get_untracked();
        let hold = self.session.hold();
        spawn_local(async move {
            match media::chosen_photo(event).await {
                Some(Ok(bytes)) => {
                    self.doing.try_set(Doing::Keeping);
                    let made = Made {
                        kind: Kind::Photo,
                        format: Format::Jpeg,
                        bytes,
                        seconds: None,
                    };
                    self.keep(made, about, self.words.photo_toast());
                }
                Some(Err(why)) => self.fail(why),
                None => {}
            }
            drop(hold);
        });
    }

    fn keep(self, made: Made, about: About, toast: &'static str) {
        let then = Callback::new(move |kept: Result<(), _>| {
            self.doing.try_set(Doing::Nothing);
            match kept {
                Ok(()) => self.toasts.say(toast),
                Err(why) => {
                    self.error.try_set(Some(self.words.not_kept(&why)));
                }
            }
        });
        self.session
            .attach(self.scope, made, about, Vec::new(), Vec::new(), then);
    }

    fn fail(self, why: NoMedia) {
        self.doing.try_set(Doing::Nothing);
        self.error
            .try_set(Some(self.words.no_media(why).to_owned()));
    }
}

fn seconds_since(since_ms: i64) -> u16 {
    let ms = senses::now().0.saturating_sub(since_ms).max(0);
    u16::try_from(ms / 1_000).unwrap_or(u16::MAX)
}
