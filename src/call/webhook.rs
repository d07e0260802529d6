//! Verification that a webhook delivery comes from the vendor, on the exact bytes
//! received.
//!
//! The vendors' modules read their own headers. They share secrets, digests and their
//! comparison in constant time, the time window, the bounds on untrusted input, and one
//! error.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{HeaderMap, HeaderName};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use crate::call::{Clock, SystemClock};
use crate::value::json::{self, Broken};
use crate::value::{Personal, Secret, Timestamp};

/// The longest header that is read, in bytes. Two signatures, as during a rotation, take
/// some 160.
const MAX_HEADER: usize = 1024;
/// The maximum number of signatures of one delivery.
const MAX_SIGNATURES: usize = 8;
/// How far a delivery's time may be off by default.
const TOLERANCE: Duration = Duration::from_secs(300);

/// The reason why a delivery is not trusted, or why a verifier cannot be built.
///
/// Contains nothing of the delivery and no secret; a header is named, never quoted.
/// Respond to such a delivery with 400 or 401 and do nothing else.
///
/// ```
/// # #[cfg(feature = "persona")] {
/// use kyc_review::{WebhookError, persona::PersonaWebhooks};
///
/// assert_eq!(PersonaWebhooks::new([""]).unwrap_err(), WebhookError::EmptySecret);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookError {
    /// The verifier has no secret, so it could accept nothing.
    NoSecret,
    /// A secret, password or token is empty or blank, so anyone could sign with it.
    EmptySecret,
    /// The user name is empty or contains a colon, which basic authentication does not
    /// allow.
    InvalidUsername,
    /// The header is missing.
    MissingHeader(HeaderName),
    /// The header occurs more than once, and no value is preferred.
    DuplicateHeader(HeaderName),
    /// The header is longer than any that the vendor sends.
    HeaderTooLong(HeaderName),
    /// The header does not have the vendor's format.
    MalformedHeader(HeaderName),
    /// The header is well formed, but has no signature or credential of a scheme that the
    /// vendor documents.
    UnknownScheme(HeaderName),
    /// The verifier does not accept the algorithm of the digest.
    AlgorithmNotAccepted,
    /// The delivery has more signatures than any vendor sends.
    TooManySignatures,
    /// A signature does not consist of as many hexadecimal digits as the digest has.
    MalformedSignature,
    /// A signature lacks the time that it covers.
    MissingTimestamp,
    /// The time is not a whole number of seconds.
    MalformedTimestamp,
    /// The signature is right, but older than the tolerance: a replay, a very late
    /// delivery, or a clock that is ahead.
    TooOld,
    /// The signature is right, but its time is further ahead than the tolerance: a clock
    /// is off.
    InFuture,
    /// No signature or credential matches a secret of the verifier: it was forged,
    /// changed on the way, or made with another secret.
    NoMatch,
    /// The token in the header matches none of the verifier's.
    TokenMismatch,
    /// The delivery is genuine, but its body is not a JSON object.
    NotJson,
    /// The delivery is genuine, but an object in its body has two fields of one name, and
    /// which of them counts, `rejected` or `accepted`, would be a guess.
    DuplicateKey,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("webhook: ")?;
        match self {
            Self::NoSecret => f.write_str("no secret: at least one is required"),
            Self::EmptySecret => f.write_str("empty secret: must not be blank"),
            Self::InvalidUsername => {
                f.write_str("invalid user name: must be non-empty, without a colon")
            }
            Self::MissingHeader(name) => write!(f, "missing header `{name}`"),
            Self::DuplicateHeader(name) => {
                write!(f, "duplicate header `{name}`: expected exactly one")
            }
            Self::HeaderTooLong(name) => {
                write!(f, "header `{name}` is too long: at most {MAX_HEADER} bytes are allowed")
            }
            Self::MalformedHeader(name) => write!(f, "malformed header `{name}`"),
            Self::UnknownScheme(name) => {
                write!(f, "header `{name}` has no signature or credential of a known scheme")
            }
            Self::AlgorithmNotAccepted => f.write_str("the digest algorithm is not accepted"),
            Self::TooManySignatures => {
                write!(f, "too many signatures: at most {MAX_SIGNATURES} are allowed")
            }
            Self::MalformedSignature => {
                f.write_str("malformed signature: must be lower-case hexadecimal digits")
            }
            Self::MissingTimestamp => f.write_str("missing timestamp of a signature"),
            Self::MalformedTimestamp => {
                f.write_str("malformed timestamp: must be a whole number of seconds")
            }
            Self::TooOld => f.write_str("the signature is older than the tolerance"),
            Self::InFuture => {
                f.write_str("the signature is further in the future than the tolerance")
            }
            Self::NoMatch => f.write_str("no signature or credential matches"),
            Self::TokenMismatch => f.write_str("the token does not match"),
            Self::NotJson => f.write_str("the body is not a JSON object"),
            Self::DuplicateKey => f.write_str("the body has a duplicate key"),
        }
    }
}

