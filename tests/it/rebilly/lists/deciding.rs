//! Lists whose items are decided on while they are walked, by this walk and by others.

use std::sync::Arc;
use std::time::Duration;

use kyc_review::ErrorKind;
use kyc_review::rebilly::Filter;
use kyc_review::rebilly::requests::GetKycDocumentCollection;
use kyc_review::sandbox::{ManualClock, Sandbox};

use super::desk::{Desk, Manner, PLAIN, number, waiting};

/// All items up to the end or an error, in the order of arrival; `decide` gets each at
/// once.
async fn worked_off(
    list: GetKycDocumentCollection,
    mut decide: impl AsyncFnMut(usize),
) -> (Vec<usize>, Option<(ErrorKind, String)>) {
    let mut items = list.items();
    let mut seen = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => {
                let number = number(item.id());
                seen.push(number);
                decide(number).await;
            }
            Ok(None) => return (seen, None),
            Err(error) => return (seen, Some((error.kind(), error.to_string()))),
        }
    }
}

/// Asserts that each of these arrived, and none twice.
#[track_caller]
fn each_once(mut seen: Vec<usize>, all: impl IntoIterator<Item = usize>, what: &str) {
    seen.sort_unstable();
    let all: Vec<usize> = all.into_iter().collect();
    let lost: Vec<&usize> = all.iter().filter(|number| !seen.contains(number)).collect();
    assert!(lost.is_empty(), "{what}: lost {lost:?}");
    assert!(seen.windows(2).all(|pair| pair[0] != pair[1]), "{what}: {seen:?}");
}

#[tokio::test]
async fn behind_the_last_offset_a_list_goes_on_by_time() {
    // Three documents per second: a bound falls between others of the same time.
    let (desk, documents, _server) = Desk::open(2500, PLAIN).await;
    let (seen, error) = worked_off(waiting(&documents, Some(500)), async |_| {}).await;
    assert_eq!((seen, error), ((0..2500).collect(), None));
    let offsets: Vec<usize> = desk.requests().iter().map(|(offset, _)| *offset).collect();
    assert!(offsets.iter().all(|offset| *offset <= 1000), "{offsets:?}");
    assert_eq!(offsets.iter().filter(|offset| **offset == 0).count(), 2, "{offsets:?}");
}

#[tokio::test]
async fn deciding_on_each_document_of_the_sandbox_reaches_all_of_them() {
    for sort in [None, Some("createdTime"), Some("-createdTime"), Some("-updatedTime")] {
        let clock = Arc::new(ManualClock::new());
        let sandbox = Sandbox::start_with(clock.clone()).await.unwrap();
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..60 {
            ids.push(sandbox.seed().kyc_document("pending").to_string());
            let _decided = sandbox.seed().kyc_document("accepted");
            clock.advance(Duration::from_secs(1));
        }
        let documents = sandbox.rebilly().kyc_documents();
        let list = documents.list().filter(Filter::status(["pending", "in-progress"])).limit(10);
        let mut items = sort.map_or(list.clone(), |sort| list.sort([sort])).items();
        let mut seen = Vec::new();
        while let Some(document) = items.try_next().await.unwrap() {
            match seen.len() % 2 {
                0 => documents.accept(document.id()).await.unwrap(),
                _ => documents.reject(document.id(), "document-unreadable").await.unwrap(),
            };
            seen.push(document.id().to_owned());
        }
        seen.sort();
        assert_eq!(seen, ids, "{sort:?}");
        assert!(ids.iter().all(|id| sandbox.ledger().decisions(id).len() == 1), "{sort:?}");
    }
}

