//! Pages that are counted from the start, by offset or by number. An item that is decided
//! on during the walk may leave the list, and all items after it move up; so each page is
//! compared with what was delivered before.

use std::collections::HashSet;

use bytes::Bytes;

use super::{Walk, hash, identity};
use crate::api::draft::Draft;
use crate::call::page::RawPage;
use crate::call::{Error, ErrorKind, Keyset, Paging, Received, Style};
use crate::value::json;

/// The position of a walk.
#[derive(Clone, Debug, Default)]
pub(super) struct Position {
    /// The offset or the number of the next page.
    at: u64,
    /// The time from which the list is walked, beyond the largest offset.
    since: Option<String>,
    /// Whether the walk sorts by time, so that it can go on by time.
    sorts: bool,
    /// The offset of the last request.
    asked: u64,
    /// Whether a page after the first must begin with a passed item.
    overlaps: bool,
    /// How far the last step back led, to find what had moved; zero once a page begins
    /// with a passed item.
    step_back: u64,
    /// Items that were delivered before others that precede them, because the list had
    /// moved up.
    ahead: HashSet<u64>,
    /// The last page that began with such items: its offset and its items.
    moved: Option<(u64, Vec<u64>)>,
    /// Where an empty page began, until a new item comes.
    ended_at: Option<u64>,
    /// The length of the longest page.
    longest: u64,
    /// The items of the last page, to detect a server that returns the same page again.
    last_page: u64,
    repeats: u32,
    /// The time of the last item.
    last_time: Option<String>,
    /// In a walk by number: how many items this pass has seen, and whether any was new.
    seen: u64,
    has_new: bool,
    /// In a walk by number: where each pass begins, and whether the vendor's total was
    /// the same on all its pages.
    start: u64,
    stood_still: bool,
    last_total: Option<u64>,
    /// Whether the walk began with the list's first item.
    is_at_the_beginning: bool,
}

impl Position {
    pub(super) fn of(draft: &Draft, paging: &Paging, place: Option<&str>) -> Self {
        let given = |parameter| draft.text(parameter).and_then(|text| text.parse().ok());
        let (at, since) = match place {
            Some(place) => {
                let (at, since) =
                    place.split_once('@').map_or((place, None), |(at, since)| (at, Some(since)));
                (at.parse().ok(), since)
            }
            None => (None, None),
        };
        let start = match paging.style {
            Style::Offset { parameter, .. } => at.or_else(|| given(parameter)).unwrap_or(0),
            Style::Number { parameter, first } => at.or_else(|| given(parameter)).unwrap_or(first),
            _ => 0,
        };
        // A place in a list that the walk sorts says so, even without a time.
        let may_sort = place.is_none() || since.is_some();
        let since = since.filter(|since| !since.is_empty()).map(str::to_owned);
        let sorts = since.is_some()
            || (may_sort && paging.keyset.is_some_and(|keyset| can_sort(draft, keyset)));
        let first = match paging.style {
            Style::Number { first, .. } => first,
            _ => 0,
        };
        Self {
            at: start,
            start,
            since,
            sorts,
            is_at_the_beginning: start == first,
            ..Self::default()
        }
    }

    pub(super) fn place(&self) -> Option<String> {
        Some(match &self.since {
            Some(since) => format!("{}@{since}", self.at),
            None if self.sorts => format!("{}@", self.at),
            None => self.unsorted(),
        })
    }

    /// Returns the place in a list that the walk does not sort.
    pub(super) fn unsorted(&self) -> String {
        self.at.to_string()
    }

