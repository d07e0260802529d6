//! Faulty lists: no item is returned twice, none is skipped silently, and no list
//! continues for ever.

use kyc_review::{Error, ErrorKind};
use serde_json::json;

use super::super::Walk;
use super::super::call::{Act, Decoded, Operation};
use super::super::clients::BASE;
use super::super::described::Described;
use super::super::server::{Response, Seen};
use super::{Listing, case, identities, rest};

/// The expected result of a walk: the items, the error, whether it can resume.
struct Wanted {
    items: usize,
    kind: ErrorKind,
    resumes: bool,
    requests: std::ops::RangeInclusive<usize>,
}

/// Runs the attacks that a list of this style is open to; returns their number.
pub async fn walk(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
) -> usize {
    let mut attacks = Attacks { operation, described, listing, count: 0 };
    if listing.is_linked() {
        attacks.come_back(walk).await;
        attacks.lead_away(walk).await;
        attacks.hold_nothing(walk).await;
        attacks.lead_nowhere(walk).await;
    }
    if listing.is_counted() {
        attacks.stay(walk).await;
    }
    if listing.style != "whole" {
        attacks.fail(walk).await;
    }
    attacks.be_no_list(walk).await;
    attacks.count
}

struct Attacks<'a> {
    operation: &'a Operation,
    described: &'a Described<'a>,
    listing: &'a Listing,
    count: usize,
}

