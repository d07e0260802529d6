//! Texts: runs without escapes are found eight bytes at a time.

use std::borrow::Cow;

use super::{Broken, Reader};

impl<'a> Reader<'a> {
    /// Reads a text whose quote comes next.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Broken> {
        let start = self.at.saturating_add(1);
        let end = plain(self.text.as_bytes(), start);
        match self.text.as_bytes().get(end) {
            Some(b'"') => {
                self.at = end.saturating_add(1);
                self.text.get(start..end).map(Cow::Borrowed).ok_or(Broken::Syntax)
            }
            Some(b'\\') => self.escaped(start, end).map(Cow::Owned),
            byte => Err(self.stop(end, byte.copied())),
        }
    }

    /// Reads on from the first escape of a text.
    fn escaped(&mut self, mut start: usize, mut end: usize) -> Result<String, Broken> {
        let bytes = self.text.as_bytes();
        let mut out = String::new();
        loop {
            out.push_str(self.text.get(start..end).ok_or(Broken::Syntax)?);
            match bytes.get(end) {
                Some(b'"') => {
                    self.at = end.saturating_add(1);
                    return Ok(out);
                }
                Some(b'\\') => {}
                byte => return Err(self.stop(end, byte.copied())),
            }
            let at = end.saturating_add(1);
            start = at.saturating_add(1);
            out.push(match bytes.get(at) {
                Some(b'"') => '"',
                Some(b'\\') => '\\',
                Some(b'/') => '/',
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(b'u') => {
                    let unit = self.unit(start)?;
                    start = start.saturating_add(4);
                    self.character(unit, &mut start)?
                }
                byte => return Err(self.stop(at, byte.copied())),
            });
            end = plain(bytes, start);
        }
    }

    /// Returns the character of an escape, which takes two where it begins with the first
    /// half of a surrogate pair. Rust's text cannot hold a half alone, so that becomes
    /// U+FFFD.
    fn character(&mut self, unit: u32, start: &mut usize) -> Result<char, Broken> {
        const LONE: char = char::REPLACEMENT_CHARACTER;
        let after = start.saturating_add(2);
        let is_first = (0xD800..0xDC00).contains(&unit);
        if !is_first || self.text.as_bytes().get(*start..after) != Some(br"\u") {
            return Ok(char::from_u32(unit).unwrap_or(LONE));
        }
        let second = self.unit(after)?;
        if !(0xDC00..0xE000).contains(&second) {
            return Ok(LONE);
        }
        *start = after.saturating_add(4);
        let pair = ((unit & 0x3FF) << 10) | (second & 0x3FF);
        Ok(char::from_u32(pair.saturating_add(0x1_0000)).unwrap_or(LONE))
    }

    /// Reads four hexadecimal digits.
    fn unit(&mut self, at: usize) -> Result<u32, Broken> {
        let digits = self.text.get(at..at.saturating_add(4));
        let Some(digits) = digits.filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit())) else {
            let is_cut = at.saturating_add(4) > self.text.len();
            self.at = at.min(self.text.len());
            return Err(if is_cut { Broken::Truncated } else { Broken::Syntax });
        };
        u32::from_str_radix(digits, 16).map_err(|_| Broken::Syntax)
    }

    fn stop(&mut self, at: usize, byte: Option<u8>) -> Broken {
        self.at = at.min(self.text.len());
        if byte.is_none() { Broken::Truncated } else { Broken::Syntax }
    }
}

/// Returns where the run of plain text from `at` ends: at a quote, a backslash, a control
/// character, or the end.
fn plain(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::MAX / 0xFF;
    const HIGH: u64 = ONES * 0x80;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        // The high bit of a byte is set if the byte is below a bound; of several, the
        // lowest is right, whatever was borrowed from those above it.
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = zero(word ^ (ONES * 0x22)) | zero(word ^ (ONES * 0x5C)) | control;
        let found = found & HIGH;
        if found != 0 {
            return at.saturating_add((found.trailing_zeros() / 8) as usize);
        }
        at = at.saturating_add(8);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
    at.saturating_add(length.unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_where_a_search_byte_by_byte_ends() {
        let special = ['"', '\\', '\u{1f}', '\u{0}', '\n'];
        for length in 0..20 {
            for place in 0..=length {
                for other in special {
                    for fill in ['a', ' ', '\u{7f}', 'ž', '\u{10ffff}'] {
                        let mut text = String::new();
                        (0..place).for_each(|_| text.push(fill));
                        let end = text.len();
                        text.push(other);
                        (place..length).for_each(|_| text.push('"'));
                        assert_eq!(plain(text.as_bytes(), 0), end, "{text:?}");
                    }
                }
            }
        }
        assert_eq!(plain(b"no end", 0), 6);
        assert_eq!(plain(b"", 3), 3);
    }
}
