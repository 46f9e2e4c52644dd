//! `/accesso`: sign in once, online.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::pages::parts::{Document, Draw, Icon, OtherLanguage, Said, Token, initials};
use crate::parts::mark::{Logo, strip};
use crate::words::{Language, Words};

/// The page's address.
pub const PATH: &str = "/accesso";

/// What the page shows.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Language of the page.
    pub language: Language,
    /// Address of the style sheet.
    pub css: String,
    /// Token of both forms.
    pub token: String,
    /// Where to go afterwards: a path of this site, already checked.
    pub back: Option<String>,
    /// The login as it was typed, after a refusal.
    pub login: String,
    /// Why the last try did not succeed.
    pub refused: Option<Refused>,
    /// Whether somebody comes from a device whose copy the browser has erased.
    pub is_copy_gone: bool,
    /// Whether the database is a demonstration.
    pub is_demonstration: bool,
    /// Who can be tried out, where the database is a demonstration.
    pub demonstration: Option<Demonstration>,
}

/// Why a sign-in did not succeed. Says the same whether the login exists or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Login or password is wrong.
    Wrong,
    /// Too many wrong tries; minutes to wait.
    Locked {
        /// Minutes until the next try, rounded up.
        minutes: i64,
    },
    /// The office keeps this person out for a time.
    Suspended {
        /// The last day, where there is one.
        until: Option<Date>,
    },
    /// Too many people sign in at this moment.
    Busy,
    /// The form was too old, or did not come from this page.
    Stale,
}

/// What a demonstration shows beside the form.
#[derive(Clone, Debug)]
pub struct Demonstration {
    /// Everybody who can be tried out.
    pub people: Vec<Person>,
    /// The password of all of them.
    pub password: &'static str,
}

/// Somebody of the demonstration.
#[derive(Clone, Debug)]
pub struct Person {
    /// What they sign in with.
    pub login: String,
    /// Their invented name.
    pub name: String,
    /// What they do, in the page's language.
    pub note: &'static str,
}

/// The whole page.
#[component]
pub fn SignInPage(page: SignIn) -> impl IntoView {
    let language = page.language;
    let title = language.say("Entra", "Sign in");
    let demonstration = page.demonstration.clone();
    let icon = || view! { <Draw icon=Icon::Info /> }.into_any();
    let invented = page
        .is_demonstration
        .then(|| strip(Words(language), icon()));
    let (token, back) = (page.token.clone(), page.back.clone());
    view! {
        <Document language=language title=title css=page.css.clone()>
            {invented}
            <div class="access">
                <header class="access__brand">
                    <Logo />
                    <span>"Percorso"</span>
                    <OtherLanguage
                        language=language
                        path=PATH
                        back=page.back.clone().unwrap_or_default()
                    />
                </header>
                <main class="access__main">
                    <Form page=page />
                    {demonstration
                        .map(|shown| {
                            view! {
                                <People language=language shown=shown token=token back=back />
                            }
                        })}
                </main>
                <footer class="access__foot">
                    <p class="small soft">
                        {language
                            .say(
                                "Per chi lavora con le famiglie dell’ambito. Ogni accesso è \
                                 registrato.",
                                "For those who work with the families of the ambito. Every \
                                 sign-in is recorded.",
                            )}
                    </p>
                </footer>
            </div>
        </Document>
    }
    .into_any()
}

#[component]
fn Form(page: SignIn) -> impl IntoView {
    let language = page.language;
    let is_demonstration = page.demonstration.is_some();
    let is_wrong = page.refused == Some(Refused::Wrong);
    view! {
        <section class="access__form" aria-labelledby="in">
            <h1 id="in">{language.say("Entra", "Sign in")}</h1>
            {is_demonstration.then(|| view! { <TryOut language=language /> })}
            {page
                .refused
                .map(|why| view! { <Said is_good=false>{reason(language, why)}</Said> })}
            {page.is_copy_gone.then(|| view! { <Said is_good=false>{copy_gone(language)}</Said> })}
            <p class="soft">
                {language
                    .say(
                        "Serve la rete. Poi, sul telefono, Percorso si apre anche senza.",
                        "You need the network now. Later, on the phone, Percorso opens without it.",
                    )}
            </p>
            <form class="stack" action=PATH method="post">
                <Token value=page.token />
                {page.back.map(|back| view! { <input type="hidden" name="ritorno" value=back /> })}
                <div class="stack stack--tight">
                    <label class="label" for="u">{language.say("Nome utente", "Username")}</label>
                    <input
                        class="field" id="u" name="login" value=page.login autocomplete="username"
                        autocapitalize="none" spellcheck="false" maxlength="200" required
                        aria-invalid=is_wrong.then_some("true")
                    />
                </div>
                <div class="stack stack--tight">
                    <label class="label" for="p">"Password"</label>
                    <input
                        class="field" id="p" name="password" type="password"
                        autocomplete="current-password" maxlength="200" required
                        aria-invalid=is_wrong.then_some("true")
                    />
                </div>
                <button class="btn btn--main btn--big btn--block" type="submit">
                    {language.say("Continua", "Continue")}
                </button>
            </form>
            <details>
                <summary class="btn btn--bare">
                    {language.say("Non riesco a entrare", "I cannot sign in")}
                </summary>
                <p class="small soft">{help(language)}</p>
            </details>
        </section>
    }
    .into_any()
}