impl Attacks<'_> {
    /// A cursor that comes again ends the list after the items of its page.
    async fn come_back(&mut self, walk: &mut Walk<'_>) {
        for back in [1, 2, 3] {
            let listing = self.listing.clone();
            let respond = move |seen: &Seen| {
                let number = listing.asked(seen);
                let next = if number == 3 { back } else { number + 1 };
                listing.page(&listing.items(2 * number..2 * number + 2), Some(next), None)
            };
            let wanted =
                Wanted { items: 8, kind: ErrorKind::Pagination, resumes: false, requests: 4..=4 };
            self.check(walk, &format!("back to {back}"), respond, wanted).await;
        }
    }

    /// A link to another origin is not followed, and is reported after the items of its
    /// page.
    async fn lead_away(&mut self, walk: &mut Walk<'_>) {
        let bases =
            ["https://evil.example.test", "http://walk.example.test/prefix", "//evil.example.test"];
        let with_user = "https://u:p@walk.example.test/prefix";
        for base in bases.into_iter().chain([with_user]) {
            let (listing, link) = (self.listing.clone(), self.listing.link(base, 1));
            let respond =
                move |_: &Seen| listing.page_before(&listing.items(0..2), Some(&link), None);
            let wanted =
                Wanted { items: 2, kind: ErrorKind::Pagination, resumes: false, requests: 1..=1 };
            self.check(walk, &format!("away to {base}"), respond, wanted).await;
        }
    }

    /// Empty pages do not continue for ever, and the walk can resume.
    async fn hold_nothing(&mut self, walk: &mut Walk<'_>) {
        let listing = self.listing.clone();
        let respond = move |seen: &Seen| listing.page(&[], Some(listing.asked(seen) + 1), None);
        let wanted =
            Wanted { items: 0, kind: ErrorKind::Pagination, resumes: true, requests: 100..=100 };
        self.check(walk, "empty pages", respond, wanted).await;
    }

    /// A page that says that more follow, and not where, does not end the list.
    async fn lead_nowhere(&mut self, walk: &mut Walk<'_>) {
        let listing = self.listing.clone();
        let Some(response) = listing.page_with_more_nowhere(&listing.items(0..2)) else { return };
        let respond = move |_: &Seen| response.clone();
        let wanted =
            Wanted { items: 2, kind: ErrorKind::Pagination, resumes: false, requests: 1..=1 };
        self.check(walk, "more pages nowhere", respond, wanted).await;
    }

    /// A server that returns the same page for every request.
    async fn stay(&mut self, walk: &mut Walk<'_>) {
        for total in [Some(100), None] {
            let listing = self.listing.clone();
            let respond = move |_: &Seen| listing.page(&listing.items(0..2), None, total);
            let wanted =
                Wanted { items: 2, kind: ErrorKind::Pagination, resumes: false, requests: 2..=12 };
            self.check(walk, &format!("the same page, total {total:?}"), respond, wanted).await;
        }
    }

    /// A failure on the third page loses and duplicates nothing.
    async fn fail(&mut self, walk: &mut Walk<'_>) {
        let all = identities(self.listing, &self.listing.items(0..9));
        for (failure, kind, resumes) in [
            (Response::new(500, "", ""), ErrorKind::Server, true),
            (Response::Lost, ErrorKind::Connection, true),
            (Response::new(429, "", ""), ErrorKind::RateLimited, true),
            (Response::new(403, "application/json", "{}"), ErrorKind::Permission, false),
            (Response::new(200, "text/html", "<html>"), ErrorKind::Decode, false),
        ] {
            // Provide: the caller's address is banned.
            if walk.vendor == "provide" && kind == ErrorKind::RateLimited {
                continue;
            }
            let (listing, items) = (self.listing.clone(), self.listing.items(0..9));
            let mut failures = if resumes { 3 } else { 1 };
            walk.server.respond(move |seen| {
                let asked = listing.asked(seen);
                let is_third = if listing.style == "offset" { asked > 2 } else { asked == 2 };
                if is_third && failures > 0 {
                    failures -= 1;
                    return failure.clone();
                }
                if listing.is_counted() {
                    return listing.page(listing.slice(&items, seen, 2), None, Some(items.len()));
                }
                let (start, end) = (2 * asked, (2 * asked + 2).min(items.len()));
                listing.page(
                    &items[start..end],
                    Some(asked + 1).filter(|_| end < items.len()),
                    None,
                )
            });
            let list = self.operation.list(walk.clients, &case(walk, self.described, Act::Items));
            let mut list = list.unwrap();
            let (mut found, error) = rest(&mut list, self.listing).await;
            let before = found.len();
            let (ended, resumed) = (matches!(list.next().await, Ok(None)), list.resume());
            let (more, second) = rest(&mut list, self.listing).await;
            found.extend(more);
            let told = error.as_ref().map(Error::kind);
            let wanted = if resumes { all.as_slice() } else { &all[..before] };
            let is_right = told == Some(kind)
                && ended
                && resumed == resumes
                && second.is_none()
                && before >= 2;
            if !is_right || found != wanted {
                walk.fault(format!(
                    "{}, {kind:?} on the third page: {error:?} after {before}, ended {ended}, \
                     resumed {resumed}, then {second:?}: {found:?}",
                    self.described.id
                ));
            }
            walk.server.take();
            self.count += 1;
        }
    }

    /// A list in another place, or with an invalid item, is not taken for an empty one.
    async fn be_no_list(&mut self, walk: &mut Walk<'_>) {
        // A vendor with several containers leaves out the empty ones.
        let has_several =
            self.described.pages.as_ref().is_some_and(|pages| pages.pointers("items").len() > 1);
        let bodies = [
            json!({}),
            json!({ "result": [] }),
            json!({ "items": {} }),
            json!("a text"),
            json!(17),
        ];
        for body in bodies.into_iter().skip(usize::from(has_several)) {
            let wanted =
                Wanted { items: 0, kind: ErrorKind::Decode, resumes: false, requests: 1..=1 };
            let respond = move |_: &Seen| Response::json(&body);
            self.check(walk, "no list", respond, wanted).await;
        }
        if !self.listing.is_free_form() {
            let listing = self.listing.clone();
            let respond = move |_: &Seen| {
                let items = [listing.item(0), listing.item(1), json!([17]), listing.item(2)];
                listing.page(&items, None, None)
            };
            let wanted =
                Wanted { items: 3, kind: ErrorKind::Decode, resumes: true, requests: 1..=1 };
            self.check(walk, "what is no item", respond, wanted).await;
            self.one_page(walk).await;
        }
    }

    /// A page that is awaited has the items that can be read, and says which cannot.
    async fn one_page(&mut self, walk: &mut Walk<'_>) {
        let listing = self.listing.clone();
        for (items, unread) in [(3, vec!["[1]".to_owned()]), (0, Vec::new())] {
            let (listing, page) = (listing.clone(), listing.clone());
            walk.server.respond(move |_| {
                let good = page.items(0..items);
                let mut all = good.clone();
                all.insert(items.min(1), json!([17]));
                page.page(&all, None, None)
            });
            let answer =
                self.operation.call(walk.clients, &case(walk, self.described, Act::Send)).await;
            walk.server.take();
            let is_right = match &answer {
                Ok(Ok(outcome)) => {
                    let Decoded::Page(found, ..) = &outcome.value else { unreachable!() };
                    let found = identities(&listing, found.as_array().unwrap());
                    items > 0
                        && found == identities(&listing, &listing.items(0..items))
                        && outcome.unread == unread
                }
                // A page of which nothing can be read would look like an empty one.
                Ok(Err(error)) => items == 0 && error.kind() == ErrorKind::Decode,
                Err(_) => false,
            };
            if !is_right {
                walk.fault(format!("{}, a page of {items} items: {answer:?}", self.described.id));
            }
            self.count += 1;
        }
    }

    async fn check(
        &mut self,
        walk: &mut Walk<'_>,
        what: &str,
        respond: impl FnMut(&Seen) -> Response + Send + 'static,
        wanted: Wanted,
    ) {
        walk.server.respond(respond);
        let list = self.operation.list(walk.clients, &case(walk, self.described, Act::Items));
        let mut list = list.unwrap();
        let (found, error) = rest(&mut list, self.listing).await;
        let ended = matches!(list.next().await, Ok(None));
        let seen = walk.server.take();
        let resumed = list.resume();
        let kind = error.as_ref().map(Error::kind);
        let items = identities(self.listing, &self.listing.items(0..wanted.items));
        let is_right =
            found == items && kind == Some(wanted.kind) && ended && resumed == wanted.resumes;
        if !is_right || !wanted.requests.contains(&seen.len()) {
            let (id, count) = (self.described.id, seen.len());
            walk.fault(format!(
                "{id}, {what}: {found:?}, {error:?}, {ended}, {resumed}, {count} requests"
            ));
        }
        if seen.iter().any(|seen| !seen.url.starts_with(&format!("{BASE}/"))) {
            walk.fault(format!("{}, {what}: a request left the origin", self.described.id));
        }
        self.count += 1;
    }
}