#[tokio::test]
async fn whatever_is_decided_meanwhile_all_60_are_reached_and_none_twice() {
    type Decides = fn(usize) -> bool;
    let decisions: [(&str, Decides); 6] = [
        ("each", |_| true),
        ("none", |_| false),
        ("every second", |number| number % 2 == 0),
        ("two of three", |number| number % 3 > 0),
        ("the first half", |number| number < 30),
        ("the second half", |number| number >= 30),
    ];
    for (limit, most, hides) in [
        (Some(10), 1000, None),
        (Some(1), 1000, None),
        (Some(2), 1000, None),
        (Some(7), 1000, None),
        (Some(59), 1000, None),
        (Some(60), 1000, None),
        (None, 1000, None),
        // The server returns fewer than requested: four or one at a time, or nine of ten.
        (Some(10), 4, None),
        (Some(10), 1, None),
        (None, 10, None),
        (Some(10), 1000, Some(10)),
    ] {
        // The walk does not see who decides, so most decisions are made without a call,
        // to save time.
        let is_plain = limit == Some(10) && most == 1000 && hides.is_none();
        for tells_total in [true, false] {
            for (decided, decides) in decisions {
                let manner = Manner { most, tells_total, hides, ..PLAIN };
                let (desk, documents, _server) = Desk::open(60, manner).await;
                let (seen, error) = worked_off(waiting(&documents, limit), async |number| {
                    if decides(number) && is_plain {
                        documents.accept(format!("d{number}")).await.unwrap();
                    } else if decides(number) {
                        desk.take_off([number]);
                    }
                })
                .await;
                let what = format!(
                    "{decided} decided, limit {limit:?}, {most} at most, hides {hides:?}, total \
                     {tells_total}"
                );
                each_once(seen, (0..60).filter(|number| manner.shows(*number)), &what);
                // A total that counts hidden documents is not reached.
                assert!(error.is_none() || (hides.is_some() && tells_total), "{what}: {error:?}");
                let requests = desk.requests().len();
                let shortest = limit.unwrap_or(100).min(most as u64);
                assert!(
                    requests as u64 <= 3 * 60 / shortest.saturating_sub(1).max(1) + 12,
                    "{what}: {requests} requests"
                );
            }
        }
    }
}

#[tokio::test]
async fn what_other_reviewers_take_off_the_list_hides_nothing() {
    for tells_total in [true, false] {
        let (desk, documents, _server) = Desk::open(200, Manner { tells_total, ..PLAIN }).await;
        let (seen, error) =
            worked_off(waiting(&documents, Some(10)), async |number| match number {
                // Others decide on documents already returned: the next page begins with
                // 114 instead of 99, and the walk looks for 99.
                99 => desk.take_off(0..15),
                // Meanwhile more documents leave the list, so that the walk finds a
                // document already returned, with 100 to 113 before it.
                123 => desk.take_off(15..30),
                150 => desk.hand_in(5),
                _ => {}
            })
            .await;
        assert_eq!(error, None);
        each_once(seen, 0..200, &format!("total {tells_total}"));
    }
}

#[tokio::test]
async fn what_is_left_of_a_list_is_found_in_a_few_steps() {
    let (desk, documents, _server) = Desk::open(400, PLAIN).await;
    let (seen, error) = worked_off(waiting(&documents, Some(2)), async |number| {
        if number == 250 {
            desk.take_off(0..390);
        }
    })
    .await;
    assert_eq!(error, None);
    each_once(seen, (0..=250).chain(390..400), "");
    let before = desk.requests().iter().position(|(offset, _)| *offset == 249).unwrap();
    assert!(desk.requests().len() - before < 40, "{:?}", desk.requests());
}

#[tokio::test]
async fn a_short_page_before_an_empty_one_is_not_the_end() {
    for turn in 20..50 {
        let manner = Manner { tells_total: false, hides: Some(3), ..PLAIN };
        let (desk, documents, _server) = Desk::open(60, manner).await;
        let (seen, error) = worked_off(waiting(&documents, Some(10)), async |number| {
            // The remaining documents lie before the position of the walk, and the end of
            // the list is new.
            if number == turn {
                desk.take_off((0..turn / 2).chain(turn + 8..60));
            }
        })
        .await;
        assert_eq!(error, None, "{turn}");
        each_once(seen, desk.due(), &format!("{turn}"));
    }
}

#[tokio::test]
async fn nothing_is_lost_while_several_reviewers_work_on_one_list() {
    for seed in 0..60_u64 {
        let limit = [10, 7, 3, 25, 2, 1][seed as usize % 6];
        // Hidden documents are never decided on, and too few are in a row to make a page
        // empty.
        let hides = (seed % 4 > 1 && limit > 5).then_some(3);
        let manner = Manner {
            tells_total: seed % 3 > 0 && hides.is_none(),
            others: Some(seed),
            hides,
            ..PLAIN
        };
        let (desk, documents, _server) = Desk::open(150, manner).await;
        let (seen, error) =
            worked_off(waiting(&documents, Some(limit)), async |number| match seed % 4 {
                0 => desk.take_off([number]),
                1 if number % 2 == 0 => desk.take_off([number]),
                _ => {}
            })
            .await;
        assert_eq!(error, None, "seed {seed}");
        each_once(seen, desk.due(), &format!("seed {seed}"));
        assert!(desk.requests().len() <= 700, "seed {seed}: {} requests", desk.requests().len());
    }
}

