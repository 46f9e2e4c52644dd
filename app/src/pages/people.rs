//! The administrator's rooms of the office: people, their phones, the record of what was done.

use leptos::prelude::*;

use crate::pages::office::{Frame, Office, Room};
use crate::pages::parts::{Table, Token};
use crate::words::Language;

/// Somebody who may sign in, as a row.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// Their id.
    pub id: String,
    /// What they type to sign in.
    pub login: String,
    /// Their display name.
    pub name: String,
    /// What they are, in the page's language.
    pub role: &'static str,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether too many wrong passwords keep them out for now.
    pub is_locked: bool,
    /// Whether this is the reader, who cannot shut themselves out.
    pub is_reader: bool,
}

/// What somebody typed into the form of a new person.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// First and last name.
    pub name: String,
    /// What they are to type to sign in.
    pub login: String,
    /// The value of what they are to be.
    pub role: String,
}

/// The page of the people: a row each, and a form to add one.
#[component]
pub fn PeoplePage(
    frame: Frame,
    rows: Vec<PersonRow>,
    /// What a new person can be: the value and its word.
    roles: Vec<(&'static str, &'static str)>,
    /// What stands in the form: what was typed, where it could not be done.
    typed: Typed,
) -> impl IntoView {
    let language = frame.language;
    let token = frame.token.clone();
    let note = match language {
        Language::Italian => format!("{} persone possono avere un accesso", rows.len()),
        Language::English => format!("{} people have an account", rows.len()),
    };
    let rows = rows.into_iter().map(|row| {
        view! { <PersonRowView language=language token=token.clone() row=row /> }
    });
    let rows = rows.collect_view();
    let label = language.say("Tabella delle persone", "Table of people");
    let heads = vec![
        language.say("Nome", "Name"),
        language.say("Nome utente", "Username"),
        language.say("Ruolo", "Role"),
        language.say("Accesso", "Access"),
        language.say("Azioni", "Actions"),
    ];
    view! {
        <Office frame=frame note=note>
            <section class="card stack" aria-labelledby="tb">
                <h2 id="tb">{language.say("Chi lavora qui", "Who works here")}</h2>
                <Table label=label heads=heads class="scrollx">
                    {rows}
                </Table>
            </section>
            <AddPerson language=language token=token roles=roles typed=typed />
        </Office>
    }
    .into_any()
}

