//! Who works with which family, and how the coordinator changes it.

use app::pages::office::{
    Choice, Families, FamiliesPage, FamiliesPageProps, FamilyRow, Outcome, ROWS_MAX, Room,
};
use axum::response::Response;
use domain::authorize::Relation;
use domain::id::{ScopeId, UserId};
use domain::vocabulary::Role;
use serde::Deserialize;

use super::{Asked, Reader, Visitor, Writer, open, open_with, short_code};
use crate::auth::now;
use crate::error::Problem;
use crate::store::{FamilyAccess, User};

/// What a row's form says: who it should be, and who it was when the page was made.
#[derive(Deserialize)]
pub struct Assignment {
    #[serde(default)]
    token: String,
    scope: ScopeId,
    #[serde(default)]
    tutor: String,
    #[serde(default)]
    tutor_was: String,
    #[serde(default)]
    reviewer: String,
    #[serde(default)]
    reviewer_was: String,
}

/// `GET /ufficio/famiglie`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn show(reader: Reader) -> Result<Response, Problem> {
    let (visitor, asked) = open(reader, Room::Families)?;
    visitor.families(asked, None).await
}

/// `POST /ufficio/famiglie`
///
/// # Errors
/// The reader's role may not, or the store does not answer.
pub async fn assign(writer: Writer<Assignment>) -> Result<Response, Problem> {
    let (visitor, form) = open_with(writer, Room::Families, |form| &form.token)?;
    let said = visitor.reassign(&form).await?;
    visitor.families(Asked::default(), said).await
}

impl Visitor {
    async fn reassign(&self, form: &Assignment) -> Result<Option<Outcome>, Problem> {
        let families = self.state.store.families().await?;
        let family = families.iter().find(|family| family.scope == form.scope);
        let family = family.ok_or(Problem::NotFound)?;
        let tutor = Change::read(&form.tutor, &form.tutor_was)?;
        let reviewer = Change::read(&form.reviewer, &form.reviewer_was)?;
        if !tutor.is_current(&family.tutors) || !reviewer.is_current(&family.reviewers) {
            return Ok(self.bad(
                "Qualcuno ha già cambiato questa famiglia: guarda chi la segue ora e riprova.",
                "Somebody has already changed this family: see who has it now and try again.",
            ));
        }
        let users = self.names().await?;
        let is_fit = |change: &Change, role| match change.to {
            Some(user) if change.is_change() => users
                .get(&user)
                .is_some_and(|user| user.role == role && user.is_active),
            _ => true,
        };
        if !is_fit(&tutor, Role::Mediator) || !is_fit(&reviewer, Role::SocialWorker) {
            return Ok(self.bad(
                "Questa persona non può seguire la famiglia: scegline un’altra.",
                "This person cannot work with the family: choose another.",
            ));
        }
        self.apply(form.scope, &tutor, Relation::Tutor).await?;
        self.apply(form.scope, &reviewer, Relation::Reviewer)
            .await?;
        Ok(self.good(
            "Fatto. Chi la segue ora la riceve al prossimo invio.",
            "Done. Whoever has it now receives it at the next exchange.",
        ))
    }

    /// The new person first: a family is never without anybody because a request was cut short.
    async fn apply(
        &self,
        scope: ScopeId,
        change: &Change,
        relation: Relation,
    ) -> Result<(), Problem> {
        if !change.is_change() {
            return Ok(());
        }
        let store = &self.state.store;
        if let Some(user) = change.to {
            store.grant(self.by(), scope, user, relation, now()).await?;
        }
        if let Some(user) = change.from {
            store.revoke(self.by(), scope, user, now()).await?;
        }
        Ok(())
    }

    async fn families(&self, asked: Asked, said: Option<Outcome>) -> Result<Response, Problem> {
        let users = self.names().await?;
        let person = asked.persona.filter(|person| !person.is_empty());
        let wanted: Option<UserId> = match &person {
            Some(person) => Some(person.parse().map_err(|_| Problem::Malformed)?),
            None => None,
        };
        let choice = |id: &UserId| Choice {
            id: id.to_string(),
            name: users
                .get(id)
                .map_or_else(|| short_code(id), |user| user.name.clone()),
        };
        let is_wanted = |family: &FamilyAccess| {
            let mut people = family.tutors.iter().chain(&family.reviewers);
            wanted.is_none_or(|wanted| people.any(|user| *user == wanted))
        };
        let mut families = self.state.store.families().await?;
        families.retain(is_wanted);
        let last = families.len().div_ceil(ROWS_MAX).max(1);
        let current = asked.pagina.unwrap_or(1).clamp(1, last);
        let skipped = current.saturating_sub(1).saturating_mul(ROWS_MAX);
        let rows = families
            .iter()
            .skip(skipped)
            .take(ROWS_MAX)
            .flat_map(|family| {
                let people = family.tutors.len().max(family.reviewers.len());
                (0..people.max(1)).map(|place| FamilyRow {
                    scope: family.scope.to_string(),
                    code: short_code(&family.scope),
                    place,
                    tutor: family.tutors.get(place).map(choice),
                    reviewer: family.reviewers.get(place).map(choice),
                })
            });
        let who = |role| {
            let fit = |user: &&User| user.role == role && user.is_active;
            let mut people: Vec<Choice> = users
                .values()
                .filter(fit)
                .map(|user| choice(&user.id))
                .collect();
            people.sort_by(|a, b| a.name.cmp(&b.name));
            people
        };
        let shown = Families {
            rows: rows.collect(),
            total: families.len(),
            page: current,
            tutors: who(Role::Mediator),
            reviewers: who(Role::SocialWorker),
            person,
        };
        let view = |frame| {
            FamiliesPage(FamiliesPageProps {
                frame,
                families: shown,
            })
        };
        Ok(self.page(said, view).await)
    }
}

/// From whom to whom.
struct Change {
    from: Option<UserId>,
    to: Option<UserId>,
}

impl Change {
    fn read(to: &str, from: &str) -> Result<Self, Problem> {
        let id = |text: &str| match text {
            "" => Ok(None),
            _ => text.parse().map(Some).map_err(|_| Problem::Malformed),
        };
        Ok(Self {
            from: id(from)?,
            to: id(to)?,
        })
    }

    fn is_change(&self) -> bool {
        self.from != self.to
    }

    /// Whether the person of the form still has the family: another office may have been faster.
    fn is_current(&self, people: &[UserId]) -> bool {
        match self.from {
            Some(user) => people.contains(&user),
            None => people.is_empty() || !self.is_change(),
        }
    }
}
