//! Recording a voice and taking a photo, wherever something can be attached.

use std::cell::RefCell;
use std::rc::Rc;

use domain::attachment::{About, Format, Kind, VOICE_SECONDS_MAX};
use domain::id::ScopeId;
use leptos::prelude::*;
use leptos::task::spawn_local;
use replica::stored::DiskError;

use crate::device::media::{self, NoMedia, Recorder};
use crate::device::senses;
use crate::driver::{Hold, Kept};
use crate::frame::Toasts;
use crate::parts::attach::tape::Cut;
use crate::parts::attach::unkept::Waiting;
use crate::parts::form::FieldError;
use crate::parts::mark::Icon;
use crate::session::{Made, Session, use_session};
use crate::watch::hear;
use crate::words::{Words, use_words};

pub mod tape;
mod unkept;

/// How often the length of a recording is shown anew.
const TICK_MS: i64 = 250;

/// What a button of it, or a word beside one, says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// Begins a recording.
    Record,
    /// While somebody speaks.
    Recording,
    /// Ends it and keeps it.
    Stop,
    /// Ends it and forgets it.
    Discard,
    /// While it is put on disk.
    Keeping,
}

impl Label {
    /// In the language of whoever works here.
    fn said(self, words: Words) -> AnyView {
        match self {
            Self::Record => words.record_voice(),
            Self::Recording => words.recording(),
            Self::Stop => words.keep_recording(),
            Self::Discard => words.throw_away(),
            Self::Keeping => words.keeping(),
        }
        .into_any()
    }
}

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// It is being looked up whether a recording was cut off here.
    Looking,
    Nothing,
    Recording,
    Keeping,
    /// The disk did not take all of it.
    Unkept,
}

/// A recording under way.
struct Running {
    recorder: Recorder,
    /// Since when, by this phone's clock.
    since_ms: i64,
    /// How many of its bytes were put away so far.
    put_away: usize,
    /// Keeps the copy at work for it.
    hold: Option<Hold>,
}

type Tape = Rc<RefCell<Option<Running>>>;

/// The buttons, and what they lead to. What is made is kept at once.
#[component]
pub fn Attach(
    /// The family.
    scope: ScopeId,
    /// What it belongs to.
    #[prop(into)]
    about: Signal<About>,
    /// Whether only voices are made here.
    #[prop(optional)]
    is_voice_alone: bool,
    /// Says a label otherwise than in the language of whoever works here.
    #[prop(optional)]
    label: Option<Callback<Label, AnyView>>,
) -> impl IntoView {
    let booth = Booth {
        session: use_session(),
        words: use_words(),
        is_voice_alone,
        label,
        scope,
        about,
        doing: RwSignal::new(Doing::Looking),
        seconds: RwSignal::new(0),
        error: RwSignal::new(None),
        tape: StoredValue::new_local(Tape::default()),
        timer: StoredValue::new_local(None),
        // Before a family there are none.
        toasts: use_context::<Toasts>(),
        // Where the disk takes nothing, all of it is still in memory, and the end says so.
        quiet: Callback::new(|_| {}),
        cut: RwSignal::new(None),
        is_taped: RwSignal::new(false),
        unkept: RwSignal::new(None),
    };
    booth.look();
    // Who walks away in the middle has spoken all the same.
    on_cleanup(move || booth.end());
    view! {
        <div class="attach">
            <div class="attach__own" lang=booth.words.tag() dir="ltr">
                <FieldError id="attach" error=booth.error />
            </div>
            {move || match booth.doing.get() {
                Doing::Looking => ().into_any(),
                Doing::Nothing => view! {
                    {move || booth.cut.get().map(|cut| booth.cut_off(cut))}
                    {booth.buttons()}
                }
                .into_any(),
                Doing::Recording => booth.at_work(),
                Doing::Keeping => view! { <p role="status">{booth.say(Label::Keeping)}</p> }.into_any(),
                Doing::Unkept => booth.ways_out(),
            }}
        </div>
    }
    .into_any()
}

/// Where somebody speaks or is photographed.
#[derive(Clone, Copy)]
struct Booth {
    session: Session,
    words: Words,
    is_voice_alone: bool,
    label: Option<Callback<Label, AnyView>>,
    scope: ScopeId,
    about: Signal<About>,
    doing: RwSignal<Doing>,
    seconds: RwSignal<u16>,
    error: RwSignal<Option<String>>,
    tape: StoredValue<Tape, LocalStorage>,
    timer: StoredValue<Option<senses::Timer>, LocalStorage>,
    toasts: Option<Toasts>,
    quiet: Kept,
    /// A recording that was cut off before.
    cut: RwSignal<Option<Cut>>,
    /// Whether what is spoken may lie on disk before it is saved.
    is_taped: RwSignal<bool>,
    unkept: RwSignal<Option<Waiting>>,
}

impl Booth {
    fn say(self, label: Label) -> AnyView {
        match self.label {
            Some(say) => say.run(label),
            None => label.said(self.words),
        }
    }