#[component]
fn PersonRowView(language: Language, token: String, row: PersonRow) -> impl IntoView {
    let (class, state) = if !row.is_active {
        ("tag tag--berry", language.say("Chiuso", "Closed"))
    } else if row.is_locked {
        ("tag tag--ochre", language.say("Bloccato", "Locked"))
    } else {
        ("tag tag--good", language.say("Attivo", "Active"))
    };
    let suspend = if row.is_active {
        (
            "sospendi",
            language.say("Chiudi l’accesso", "Close the account"),
        )
    } else {
        (
            "riammetti",
            language.say("Riapri l’accesso", "Reopen the account"),
        )
    };
    let unlock = ("sblocca", language.say("Sblocca", "Unlock"));
    let password = ("password", language.say("Nuova password", "New password"));
    let actions = [
        (!row.is_reader).then_some(suspend),
        row.is_locked.then_some(unlock),
        row.is_active.then_some(password),
    ];
    let buttons = actions.into_iter().flatten().map(|(value, word)| {
        view! {
            <button
                class="btn" type="submit" name="azione" value=value
                aria-label=format!("{word}: {}", row.name)
            >
                {word}
            </button>
        }
    });
    let buttons = buttons.collect_view();
    view! {
        <tr>
            <th scope="row">{row.name.clone()}</th>
            <td>
                <bdi>{row.login}</bdi>
            </td>
            <td>{row.role}</td>
            <td>
                <span class=class>{state}</span>
            </td>
            <td>
                <form class="row actions" action=Room::People.path() method="post">
                    <Token value=token />
                    <input type="hidden" name="persona" value=row.id />
                    {buttons}
                </form>
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn AddPerson(
    language: Language,
    token: String,
    roles: Vec<(&'static str, &'static str)>,
    typed: Typed,
) -> impl IntoView {
    let chosen = typed.role;
    let roles = roles
        .into_iter()
        .map(|(value, word)| {
            let is_chosen = value == chosen;
            view! { <option value=value selected=is_chosen>{word}</option> }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="add">
            <h2 id="add">{language.say("Aggiungi una persona", "Add a person")}</h2>
            <form class="filters" action=Room::People.path() method="post">
                <Token value=token />
                <div>
                    <label for="name">
                        {language.say("Nome e cognome", "First and last name")}
                    </label>
                    <input
                        class="field" id="name" name="name" maxlength="200" required
                        value=typed.name autocomplete="off"
                    />
                </div>
                <div>
                    <label for="login">{language.say("Nome utente", "Username")}</label>
                    <input
                        class="field" id="login" name="login" maxlength="64" required
                        value=typed.login autocomplete="off"
                        autocapitalize="none" spellcheck="false"
                    />
                </div>
                <div>
                    <label for="role">{language.say("Ruolo", "Role")}</label>
                    <select class="field" id="role" name="role">
                        {roles}
                    </select>
                </div>
                <button class="btn btn--main" type="submit" name="azione" value="aggiungi">
                    {language.say("Aggiungi", "Add")}
                </button>
            </form>
            <p class="small soft">
                {language
                    .say(
                        "La prima password compare qui una volta sola: dalla alla persona a voce.",
                        "The first password shows here only once: tell it to the person.",
                    )}
            </p>
        </section>
    }
    .into_any()
}

/// A phone or browser, as a row.
#[derive(Clone, Debug)]
pub struct DeviceRow {
    /// Its id.
    pub id: String,
    /// Its short code.
    pub code: String,
    /// Whose it is: their id.
    pub user: String,
    /// Whose it is: their name.
    pub name: String,
    /// The first time, in words.
    pub first_seen: String,
    /// The last time, in words.
    pub last_seen: String,
    /// Whether it may not sync any more.
    pub is_revoked: bool,
}

/// The page of the phones.
#[component]
pub fn DevicesPage(frame: Frame, rows: Vec<DeviceRow>) -> impl IntoView {
    let language = frame.language;
    let token = frame.token.clone();
    let is_empty = rows.is_empty();
    let rows = rows.into_iter().map(|row| {
        view! { <DeviceRowView language=language token=token.clone() row=row /> }
    });
    let rows = rows.collect_view();
    let label = language.say("Tabella dei telefoni", "Table of phones");
    let heads = vec![
        language.say("Telefono", "Phone"),
        language.say("Di", "Whose"),
        language.say("Prima volta", "First time"),
        language.say("Ultima volta", "Last time"),
        language.say("Stato", "State"),
    ];
    let note = language.say(
        "Un telefono revocato non riceve e non invia più nulla",
        "A revoked phone neither receives nor sends any more",
    );
    let empty = language.say(
        "Nessun telefono ancora: compaiono qui al primo invio.",
        "No phone yet: they appear here when they first send.",
    );
    view! {
        <Office frame=frame note=note.to_owned()>
            {is_empty.then(|| view! { <p class="card soft">{empty}</p> })}
            {(!is_empty).then(|| view! { <Table label=label heads=heads>{rows}</Table> })}
        </Office>
    }
    .into_any()
}

#[component]
fn DeviceRowView(language: Language, token: String, row: DeviceRow) -> impl IntoView {
    let revoke = language.say("Revoca", "Revoke");
    let state = if row.is_revoked {
        view! { <span class="tag tag--berry">{language.say("Revocato", "Revoked")}</span> }
            .into_any()
    } else {
        view! {
            <form action=Room::Devices.path() method="post">
                <Token value=token />
                <input type="hidden" name="persona" value=row.user />
                <input type="hidden" name="telefono" value=row.id />
                <button class="btn" type="submit" aria-label=format!("{revoke}: {}", row.code)>
                    {revoke}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">
                <bdi>{row.code}</bdi>
            </th>
            <td>{row.name}</td>
            <td>{row.first_seen}</td>
            <td>{row.last_seen}</td>
            <td>{state}</td>
        </tr>
    }
    .into_any()
}

/// An entry of the record, as a row.
#[derive(Clone, Debug)]
pub struct TrailRow {
    /// Its number.
    pub number: u64,
    /// When, in words.
    pub at: String,
    /// Who did it.
    pub by: String,
    /// What, in the page's language.
    pub action: &'static str,
    /// To whom or to what: a name of a colleague, or codes.
    pub subject: String,
}

/// The page of the record.
#[component]
pub fn TrailPage(frame: Frame, rows: Vec<TrailRow>) -> impl IntoView {
    let language = frame.language;
    let note = match language {
        Language::Italian => format!("Le ultime {} righe, la più recente in alto", rows.len()),
        Language::English => format!("The last {} rows, the latest on top", rows.len()),
    };
    let rows = rows.into_iter().map(|row| {
        view! {
            <tr>
                <th scope="row">{row.number}</th>
                <td>{row.at}</td>
                <td>{row.by}</td>
                <td>{row.action}</td>
                <td>
                    <bdi>{row.subject}</bdi>
                </td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let label = language.say("Tabella del registro", "Table of the record");
    let heads = vec![
        "N.",
        language.say("Quando", "When"),
        language.say("Chi", "Who"),
        language.say("Che cosa", "What"),
        language.say("Su", "On"),
    ];
    view! {
        <Office frame=frame note=note>
            <Table label=label heads=heads>
                {rows}
            </Table>
        </Office>
    }
    .into_any()
}
