//! What comes along with an answer (`include`), and what is left out of it (`fields[TYPE]`).
//! Source: <https://docs.withpersona.com/response-body>.

use super::Persona;
use crate::{CallOptions, Error, Vendor};

crate::open_enum::open_enum! {
    /// What can come along with an inquiry. One step further is a text of its own: `"inquiry-template.latest-published-version"`.
    ///
    /// Source: <https://docs.withpersona.com/api-reference/inquiries/retrieve-an-inquiry>.
    pub enum InquiryInclude {
        /// The account that the inquiry belongs to.
        Account = "account",
        /// Documents that were handed in.
        Documents = "documents",
        /// The legacy template.
        Template = "template",
        /// The inquiry template.
        InquiryTemplate = "inquiry-template",
        /// The version of the inquiry template.
        InquiryTemplateVersion = "inquiry-template-version",
        /// Reports that were run.
        Reports = "reports",
        /// The transaction that the inquiry belongs to.
        Transaction = "transaction",
        /// Who decided: a user, a workflow or a workflow run.
        Reviewer = "reviewer",
        /// Selfies that were taken.
        Selfies = "selfies",
        /// The person's sessions.
        Sessions = "sessions",
        /// Verifications that were tried.
        Verifications = "verifications",
    }
}

crate::open_enum::open_enum! {
    /// What can come along with an inquiry session.
    ///
    /// Source: <https://docs.withpersona.com/api-reference/inquiry-sessions/retrieve-an-inquiry-session>.
    pub enum InquirySessionInclude {
        /// The inquiry that the session belongs to.
        Inquiry = "inquiry",
        /// The device that it ran on.
        Device = "device",
        /// The network that it came from.
        Network = "network",
    }
}

/// The two together, as a request collects them.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    include: Option<Vec<String>>,
    fields: Vec<(String, Vec<String>)>,
}

impl Selection {
    /// Adds relationships. None at all is a wish too: for an answer that includes nothing.
    pub(super) fn include(&mut self, names: impl IntoIterator<Item = impl ToString>) {
        self.include.get_or_insert_default().extend(names.into_iter().map(|name| name.to_string()));
    }

    /// Adds attributes to the fieldset of a type.
    pub(super) fn fields(&mut self, resource: String, names: impl IntoIterator<Item = impl Into<String>>) {
        let names = names.into_iter().map(Into::into);
        match self.fields.iter_mut().find(|(known, _)| *known == resource) {
            Some((_, known)) => known.extend(names),
            None => self.fields.push((resource, names.collect())),
        }
    }

    /// A client whose call asks for these.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`](crate::ErrorKind::InvalidArgument) for a name that would read as another parameter or
    /// as two names, and for a fieldset of no names, whose meaning no page tells.
    pub(super) fn over(&self, client: &Persona, operation: &'static str) -> Result<Persona, Error> {
        let invalid = |why: &str| Error::invalid(Vendor::Persona, operation, why);
        let mut options = CallOptions::new();
        if let Some(names) = &self.include {
            if !names.iter().all(|name| is_name(name)) {
                return Err(invalid("a name in `include` is empty or holds a character that no relationship has"));
            }
            options = options.query("include", names.join(","));
        }
        for (resource, names) in &self.fields {
            if !is_name(resource) {
                return Err(invalid("a type in `fields` is empty or holds a character that no type has"));
            }
            if names.is_empty() || !names.iter().all(|name| is_name(name)) {
                return Err(invalid("a name in `fields` is missing, empty, or holds a character that no name has"));
            }
            options = options.query(format!("fields[{resource}]"), names.join(","));
        }
        Ok(client.with(options))
    }
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains([',', '[', ']']) && !text.chars().any(char::is_control)
}

/// The options `include` and `fields` of a request struct with a member `selection`.
macro_rules! selectable {
    ($name:ident, $include:ident) => {
        impl $name {
            /// What comes along in `included`, read by `included::<T>()`; a second call adds to the first. Without this
            /// option nothing comes along, and an empty list asks for just that whatever the version.
            pub fn include(mut self, relationships: impl IntoIterator<Item = $include>) -> Self {
                self.selection.include(relationships);
                self
            }

            /// Cuts resources of a type down to these attributes and relationships (`fields[inquiry]=status,fields.name-first`);
            /// what is not named is then absent. The type is as on the wire (`inquiry-session`,
            /// `verification/government-id`); a second call for the same type adds to the first.
            pub fn fields(
                mut self,
                resource_type: impl Into<String>,
                names: impl IntoIterator<Item = impl Into<String>>,
            ) -> Self {
                self.selection.fields(resource_type.into(), names);
                self
            }
        }
    };
}

pub(super) use selectable;
