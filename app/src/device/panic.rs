//! What is shown when the app has died. After a panic no handler of ours runs any more, so the
//! notice is plain elements, and its button is a link that loads the page anew.

use std::panic::PanicHookInfo;

use super::senses::document_language;
use crate::words::{Language, Words};

/// Installs the hook.
pub fn install() {
    std::panic::set_hook(Box::new(on_panic));
}

/// Says where, never what: a panic's message may quote somebody's words. The place goes to the
/// console; the page has only a code for it, which a person can read out on the phone.
fn on_panic(info: &PanicHookInfo<'_>) {
    let place = match info.location() {
        Some(at) => format!("{}:{}:{}", at.file(), at.line(), at.column()),
        None => String::new(),
    };
    let code = code(&place);
    let told = format!("{code} {place}");
    web_sys::console::error_2(&"app.panicked".into(), &told.into());
    // Nothing is left to do if even the notice cannot be drawn.
    let _ = show(&code);
}

/// Four digits that stay the same for one place of one build.
fn code(place: &str) -> String {
    let mix = |code: u16, byte: u8| code.rotate_left(5).wrapping_add(u16::from(byte));
    format!("{:04X}", place.bytes().fold(0, mix))
}

fn show(code: &str) -> Option<()> {
    // The signals are dead: the page itself still knows in which language it speaks.
    let language = document_language().unwrap_or_default();
    let words = Words(Language::from_tag(&language));
    let document = web_sys::window()?.document()?;
    let body = document.body()?;
    let page = document.create_element("main").ok()?;
    page.set_class_name("unlock");
    let notice = document.create_element("div").ok()?;
    notice.set_class_name("stack");
    notice.set_attribute("role", "alert").ok()?;
    for (tag, said) in [("h1", words.stopped_head()), ("p", words.stopped_kept())] {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(said));
        notice.append_child(&element).ok()?;
    }
    let link = document.create_element("a").ok()?;
    link.set_attribute("href", "").ok()?;
    // The router still listens, and would take the link for a way inside the app that has died.
    link.set_attribute("rel", "external").ok()?;
    link.set_class_name("btn btn--main btn--big");
    link.set_text_content(Some(words.reload()));
    notice.append_child(&link).ok()?;
    let small = document.create_element("small").ok()?;
    small.set_text_content(Some(&words.stopped_code(code)));
    notice.append_child(&small).ok()?;
    body.set_text_content(None);
    page.append_child(&notice).ok()?;
    body.append_child(&page).ok()?;
    Some(())
}
