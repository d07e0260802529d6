//! Every list is walked to its end over pages that its marks describe: all items once, in
//! order.

mod keyset;
mod listing;
mod shrinking;
mod wrong;

use kyc_review::ErrorKind;

use super::call::{Act, Case, Operation};
use super::clients::{Clients, Vendor};
use super::described::{self, Described};
use super::server::{Seen, Server};
use super::{Walk, find};
use crate::support::document;
use listing::{Listing, case, first, identities, rest};

/// The number of items of a list, and of a page.
const ITEMS: usize = 5;
const LENGTH: usize = 2;

pub async fn every_list(vendor: &Vendor) {
    let document = document(vendor.name);
    let server = Server::default();
    let clients = Clients::of(&server);
    let mut walk = Walk::new(vendor, &document, &clients, &server);
    let described = described::operations(&document);
    let (mut lists, mut counted, mut by_time) = (0, 0, 0);
    for described in &described {
        let Some(listing) = Listing::of(&walk, described) else { continue };
        let operation =
            find(vendor.operations, described, &described.methods[0]).expect(described.id);
        in_pages(&mut walk, operation, described, &listing).await;
        if listing.is_counted() {
            shrinking::walk(&mut walk, operation, described, &listing).await;
            counted += 1;
        }
        if listing.max_offset.is_some() {
            keyset::walk(&mut walk, operation, described, &listing).await;
            by_time += usize::from(listing.keyset.is_some());
        }
        lists += 1;
    }
    println!(
        "{}: {lists} lists walked, {counted} while they shrink, \
         {by_time} past their largest offset",
        vendor.name
    );
    walk.end();
}

pub async fn every_list_that_goes_wrong(vendor: &Vendor) {
    let document = document(vendor.name);
    let server = Server::default();
    let clients = Clients::of(&server);
    let mut walk = Walk::new(vendor, &document, &clients, &server);
    let (mut lists, mut attacks) = (0, 0);
    for described in &described::operations(&document) {
        let Some(listing) = Listing::of(&walk, described) else { continue };
        let operation =
            find(vendor.operations, described, &described.methods[0]).expect(described.id);
        attacks += wrong::walk(&mut walk, operation, described, &listing).await;
        lists += 1;
    }
    println!("{}: {attacks} attacks on {lists} lists", vendor.name);
    walk.end();
}

/// Serves all pages; linked pages have an empty one in between.
fn serve(walk: &Walk<'_>, listing: &Listing, total: Option<usize>) {
    let (listing, items) = (listing.clone(), listing.items(0..ITEMS));
    walk.server.respond(move |seen| match listing.style.as_str() {
        "whole" => listing.page(&items, None, total),
        "offset" | "page" => listing.page(listing.slice(&items, seen, LENGTH), None, total),
        _ => match listing.asked(seen) {
            0 => listing.page(&items[..LENGTH], Some(1), total),
            1 => listing.page(&[], Some(2), total),
            _ => listing.page(&items[LENGTH..], None, total),
        },
    });
}

async fn in_pages(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
) {
    let all = identities(listing, &listing.items(0..ITEMS));
    let told = |what: &str| format!("{}, {what}", described.id);
    // The total may be missing even if the vendor documents it.
    for total in [Some(ITEMS), None] {
        serve(walk, listing, total);
        for act in [Act::Items, Act::Pages] {
            let mut list = operation.list(walk.clients, &case(walk, described, act)).unwrap();
            let (found, error) = rest(&mut list, listing).await;
            if found != all || error.is_some() || !matches!(list.next().await, Ok(None)) {
                walk.fault(told(&format!("{act:?}, total {total:?}: {found:?}, {error:?}")));
            }
            let seen = walk.server.take();
            requests(walk, described, listing, &seen);
        }
        starts_anywhere(walk, operation, described, listing, &all).await;
    }
    if listing.total.is_some() {
        short_of_the_total(walk, operation, described, listing, &all).await;
    }
}

/// Each request equals the first one except for its page, and no linked page is requested
/// twice.
fn requests(walk: &mut Walk<'_>, described: &Described<'_>, listing: &Listing, seen: &[Seen]) {
    let count = match listing.style.as_str() {
        "whole" => 1..=1,
        "link" | "cursor" => 3..=3,
        _ => 2..=12,
    };
    let is_same = |one: &Seen| {
        (one.method == seen[0].method
            && one.target() == seen[0].target()
            && one.body == seen[0].body)
            && listing.carries_on(one)
    };
    if !count.contains(&seen.len()) || !seen.iter().all(is_same) {
        let urls: Vec<&str> = seen.iter().map(|seen| seen.url.as_str()).collect();
        walk.fault(format!("{}: requests {urls:?}, should be {count:?} of one kind", described.id));
    }
}

/// A page reports the position of the next one, and a request can start there.
async fn starts_anywhere(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
    all: &[String],
) {
    let (mut found, next) =
        first(walk, operation, &case(walk, described, Act::Send), listing).await;
    let is_whole = listing.style == "whole";
    if next.is_none() != is_whole {
        walk.fault(format!(
            "{}: the first page says that the next one is at {next:?}",
            described.id
        ));
    }
    let mut position = None;
    if !is_whole {
        let from_there = Case { start_at: next.clone(), ..case(walk, described, Act::Items) };
        let mut list = operation.list(walk.clients, &from_there).unwrap();
        position = list.position();
        let (rest, error) = rest(&mut list, listing).await;
        found.extend(rest);
        if let Some(error) = error {
            walk.fault(format!("{}: from {next:?} on {error:?}", described.id));
        }
    }
    if found != all || position != next {
        walk.fault(format!(
            "{}: from {next:?} on (it tells {position:?}) there is {found:?}",
            described.id
        ));
    }
    walk.server.take();
}

/// An end short of the vendor's total is an error, after the items.
async fn short_of_the_total(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
    all: &[String],
) {
    serve(walk, listing, Some(ITEMS + 2));
    for act in [Act::Items, Act::Pages] {
        let mut list = operation.list(walk.clients, &case(walk, described, act)).unwrap();
        let (found, error) = rest(&mut list, listing).await;
        let kind = error.as_ref().map(kyc_review::Error::kind);
        let is_over = !list.resume() && matches!(list.next().await, Ok(None));
        if found != all || kind != Some(ErrorKind::Pagination) || !is_over {
            walk.fault(format!(
                "{}, {act:?}: short of its total: {found:?}, {kind:?}, over {is_over}",
                described.id
            ));
        }
        walk.server.take();
    }
}
