//! The screens and the addresses that lead to them.

pub mod appointment;
pub mod diary;
pub mod dispute;
pub mod draft;
pub mod examples;
pub mod families;
pub mod family;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod frozen;
pub mod goal;
pub mod history;
pub mod lists;
pub mod new;
pub mod paper;
pub mod people;
pub mod plan;
pub mod review;
pub mod sealed;
pub mod settings;
pub mod takeover;
pub mod today;
pub mod together;
pub mod unlock;
pub mod versions;
pub mod visit;
pub mod who;

use domain::vocabulary::Role;
use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::path;

use crate::frame::{AppBar, Frame};
use crate::parts::message::Empty;
use crate::preferences::Ground;
use crate::screens::together::fence::Fence;
use crate::screens::together::pages::Together;
use crate::session::use_session;
use crate::words::use_words;

/// Everything that an unlocked app shows; within a closed fence, what is held there, and no more.
#[component]
pub fn Screens() -> impl IntoView {
    let fence = Fence::open();
    provide_context(fence);
    move || match fence.held() {
        Some(held) => {
            let talk = move || view! { <Together held=held.clone() /> };
            view! { <Ground>{talk()}</Ground> }.into_any()
        }
        None => view! { <Everything /> }.into_any(),
    }
}

#[component]
fn Everything() -> impl IntoView {
    view! {
        <Router>
            <Ground>
                <Frame>
                    <Routes fallback=Missing>
                        <Route path=path!("/") view=Home />
                        <Route path=path!("/oggi") view=today::Today />
                        <Route path=path!("/da-sistemare") view=dispute::Disputes />
                        <Route path=path!("/da-riprendere") view=takeover::TakeOver />
                        <Route path=path!("/famiglie") view=families::Families />
                        <Route path=path!("/famiglia/:id") view=plan::PlanScreen />
                        <Route path=path!("/famiglia/:id/diario") view=diary::DiaryScreen />
                        <Route path=path!("/famiglia/:id/storia") view=history::HistoryScreen />
                        <Route path=path!("/famiglia/:id/foglio") view=paper::PaperScreen />
                        <Route path=path!("/famiglia/:id/versioni") view=versions::VersionsScreen />
                        <Route path=path!("/famiglia/:id/insieme") view=together::TogetherScreen />
                        <Route path=path!("/famiglia/:id/firma") view=together::reading::ReadScreen />
                        <Route path=path!("/famiglia/:id/persone") view=people::PeopleScreen />
                        <Route path=path!("/famiglia/:id/obiettivo/:goal") view=goal::GoalScreen />
                        <Route path=path!("/famiglia/:id/visita/:visit") view=visit::VisitScreen />
                        <Route path=path!("/famiglia/:id/visita/:visit/foglio") view=paper::VisitPaperScreen />
                        <Route path=path!("/famiglia/:id/appuntamento/:visit") view=appointment::AppointmentScreen />
                        <Route path=path!("/da-rivedere") view=review::ReviewScreen />
                        <Route path=path!("/da-rivedere/:id") view=review::ReviewScreen />
                        <Route path=path!("/altro") view=settings::Settings />
                    </Routes>
                </Frame>
            </Ground>
        </Router>
    }
}

/// The first screen of each role.
#[component]
fn Home() -> impl IntoView {
    let first = if use_session().owner().role == Role::SocialWorker {
        "/da-rivedere"
    } else {
        "/oggi"
    };
    view! { <Redirect path=first /> }
}

/// An address that leads nowhere, or to a family that is no longer on this phone.
#[component]
pub fn Missing() -> impl IntoView {
    let words = use_words();
    view! {
        <AppBar title=words.nothing_here() />
        <main class="main">
            <Empty head=words.nothing_here() hint=words.nothing_here_hint() drawn=true>
                <a class="btn btn--soft" href="/famiglie">{words.families()}</a>
            </Empty>
        </main>
    }
}
