//! What every page is made of: the document, icons, tables, a hidden form token.

use leptos::prelude::*;

use crate::parts::mark::Logo;
use crate::words::Language;

/// An icon of the set that the pages use (Lucide, ISC licence).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// Something went wrong.
    Alert,
    /// Goes on to somewhere.
    ChevronRight,
    /// Something went well.
    Check,
    /// Says something worth knowing.
    Info,
    /// Changes the language.
    Languages,
    /// Families.
    Families,
    /// People who work here.
    People,
    /// Phones and browsers.
    Phone,
    /// What was done and by whom.
    History,
    /// Keeps out for a time.
    Lock,
    /// Leaves.
    Leave,
}

/// Draws an icon. It is always beside its word, so that it says nothing by itself.
#[component]
pub fn Draw(icon: Icon, #[prop(default = "icon")] class: &'static str) -> impl IntoView {
    let path = match icon {
        Icon::Alert => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 8v4M12 16h.01",
        Icon::ChevronRight => "m9 18 6-6-6-6",
        Icon::Check => "M20 6 9 17l-5-5",
        Icon::Info => "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 16v-4M12 8h.01",
        Icon::Languages => "m5 8 6 6M4 14l6-6 2-3M2 5h12M7 2h1M22 22l-5-10-5 10M14 18h6",
        Icon::Families => {
            "M3 10a2 2 0 0 1 .709-1.528l7-6a2 2 0 0 1 2.582 0l7 6A2 2 0 0 1 21 10v9a2 2 0 0 1-2 2H5\
             a2 2 0 0 1-2-2zM15 21v-8a1 1 0 0 0-1-1h-4a1 1 0 0 0-1 1v8"
        }
        Icon::People => {
            "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2M16 3.128a4 4 0 0 1 0 7.744M22 21v-2a4 4 0 0 \
             0-3-3.87M9 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8"
        }
        Icon::Phone => {
            "M7 2h10a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2M12 18h.01"
        }
        Icon::History => "M3 12a9 9 0 1 0 9-9 9.75 9.75 0 0 0-6.74 2.74L3 8M3 3v5h5M12 7v5l4 2",
        Icon::Lock => "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4",
        Icon::Leave => "m16 17 5-5-5-5M21 12H9M9 21H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h4",
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=path></path>
        </svg>
    }
    .into_any()
}

/// The whole document around a page. Its title never names a person.
#[component]
pub fn Document(
    language: Language,
    title: &'static str,
    /// Address of the style sheet.
    css: String,
    children: Children,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang=language.tag() dir="ltr">
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover"
                />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <title>{format!("{title} · Percorso")}</title>
                <link rel="stylesheet" href=css />
                <link rel="icon" href="/icons/percorso.svg" type="image/svg+xml" />
            </head>
            <body>{children()}</body>
        </html>
    }
    .into_any()
}

/// The token that proves that a form is one of ours. It is bound to the reader's cookie.
#[component]
pub fn Token(value: String) -> impl IntoView {
    view! { <input type="hidden" name="token" value=value /> }
}

/// A table that scrolls by itself where the page is narrow.
#[component]
pub fn Table(
    /// What it is a table of.
    label: &'static str,
    /// What its columns are called.
    heads: Vec<&'static str>,
    /// Another class of the place where it scrolls.
    #[prop(default = "scrollx card")]
    class: &'static str,
    /// Its rows.
    children: Children,
) -> impl IntoView {
    let heads = heads.into_iter();
    let heads = heads.map(|head| view! { <th scope="col">{head}</th> });
    view! {
        <div class=class tabindex="0" role="region" aria-label=label>
            <table class="table table--pick">
                <thead>
                    <tr>{heads.collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One line that says how it went: `is_good` or not, by colour, icon and words.
#[component]
pub fn Said(is_good: bool, children: Children) -> impl IntoView {
    let (class, role, icon) = if is_good {
        ("notice notice--good", "status", Icon::Check)
    } else {
        ("notice notice--berry", "alert", Icon::Alert)
    };
    view! {
        <div class=class role=role>
            <Draw icon=icon />
            <p>{children()}</p>
        </div>
    }
    .into_any()
}

/// The link to the same page in the other language.
#[component]
pub fn OtherLanguage(
    language: Language,
    /// The page's own address, without a query.
    path: &'static str,
    /// Where the reader wanted to go, kept across the change.
    #[prop(optional)]
    back: Option<String>,
) -> impl IntoView {
    let other = language.other();
    let kept = back
        .filter(|back| !back.is_empty())
        .map_or_else(String::new, |back| {
            format!("&ritorno={}", percent_encoded(&back))
        });
    view! {
        <a
            class="btn btn--bare push"
            href=format!("{path}?lingua={}{kept}", other.tag())
            lang=other.tag()
            hreflang=other.tag()
        >
            <Draw icon=Icon::Languages />
            {other.own_name()}
        </a>
    }
    .into_any()
}

/// A page that says in one sentence what went wrong, and leads back.
#[component]
pub fn ProblemPage(
    language: Language,
    /// Address of the style sheet.
    css: String,
    /// The sentence.
    words: &'static str,
) -> impl IntoView {
    view! {
        <Document language=language title=language.say("Non riuscito", "Not done") css=css>
            <div class="access">
                <header class="access__brand">
                    <Logo />
                    <span>"Percorso"</span>
                </header>
                <main class="access__main">
                    <section class="access__form">
                        <h1>{language.say("Non riuscito", "Not done")}</h1>
                        <Said is_good=false>{words}</Said>
                        <p>
                            <a class="btn btn--main" href="/">
                                {language.say("Torna all’inizio", "Back to the start")}
                            </a>
                        </p>
                    </section>
                </main>
            </div>
        </Document>
    }
    .into_any()
}

/// The first letters of a person's first and last name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A value as it may stand in a query.
pub fn percent_encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
