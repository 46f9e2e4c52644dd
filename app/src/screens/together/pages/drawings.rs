//! The drawings of Insieme: a way that is steep, gentle or flat, and who walks it.

use domain::vocabulary::{NeedLevel, WhoActs};
use leptos::prelude::*;

/// How things are, as a landscape.
pub(super) fn land(level: NeedLevel) -> AnyView {
    let drawn = match level {
        NeedLevel::Well => view! {
            <path class="ground" d="M4 54h124v18H4z"></path>
            <path d="M4 54h124"></path>
            <path class="trail" d="M10 63h112"></path>
            <circle class="body" cx="84" cy="46" r="6.5"></circle>
            <path d="M104 54V20l16 6-16 6"></path>
        }
        .into_any(),
        NeedLevel::SoSo => view! {
            <path class="ground" d="M4 70c34 0 40-36 76-36 26 0 32 14 48 14v24H4z"></path>
            <path d="M4 70c34 0 40-36 76-36 26 0 32 14 48 14"></path>
            <path class="trail" d="M22 72c26-4 38-22 62-22 16 0 26 8 40 9"></path>
            <circle class="body" cx="46" cy="45" r="6.5"></circle>
        }
        .into_any(),
        NeedLevel::Hard => view! {
            <path class="ground" d="M4 72 62 8l20 24 12-12 34 52z"></path>
            <path d="M4 72 62 8l20 24 12-12 34 52z"></path>
            <path class="trail" d="M30 66l22-5-10-13 20-5-8-13 10-6"></path>
            <circle class="body" cx="17" cy="66" r="6.5"></circle>
        }
        .into_any(),
    };
    view! { <svg class="land" viewBox="0 0 132 80" aria-hidden="true">{drawn}</svg> }.into_any()
}

/// Who walks: the family in its colour, the tutor in the service's; whoever only helps is an
/// outline.
pub(super) fn people(who: WhoActs) -> AnyView {
    let drawn = match who {
        WhoActs::FamilyAlone => view! {
            {person("fam-on", "22", "19.5", "6.9", "M11.7 54V43.6a10.3 10.3 0 0 1 20.6 0V54z")}
            {person("fam-on", "46", "31.5", "4.5", "M39.3 54v-6.7a6.7 6.7 0 0 1 13.4 0V54z")}
            <path class="flag" d="M63 54V22l11 4-11 4"></path>
        }
        .into_any(),
        WhoActs::FamilyHelped => view! {
            {person("tut-off", "20", "25.5", "5.7", "M11.5 54v-8.5a8.5 8.5 0 0 1 17 0V54z")}
            {person("fam-on", "52", "19.5", "6.9", "M41.7 54V43.6a10.3 10.3 0 0 1 20.6 0V54z")}
            <path class="flag" d="M69 54V22l11 4-11 4"></path>
        }
        .into_any(),
        WhoActs::Together => view! {
            {person("tut-on", "22", "19.5", "6.9", "M11.7 54V43.6a10.3 10.3 0 0 1 20.6 0V54z")}
            {person("fam-on", "60", "19.5", "6.9", "M49.7 54V43.6a10.3 10.3 0 0 1 20.6 0V54z")}
            <path class="join" d="M34 46h14"></path>
        }
        .into_any(),
        WhoActs::Tutor => view! {
            {person("tut-on", "24", "19.5", "6.9", "M13.7 54V43.6a10.3 10.3 0 0 1 20.6 0V54z")}
            <path class="flag" d="M40 54V22l11 4-11 4"></path>
            {person("fam-off", "66", "25.5", "5.7", "M57.5 54v-8.5a8.5 8.5 0 0 1 17 0V54z")}
        }
        .into_any(),
    };
    view! { <svg class="walkers" viewBox="0 0 84 60" aria-hidden="true">{drawn}</svg> }.into_any()
}

fn person(
    class: &'static str,
    x: &'static str,
    y: &'static str,
    radius: &'static str,
    body: &'static str,
) -> AnyView {
    view! {
        <g class=class>
            <circle cx=x cy=y r=radius></circle>
            <path d=body></path>
        </g>
    }
    .into_any()
}
