//! Uploads: forms of several parts, kept in memory so that they can be signed and
//! retried.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use reqwest::header::HeaderValue;

/// A body of type `multipart/form-data`
/// ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)).
///
/// reqwest's own form is a stream, which can neither be signed (Sumsub signs the exact
/// bytes) nor retried. `Debug` prints only the number of parts.
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
    /// Returns a form without parts.
    #[must_use]
    pub fn new() -> Self {
        let boundary = uuid::Uuid::new_v4().simple().to_string();
        Self { boundary, body: BytesMut::new(), parts: 0, problem: None }
    }

    /// Adds a text part.
    #[must_use]
    pub fn text(self, name: &str, value: impl AsRef<str>) -> Self {
        self.part(name, None, value.as_ref().as_bytes())
    }

    /// Adds a file with its name and content type.
    ///
    /// An invalid content type fails the request before any I/O.
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
                self.problem = Some(
                    "invalid content type of a part: must be non-empty, without control characters",
                );
            }
            head.push_str(&format!(
                "; filename=\"{}\"\r\nContent-Type: {content_type}",
                quoted(file_name)
            ));
        }
        head.push_str("\r\n\r\n");
        if content.windows(self.boundary.len()).any(|window| window == self.boundary.as_bytes()) {
            self.problem = Some("a part contains the form's boundary: build the form again");
        }
        self.body.put_slice(head.as_bytes());
        self.body.put_slice(content);
        self.body.put_slice(b"\r\n");
        self.parts = self.parts.saturating_add(1);
        self
    }

    /// Returns the content type and the bytes.
    pub(crate) fn finish(mut self) -> Result<(HeaderValue, Bytes), &'static str> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        if self.parts == 0 {
            return Err("the form has no parts: add at least one");
        }
        self.body.put_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        let content_type =
            HeaderValue::try_from(format!("multipart/form-data; boundary={}", self.boundary));
        Ok((
            content_type.map_err(|_| "invalid boundary: must not contain control characters")?,
            self.body.freeze(),
        ))
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

/// Escapes a quoted name as browsers do, so that nothing in it ends the quotes or the
/// line.
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
