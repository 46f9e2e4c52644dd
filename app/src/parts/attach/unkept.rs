//! What was recorded or photographed on its way to the disk, and the ways out where the disk does
//! not take it: nothing is thrown away before the person says so.

use domain::attachment::{About, Kind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Booth, Doing};
use crate::device::media;
use crate::session::Made;
use crate::watch::hear;

/// What was made and is not on disk yet, and the drafts that it takes the place of.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub made: Made,
    pub about: About,
    pub drafts: Vec<String>,
}

impl Booth {
    /// What the disk did not take: nothing is thrown away before the person says so.
    pub(super) fn ways_out(self) -> AnyView {
        let words = self.words;
        view! {
            <div class="attach__own" lang=words.tag() dir="ltr">
                <button type="button" class="btn btn--soft" on:click=hear(move |_| self.keep_again())>
                    {words.try_again()}
                </button>
                <button type="button" class="btn btn--soft" on:click=hear(move |_| self.save_as_file())>
                    {words.save_as_file()}
                </button>
                <button type="button" class="btn btn--bare" on:click=hear(move |_| self.give_up())>
                    {words.throw_away()}
                </button>
                <p class="hint attach__hint">{words.file_warning()}</p>
            </div>
        }
        .into_any()
    }

    pub(super) fn keep(self, waiting: Waiting) {
        let Waiting {
            made,
            about,
            drafts,
        } = waiting.clone();
        let then = Callback::new(move |kept: Result<(), _>| match kept {
            Ok(()) => {
                self.doing.try_set(Doing::Nothing);
                self.tell(match waiting.made.kind {
                    Kind::Voice => self.words.voice_toast().to_owned(),
                    Kind::Photo | Kind::Signature => self.words.photo_toast().to_owned(),
                });
            }
            Err(why) => {
                let said = self.words.unkept(&why);
                self.unkept.try_set(Some(waiting.clone()));
                self.error.try_set(Some(said.clone()));
                if self.doing.try_set(Doing::Unkept).is_some() {
                    // Whoever walked away hears of it all the same.
                    self.tell(said);
                }
            }
        });
        self.session
            .attach(self.scope, made, about, Vec::new(), drafts, then);
    }

    fn tell(self, said: String) {
        if let Some(toasts) = self.toasts {
            toasts.say(said);
        }
    }

    fn keep_again(self) {
        let Some(waiting) = self.unkept.try_update(Option::take).flatten() else {
            return;
        };
        self.error.set(None);
        self.doing.set(Doing::Keeping);
        // Not as part of the button: it is gone by the time the disk answers.
        spawn_local(async move { self.keep(waiting) });
    }

    fn save_as_file(self) {
        self.unkept.with_untracked(|waiting| {
            if let Some(Waiting { made, .. }) = waiting {
                let name = format!("percorso.{}", made.format.extension());
                media::save(&name, &made.bytes, made.format);
            }
        });
    }

    fn give_up(self) {
        if let Some(waiting) = self.unkept.try_update(Option::take).flatten() {
            self.forget(waiting.drafts);
        }
        self.error.set(None);
        self.doing.set(Doing::Nothing);
    }
}