impl std::error::Error for WebhookError {}

/// The secrets that are valid at the same time: one, or two during a rotation.
#[derive(Clone, Debug)]
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    /// Checks the secrets. Line ends after a secret (a key file's last one) are dropped;
    /// everything else is part of it.
    pub(crate) fn new(
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<Self, WebhookError> {
        let secrets = secrets
            .into_iter()
            .map(|secret| checked(&secret.into()))
            .collect::<Result<Vec<_>, _>>()?;
        if secrets.is_empty() { Err(WebhookError::NoSecret) } else { Ok(Self(secrets)) }
    }

    /// Returns whether `signature`, in lower-case hexadecimal digits, is that of the
    /// concatenated `parts` under any of the secrets.
    pub(crate) fn have_signed<M: Mac + KeyInit>(
        &self,
        parts: &[&[u8]],
        signature: &str,
    ) -> Result<bool, WebhookError> {
        let signature = digest(signature, M::output_size())?;
        Ok(self
            .0
            .iter()
            .any(|secret| authentic::<M>(secret.expose().as_bytes(), parts, &signature)))
    }

    /// Returns whether `text` is one of the secrets.
    pub(crate) fn contain(&self, text: &str) -> bool {
        self.0.iter().any(|secret| same(secret.expose(), text))
    }
}

/// Returns the secret without line ends, or an error if it is blank.
pub(crate) fn checked(secret: &Secret) -> Result<Secret, WebhookError> {
    let text = secret.expose().trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() { Err(WebhookError::EmptySecret) } else { Ok(Secret::from(text)) }
}

/// Computes the code of `parts` under `key`. HMAC takes a key of any length, so there is
/// one.
fn code<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Option<M> {
    let mut code = <M as KeyInit>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| code.update(part));
    Some(code)
}

/// Compares whole digests in constant time. There is no other comparison of digests.
fn authentic<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]], signature: &[u8]) -> bool {
    code::<M>(key, parts).is_some_and(|code| code.verify_slice(signature).is_ok())
}

/// Compares a presented credential with the expected one in constant time. It compares
/// digests, so that the time does not depend on how much of the credential is right.
pub(crate) fn same(expected: &str, given: &str) -> bool {
    let key = expected.as_bytes();
    let given =
        code::<Hmac<Sha256>>(key, &[given.as_bytes()]).map(|code| code.finalize().into_bytes());
    given.is_some_and(|given| authentic::<Hmac<Sha256>>(key, &[key], &given))
}

/// Decodes exactly `size` bytes from lower-case hexadecimal digits, the only form that
/// the vendors write.
fn digest(text: &str, size: usize) -> Result<Vec<u8>, WebhookError> {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(nibble(*high)? << 4 | nibble(*low)?),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(byte).collect();
    bytes.filter(|bytes| bytes.len() == size).ok_or(WebhookError::MalformedSignature)
}

/// Returns the only value of a header.
pub(crate) fn header<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<&'a str, WebhookError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| WebhookError::MissingHeader(name.clone()))?;
    if values.next().is_some() {
        return Err(WebhookError::DuplicateHeader(name.clone()));
    }
    if value.len() > MAX_HEADER {
        return Err(WebhookError::HeaderTooLong(name.clone()));
    }
    value.to_str().map_err(|_| WebhookError::MalformedHeader(name.clone()))
}

/// One signature in a header: `t=1767225600,v1=c157…`.
#[derive(Default)]
pub(crate) struct Group<'a> {
    pub(crate) time: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
}

