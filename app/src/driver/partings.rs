//! Families that were given up: what was being typed about them goes with them, and the person is
//! told what that was.

use std::rc::Rc;

use domain::id::ScopeId;
use leptos::task::spawn_local;
use replica::replica::{Event, Replica};
use replica::stored::{Batch, Contents, Ticket};

use super::Driver;
use crate::device::drafts::{Parted, UNTOLD, is_draft_of, parted, taken_away};

/// A family and what it is called, if that is known here.
pub(super) type Left = (ScopeId, Option<String>);

impl Driver {
    /// The families that were given up and took unsaved forms along: told once, also where the app
    /// was locked or killed in between.
    pub fn parted(self: &Rc<Self>) -> Vec<Parted> {
        let told = self.parted.take();
        if !told.is_empty() {
            self.forget_draft(UNTOLD.to_owned());
        }
        told
    }

    /// What families that a batch takes away are called, while that is known here.
    pub(super) fn leaving(&self, batch: &Batch) -> Vec<Left> {
        self.read(|replica| named(replica, taken_away(batch)))
    }

    /// What is still on its way to the disk about families that were taken away goes, too, and the
    /// person is told what they lost: that, and these drafts, which are off the disk.
    pub(super) fn part(self: &Rc<Self>, families: Vec<Left>, drafts: Vec<String>) {
        let waiting = self.let_go_of(&families);
        self.tell(families, waiting, drafts);
    }

    /// Takes what is on disk. Of a family that another tab has given up nothing stays that is being
    /// typed in this one, nor what this one has put on disk since.
    pub(super) async fn take(self: &Rc<Self>, ticket: Ticket, contents: Contents) {
        let is_gone = |scope: &ScopeId| !contents.standing.is_granted(*scope);
        let mut families = self.read(|replica| {
            let held = replica.grants().iter().map(|grant| grant.scope);
            named(replica, held.filter(is_gone).collect())
        });
        self.feed(Event::Read(ticket, contents));
        // What was read may count no more by now: it is read once more then.
        families.retain(|(scope, _)| self.read(|replica| replica.relation(*scope).is_none()));
        if families.is_empty() {
            return;
        }
        let waiting = self.let_go_of(&families);
        let scopes: Vec<ScopeId> = families.iter().map(|(scope, _)| *scope).collect();
        // What cannot be removed now belongs to nobody's form until the family comes back.
        let removed = self.disk.remove_drafts_of(&scopes).await;
        self.tell(families, waiting, removed.unwrap_or_default());
    }

    /// Takes drafts of families off their way to the disk, and names them.
    fn let_go_of(&self, families: &[Left]) -> Vec<String> {
        let mut gone = Vec::new();
        self.drafts.borrow_mut().retain(|key, _| {
            let goes = families.iter().any(|(scope, _)| is_draft_of(key, *scope));
            if goes {
                gone.push(key.clone());
            }
            !goes
        });
        gone
    }

    /// Has the person told what went with families.
    fn tell(self: &Rc<Self>, families: Vec<Left>, waiting: Vec<String>, mut drafts: Vec<String>) {
        let is_new = |key: &String| !drafts.contains(key);
        let waiting: Vec<String> = waiting.into_iter().filter(is_new).collect();
        drafts.extend(waiting);
        let lost = parted(families, &drafts);
        if lost.is_empty() {
            return;
        }
        self.parted.borrow_mut().extend(lost);
        let json = serde_json::to_string(&*self.parted.borrow()).unwrap_or_default();
        let driver = Rc::clone(self);
        spawn_local(async move {
            // What cannot be kept is told if the app stays open until then.
            let is_untold = || !driver.parted.borrow().is_empty();
            let _kept = driver.disk.put_draft(UNTOLD, &json, &is_untold).await;
        });
    }
}

