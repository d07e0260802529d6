//! Lists walked by offset or page number while a reviewer decides on the returned items:
//! decided items leave the list, and no other item may be lost.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::super::Walk;
use super::super::call::{Act, Operation};
use super::super::described::Described;
use super::{Listing, case, identities};

const ITEMS: usize = 23;
const LENGTH: usize = 4;

/// What happens to a list once an item of it was delivered.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Happens {
    /// The item is decided on.
    Decided,
    /// Every second item is decided on.
    SecondDecided,
    /// New items come before all others.
    Newcomers,
    /// The item is decided on, and a new one comes before all others.
    Exchanged,
}

pub async fn walk(
    walk: &mut Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
) {
    for happens in
        [Happens::Decided, Happens::SecondDecided, Happens::Newcomers, Happens::Exchanged]
    {
        for tells_total in [true, false] {
            let left = Arc::new(Mutex::new(listing.items(0..ITEMS)));
            let (shown, shared) = (listing.clone(), Arc::clone(&left));
            walk.server.respond(move |seen| {
                let items = shared.lock().unwrap();
                let total = Some(items.len()).filter(|_| tells_total);
                shown.page(shown.slice(&items, seen, LENGTH), None, total)
            });
            let told = format!("{}, {happens:?}, total {tells_total}", described.id);
            let found = delivered(walk, operation, described, listing, happens, &left).await;
            walk.server.take();
            match found {
                Err(why) => walk.fault(format!("{told}: {why}")),
                Ok(mut found) => {
                    let mut all = identities(listing, &listing.items(0..ITEMS));
                    let count = found.len();
                    // Newcomers may be found or not: they arrived after the walk began.
                    found.retain(|item| all.contains(item));
                    found.sort();
                    all.sort();
                    let is_once = found.windows(2).all(|pair| pair[0] != pair[1]);
                    if !is_once || found != all || count > ITEMS + 2 * ITEMS {
                        walk.fault(format!(
                            "{told}: {} of {} items were found",
                            found.len(),
                            all.len()
                        ));
                    }
                }
            }
        }
    }
}

async fn delivered(
    walk: &Walk<'_>,
    operation: &Operation,
    described: &Described<'_>,
    listing: &Listing,
    happens: Happens,
    left: &Arc<Mutex<Vec<Value>>>,
) -> Result<Vec<String>, String> {
    let mut list = operation.list(walk.clients, &case(walk, described, Act::Items)).unwrap();
    let mut found: Vec<String> = Vec::new();
    while let Some(item) =
        list.next().await.map_err(|error| format!("after {}: {error:?}", found.len()))?
    {
        let id = listing.identity(&item);
        let number = found.len();
        if number > 4 * ITEMS {
            return Err("the walk does not end".to_owned());
        }
        let mut left = left.lock().unwrap();
        let is_decided = match happens {
            Happens::Decided | Happens::Exchanged => true,
            Happens::SecondDecided => number.is_multiple_of(2),
            Happens::Newcomers => false,
        };
        if is_decided {
            left.retain(|known| listing.identity(known) != id);
        }
        let is_new =
            matches!(happens, Happens::Newcomers | Happens::Exchanged) && number.is_multiple_of(3);
        if is_new && number < ITEMS {
            left.insert(0, listing.item(1000 + number));
        }
        found.push(id);
    }
    Ok(found)
}
