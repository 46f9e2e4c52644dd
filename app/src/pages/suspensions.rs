//! The page of the suspensions: who is kept out for a time, and how they are let in again.

use leptos::prelude::*;

use crate::pages::office::{Frame, Office, Room};
use crate::pages::parts::{Table, Token};
use crate::words::Language;

/// For how many days somebody may be kept out; 0 until they are let in again.
pub const DAYS: [u16; 5] = [7, 14, 30, 90, 0];

/// A person, or one of their phones, as a row.
#[derive(Clone, Debug)]
pub struct SuspensionRow {
    /// The person's id.
    pub user: String,
    /// The phone's id, where it is one.
    pub device: Option<String>,
    /// What the row is called: a name, or a phone's code and its owner.
    pub name: String,
    /// A word more: the role, or when the phone was last here.
    pub note: String,
    /// Until when they are kept out, in words; nothing where they are not.
    pub until: Option<String>,
}

/// The page.
#[component]
pub fn SuspensionsPage(frame: Frame, rows: Vec<SuspensionRow>) -> impl IntoView {
    let language = frame.language;
    let token = frame.token.clone();
    let note = language.say(
        "Chi è sospeso non riceve e non invia: quello che ha scritto resta sul suo telefono",
        "Who is suspended neither receives nor sends: what they wrote stays on their phone",
    );
    let rows = rows.into_iter().map(|row| {
        view! { <Row language=language token=token.clone() row=row /> }
    });
    let rows = rows.collect_view();
    let label = language.say("Tabella delle sospensioni", "Table of suspensions");
    let heads = vec![
        language.say("Chi", "Who"),
        language.say("Nota", "Note"),
        language.say("Accesso", "Access"),
        language.say("Azioni", "Actions"),
    ];
    view! {
        <Office frame=frame note=note.to_owned()>
            <Table label=label heads=heads>
                {rows}
            </Table>
        </Office>
    }
    .into_any()
}

#[component]
fn Row(language: Language, token: String, row: SuspensionRow) -> impl IntoView {
    let state = row.until.clone().map_or_else(
        || {
            view! { <span class="tag tag--good">{language.say("Attivo", "Active")}</span> }
                .into_any()
        },
        |until| view! { <span class="tag tag--berry">{until}</span> }.into_any(),
    );
    let is_out = row.until.is_some();
    let (value, word) = if is_out {
        ("riammetti", language.say("Riammetti", "Let in again"))
    } else {
        ("sospendi", language.say("Sospendi", "Suspend"))
    };
    let days = (!is_out).then(|| {
        let label = language.say("Per quanto", "For how long");
        view! {
            <select class="field" name="giorni" aria-label=format!("{label}: {}", row.name)>
                {DAYS.map(|days| view! { <option value=days.to_string()>{lasting(days, language)}</option> }).collect_view()}
            </select>
        }
    });
    view! {
        <tr>
            <th scope="row">{row.name.clone()}</th>
            <td>{row.note}</td>
            <td>{state}</td>
            <td>
                <form class="row actions" action=Room::Suspensions.path() method="post">
                    <Token value=token />
                    <input type="hidden" name="persona" value=row.user />
                    {row.device.map(|id| view! { <input type="hidden" name="telefono" value=id /> })}
                    {days}
                    <button
                        class="btn" type="submit" name="azione" value=value
                        aria-label=format!("{word}: {}", row.name)
                    >
                        {word}
                    </button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}

fn lasting(days: u16, language: Language) -> String {
    match (days, language) {
        (0, Language::Italian) => "finché non riammetto".to_owned(),
        (0, Language::English) => "until let in again".to_owned(),
        (days, Language::Italian) => format!("{days} giorni"),
        (days, Language::English) => format!("{days} days"),
    }
}
