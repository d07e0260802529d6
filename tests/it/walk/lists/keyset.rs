//! Lists that are longer than the vendor's largest offset.

use kyc_review::ErrorKind;
use serde_json::Value;

use super::super::Walk;
use super::super::call::{Act, Operation};
use super::super::described::Described;
use super::super::server::{Response, Seen};
use super::{Listing, case, rest};

const LENGTH: usize = 100;

/// Past that offset a list continues by time, or reports that it cannot.
pub async fn walk(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
) {
    let most = listing.max_offset.unwrap();
    let count = 2 * most + 305;
    // The newest first, with three at the same time.
    let items: Vec<Value> =
        (0..count).map(|number| listing.small_item(number, &time(number / 3))).collect();
    let mut all: Vec<String> = items.iter().map(|item| listing.identity(item)).collect();
    let shown = listing.clone();
    walk.server.respond(move |seen| {
        if shown.asked(seen) > most {
            return Response::new(400, "application/json", "{}");
        }
        let left = asked_for(&shown, &items, seen);
        let page: Vec<Value> = shown.slice(&left, seen, LENGTH).iter().copied().cloned().collect();
        shown.page(&page, None, Some(left.len()))
    });
    let mut list = operation.list(walk.clients, &case(walk, described, Act::Items)).unwrap();
    let (mut found, error) = rest(&mut list, listing).await;
    let kind = error.as_ref().map(kyc_review::Error::kind);
    if listing.keyset.is_some() {
        // In the order of time, in either direction.
        found.sort();
        all.sort();
    }
    let is_right = match listing.keyset {
        Some(_) => found == all && kind.is_none(),
        None => {
            found.len() > most && all.starts_with(&found) && kind == Some(ErrorKind::Pagination)
        }
    };
    if !is_right {
        walk.fault(format!(
            "{}: {} of {count} items past the largest offset, {error:?}",
            described.id,
            found.len()
        ));
    }
    let seen = walk.server.take();
    if seen.len() > 60 {
        walk.fault(format!("{}: {} requests for {count} items", described.id, seen.len()));
    }
}

/// What remains of a list, in the order that a request asks for.
fn asked_for<'a>(listing: &Listing, items: &'a [Value], seen: &Seen) -> Vec<&'a Value> {
    let Some((sort, filter, by)) = &listing.keyset else { return items.iter().collect() };
    let filter = seen.parameter(filter).unwrap_or_default();
    let range =
        filter.split(';').find_map(|part| part.strip_prefix(&format!("{by}:"))?.split_once(".."));
    let (from, to) = range.unwrap_or_default();
    let time = |item: &'a Value| item[by.as_str()].as_str().unwrap();
    let is_within = |item: &&'a Value| from <= time(item) && (to.is_empty() || time(item) <= to);
    let mut left: Vec<&'a Value> = items.iter().filter(is_within).collect();
    match seen.parameter(sort) {
        Some(order) if order == *by => left.sort_by_key(|item| time(item)),
        Some(order) => assert_eq!(order, format!("-{by}")),
        None => assert!(range.is_none(), "a range of an unsorted list"),
    }
    left
}

/// A time; the higher the number, the earlier it is.
fn time(number: usize) -> String {
    let left = 3_000_usize.saturating_sub(number);
    format!("2024-05-02T{:02}:{:02}:{:02}Z", left / 3600, left / 60 % 60, left % 60)
}
