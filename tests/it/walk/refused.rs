//! Requests refused before any I/O: without required values, or with values that a bound
//! forbids.

use kyc_review::ErrorKind;
use serde_json::{Value, json};

use super::bodies;
use super::call::{Case, Operation, Scalar};
use super::described::{Body, Described, Method};
use super::values::{self, Set};
use super::{Walk, printed_person};
use crate::support::sample::Way;

/// Checks that nothing is sent without the required values.
pub async fn walk(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    method: &Method<'_>,
) {
    let smallest = bodies::smallest(walk, described, method);
    let mut cases: Vec<(String, Case)> = Vec::new();
    for parameter in described.parameters.iter().filter(|parameter| parameter.required) {
        let mut case = smallest.clone();
        // The compiler ensures that an argument is given; it may be empty.
        match parameter.place {
            "path" => {
                drop(case.values.insert(parameter.name.to_owned(), Scalar::Text(String::new())))
            }
            _ => drop(case.values.remove(parameter.name)),
        }
        cases.push((parameter.name.to_owned(), case));
    }
    for pointer in method.positional.iter().filter(|pointer| !pointer.is_empty()) {
        let blank = match smallest.fields.get(*pointer) {
            Some(Value::String(_)) => json!(" "),
            Some(Value::Array(items)) if items.iter().any(Value::is_string) => json!(["", " "]),
            _ => continue,
        };
        let mut case = smallest.clone();
        case.fields.insert((*pointer).to_owned(), blank);
        cases.push((pointer.rsplit('/').next().unwrap().to_owned(), case));
    }
    // The compiler ensures that a body that is an argument has them.
    let is_argument = method.positional.contains(&"");
    for way in [Way::Whole, Way::Required].into_iter().filter(|_| !is_argument) {
        let first = bodies::by_setters(walk, described, method, way).into_iter().next().unwrap();
        let (whole, _) = first.case(described, Set::Required);
        for field in described.fields.iter().filter(|field| field.required) {
            let is_argument = method.positional.contains(&field.pointer.as_str());
            let mut case = whole.clone();
            // Without its last field, an optional body is not sent at all.
            let is_last = whole.fields.len() == 1
                && described.body.as_ref().is_some_and(|body| !body.required);
            let is_taken_along = is_last && method.constants.is_empty();
            if is_argument || is_taken_along {
                continue;
            }
            if case.fields.remove(&field.pointer).is_some() {
                let name = field.pointer.rsplit('/').next().unwrap();
                cases.push((name.to_owned(), case));
            }
        }
    }
    for (name, case) in cases {
        check(walk, operation, described, &case, Some(&name), &format!("without {name}")).await;
        walk.counts.refusals += 1;
    }
    let needs_body = |body: &Body<'_>| body.required && !bodies::may_be_empty(walk, body);
    let needs_body = described.body.as_ref().is_some_and(needs_body);
    if needs_body
        && operation.body != "argument"
        && method.positional.is_empty()
        && method.constants.is_empty()
    {
        let case = Case { values: values::of(described, Set::Required), ..Case::default() };
        check(walk, operation, described, &case, None, "without the body").await;
        walk.counts.refusals += 1;
    }
}

/// Checks that the request is refused with this name in the error, and without a value.
pub async fn check(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    case: &Case,
    name: Option<&str>,
    what: &str,
) -> bool {
    walk.server.answer(500, "", "");
    let told = format!("{}, {}, {what}", described.id, operation.verb);
    let answer = operation.call(walk.clients, case).await;
    let sent = walk.server.take().len();
    let problem = match answer {
        Err(problem) => Some(problem),
        Ok(Ok(_)) => Some("it is sent and answered".to_owned()),
        Ok(Err(error)) => {
            let is_right = error.kind() == ErrorKind::InvalidArgument
                && error.operation() == Some(described.id)
                && error.attempts() == 0
                && sent == 0;
            let text = format!("{error}");
            let names = name.is_none_or(|name| text.contains(name));
            match printed_person(&format!("{error} {error:?} {error:#?}")) {
                _ if !is_right => Some(format!("{sent} requests, {error:?}")),
                _ if !names => Some(format!("the error does not name it: {text}")),
                why => why,
            }
        }
    };
    let is_right = problem.is_none();
    if let Some(problem) = problem {
        walk.fault(format!("{told}: {problem}"));
    }
    is_right
}
