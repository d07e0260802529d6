//! What did not fit, and where: names of fields and JSON types, never values.

use std::fmt;

/// A field of a response that does not have its documented type, and so reads as absent.
///
/// ```
/// # #[cfg(all(feature = "persona", feature = "sandbox"))]
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use kyc_review::persona::types::InquiryStatus;
/// # let sandbox = kyc_review::sandbox::Sandbox::start().await?;
/// # let (persona, id) = (sandbox.persona(), sandbox.seed().inquiry(InquiryStatus::NeedsReview));
/// let inquiry = persona.inquiries().get(&id).await?;
/// for misfit in inquiry.misfits() {
///     eprintln!("{}: expected {}", misfit.path(), misfit.expected());
/// }
/// # Ok::<_, kyc_review::Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Innermost first.
    path: Vec<Step>,
    what: &'static str,
    /// How many steps lie within the field that reads as absent.
    within: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Field(&'static str),
    Item(usize),
}

impl Misfit {
    pub(crate) const fn new(what: &'static str) -> Self {
        Self { path: Vec::new(), what, within: 0 }
    }

    /// Returns the path of the field that reads as absent, such as
    /// `data.relationships.reviewer`; within a list, with the index of the item.
    #[must_use]
    pub fn path(&self) -> String {
        Path(self.path.get(self.within..).unwrap_or_default()).to_string()
    }

    /// Returns what was expected, such as `a string`: for the field itself or, if it is
    /// an object, for the field within it that does not fit.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.what.strip_prefix("not ").unwrap_or("a value")
    }

    /// Adds the field around the place.
    pub(super) fn add(&mut self, field: &'static str) {
        self.path.push(Step::Field(field));
    }

    /// Adds the item around the place.
    pub(crate) fn add_item(&mut self, index: usize) {
        self.path.push(Step::Item(index));
    }

    pub(super) fn at(mut self, field: &'static str) -> Self {
        self.add(field);
        self
    }

    pub(super) fn at_item(mut self, index: usize) -> Self {
        self.add_item(index);
        self
    }

    /// Says that the last step is what reads as absent.
    pub(super) fn absent(mut self) -> Self {
        self.within = self.path.len().saturating_sub(1);
        self
    }

    /// Returns whether one of these fields reads as absent.
    pub(crate) fn is_one_of(&self, fields: &[&str]) -> bool {
        match self.path.get(self.within) {
            Some(Step::Field(name)) => fields.contains(name),
            _ => false,
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}` is ", Path(&self.path))?;
        }
        f.write_str(self.what)
    }
}

/// A path, from the outside in.
struct Path<'a>(&'a [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().rev().enumerate() {
            match step {
                Step::Field(name) if index == 0 => f.write_str(name)?,
                Step::Field(name) => write!(f, ".{name}")?,
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}
