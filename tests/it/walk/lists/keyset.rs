//! Lists that are longer than the vendor's largest offset.

use kyc_review::ErrorKind;
use serde_json::Value;

use super::super::Walk;
use super::super::call::{Act, Operation};
use super::super::described::Described;
use super::super::server::{Response, Seen};
use super::{Listing, case, rest};

const LENGTH: usize = 100;

/// Past it a list goes on by time, or says that it cannot.
pub async fn walk(walk: &mut Walk<'_>, operation: &Operation, described: &Described<'_>, listing: &Listing) {
    let most = listing.max_offset.unwrap();
    let count = 2 * most + 305;
    let items: Vec<Value> = match listing.keyset {
        // The newest first, three at one time.
        Some(_) => (0..count).map(|number| listing.item_at(number, &time(number / 3))).collect(),
        None => listing.items(0..count),
    };
    let all: Vec<String> = items.iter().map(|item| listing.identity(item)).collect();
    let shown = listing.clone();
    walk.server.respond(move |seen| {
        if shown.asked(seen) > most {
            return Response::new(400, "application/json", "{}");
        }
        let left: Vec<Value> = items.iter().filter(|item| is_asked_for(&shown, item, seen)).cloned().collect();
        shown.page(shown.slice(&left, seen, LENGTH), None, Some(left.len()))
    });
    let mut list = operation.list(walk.clients, &case(walk, described, Act::Items)).unwrap();
    let (found, error) = rest(&mut list, listing).await;
    let kind = error.as_ref().map(kyc_review::Error::kind);
    let is_right = match listing.keyset {
        Some(_) => found == all && kind.is_none(),
        None => found.len() > most && all.starts_with(&found) && kind == Some(ErrorKind::Pagination),
    };
    if !is_right {
        walk.fault(format!("{}: {} of {count} items past the largest offset, {error:?}", described.id, found.len()));
    }
    let seen = walk.server.take();
    if seen.len() > 60 {
        walk.fault(format!("{}: {} requests for {count} items", described.id, seen.len()));
    }
}

/// Whether the filter of a request lets an item through.
fn is_asked_for(listing: &Listing, item: &Value, seen: &Seen) -> bool {
    let Some((sort, filter, by)) = &listing.keyset else { return true };
    let Some(filter) = seen.parameter(filter) else { return true };
    let Some((_, last)) = filter.split_once(&format!("{by}:..")) else { return true };
    assert_eq!(seen.parameter(sort), Some(format!("-{by}")));
    item[by.as_str()].as_str().unwrap() <= last.split(';').next().unwrap()
}

/// A time that lies the further back the higher the number is.
fn time(number: usize) -> String {
    let left = 3_000_usize.saturating_sub(number);
    format!("2024-05-02T{:02}:{:02}:{:02}Z", left / 3600, left / 60 % 60, left % 60)
}
