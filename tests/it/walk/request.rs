//! The request of each method: everything set, only what is required, complete bodies in
//! every way.

use super::bodies::{self, Expected, Prepared};
use super::call::{Case, Operation};
use super::described::{Described, Method};
use super::values::{self, Set};
use super::{Walk, printed_person, refused, wire};
use crate::support::sample::Way;

/// All checks of the requests of one method.
pub async fn walk(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    method: &Method<'_>,
) {
    for (set, way) in [(Set::All, Way::Whole), (Set::Required, Way::Required)] {
        for prepared in bodies::by_setters(walk, described, method, way) {
            check(walk, operation, described, set, prepared).await;
        }
    }
    for prepared in bodies::cleared(walk, described, method) {
        check(walk, operation, described, Set::Required, prepared).await;
    }
    if described.body.is_some() {
        as_a_whole(walk, operation, described, method).await;
    }
    if operation.is("filter") {
        let mut case = bodies::smallest(walk, described, method);
        case.filters = vec![("a filter;of=the future".to_owned(), "value;=/?#é".to_owned())];
        check_case(
            walk,
            operation,
            described,
            case,
            &Expected::Nothing,
            "a filter without a setter",
        )
        .await;
    }
}

/// Nulls that the spec distinguishes from absence, and values unknown to it, are sent as
/// they are.
async fn as_a_whole(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    method: &Method<'_>,
) {
    for way in [Way::Whole, Way::Required, Way::Nulls, Way::Unknown, Way::UnknownInKnown] {
        for prepared in bodies::by_body(walk, described, method, way) {
            if !matches!(way, Way::Whole | Way::Required)
                && !matches!(prepared.expected, Expected::Json(_))
            {
                continue;
            }
            let kinds = prepared.kinds.clone();
            let is_right = check(walk, operation, described, Set::Required, prepared).await;
            if is_right && way == Way::UnknownInKnown {
                walk.counts.kinds_sent.extend(kinds);
            }
        }
    }
    let is_optional = described.body.as_ref().is_some_and(|body| !body.required);
    if is_optional
        && operation.body != "argument"
        && method.positional.is_empty()
        && method.constants.is_empty()
    {
        let case = Case { values: values::of(described, Set::Required), ..Case::default() };
        check_case(walk, operation, described, case, &Expected::Nothing, "without its body").await;
    }
}

async fn check(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    set: Set,
    prepared: Prepared,
) -> bool {
    let what = prepared.what.clone();
    let (case, expected) = prepared.case(described, set);
    if let Expected::Refusal = expected {
        walk.counts.refusals += 1;
        return refused::check(walk, operation, described, &case, None, &what).await;
    }
    check_case(walk, operation, described, case, &expected, &what).await
}

/// Checks that the smallest request is sent with the other values of a case.
pub async fn as_it_is(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    case: Case,
    what: &str,
) {
    let smallest = bodies::as_smallest(walk, described, &described.methods[0]);
    check_case(walk, operation, described, case, &smallest.expected, what).await;
}

pub async fn check_case(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    case: Case,
    expected: &Expected,
    what: &str,
) -> bool {
    let before = walk.faults.len();
    // The response is checked elsewhere.
    walk.server.answer(500, "", "");
    let told = format!("{}, {}, {what}", described.id, operation.verb);
    let answer = match operation.call(walk.clients, &case).await {
        Ok(answer) => answer,
        Err(problem) => {
            walk.fault(format!("{told}: {problem}"));
            return false;
        }
    };
    let shown = answer.map_or_else(|error| format!("{error} {error:?}"), |outcome| outcome.shown);
    if let Some(why) = printed_person(&shown).or_else(|| printed_person(&case.shown.borrow())) {
        walk.fault(format!("{told}: {why}"));
    }
    let seen = walk.server.take();
    let Some(seen) = seen.first() else {
        walk.fault(format!("{told}: nothing was sent: {shown}"));
        return false;
    };
    walk.counts.requests += 1;
    for why in wire::faults(walk, described, &case, expected, seen) {
        walk.fault(format!("{told}: {why}"));
    }
    walk.faults.len() == before
}