    fn buttons(self) -> AnyView {
        let words = self.words;
        // One that was cut off is settled first: the next would take its place.
        let is_free = move || self.cut.read().is_none();
        view! {
            {move || is_free().then(|| view! {
                <button type="button" class="btn btn--soft" on:click=hear(move |_| self.begin())>
                    <Icon name="mic" />{self.say(Label::Record)}
                </button>
            })}
            {(!self.is_voice_alone).then(|| view! {
                <label class="btn btn--soft btn--file">
                    <Icon name="camera" />{words.take_photo()}
                    <input
                        class="sr" type="file" autocomplete="off"
                        accept="image/*" capture="environment"
                        on:change=hear(move |event| self.photograph(event))
                    />
                </label>
            })}
        }
        .into_any()
    }

    fn at_work(self) -> AnyView {
        let words = self.words;
        view! {
            <p class="attach__tape" role="status">
                <span class="attach__dot" aria-hidden="true"></span>{self.say(Label::Recording)}
            </p>
            <output class="attach__time" aria-live="off">{move || words.length(self.seconds.get())}</output>
            <button type="button" class="btn btn--main" on:click=hear(move |_| self.end())>
                <Icon name="check" />{self.say(Label::Stop)}
            </button>
            <button type="button" class="btn btn--bare" on:click=hear(move |_| self.throw_away())>
                {self.say(Label::Discard)}
            </button>
        }
        .into_any()
    }

    /// A recording that was cut off: it is saved or thrown away.
    fn cut_off(self, cut: Cut) -> AnyView {
        let words = self.words;
        let of = words.cut_of(cut.about);
        let said = words.voice_cut_off(of, &words.length(cut.seconds));
        let cut = StoredValue::new(cut);
        view! {
            <div class="attach__own" lang=words.tag() dir="ltr">
                <p class="attach__cut" role="status"><Icon name="mic" /><span>{said}</span></p>
                <button type="button" class="btn btn--soft" on:click=hear(move |_| self.keep_cut(cut.get_value()))>
                    <Icon name="check" />{words.keep_cut()}
                </button>
                <button type="button" class="btn btn--bare" on:click=hear(move |_| self.give_up_cut(&cut.get_value()))>
                    {words.throw_away()}
                </button>
            </div>
        }
        .into_any()
    }

    /// Looks for a recording that was cut off: by a dead battery, or because the disk was full.
    fn look(self) {
        let then = Callback::new(move |found: Result<Option<String>, DiskError>| {
            let found = found.ok().flatten();
            // One that this build cannot read is somebody's all the same: it stays where it is.
            let cut = found.and_then(|json| serde_json::from_str::<Cut>(&json).ok());
            let is_fresh = cut.as_ref().is_some_and(|cut| cut.is_fresh(senses::now()));
            if is_fresh {
                // On its way to be kept, or spoken in another tab: looked at again later.
                let again = senses::after(tape::FRESH_MS, move || self.look_again());
                self.timer.try_set_value(Some(again));
            }
            self.cut
                .try_set(cut.filter(|cut| !is_fresh && self.is_offered(cut)));
            if self.doing.try_get_untracked() == Some(Doing::Looking) {
                self.doing.try_set(Doing::Nothing);
            }
        });
        self.session.draft(tape::note_key(self.scope), then);
    }

    fn look_again(self) {
        // What is spoken meanwhile takes the place of nothing.
        if self.doing.try_get_untracked() == Some(Doing::Nothing) {
            self.look();
        }
    }

    /// Before a family nothing is offered that was said elsewhere.
    fn is_offered(self, cut: &Cut) -> bool {
        self.label.is_none() || self.about.try_get_untracked() == Some(cut.about)
    }

