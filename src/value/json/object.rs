//! Objects with known fields: one loop reads those of every type.

use super::reader::{Broken, Reader, Stop};
use super::{Json, Misfit};

/// What a field may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Optional,
    Required,
    /// Required, but may be null.
    Nullable,
    /// The map of all fields that have no field of their own.
    Rest,
}

/// A field of a type: its name as sent, and whether it must be there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) presence: Presence,
}

pub(crate) const fn optional(name: &'static str) -> Field {
    Field { name, presence: Presence::Optional }
}

pub(crate) const fn required(name: &'static str) -> Field {
    Field { name, presence: Presence::Required }
}

#[allow(dead_code)] // not every vendor has such fields
pub(crate) const fn nullable(name: &'static str) -> Field {
    Field { name, presence: Presence::Nullable }
}

#[allow(dead_code)] // not every vendor has such fields
pub(crate) const fn rest() -> Field {
    Field { name: "", presence: Presence::Rest }
}

/// A place for a value, whatever its type.
pub(crate) trait Slot {
    /// Reads the value. If it does not fit, it is read to its end.
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop>;
    /// Reads a field into a map.
    fn entry(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Stop>;
}

impl<T: Json> Slot for T {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        Json::fill(self, reader)
    }

    fn entry(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Stop> {
        Json::entry(self, name, reader)
    }
}

/// Fields that were met, by their place in the type's list. The generator holds the
/// number of fields of a type below its size.
#[derive(Default)]
struct Met(u128);

impl Met {
    fn has(&self, place: usize) -> bool {
        self.0 >> place & 1 == 1
    }

    fn add(&mut self, place: usize) {
        self.0 |= 1 << place;
    }
}

/// Reads an object into the slots of its fields.
///
/// A value that does not fit is read to its end. An optional field is then absent, and
/// the reader notes it; any other fails the object.
pub(crate) fn fill(
    reader: &mut Reader<'_>,
    fields: &[Field],
    slots: &mut [&mut dyn Slot],
) -> Result<(), Stop> {
    if reader.peek()? != b'{' {
        return Err(reader.misfit("not an object"));
    }
    reader.enter()?;
    let mark = reader.mark();
    let rest = fields.iter().position(|field| field.presence == Presence::Rest);
    let mut met = Met::default();
    let mut problem = None;
    let (mut is_first, mut next) = (true, 0_usize);
    while let Some(name) = reader.name(is_first)? {
        is_first = false;
        let Some((place, field)) = find(fields, next, &name) else {
            let rest = rest.and_then(|place| slots.get_mut(place));
            match rest.map(|slot| slot.entry(&name, reader)) {
                Some(Err(Stop::Misfit(what))) => drop(problem.get_or_insert(what)),
                Some(read) => read?,
                None => {
                    reader.met(name);
                    reader.skip()?;
                }
            }
            continue;
        };
        if met.has(place) {
            return Err(Broken::Doubled.into());
        }
        met.add(place);
        next = place.saturating_add(1);
        let Some(slot) = slots.get_mut(place) else { continue };
        let noted = reader.misfits.len();
        match slot.fill(reader) {
            Ok(()) => reader.within_field(noted, field.name),
            Err(Stop::Misfit(what)) => {
                reader.misfits.truncate(noted);
                let what = what.at(field.name);
                match field.presence {
                    Presence::Optional => reader.misfits.push(what.absent()),
                    _ => drop(problem.get_or_insert(what)),
                }
            }
            Err(broken) => return Err(broken),
        }
    }
    reader.leave(mark)?;
    for (place, field) in fields.iter().enumerate() {
        let is_needed = matches!(field.presence, Presence::Required | Presence::Nullable);
        if is_needed && !met.has(place) && problem.is_none() {
            problem = Some(Misfit::new("missing").at(field.name));
        }
    }
    problem.map_or(Ok(()), |problem| Err(Stop::Misfit(problem)))
}

/// Finds a field by its name; fields mostly come in the order of the type's list.
fn find<'f>(fields: &'f [Field], next: usize, name: &str) -> Option<(usize, &'f Field)> {
    if let Some(field) = fields.get(next).filter(|field| field.name == name) {
        return (field.presence != Presence::Rest).then_some((next, field));
    }
    let mut all = fields.iter().enumerate();
    all.find(|(_, field)| field.name == name && field.presence != Presence::Rest)
}