    /// Requests the page.
    pub(super) async fn ask(&self, draft: &Draft, paging: &Paging) -> Result<Received, Error> {
        let mut draft = draft.clone();
        match paging.style {
            Style::Offset { parameter, .. } if self.at > 0 || draft.text(parameter).is_some() => {
                draft.set_texts(parameter, vec![self.at.to_string()]);
            }
            Style::Number { parameter, .. } => {
                draft.set_texts(parameter, vec![self.at.to_string()]);
            }
            _ => {}
        }
        if let Some(keyset) = paging.keyset.filter(|_| self.sorts) {
            draft.set_texts(keyset.sort, vec![keyset.by.to_owned()]);
            if let Some(since) = &self.since {
                let range = format!("{}:{since}..", keyset.by);
                let filter = match draft.text(keyset.filter) {
                    Some(own) => format!("{own};{range}"),
                    None => range,
                };
                draft.set_texts(keyset.filter, vec![filter]);
            }
        }
        let mut received = draft.receive(None).await?;
        received.place = self.place();
        Ok(received)
    }
}

/// Returns whether the walk may choose the order: the caller has not, and does not filter
/// by the time.
fn can_sort(draft: &Draft, keyset: Keyset) -> bool {
    draft.text(keyset.sort).is_none()
        && !draft.text(keyset.filter).is_some_and(|filter| filter.contains(keyset.by))
}

/// Returns where the page after one begins, by its length and the total.
pub(super) fn next(
    paging: &Paging,
    place: Option<&str>,
    count: usize,
    total: Option<u64>,
) -> Option<String> {
    let count = u64::try_from(count).ok().filter(|count| *count > 0)?;
    let (at, since) = place.map_or(("", None), |place| {
        place.split_once('@').map_or((place, None), |(a, s)| (a, Some(s)))
    });
    let next = match paging.style {
        Style::Offset { .. } => {
            let next = at.parse().unwrap_or(0_u64).saturating_add(count);
            total.is_none_or(|total| next < total).then_some(next)?
        }
        Style::Number { first, .. } => {
            let number = at.parse().unwrap_or(first);
            let before = number.saturating_sub(first).saturating_mul(count);
            total
                .is_none_or(|total| before.saturating_add(count) < total)
                .then_some(number.saturating_add(1))?
        }
        _ => return None,
    };
    Some(since.map_or_else(|| next.to_string(), |since| format!("{next}@{since}")))
}

impl Walk {
    /// Requests one page of a list by offset.
    ///
    /// Each page but the first begins one item early. If it begins with a passed item,
    /// nothing has moved, or new items have come before it. If not, the list has moved
    /// up: the walk steps back until a page begins with a passed item, and goes on from
    /// there. An item that is delivered meanwhile counts as passed only when it comes
    /// again, because more may move.
    pub(super) async fn by_offset(&mut self) -> Result<RawPage, Error> {
        let Style::Offset { most, .. } = self.paging.style else { return self.whole().await };
        if let Some(most) = most.filter(|most| self.counted.at > *most) {
            // The last page within the largest offset overlaps the one before by more
            // than one item.
            if self.counted.asked < most { self.counted.at = most } else { self.go_on_by_time()? }
        }
        self.counted.asked = self.counted.at;
        let received = self.counted.ask(&self.draft, self.paging).await?;
        let (mut page, _) = self.read(received)?;
        let (at, length) = (self.counted.at, page.items.len() as u64);
        let end = at.saturating_add(length);
        let identities: Vec<u64> =
            page.items.iter().map(|item| identity(self.paging, item)).collect();
        let is_passed = |id: &u64| self.items.contains(id) && !self.counted.ahead.contains(id);
        let has_moved =
            at > 0 && self.counted.overlaps && !identities.first().is_some_and(is_passed);
        let not_passed: Vec<u64> = identities.iter().filter(|id| !is_passed(id)).copied().collect();
        self.counted.last_time = self.time_of_last(&page.items).or(self.counted.last_time.take());
        let fresh = self.keep_fresh(&mut page, &identities);
        self.counted.longest = self.counted.longest.max(length);
        if fresh > 0 {
            self.counted.ended_at = None;
        }
        if has_moved || length == 0 {
            // Delivered items have left the list, or the list is shorter than it was.
            if at == 0 || (length == 0 && self.items.is_empty()) {
                self.end(&mut page, end);
                return Ok(page);
            }
            if length == 0 {
                self.counted.ended_at = Some(at);
            } else {
                self.counted.ahead.extend(not_passed);
                self.counted.moved = Some((at, identities));
            }
            self.counted.overlaps = true;
            // Until a step leads to a passed item, each is twice as long as the one
            // before.
            let step = self.counted.step_back.saturating_mul(2).max(self.counted.longest).max(1);
            self.counted.step_back = step;
            self.counted.at = at.saturating_sub(step);
            return Ok(page);
        }
        let fingerprint = hash(&format!("{identities:?}"));
        let is_forward = fresh == 0 && self.counted.step_back == 0;
        if is_forward && self.is_the_same_page(&page, length, fingerprint) {
            self.came_back(&mut page);
            return Ok(page);
        }
        let is_all = page.total.is_some_and(|total| end >= total);
        if is_all || (fresh == 0 && self.is_at_the_end(&page, (at, length), fingerprint)) {
            self.end(&mut page, end);
            return Ok(page);
        }
        for id in &identities {
            self.counted.ahead.remove(id);
        }
        self.counted.last_page = fingerprint;
        self.counted.last_total = page.total;
        self.counted.overlaps = true;
        self.counted.step_back = 0;
        self.counted.at = end.saturating_sub(1).max(at.saturating_add(1));
        self.join_what_had_moved(length, end);
        Ok(page)
    }

