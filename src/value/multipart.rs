//! Uploads: a form of several parts, kept in memory so that it can be signed and sent
//! again.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use reqwest::header::HeaderValue;

/// A body of type `multipart/form-data`, [RFC
/// 7578](https://www.rfc-editor.org/rfc/rfc7578).
///
/// reqwest's own form is a stream, which can neither be signed (Sumsub signs the exact
/// bytes) nor sent a second time. `Debug` prints the number of parts and nothing in them.
///
/// ```
/// use kyc_review::MultipartForm;
///
/// let form = MultipartForm::new()
///     .text("metadata", r#"{"idDocType":"PASSPORT","country":"DEU"}"#)
///     .file("content", "front.jpg", "image/jpeg", vec![0xff, 0xd8]);
/// assert_eq!(format!("{form:?}"), "MultipartForm(2 parts)");
/// ```
#[derive(Clone)]
pub struct MultipartForm {
    boundary: String,
    body: BytesMut,
    parts: usize,
    problem: Option<&'static str>,
}

impl MultipartForm {
    /// A form without parts.
    #[must_use]
    pub fn new() -> Self {
        let boundary = uuid::Uuid::new_v4().simple().to_string();
        Self { boundary, body: BytesMut::new(), parts: 0, problem: None }
    }

    /// One more part, a text.
    #[must_use]
    pub fn text(self, name: &str, value: impl AsRef<str>) -> Self {
        self.part(name, None, value.as_ref().as_bytes())
    }

    /// One more part, a file with its name and content type.
    ///
    /// A content type that cannot stand in a header is told when the request is sent.
    #[must_use]
    pub fn file(
        self,
        name: &str,
        file_name: &str,
        content_type: &str,
        content: impl AsRef<[u8]>,
    ) -> Self {
        self.part(name, Some((file_name, content_type)), content.as_ref())
    }

    fn part(mut self, name: &str, file: Option<(&str, &str)>, content: &[u8]) -> Self {
        let mut head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(name)
        );
        if let Some((file_name, content_type)) = file {
            if HeaderValue::try_from(content_type).is_err() || content_type.is_empty() {
                self.problem = Some("the content type of a part cannot stand in a header");
            }
            head.push_str(&format!(
                "; filename=\"{}\"\r\nContent-Type: {content_type}",
                quoted(file_name)
            ));
        }
        head.push_str("\r\n\r\n");
        if content.windows(self.boundary.len()).any(|window| window == self.boundary.as_bytes()) {
            self.problem = Some("a part holds the boundary of its own form");
        }
        self.body.put_slice(head.as_bytes());
        self.body.put_slice(content);
        self.body.put_slice(b"\r\n");
        self.parts = self.parts.saturating_add(1);
        self
    }

    /// The content type and the bytes.
    pub(crate) fn finish(mut self) -> Result<(HeaderValue, Bytes), &'static str> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        if self.parts == 0 {
            return Err("the form has no part");
        }
        self.body.put_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        let content_type =
            HeaderValue::try_from(format!("multipart/form-data; boundary={}", self.boundary));
        Ok((content_type.map_err(|_| "the boundary cannot stand in a header")?, self.body.freeze()))
    }
}

impl Default for MultipartForm {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MultipartForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MultipartForm({} parts)", self.parts)
    }
}

/// A name within quotes, as browsers write it: nothing in it ends the quotes or the line.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
