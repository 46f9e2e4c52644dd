//! What is shown when the app has died. After a panic no handler of ours runs any more, so the
//! notice is plain elements, and its button is a link that loads the page anew.

use std::panic::PanicHookInfo;

const TITLE: &str = "Percorso si è fermato";
const WORDS_IT: &str = "Quello che avevi salvato è al sicuro su questo dispositivo.";
const WORDS_EN: &str = "Percorso has stopped. What you saved is safe on this device.";
const RELOAD: &str = "Ricarica · Reload";

/// Installs the hook.
pub fn install() {
    std::panic::set_hook(Box::new(on_panic));
}

/// Says where, never what: a panic's message may quote somebody's words.
fn on_panic(info: &PanicHookInfo<'_>) {
    let place = match info.location() {
        Some(at) => format!("{}:{}:{}", at.file(), at.line(), at.column()),
        None => String::new(),
    };
    web_sys::console::error_2(&"app.panicked".into(), &place.as_str().into());
    // Nothing is left to do if even the notice cannot be drawn.
    let _ = show(&place);
}

fn show(place: &str) -> Option<()> {
    let document = web_sys::window()?.document()?;
    let body = document.body()?;
    let page = document.create_element("main").ok()?;
    page.set_class_name("unlock");
    let notice = document.create_element("div").ok()?;
    notice.set_class_name("stack");
    notice.set_attribute("role", "alert").ok()?;
    let said = [
        ("h1", "it", TITLE),
        ("p", "it", WORDS_IT),
        ("p", "en", WORDS_EN),
    ];
    for (tag, language, words) in said {
        let element = document.create_element(tag).ok()?;
        element.set_attribute("lang", language).ok()?;
        element.set_text_content(Some(words));
        notice.append_child(&element).ok()?;
    }
    let link = document.create_element("a").ok()?;
    link.set_attribute("href", "").ok()?;
    // The router still listens, and would take the link for a way inside the app that has died.
    link.set_attribute("rel", "external").ok()?;
    link.set_class_name("btn btn--main btn--big");
    link.set_text_content(Some(RELOAD));
    notice.append_child(&link).ok()?;
    let code = document.create_element("small").ok()?;
    code.set_text_content(Some(place));
    notice.append_child(&code).ok()?;
    body.set_text_content(None);
    page.append_child(&notice).ok()?;
    body.append_child(&page).ok()?;
    Some(())
}