impl<'a> Group<'a> {
    /// Reads the time from `t` and the signature from `scheme`, and skips other fields.
    /// Returns `None` for another format, or if the time or the signature occurs twice.
    pub(crate) fn read(text: &'a str, scheme: &str) -> Option<Self> {
        let mut group = Self::default();
        for member in text.split(',') {
            let (name, value) = member.split_once('=')?;
            let place = match name {
                "t" => &mut group.time,
                name if name == scheme => &mut group.signature,
                "" => return None,
                _ => continue,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        Some(group)
    }
}

/// The verifier of signatures that cover a time and the body.
#[derive(Clone, Debug)]
pub(crate) struct Timed {
    secrets: Secrets,
    tolerance: Option<Duration>,
    clock: Arc<dyn Clock>,
}

impl Timed {
    pub(crate) fn new(
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<Self, WebhookError> {
        Ok(Self {
            secrets: Secrets::new(secrets)?,
            tolerance: Some(TOLERANCE),
            clock: Arc::new(SystemClock),
        })
    }

    pub(crate) fn tolerance(self, tolerance: Option<Duration>) -> Self {
        Self { tolerance, ..self }
    }

    pub(crate) fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Checks that any of the groups is a signature under our secrets, in time. The
    /// signed text is the time as text, a full stop, and the body.
    ///
    /// All groups are read, so that their order does not matter. The time is checked
    /// after the signature, so that an error about time is about a genuine delivery.
    pub(crate) fn verify(&self, groups: &[Group<'_>], body: &[u8]) -> Result<(), WebhookError> {
        if groups.len() > MAX_SIGNATURES {
            return Err(WebhookError::TooManySignatures);
        }
        let read = |group: &Group<'_>| {
            let time = group.time.ok_or(WebhookError::MissingTimestamp)?;
            let signature = group.signature.ok_or(WebhookError::MalformedSignature)?;
            let seconds = seconds(time)?;
            let parts: [&[u8]; 3] = [time.as_bytes(), b".", body];
            let is_ours = self.secrets.have_signed::<Hmac<Sha256>>(&parts, signature)?;
            Ok(is_ours.then(|| self.in_time(seconds)))
        };
        let ours = groups.iter().map(read).collect::<Result<Vec<_>, WebhookError>>()?;
        let mut ours = ours.into_iter().flatten();
        let first = ours.next().ok_or(WebhookError::NoMatch)?;
        ours.fold(first, Result::or)
    }

    fn in_time(&self, seconds: i64) -> Result<(), WebhookError> {
        let Some(tolerance) = self.tolerance else { return Ok(()) };
        // Neither side can overflow an `i128`.
        let age = i128::from(self.clock.now().timestamp_millis()) - i128::from(seconds) * 1000;
        if age.unsigned_abs() <= tolerance.as_millis() {
            return Ok(());
        }
        Err(if age > 0 { WebhookError::TooOld } else { WebhookError::InFuture })
    }
}

/// Reads Unix seconds in decimal digits: no sign, no fraction, no space.
fn seconds(text: &str) -> Result<i64, WebhookError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(WebhookError::MalformedTimestamp)
}

/// Defines the settings of the verifiers of timed signatures.
macro_rules! timed_methods {
    ($field:ident) => {
        /// Sets how far a delivery's time may be from ours, both ways. Default: 300
        /// seconds. `None` accepts any time, so that a recorded delivery is accepted
        /// again.
        #[must_use]
        pub fn tolerance(mut self, tolerance: impl Into<Option<::std::time::Duration>>) -> Self {
            self.$field = self.$field.tolerance(tolerance.into());
            self
        }

        /// Sets the source of time.
        #[must_use]
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.$field = self.$field.clock(clock);
            self
        }
    };
}

pub(crate) use timed_methods;

/// The body of a genuine delivery. `Debug` shows none of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Payload(Personal<Value>);

impl Payload {
    /// Parses a body whose sender is verified.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, WebhookError> {
        match json::parse(bytes) {
            Ok(value) if value.is_object() => Ok(Self(value.into())),
            Err(Broken::Doubled) => Err(WebhookError::DuplicateKey),
            _ => Err(WebhookError::NotJson),
        }
    }

    pub(crate) fn json(&self) -> &Personal<Value> {
        &self.0
    }

    /// Returns the value at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.expose().pointer(pointer)
    }

    /// Returns the text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.at(pointer)?.as_str()
    }

    /// Returns the text at a JSON pointer, or an empty one.
    pub(crate) fn text_or_empty(&self, pointer: &str) -> &str {
        self.text(pointer).unwrap_or_default()
    }

    /// Returns the time at a JSON pointer.
    pub(crate) fn time(&self, pointer: &str) -> Option<Timestamp> {
        Timestamp::deserialize(self.at(pointer)?).ok()
    }

    /// Decodes the value at a JSON pointer, if it has the shape.
    pub(crate) fn decode<T: serde::de::DeserializeOwned>(&self, pointer: &str) -> Option<T> {
        T::deserialize(self.at(pointer)?).ok()
    }
}

/// Defines the method that every event has.
macro_rules! event_json {
    () => {
        /// Returns the whole body, including what has no accessor.
        #[must_use]
        pub fn json(&self) -> &$crate::Personal<::serde_json::Value> {
            self.body.json()
        }
    };
}

pub(crate) use event_json;
