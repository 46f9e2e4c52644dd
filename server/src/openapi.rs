//! The description of `/api/v1` for programs (OpenAPI), made from the handlers themselves.

use std::collections::BTreeMap;

use app::words::Language;
use axum::Json;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, Modify, OpenApi, PartialSchema, ToSchema};

use crate::attachments;
use crate::error::Problem;
use crate::router;

pub mod messages;

/// How many different failures there are.
const PROBLEMS: usize = 22;

/// Every failure, in the order of its declaration.
pub const EVERY_PROBLEM: [Problem; PROBLEMS] = [
    Problem::NotSignedIn,
    Problem::Forbidden,
    Problem::DeviceRevoked,
    Problem::Suspended,
    Problem::OtherOwner,
    Problem::CrossSite,
    Problem::WrongHost,
    Problem::Malformed,
    Problem::NotJson,
    Problem::NotFound,
    Problem::WrongMethod,
    Problem::TooLarge,
    Problem::FamilyFull,
    Problem::WrongHash,
    Problem::TooSlow,
    Problem::OldApp,
    Problem::Conflict,
    Problem::TooOften,
    Problem::Busy,
    Problem::Unavailable,
    Problem::NoSpace,
    Problem::Internal,
];

/// The description of every address under `/api/v1`.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Percorso",
        description = "What Percorso's app and server say to each other. Ids are UUIDs, instants \
            are milliseconds since 1970. A request that changes something carries `Content-Type: \
            application/json` (what deletes or puts need not) and comes from the server's own \
            pages: with \
            `Sec-Fetch-Site` it says `same-origin`, with `Origin` the server's own. Bodies may \
            come as gzip. Every failure has a stable `code` and a sentence for the person, in \
            Italian or, by `Accept-Language`, in English."
    ),
    paths(
        describe,
        router::health,
        router::me,
        router::end_session,
        router::end_session_by_post,
        router::sync,
        router::held,
        router::deliver,
        router::sealing_key,
        attachments::offer,
        attachments::chunk,
        attachments::read,
    ),
    components(schemas(Failure)),
    modifiers(&SignIn),
)]
pub struct Description;

/// Adds how somebody is known.
struct SignIn;

impl Modify for SignIn {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKeyValue::with_description(
            "percorso",
            "Given by the sign-in page; under https its name is `__Host-percorso`.",
        );
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("sign_in", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Why a request was not done.
pub struct Failure;

impl ToSchema for Failure {}

impl PartialSchema for Failure {
    fn schema() -> RefOr<Schema> {
        let code = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What programs read: never changes its meaning."))
            .enum_values(Some(EVERY_PROBLEM.map(Problem::code)));
        let message = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What people read: one sentence that says what to do."));
        let failure = ObjectBuilder::new()
            .description(Some("Why a request was not done."))
            .property("code", code)
            .required("code")
            .property("message", message)
            .required("message");
        failure.into()
    }
}

/// The failures that any request may end with, each under its status.
pub struct Failures;

impl IntoResponses for Failures {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        for problem in EVERY_PROBLEM {
            let status = problem.status().as_u16().to_string();
            let sentence = problem.sentence(Language::English);
            let line = format!("- `{}`: {sentence}\n", problem.code());
            said.entry(status).or_default().push_str(&line);
        }
        let failure = Ref::from_schema_name("Failure");
        let content = ContentBuilder::new().schema(Some(failure)).build();
        let respond = |(status, words): (String, String)| {
            let response = ResponseBuilder::new()
                .description(words)
                .content("application/json", content.clone());
            (status, RefOr::T(response.build()))
        };
        said.into_iter().map(respond).collect()
    }
}

/// The description as text, for people to read and for tools to be fed with.
pub fn text() -> String {
    Description::openapi()
        .to_pretty_json()
        .expect("a description has only string keys")
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    responses((status = 200, description = "The description.", body = Object), Failures),
)]
pub async fn describe() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