    fn begin(self) {
        self.error.set(None);
        let tape = self.tape.get_value();
        spawn_local(async move {
            match Recorder::begin().await {
                Ok(recorder) => {
                    let running = Running {
                        recorder,
                        since_ms: senses::now().0,
                        put_away: 0,
                        // Not earlier: a question for permission that nobody answers must not keep
                        // the app open.
                        hold: self.session.hold(),
                    };
                    tape.replace(Some(running));
                    self.tape_from_now();
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

    /// What is spoken lies on disk as it grows, unless another recording lies in its place, or
    /// nobody can tell.
    fn tape_from_now(self) {
        self.is_taped.try_set(false);
        let then = Callback::new(move |found: Result<Option<String>, DiskError>| {
            self.is_taped.try_set(found == Ok(None));
        });
        self.session.draft(tape::note_key(self.scope), then);
    }

    /// Shows how long it is, and ends it when it may not be longer.
    fn tick(self) {
        let Some(tape) = self.tape.try_get_value() else {
            return;
        };
        let Some(since_ms) = tape.borrow().as_ref().map(|running| running.since_ms) else {
            return;
        };
        let seconds = seconds_since(since_ms);
        if seconds >= VOICE_SECONDS_MAX {
            self.end();
            return;
        }
        if self.seconds.try_get_untracked() != Some(seconds) {
            self.seconds.try_set(seconds);
            self.put_away(tape, seconds);
        }
        self.timer
            .try_set_value(Some(senses::after(TICK_MS, move || self.tick())));
    }

    /// Puts what was spoken so far on disk.
    fn put_away(self, tape: Tape, seconds: u16) {
        let about = self.about.try_get_untracked();
        let heard = tape.borrow().as_ref().map(|running| {
            let heard = running.recorder.so_far();
            (running.since_ms, heard)
        });
        let (Some(about), Some((since_ms, heard)), Some(true)) =
            (about, heard, self.is_taped.try_get_untracked())
        else {
            return;
        };
        spawn_local(async move {
            // What cannot be read now is read with the next second, or when it ends.
            let Ok((format, bytes)) = heard.await else {
                return;
            };
            let mut tape = tape.borrow_mut();
            // Ended, or begun anew, meanwhile.
            let Some(running) = tape.as_mut().filter(|one| one.since_ms == since_ms) else {
                return;
            };
            if bytes.len() <= running.put_away {
                return;
            }
            for (key, row) in tape::grown(self.scope, &bytes, running.put_away) {
                self.session.keep_draft(key, row, Some(self.quiet));
            }
            running.put_away = bytes.len();
            let cut = Cut {
                about,
                format,
                seconds,
                rows: tape::rows_of(bytes.len()),
                at: senses::now(),
            };
            let note = serde_json::to_string(&cut).unwrap_or_default();
            self.session
                .keep_draft(tape::note_key(self.scope), note, Some(self.quiet));
        });
    }

    /// Ends the recording, if there is one, and keeps it.
    fn end(self) {
        let tape = self.tape.try_get_value().and_then(|tape| tape.take());
        let Some(running) = tape else {
            return;
        };
        let about = self.about.try_get_untracked();
        self.doing.try_set(Doing::Keeping);
        let seconds = seconds_since(running.since_ms).clamp(1, VOICE_SECONDS_MAX);
        let drafts = self.drafts_of(&running);
        spawn_local(async move {
            match (running.recorder.end().await, about) {
                (Ok((format, bytes)), Some(about)) => {
                    let made = Made {
                        kind: Kind::Voice,
                        format,
                        bytes,
                        seconds: Some(seconds),
                    };
                    self.keep(Waiting {
                        made,
                        about,
                        drafts,
                    });
                }
                (Err(why), _) => {
                    self.fail(why);
                    // What was put away of it is offered.
                    self.look();
                }
                (Ok(_), None) => {}
            }
            // What is kept has a hold of its own by now.
            drop(running.hold);
        });
    }

    /// What a recording has put away, to be given up with it.
    fn drafts_of(self, running: &Running) -> Vec<String> {
        match running.put_away {
            0 => Vec::new(),
            bytes => tape::keys(self.scope, tape::rows_of(bytes)),
        }
    }

    fn throw_away(self) {
        if let Some(running) = self.tape.with_value(|tape| tape.take()) {
            self.forget(self.drafts_of(&running));
        }
        self.doing.set(Doing::Nothing);
    }

    fn forget(self, drafts: Vec<String>) {
        for key in drafts {
            self.session.forget_draft(key);
        }
    }

    /// Saves a recording that was cut off, as far as it lies on disk.
    fn keep_cut(self, cut: Cut) {
        self.error.set(None);
        self.cut.set(None);
        self.doing.set(Doing::Keeping);
        // Not as part of the button: it is gone by the time the disk answers.
        spawn_local(async move {
            let keys = tape::row_keys(self.scope, cut.rows);
            let then = Callback::new(move |rows: Result<Vec<String>, DiskError>| {
                // The note may tell of one row that came no more.
                let rows = rows.ok().filter(|rows| {
                    let found = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                    found.saturating_add(1) >= cut.rows
                });
                let Some(bytes) = rows.and_then(|rows| tape::whole(&rows)) else {
                    self.fail(NoMedia::Failed);
                    self.look();
                    return;
                };
                let made = Made {
                    kind: Kind::Voice,
                    format: cut.format,
                    bytes,
                    seconds: Some(cut.seconds.clamp(1, VOICE_SECONDS_MAX)),
                };
                let drafts = tape::keys(self.scope, cut.rows);
                let about = cut.about;
                self.keep(Waiting {
                    made,
                    about,
                    drafts,
                });
            });
            self.session.drafts(keys, then);
        });
    }

    fn give_up_cut(self, cut: &Cut) {
        self.error.set(None);
        self.cut.set(None);
        self.forget(tape::keys(self.scope, cut.rows));
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
                    let drafts = Vec::new();
                    self.keep(Waiting {
                        made,
                        about,
                        drafts,
                    });
                }
                Some(Err(why)) => self.fail(why),
                None => {}
            }
            drop(hold);
        });
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
