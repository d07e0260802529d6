//! The table of operations: how each is called, what it is held to, how its list is
//! walked, what shows its decision.

use super::Reading;
use super::reconcile::Wanted;
use crate::value::json::Problem;

pub(crate) use reqwest::Method;

use super::OperationClass;

/// One operation of a spec, or one variant of it, from the table that build.rs writes.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path template; `None` for a path that the caller gives.
    pub(crate) path: Option<&'static str>,
    /// How many segments of the base do not stand before it.
    pub(crate) above_base: usize,
    /// Which path parameter names what the call is about.
    pub(crate) subject: Option<usize>,
    pub(crate) class: OperationClass,
    /// An idempotency key counts here, where the vendor has such a thing.
    pub(crate) takes_key: bool,
    /// The header that authorises the call in place of the client's own authorisation.
    pub(crate) own_credential: Option<&'static str>,
    pub(crate) body: Body,
    /// The media type of a success, where it has a body.
    pub(crate) accept: Option<&'static str>,
    /// Those of the path first, in its order; then in the order in which they go out.
    pub(crate) parameters: &'static [Parameter],
    /// Envelopes that a body cannot be without, as JSON pointers, outermost first; `""`
    /// for a body that is sent even when nothing of it is set.
    pub(crate) envelopes: &'static [&'static str],
    /// Fields that their envelope cannot be without, as JSON pointers.
    pub(crate) required: &'static [&'static str],
    /// What the fields of a body are held to.
    pub(crate) bounds: &'static [Bound],
    /// Where in a response the value stands, as a JSON pointer.
    pub(crate) answer_at: &'static str,
    pub(crate) paging: Option<Paging>,
    pub(crate) shown: Option<Shown>,
    /// What a decision is to bring about: facet, and a constant or (with a leading `/`) a
    /// pointer into the body.
    pub(crate) wanted: &'static [(&'static str, &'static str)],
}

/// One parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) required: bool,
    /// Hidden from layers under the client, and from what a server echoes, where it is a
    /// header.
    pub(crate) is_personal: bool,
    pub(crate) rules: &'static [Rule],
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Place {
    Path,
    /// `;name=value` at the end of the path.
    Matrix,
    Query,
    Header,
}

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Body {
    None,
    /// `optional`: the client sends no body at all when it would be `{}`.
    Json {
        optional: bool,
    },
    Form,
    Multipart,
    /// One JSON object a line.
    Lines {
        media: &'static str,
        most: usize,
    },
    /// Bytes of this media type, as the caller gives them.
    Bytes(&'static str),
}

/// A rule for one place of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    /// Names from the body inwards; `*` for each item or value, `<kind=value>` for one
    /// kind of a union.
    pub(crate) at: &'static [&'static str],
    pub(crate) rule: Rule,
}

/// What a vendor states for a value that it is sent.
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
    Pattern(&'static str),
}

/// How a list is walked through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    pub(crate) style: Style,
    /// Where the items stand: of these pointers the first that leads to a list counts.
    pub(crate) items: &'static [&'static str],
    /// What tells one item from another; empty where nothing does.
    pub(crate) id: &'static str,
    /// Where the next page's link or token stands.
    pub(crate) next: &'static [&'static str],
    /// Where a flag stands that is false on the last page.
    pub(crate) more: &'static [&'static str],
    /// The parameter of the size of a page.
    pub(crate) size: Option<usize>,
    pub(crate) total: Total,
    pub(crate) keyset: Option<Keyset>,
}

/// What leads from one page to the next. Parameters are numbers in the operation's row.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Style {
    /// A link whose query is that of the next page.
    Link,
    /// A token.
    Cursor { parameter: usize },
    /// The number of items before the page.
    Offset { parameter: usize, most: Option<u64> },
    /// The number of the page.
    Number { parameter: usize, first: u64 },
    /// There is one page.
    Whole,
}

/// Where a vendor tells how many items there are on all pages.
#[derive(Clone, Copy, Debug)]
#[allow(dead_code)] // not every vendor has all of them
pub(crate) enum Total {
    Unknown,
    Header(&'static str),
    At(&'static str),
}

/// How a walk goes on behind the largest offset: by the time of the last item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyset {
    pub(crate) sort: usize,
    pub(crate) filter: usize,
    /// The name of the time, in an item, a sort and a filter alike.
    pub(crate) by: &'static str,
}

/// What shows a decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// The read that shows the subject, with the same ids.
    pub(crate) by: fn() -> &'static Operation,
    /// What its response means for a decision that was to bring this about.
    pub(crate) judge: fn(serde_json::Value, &Wanted) -> Result<Reading, Problem>,
    /// The read whose response is of the decision's own type, where the first one's is
    /// not.
    pub(crate) reply: Option<fn() -> &'static Operation>,
}