    /// Skips a page that only seemed to have moved. A page of one item cannot overlap the
    /// next one; if the item still precedes that page, nothing has moved, and the walk
    /// goes on after it.
    fn join_what_had_moved(&mut self, length: u64, end: u64) {
        let Some((at, identities)) =
            self.counted.moved.take().filter(|(at, _)| length == 1 && *at == end)
        else {
            return;
        };
        for id in &identities {
            self.counted.ahead.remove(id);
        }
        self.counted.at = at.saturating_add((identities.len() as u64).saturating_sub(1).max(1));
    }

    /// Returns whether nothing follows a page without new items: it reaches to where an
    /// empty page began, or has only the item that overlaps with the page before, though
    /// it could have more.
    fn is_at_the_end(&self, page: &RawPage, (at, length): (u64, u64), fingerprint: u64) -> bool {
        if self.counted.ended_at.is_some_and(|ended_at| at.saturating_add(length) >= ended_at) {
            return true;
        }
        let is_overlap = length == 1 && at > 0 && self.counted.step_back == 0;
        let limit = self
            .paging
            .size
            .and_then(|size| self.draft.text(size)?.parse::<u64>().ok())
            .unwrap_or(2);
        let could_hold_more = page.total.is_none() && self.counted.longest >= limit.max(2);
        is_overlap && (could_hold_more || fingerprint == self.counted.last_page)
    }

    /// Requests one page of a list by number. Passes follow each other until one saw a
    /// list that stood still, or nothing new.
    pub(super) async fn by_number(&mut self) -> Result<RawPage, Error> {
        let Style::Number { .. } = self.paging.style else { return self.whole().await };
        let received = self.counted.ask(&self.draft, self.paging).await?;
        let (mut page, _) = self.read(received)?;
        let (at, start, length) = (self.counted.at, self.counted.start, page.items.len() as u64);
        let identities: Vec<u64> =
            page.items.iter().map(|item| identity(self.paging, item)).collect();
        let fresh = self.keep_fresh(&mut page, &identities);
        let fingerprint = hash(&format!("{identities:?}"));
        if at > start && fresh == 0 && self.is_the_same_page(&page, length, fingerprint) {
            self.came_back(&mut page);
            return Ok(page);
        }
        let is_first = at == start;
        self.counted.last_page = fingerprint;
        self.counted.seen = self.counted.seen.saturating_add(length);
        self.counted.has_new |= fresh > 0;
        // If the total stays the same, nothing before this page has left the list.
        self.counted.stood_still = page.total.is_some()
            && (is_first || (self.counted.stood_still && self.counted.last_total == page.total));
        self.counted.last_total = page.total;
        let is_all = page.total.is_some_and(|total| self.counted.seen >= total);
        if length > 0 && !is_all {
            self.counted.at = at.saturating_add(1);
            return Ok(page);
        }
        // The end of a pass. Items that left the list meanwhile pulled others onto a page
        // that was already read.
        let is_whole = self.is_whole && self.counted.is_at_the_beginning;
        if self.counted.has_new && !(self.counted.stood_still && (is_all || !is_whole)) {
            self.counted = Position {
                at: start,
                start,
                is_at_the_beginning: self.counted.is_at_the_beginning,
                ..Position::default()
            };
            return Ok(page);
        }
        let seen = self.counted.seen;
        self.end(&mut page, seen);
        Ok(page)
    }

