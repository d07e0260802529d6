//! Linked pages: by a URL whose query is that of the next request, or by a token.

use reqwest::Url;
use serde_json::Value;

use super::{Walk, hash};
use crate::call::page::RawPage;
use crate::call::{Error, ErrorKind, Paging, Received, Style};

impl Walk {
    pub(super) async fn linked(&mut self) -> Result<RawPage, Error> {
        let received = match (self.paging.style, self.place.as_deref()) {
            (Style::Link, Some(link)) => self.draft.receive(Some(link)).await?,
            (Style::Cursor { parameter }, Some(token)) => {
                let mut draft = self.draft.clone();
                draft.set_texts(parameter, vec![token.to_owned()]);
                draft.receive(None).await?
            }
            _ => self.draft.receive(None).await?,
        };
        let (mut page, value) = self.read(received)?;
        let base = self.draft.context().transport.base.clone();
        let name = self.cursor_name();
        let delivered = self.delivered.saturating_add(page.items.len() as u64);
        match next_of(self.paging, &base, &value, page.items.len(), name) {
            Err(why) => {
                self.is_over = true;
                page.failure = Some(page.received.clone().error(ErrorKind::Pagination).note(why));
            }
            Ok(None) => {
                self.is_over = true;
                page.failure = self.short_of_total(&page, delivered);
            }
            Ok(Some(next))
                if self.place.as_deref() == Some(&next) || !self.places.insert(hash(&next)) =>
            {
                self.is_over = true;
                let note = "the list leads back to a page that was already read";
                page.failure = Some(page.received.clone().error(ErrorKind::Pagination).note(note));
            }
            Ok(Some(next)) => {
                page.next = Some(next.clone());
                self.place = Some(next);
            }
        }
        Ok(page)
    }

    fn cursor_name(&self) -> &'static str {
        match self.paging.style {
            Style::Cursor { parameter } => {
                self.draft.operation().parameters.get(parameter).map_or("", |p| p.name)
            }
            _ => "",
        }
    }
}

/// Returns where the next page begins, as a page says.
pub(super) fn next(
    paging: &Paging,
    received: &Received,
    value: &Value,
    count: usize,
) -> Result<Option<String>, &'static str> {
    if !matches!(paging.style, Style::Link | Style::Cursor { .. }) {
        return Ok(None);
    }
    let name = match paging.style {
        Style::Cursor { parameter } => received.row.and_then(|row| row.parameters.get(parameter)),
        _ => None,
    };
    match &received.base {
        Some(base) => {
            next_of(paging, base, value, count, name.map_or("", |parameter| parameter.name))
        }
        None => Ok(None),
    }
}

fn next_of(
    paging: &Paging,
    base: &Url,
    value: &Value,
    count: usize,
    name: &str,
) -> Result<Option<String>, &'static str> {
    let flag = paging.more.iter().find_map(|pointer| value.pointer(pointer)?.as_bool());
    // An empty page is the last, unless the vendor says otherwise.
    if flag == Some(false) || (flag.is_none() && !paging.more.is_empty() && count == 0) {
        return Ok(None);
    }
    let text = |pointer: &&'static str| {
        let text = value.pointer(pointer)?.as_str().filter(|text| !text.is_empty())?;
        Some((*pointer, text))
    };
    let Some((pointer, next)) = paging.next.iter().find_map(text) else {
        return match flag {
            Some(true) => Err("more pages follow, but the response does not say where"),
            _ => Ok(None),
        };
    };
    match paging.style {
        Style::Link => query_of(base, next).map(Some),
        Style::Cursor { .. } if is_link(pointer, next) => {
            let query = query_of(base, next)?;
            cursor_in(&query, name).map(Some)
        }
        _ => Ok(Some(next.to_owned())),
    }
}

/// Returns whether the token comes in a link: always among the links of a page, elsewhere
/// if it looks like one.
fn is_link(pointer: &str, text: &str) -> bool {
    let looks_like_one = text.starts_with('/') || text.starts_with('?') || text.contains("://");
    pointer.starts_with("/links/") || (text.contains('?') && looks_like_one)
}

fn cursor_in(query: &str, name: &str) -> Result<String, &'static str> {
    let pairs = super::super::draft::pairs_of(query);
    let found = pairs.into_iter().find(|(known, value)| known == name && !value.is_empty());
    found.map(|(_, value)| value).ok_or("the link to the next page has no cursor")
}

/// Returns the query of a vendor's link. Credentials never follow a link to another
/// origin, so such a link is an error.
pub(crate) fn query_of(base: &Url, link: &str) -> Result<String, &'static str> {
    let url = base.join(link).map_err(|_| "the link to the next page is not a URL")?;
    // The origin of a `blob:` URL is the one of the URL within it.
    let is_ours = url.scheme() == base.scheme() && url.origin() == base.origin();
    if !is_ours || !url.username().is_empty() || url.password().is_some() {
        return Err("the link to the next page leads to another origin");
    }
    let query = url.query().filter(|query| !query.is_empty());
    query.map(str::to_owned).ok_or("the link to the next page has no cursor")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_from_a_link_of_the_same_origin_only() {
        let base = Url::parse("https://api.example.test/prefix").unwrap();
        for (link, query) in [
            ("?page[after]=a+b", "page[after]=a+b"),
            (
                "/sessions?page%5Bafter%5D=a%20b&filter[status]=c",
                "page%5Bafter%5D=a%20b&filter[status]=c",
            ),
            ("https://API.example.test:443/?page[after]=a+b", "page[after]=a+b"),
        ] {
            assert_eq!(query_of(&base, link), Ok(query.to_owned()), "{link}");
        }
        for link in [
            "/sessions",
            "#page[after]=c",
            "http://api.example.test/?page[after]=c",
            "https://api.example.test:444/?page[after]=c",
            "//evil.example/?page[after]=c",
            "\\\\evil.example/?page[after]=c",
            "https://u@api.example.test/?page[after]=c",
            "https://:p@api.example.test/?page[after]=c",
            "blob:https://api.example.test/?page[after]=c",
            "data:,?page[after]=c",
            "https://?page[after]=c",
        ] {
            assert!(query_of(&base, link).is_err(), "{link}");
        }
    }

    #[test]
    fn a_token_may_stand_in_a_link() {
        assert_eq!(cursor_in("a=b&page%5Bafter%5D=c%2Bd", "page[after]"), Ok("c+d".to_owned()));
        assert!(cursor_in("a=b&page[after]=", "page[after]").is_err());
        assert!(
            is_link("/next", "/list?cursor=c")
                && !is_link("/next", "eyJ2IjoxfQ==")
                && !is_link("/next", "/+a=")
        );
        // Any text among the links counts as one, so that its origin is checked.
        assert!(
            is_link("/links/next", "data:,x?cursor=c")
                && is_link("/links/next", "\\\\evil.example\\?cursor=c")
        );
    }
}