/// Families and what they are called, while that is known here.
fn named(replica: &Replica, scopes: Vec<ScopeId>) -> Vec<Left> {
    let name = |scope: &ScopeId| {
        let case = replica.state().cases.get(scope)?;
        Some(case.household.name()?.latin.clone())
    };
    let scopes = scopes.into_iter();
    scopes.map(|scope| (scope, name(&scope))).collect()
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use any_spawner::Executor;
    use domain::authorize::{Relation, ScopeKind};
    use domain::id::{DeviceId, Millis, UserId};
    use domain::vocabulary::Role;
    use leptos::prelude::*;
    use replica::message::Grant;
    use replica::stored::{self, DiskError, Standing};

    use super::*;
    use crate::device::Disk;
    use crate::device::drafts::Form;

    fn scope(number: u8) -> ScopeId {
        ScopeId::new(Millis(1), [number; 10])
    }

    fn granted(scopes: &[ScopeId]) -> Contents {
        let grant = |scope: &ScopeId| Grant {
            scope: *scope,
            kind: ScopeKind::Family,
            relation: Relation::Tutor,
            head: 0,
        };
        let standing = Standing {
            grants: scopes.iter().map(grant).collect(),
            ..Standing::default()
        };
        Contents {
            standing,
            ..Contents::default()
        }
    }

    /// Runs with something that signals belong to.
    fn in_a_page(run: impl FnOnce()) {
        Owner::new().with(run);
    }

    /// A tab at work on a copy; its disk always fails.
    fn tab(contents: Contents) -> Rc<Driver> {
        // Another test may have been first.
        let _began = Executor::init_futures_executor();
        let owner = stored::Owner {
            user: UserId::new(Millis(1), [7; 10]),
            role: Role::Mediator,
            name: "Samira".to_owned(),
            device: DeviceId::new(Millis(1), [8; 10]),
        };
        let replica = Replica::open(owner, contents);
        Driver::over(replica, Disk::default(), RwSignal::new(0), Vec::new())
    }

    /// What a disk that always fails is asked for is over at once.
    fn at_once<T>(work: impl Future<Output = T>) -> T {
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn type_into(tab: &Rc<Driver>, key: &str) {
        let then = Callback::new(|_| {});
        tab.keep_draft(key.to_owned(), "\"parole\"".to_owned(), then);
    }

    /// Has a tab read what another has left.
    fn read_back(tab: &Rc<Driver>, left: Contents) {
        tab.feed(Event::WrittenElsewhere);
        let ticket = Ticket(1);
        at_once(tab.take(ticket, left));
    }

    #[test]
    fn what_another_tab_gave_up_is_put_back_by_no_draft_of_this_one() {
        in_a_page(|| {
            let [given_up, kept] = [1, 2].map(scope);
            let tab = tab(granted(&[given_up, kept]));
            let [gone, stays] = [given_up, kept].map(|scope| Form::Note.key(scope));
            type_into(&tab, &gone);
            type_into(&tab, &stays);
            read_back(&tab, granted(&[kept]));
            let waiting: Vec<String> = tab.drafts.borrow().keys().cloned().collect();
            assert_eq!(waiting, [stays]);
            let told = tab.parted();
            assert_eq!(told.len(), 1);
            assert_eq!(told[0].drafts, [gone]);
            assert!(tab.parted().is_empty(), "it is told once");
        });
    }

    #[test]
    fn what_another_tab_only_read_on_takes_no_draft_away() {
        in_a_page(|| {
            let tab = tab(granted(&[scope(1)]));
            let key = Form::Visit.key(scope(1));
            type_into(&tab, &key);
            read_back(&tab, granted(&[scope(1), scope(2)]));
            assert!(tab.drafts.borrow().get(&key).is_some());
            assert!(tab.parted().is_empty());
        });
    }

    #[test]
    fn what_the_disk_cannot_read_is_not_taken_for_nothing() {
        in_a_page(|| {
            let tab = tab(granted(&[]));
            let [typed, other] = ["note/1", "note/2"];
            type_into(&tab, typed);
            let read = |key| at_once(tab.draft(key));
            assert_eq!(read(typed), Ok(Some("\"parole\"".to_owned())));
            assert_eq!(read(other), Err(DiskError::Failed));
        });
    }
}