    /// Keeps only the items that were not delivered yet, and counts them.
    fn keep_fresh(&mut self, page: &mut RawPage, identities: &[u64]) -> usize {
        let known: HashSet<usize> = identities
            .iter()
            .enumerate()
            .filter(|(_, id)| !self.items.insert(**id))
            .map(|(place, _)| place)
            .collect();
        let mut place = 0_usize;
        page.items.retain(|_| {
            let is_fresh = !known.contains(&place);
            place = place.saturating_add(1);
            is_fresh
        });
        page.items.len()
    }

    /// Ends the list, with an error if it is short of the vendor's total.
    fn end(&mut self, page: &mut RawPage, reached: u64) {
        self.is_over = true;
        // A page of size zero is requested for its total alone.
        let is_count = self.paging.size.is_some_and(|size| self.draft.text(size) == Some("0"));
        if is_count {
            return;
        }
        if let Some(total) = page
            .total
            .or(self.total)
            .filter(|total| self.is_whole && self.counted.is_at_the_beginning && reached < *total)
        {
            let note = format!("the list ended after {reached} of {total} items");
            page.failure = Some(page.received.clone().error(ErrorKind::Pagination).note(note));
        }
    }

    /// Returns whether a server returns the same page for every request. If as many new
    /// items came as a page has, the total differs; without a total, that may happen
    /// once.
    fn is_the_same_page(&mut self, page: &RawPage, length: u64, fingerprint: u64) -> bool {
        let is_same = length > 1 && fingerprint == self.counted.last_page;
        self.counted.repeats = if is_same { self.counted.repeats.saturating_add(1) } else { 0 };
        let is_total_same = page.total.is_some() && page.total == self.counted.last_total;
        is_same && (is_total_same || (page.total.is_none() && self.counted.repeats > 1))
    }

    fn came_back(&mut self, page: &mut RawPage) {
        self.is_over = true;
        let note = "the list leads back to a page that was already read";
        page.failure = Some(page.received.clone().error(ErrorKind::Pagination).note(note));
    }

    fn time_of_last(&self, items: &[Bytes]) -> Option<String> {
        let keyset = self.paging.keyset.filter(|_| self.counted.sorts)?;
        let (time, _) = json::read_at(items.last()?, &format!("/{}", keyset.by)).ok()?;
        Some(time)
    }

    /// Starts the list anew beyond the largest offset, at the time of the last item.
    fn go_on_by_time(&mut self) -> Result<(), Error> {
        let time =
            self.counted.last_time.take().filter(|time| self.counted.since.as_ref() != Some(time));
        let Some(since) = time.filter(|_| self.counted.sorts) else {
            self.is_over = true;
            let vendor = self.draft.context().transport.dialect.vendor();
            let note = "the list exceeds the vendor's largest offset: narrow it with a filter";
            return Err(Error::of_pages(vendor, self.draft.operation().id, note));
        };
        self.counted = Position {
            since: Some(since),
            sorts: true,
            ahead: std::mem::take(&mut self.counted.ahead),
            is_at_the_beginning: self.counted.is_at_the_beginning,
            ..Position::default()
        };
        Ok(())
    }
}