fn copy_gone(language: Language) -> &'static str {
    language.say(
        "La copia su questo dispositivo non c’è più: il browser l’ha cancellata. Quello che era \
            partito torna dall’ufficio quando entri; quello che era solo qui può essere perso.",
        "The copy on this device is gone: the browser erased it. What had been sent comes back \
            from the office when you sign in; what was only here may be lost.",
    )
}

/// On a narrow screen the people are below the form: says that they are there.
#[component]
fn TryOut(language: Language) -> impl IntoView {
    view! {
        <p class="notice notice--ochre only-narrow">
            <Draw icon=Icon::Info />
            <span>
                <b>{language.say("Questo è un sito di prova.", "This is a trial site.")}</b>
                " "
                <a href="#demo">{language.say("Scegli una persona", "Choose a person")}</a>
                {language.say(", senza password.", ", without a password.")}
            </span>
        </p>
    }
    .into_any()
}

#[component]
fn People(
    language: Language,
    shown: Demonstration,
    token: String,
    back: Option<String>,
) -> impl IntoView {
    let password = shown.password;
    let people = shown
        .people
        .into_iter()
        .map(|person| view! { <PersonRow person=person /> });
    view! {
        <section class="access__demo" aria-labelledby="demo">
            <h2 id="demo">
                {language.say("Scegli una persona e prova", "Choose a person and try")}
            </h2>
            <p class="small">
                {language
                    .say(
                        "Le famiglie non esistono. La password di tutti, anche scritta nel \
                         modulo, è ",
                        "The families do not exist. Everybody’s password, in the form too, is ",
                    )}
                <bdi class="nowrap">
                    <b>{password}</b>
                </bdi>
                "."
            </p>
            <form action="/accesso/prova" method="post">
                <Token value=token />
                {back.map(|back| view! { <input type="hidden" name="ritorno" value=back /> })}
                <ul class="card card--flush rows">{people.collect_view()}</ul>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn PersonRow(person: Person) -> impl IntoView {
    view! {
        <li>
            <button class="rowlink" type="submit" name="login" value=person.login>
                <span class="member__face" aria-hidden="true">
                    {initials(&person.name)}
                </span>
                <span class="rowlink__body">
                    <span class="rowlink__title">{person.name.clone()}</span>
                    <span class="rowlink__note">{person.note}</span>
                </span>
                <Draw icon=Icon::ChevronRight class="icon icon--dir" />
            </button>
        </li>
    }
    .into_any()
}

/// The refusal in one sentence that says what to do.
pub fn reason(language: Language, why: Refused) -> String {
    match why {
        Refused::Wrong => language
            .say(
                "Nome utente o password non corretti. Controlla e riprova.",
                "The username or the password is wrong. Check them and try again.",
            )
            .to_owned(),
        Refused::Locked { minutes: 1 } => language
            .say(
                "Troppi tentativi sbagliati: riprova tra un minuto, o chiedi all’amministratore \
                 di sbloccare l’account.",
                "Too many wrong tries: try again in a minute, or ask the administrator to unlock \
                 the account.",
            )
            .to_owned(),
        Refused::Locked { minutes } => match language {
            Language::Italian => format!(
                "Troppi tentativi sbagliati: riprova tra {minutes} minuti, o chiedi \
                 all’amministratore di sbloccare l’account."
            ),
            Language::English => format!(
                "Too many wrong tries: try again in {minutes} minutes, or ask the administrator \
                 to unlock the account."
            ),
        },
        Refused::Suspended { until } => suspended(language, until),
        Refused::Busy => language
            .say(
                "In questo momento entrano in molti: riprova tra qualche secondo.",
                "Many people are signing in right now: try again in a few seconds.",
            )
            .to_owned(),
        Refused::Stale => language
            .say(
                "La pagina era aperta da troppo tempo: scrivi di nuovo nome utente e password.",
                "The page was open for too long: write your username and password again.",
            )
            .to_owned(),
    }
}

fn suspended(language: Language, until: Option<Date>) -> String {
    let day = until.map(|day| Words(language).whole_day(day));
    match (language, day) {
        (Language::Italian, Some(day)) => format!(
            "Il tuo accesso è sospeso fino a {day}: per riaverlo prima chiama il coordinamento. \
             Quello che hai scritto resta sul telefono."
        ),
        (Language::Italian, None) => "Il tuo accesso è sospeso: chiama il coordinamento. Quello \
             che hai scritto resta sul telefono."
            .to_owned(),
        (Language::English, Some(day)) => format!(
            "Your access is suspended until {day}: call the coordinator to have it back earlier. \
             What you wrote stays on the phone."
        ),
        (Language::English, None) => "Your access is suspended: call the coordinator. What you \
             wrote stays on the phone."
            .to_owned(),
    }
}

fn help(language: Language) -> &'static str {
    language.say(
        "L’amministratore dell’ente può darti una nuova password o sbloccare il tuo account. \
         Quello che hai scritto sul telefono resta lì fino all’invio.",
        "Your organisation’s administrator can give you a new password or unlock your account. \
         What you wrote on the phone stays there until it is sent.",
    )
}
