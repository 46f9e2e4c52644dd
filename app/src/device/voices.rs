//! The voices of the phone itself: who does not read hears what is written.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{SpeechSynthesis, SpeechSynthesisUtterance, SpeechSynthesisVoice};

pub use super::kinds::{Hush, Spoken};
use super::rules::is_voice_of;
use super::senses::window;

fn synthesis() -> Option<SpeechSynthesis> {
    window().speech_synthesis().ok()
}

/// A voice for a language that the browser calls local: it says that others send what they are to
/// say to their maker, and that may be a family's words. On Android it calls every voice so; what
/// the phone's own speech engine does is set there.
fn voice(language: &str) -> Option<SpeechSynthesisVoice> {
    let voices: Array = synthesis()?.get_voices();
    let voices = voices
        .iter()
        .map(JsCast::unchecked_into::<SpeechSynthesisVoice>);
    let fits = |voice: &SpeechSynthesisVoice| {
        voice.local_service() && is_voice_of(&voice.lang(), language)
    };
    let fitting: Vec<SpeechSynthesisVoice> = voices.filter(fits).collect();
    let chosen = fitting.iter().find(|voice| voice.default());
    chosen.or(fitting.first()).cloned()
}

/// Whether the phone can read a language aloud, without any network.
pub fn can_say(language: &str) -> bool {
    voice(language).is_some()
}

/// Calls when the phone has found its voices: the first time that they are asked for they may not
/// be there yet. For as long as the page is open.
pub fn on_found(call: impl Fn() + 'static) {
    let Some(synthesis) = synthesis() else {
        return;
    };
    // Asked for, they are looked for.
    drop(synthesis.get_voices());
    let call: Closure<dyn FnMut()> = Closure::new(call);
    let call = call.into_js_value();
    synthesis.set_onvoiceschanged(Some(call.unchecked_ref()));
}

/// Says one text after the other, each in its language; what the phone has no voice for is left
/// out. `done` runs after the last of them. It falls silent when the answer is dropped.
pub fn say(texts: &[Spoken], done: impl FnOnce() + 'static) -> Hush {
    hush();
    let Some(synthesis) = synthesis() else {
        return Hush::new(hush);
    };
    let mut spoken = Vec::new();
    for text in texts {
        let Some(voice) = voice(&text.language) else {
            continue;
        };
        if let Ok(utterance) = SpeechSynthesisUtterance::new_with_text(&text.words) {
            // Some phones look at the language only, others at the voice.
            utterance.set_lang(&voice.lang());
            utterance.set_voice(Some(&voice));
            spoken.push(utterance);
        }
    }
    if let Some(last) = spoken.last() {
        let done = Closure::once_into_js(done);
        last.set_onend(Some(done.unchecked_ref()));
    }
    for utterance in &spoken {
        synthesis.speak(utterance);
    }
    // Some browsers forget to say that a text has ended which nobody holds any more.
    Hush::new(move || {
        let _held = &spoken;
        hush();
    })
}

fn hush() {
    if let Some(synthesis) = synthesis()
        && (synthesis.speaking() || synthesis.pending())
    {
        synthesis.cancel();
    }
}