#[tokio::test]
async fn a_long_list_that_is_worked_off_is_walked_by_time() {
    for (limit, every) in [(100, 2), (100, 10), (1000, 3), (300, usize::MAX)] {
        let (desk, documents, _server) = Desk::open(3200, PLAIN).await;
        let (seen, error) = worked_off(waiting(&documents, Some(limit)), async |number| {
            if number % every == 1 {
                desk.take_off([number]);
            }
        })
        .await;
        assert_eq!(error, None, "{limit} {every}");
        each_once(seen, 0..3200, &format!("limit {limit}, every {every} decided"));
        assert!(desk.requests().iter().all(|(offset, _)| *offset <= 1000));
        assert!(desk.requests().iter().any(|(offset, _)| *offset == 1000), "{limit} {every}");
    }
}

#[tokio::test]
async fn a_list_that_ends_short_of_its_total_says_so_behind_its_items() {
    for (count, limit, surplus) in
        [(7, 3, 1), (6, 3, 4), (9, 10, 1), (1, 10, 1), (60, 10, 1), (1, 1, 2), (0, 10, 3)]
    {
        let (_desk, documents, _server) = Desk::open(count, Manner { surplus, ..PLAIN }).await;
        let (seen, error) = worked_off(waiting(&documents, Some(limit)), async |_| {}).await;
        let total = count + surplus;
        let note = format!(
            "rebilly: get_kyc_document_collection: pagination: the list ended after {count} of \
             {total} items, status 200"
        );
        assert_eq!(error, Some((ErrorKind::Pagination, note)), "{count} {limit}");
        assert_eq!(seen, (0..count).collect::<Vec<_>>(), "{count} {limit}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_full_is_not_the_end() {
    // Hidden rows count for the offset: 99 of 100 arrive, and more follow.
    for tells_total in [true, false] {
        for (hides, limit) in [(100, 100), (50, 100), (2, 100), (10, 10), (2, 2)] {
            let manner = Manner { tells_total, hides: Some(hides), ..PLAIN };
            let (_desk, documents, _server) = Desk::open(305, manner).await;
            let (seen, error) = worked_off(waiting(&documents, Some(limit)), async |_| {}).await;
            assert_eq!(error, None, "{hides} {limit} {tells_total}");
            let shown: Vec<usize> = (0..305).filter(|number| manner.shows(*number)).collect();
            assert_eq!(seen, shown, "{hides} {limit} {tells_total}");
        }
    }
}

#[tokio::test]
async fn another_walk_begins_where_one_stands() {
    let (desk, documents, _server) = Desk::open(1500, PLAIN).await;
    for (given, limit) in
        [(0_usize, 100_u64), (40, 10), (1005, 100), (1150, 100), (1150, 1000), (1400, 100)]
    {
        let mut items = waiting(&documents, Some(limit)).items();
        let mut seen = Vec::new();
        for _ in 0..given {
            seen.push(number(items.try_next().await.unwrap().unwrap().id()));
        }
        let list = waiting(&documents, Some(limit));
        let list = match items.position() {
            Some(position) => list.start_at(position),
            None => list,
        };
        let (rest, error) = worked_off(list, async |_| {}).await;
        assert_eq!(error, None, "{given} {limit}");
        // In the order of the first walk, from an item that it has in memory or slightly
        // before.
        let first = rest[0];
        assert!(
            first <= given + limit as usize && first + limit as usize + 110 >= given,
            "{given} {limit}: {first}"
        );
        assert_eq!(rest, (first..1500).collect::<Vec<_>>(), "{given} {limit}");
    }
    assert!(desk.requests().iter().all(|(offset, _)| *offset <= 1000));
}

#[tokio::test]
async fn each_page_tells_where_the_next_one_begins() {
    let (_desk, documents, _server) = Desk::open(25, PLAIN).await;
    let mut pages = waiting(&documents, Some(10)).pages();
    let mut seen = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        seen.extend(page.items.iter().map(|item| number(item.id())));
        let Some(next) = page.next.clone() else {
            assert_eq!(seen.len(), 25);
            continue;
        };
        assert_eq!(Some(&next), pages.position().as_ref());
        let (rest, error) =
            worked_off(waiting(&documents, Some(10)).start_at(next), async |_| {}).await;
        assert_eq!(error, None);
        assert_eq!(rest, (seen.len() - 1..25).collect::<Vec<_>>());
    }
    assert_eq!(seen, (0..25).collect::<Vec<_>>());
}
