//! The table of operations: how each is called, what bounds it has, how its list is
//! walked, what shows its decision.

pub(crate) use reqwest::Method;

use super::OperationClass;

/// One operation of a spec, or one variant of it, from the table that build.rs writes.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path template; `None` for a path from the caller.
    pub(crate) path: Option<&'static str>,
    /// How many of the base path's last segments the path leaves out.
    pub(crate) above_base: usize,
    /// Which path parameter names the subject.
    pub(crate) subject: Option<usize>,
    pub(crate) class: OperationClass,
    /// Whether an idempotency key has an effect, if the vendor has such keys.
    pub(crate) takes_key: bool,
    /// The header that authorises the call instead of the client's credentials.
    pub(crate) own_credential: Option<&'static str>,
    pub(crate) body: Body,
    /// The media type of a successful response, if it has a body.
    pub(crate) accept: Option<&'static str>,
    /// Those of the path first, in its order; then in the order in which they are sent.
    pub(crate) parameters: &'static [Parameter],
    /// Envelopes that a body must have, as JSON pointers, outermost first; `""` for a
    /// body that is sent even if none of its fields is set.
    pub(crate) envelopes: &'static [&'static str],
    /// Fields that their envelope must have, as JSON pointers.
    pub(crate) required: &'static [&'static str],
    /// The rules for the fields of a body.
    pub(crate) bounds: &'static [Bound],
    /// The place of the value in a response, as a JSON pointer.
    pub(crate) value_at: &'static str,
    pub(crate) paging: Option<Paging>,
    pub(crate) shown: Option<Shown>,
    /// What a decision is to bring about: a facet with a constant or, with a leading `/`,
    /// a pointer into the body.
    pub(crate) wanted: &'static [(&'static str, &'static str)],
}

impl Operation {
    /// An operation of which the table says nothing but what every call needs.
    pub(crate) const fn bare(id: &'static str, method: Method, class: OperationClass) -> Self {
        Self {
            id,
            method,
            path: None,
            above_base: 0,
            subject: None,
            class,
            takes_key: true,
            own_credential: None,
            body: Body::None,
            accept: None,
            parameters: &[],
            envelopes: &[],
            required: &[],
            bounds: &[],
            value_at: "",
            paging: None,
            shown: None,
            wanted: &[],
        }
    }
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) required: bool,
    /// Whether a header is hidden from the layers under the client and from what a server
    /// echoes.
    pub(crate) is_personal: bool,
    pub(crate) rules: &'static [Rule],
}

/// The place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Place {
    Path,
    /// `;name=value` at the end of the path.
    Matrix,
    Query,
    Header,
}

/// The body of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Body {
    None,
    /// If `optional`, the client sends no body instead of `{}`.
    Json {
        optional: bool,
    },
    Form,
    Multipart,
    /// One JSON object per line.
    Lines {
        media: &'static str,
        most: usize,
    },
    /// The caller's bytes, of this media type.
    Bytes(&'static str),
}

/// A rule for one place of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// Field names from the outside in; `*` for each item or value, `<kind=value>` for
    /// one kind of a union.
    pub(crate) at: &'static [&'static str],
    pub(crate) rule: Rule,
}

/// A rule that a vendor states for a value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(dead_code)] // not every vendor states all of them
pub(crate) enum Rule {
    MinLength(usize),
    MaxLength(usize),
    MinItems(usize),
    MaxItems(usize),
    /// Entries of a map.
    MinProperties(usize),
    Minimum(f64),
    Maximum(f64),
    #[cfg(feature = "_patterns")] // of the vendors whose documents state patterns
    Pattern(&'static str),
}

/// How a list is walked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    pub(crate) style: Style,
    /// The place of the items: the first of these pointers that leads to a list.
    pub(crate) items: &'static [&'static str],
    /// What identifies an item; empty if nothing does.
    pub(crate) id: &'static str,
    /// The place of the next page's link or token.
    pub(crate) next: &'static [&'static str],
    /// The place of a flag that is false on the last page.
    pub(crate) more: &'static [&'static str],
    /// The parameter for the page size.
    pub(crate) size: Option<usize>,
    pub(crate) total: Total,
    pub(crate) keyset: Option<Keyset>,
}

/// What leads from one page to the next. Parameters are indices in the operation's row.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Style {
    /// A link whose query asks for the next page.
    Link,
    /// A token.
    Cursor { parameter: usize },
    /// The number of items before the page.
    Offset { parameter: usize, most: Option<u64> },
    /// The number of the page.
    Number { parameter: usize, first: u64 },
    /// There is only one page.
    Whole,
}

/// Where a vendor states the number of items on all pages.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Total {
    Unknown,
    Header(&'static str),
    At(&'static str),
}

/// How a walk goes on beyond the largest offset: by the time of the last item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyset {
    pub(crate) sort: usize,
    pub(crate) filter: usize,
    /// The field name of the time, in items, sort and filter.
    pub(crate) by: &'static str,
}

/// What shows whether a decision was applied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// The read of the subject, with the same ids.
    pub(crate) by: fn() -> &'static Operation,
    /// The number of its response's type among those that show decisions.
    pub(crate) subject: usize,
    /// The read whose response has the decision's own type, if the first one's has not.
    pub(crate) reply: Option<fn() -> &'static Operation>,
}
