//! Holds what really travels against the description of the interface: neither says more nor less
//! than the other.

use std::sync::LazyLock;

use jsonschema::Draft;
use serde_json::{Value, json};

/// The description. Its messages are made strict: a field that is not described is a fault, but in
/// an op, which a newer phone may have written.
pub static API: LazyLock<Value> = LazyLock::new(|| {
    let mut api: Value = serde_json::from_str(&server::openapi::text()).expect("it is JSON");
    let schemas = api["components"]["schemas"].as_object_mut();
    for (name, schema) in schemas.expect("there are messages") {
        if !["Op", "HeldOp"].contains(&name.as_str()) {
            make_strict(schema);
        }
    }
    api
});

fn make_strict(schema: &mut Value) {
    match schema {
        Value::Object(parts) => {
            if parts.contains_key("properties") {
                let closed = parts.insert("additionalProperties".to_owned(), json!(false));
                assert_eq!(closed, None, "nothing else closes a message");
            }
            parts.values_mut().for_each(make_strict);
        }
        Value::Array(parts) => parts.iter_mut().for_each(make_strict),
        _ => {}
    }
}

/// What a value has that its schema has not, or the other way round.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut whole = schema.clone();
    whole["components"] = API["components"].clone();
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&whole)
        .expect("a schema");
    let fault =
        |error: jsonschema::ValidationError<'_>| format!("{error} at {}", error.instance_path());
    validator.iter_errors(value).map(fault).collect()
}

/// The description of one operation, whatever the address has in its variable parts.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next()?;
    let is_match = |template: &str| {
        let (asked, known) = (path.split('/'), template.split('/'));
        asked.clone().count() == known.clone().count()
            && asked.zip(known).all(|(a, b)| a == b || b.starts_with('{'))
    };
    let paths = API["paths"].as_object().expect("there are paths");
    let (_, found) = paths.iter().find(|(template, _)| is_match(template))?;
    found.get(method.to_lowercase())
}

/// Fails where a request that was taken, or any answer, is not as described.
pub fn check(method: &str, path: &str, asked: &[u8], status: u16, told: &[u8]) {
    let Some(operation) = operation(method, path) else {
        return;
    };
    let described = &operation["responses"][status.to_string()];
    assert!(
        described.is_object(),
        "{method} {path}: {status} is not described"
    );
    let schema = &described["content"]["application/json"]["schema"];
    if let (true, Ok(told)) = (schema.is_object(), serde_json::from_slice(told)) {
        let faults = faults(schema, &told);
        assert!(faults.is_empty(), "{method} {path}: {faults:?} in {told}");
    }
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let is_taken = status < 300 && schema.is_object();
    if let (true, Ok(mut asked)) = (is_taken, serde_json::from_slice::<Value>(asked)) {
        // The server takes ops that are not as they should be, and refuses each by itself.
        asked.as_object_mut().and_then(|asked| asked.remove("ops"));
        let faults = faults(schema, &asked);
        assert!(faults.is_empty(), "{method} {path}: {faults:?} in {asked}");
    }
}
