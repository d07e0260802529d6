//! Webhooks: whether a delivery comes from the vendor, decided on the very bytes that
//! came.
//!
//! The vendors' modules read their headers; what they share stands here: secrets, digests
//! and their comparison in constant time, the window of time, the bounds on what a
//! stranger may send, and one error.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{HeaderMap, HeaderName};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use crate::call::{Clock, SystemClock};
use crate::value::{Personal, Secret, Timestamp};

/// The longest header that is looked at, in bytes. Two signatures, as during a rotation,
/// are some 160.
const MAX_HEADER: usize = 1024;
/// The most signatures that one delivery may bear.
const MAX_SIGNATURES: usize = 8;
/// How far a delivery's time may be off, where the caller says nothing.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Why a delivery is not to be trusted, or why a verifier cannot be made.
///
/// It holds nothing of the delivery and no secret; a header is named, never quoted.
/// Answer such a delivery with 400 or 401 and do nothing else.
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
    /// The verifier was given no secret at all, so it could accept nothing.
    NoSecret,
    /// A secret, password or token is empty or blank: anybody could sign with it.
    EmptySecret,
    /// A name of a user that is empty or holds a colon, which basic authentication cannot
    /// carry.
    InvalidUsername,
    /// The header is not there.
    MissingHeader(HeaderName),
    /// The header is there more than once. None of the values is chosen.
    DuplicateHeader(HeaderName),
    /// The header is longer than any that the vendor sends.
    HeaderTooLong(HeaderName),
    /// The header has another form than the vendor's.
    MalformedHeader(HeaderName),
    /// The header is well formed, but no signature or credential in it is of a scheme
    /// that the vendor documents.
    UnknownScheme(HeaderName),
    /// The digest's algorithm is not among those that the verifier accepts.
    AlgorithmNotAccepted,
    /// More signatures than any vendor sends.
    TooManySignatures,
    /// A signature is not what the vendor writes: hexadecimal digits, as many as the
    /// digest has.
    MalformedSignature,
    /// A signature comes without the time that it covers.
    MissingTimestamp,
    /// The time is no whole number of seconds.
    MalformedTimestamp,
    /// The signature is right, and older than the tolerance: a replay, a very late
    /// delivery, or a clock that is ahead.
    TooOld,
    /// The signature is right, and its time lies further ahead than the tolerance: a
    /// clock is off.
    InFuture,
    /// No signature or credential is one of a secret that the verifier holds: forged,
    /// changed on the way, or of another secret.
    NoMatch,
    /// The token of the header is none that the verifier holds.
    TokenMismatch,
    /// The delivery is genuine, but its body is no JSON object.
    NotJson,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("webhook: ")?;
        match self {
            Self::NoSecret => f.write_str("no secret is given"),
            Self::EmptySecret => f.write_str("a secret is empty"),
            Self::InvalidUsername => f.write_str("a name of a user is empty or holds a colon"),
            Self::MissingHeader(name) => write!(f, "the header {name} is missing"),
            Self::DuplicateHeader(name) => write!(f, "the header {name} is there more than once"),
            Self::HeaderTooLong(name) => write!(f, "the header {name} is too long"),
            Self::MalformedHeader(name) => write!(f, "the header {name} is malformed"),
            Self::UnknownScheme(name) => {
                write!(f, "the header {name} holds nothing of a known scheme")
            }
            Self::AlgorithmNotAccepted => {
                f.write_str("the algorithm of the digest is not accepted")
            }
            Self::TooManySignatures => f.write_str("too many signatures"),
            Self::MalformedSignature => f.write_str("a signature is malformed"),
            Self::MissingTimestamp => f.write_str("a signature comes without its time"),
            Self::MalformedTimestamp => f.write_str("the time of a signature is malformed"),
            Self::TooOld => f.write_str("the signature is too old"),
            Self::InFuture => f.write_str("the signature's time is in the future"),
            Self::NoMatch => f.write_str("no signature or credential matches"),
            Self::TokenMismatch => f.write_str("the token does not match"),
            Self::NotJson => f.write_str("the body is no JSON object"),
        }
    }
}

impl std::error::Error for WebhookError {}

/// The secrets that are valid at one time: one, or during a rotation the new and the old.
#[derive(Clone, Debug)]
pub(crate) struct Secrets(Vec<Secret>);

impl Secrets {
    /// Line ends behind a secret (a key file's last one) are dropped; all else is part of
    /// it.
    pub(crate) fn new(
        secrets: impl IntoIterator<Item: Into<Secret>>,
    ) -> Result<Self, WebhookError> {
        let secrets = secrets
            .into_iter()
            .map(|secret| checked(&secret.into()))
            .collect::<Result<Vec<_>, _>>()?;
        if secrets.is_empty() { Err(WebhookError::NoSecret) } else { Ok(Self(secrets)) }
    }

    /// Whether `signature`, in lower-case hexadecimal digits, is that of `parts`, one
    /// after the other, under any of the secrets.
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

    /// Whether `text` is one of the secrets.
    pub(crate) fn contain(&self, text: &str) -> bool {
        self.0.iter().any(|secret| same(secret.expose(), text))
    }
}

/// The secret, unless it is blank.
pub(crate) fn checked(secret: &Secret) -> Result<Secret, WebhookError> {
    let text = secret.expose().trim_end_matches(['\r', '\n']);
    if text.trim().is_empty() { Err(WebhookError::EmptySecret) } else { Ok(Secret::from(text)) }
}

/// `parts` under `key`. HMAC takes a key of any length, so there is one.
fn code<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Option<M> {
    let mut code = <M as KeyInit>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| code.update(part));
    Some(code)
}

/// The only comparison of digests: of whole ones, in constant time.
fn authentic<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]], signature: &[u8]) -> bool {
    code::<M>(key, parts).is_some_and(|code| code.verify_slice(signature).is_ok())
}

/// Compares a text that a stranger sent with one that he must know. Of both a digest is
/// compared, so that the time taken does not tell how much of it was right.
pub(crate) fn same(expected: &str, given: &str) -> bool {
    let key = expected.as_bytes();
    let given =
        code::<Hmac<Sha256>>(key, &[given.as_bytes()]).map(|code| code.finalize().into_bytes());
    given.is_some_and(|given| authentic::<Hmac<Sha256>>(key, &[key], &given))
}

/// The bytes of exactly `size` bytes in lower-case hexadecimal digits, the only form that
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

/// The one value of a header.
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

/// What one signature consists of, as it stands in a header: `t=1767225600,v1=c157…`.
#[derive(Default)]
pub(crate) struct Group<'a> {
    pub(crate) time: Option<&'a str>,
    pub(crate) signature: Option<&'a str>,
}

impl<'a> Group<'a> {
    /// The time is called `t`, the signature as `scheme` says, and other members are
    /// passed over; `None` is a text of another form, or one that has the time or the
    /// signature twice.
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

/// Signatures that cover a time and the body, and the window in which they count.
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

    /// Whether any of the groups is a signature of ours, in time. What is signed is the
    /// time as text, a point, and the body.
    ///
    /// All are read, so that their order does not matter. The time is looked at after the
    /// signature: what is said about time is said about a genuine delivery.
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
        // Neither side can overflow in this width.
        let age = i128::from(self.clock.now().timestamp_millis()) - i128::from(seconds) * 1000;
        if age.unsigned_abs() <= tolerance.as_millis() {
            return Ok(());
        }
        Err(if age > 0 { WebhookError::TooOld } else { WebhookError::InFuture })
    }
}

/// Unix seconds in decimal digits: no sign, no fraction, no space.
fn seconds(text: &str) -> Result<i64, WebhookError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(WebhookError::MalformedTimestamp)
}

/// What the verifiers of timed signatures can be told.
macro_rules! timed_methods {
    ($field:ident) => {
        /// How far a delivery's time may be from ours, both ways. 300 seconds unless set;
        /// `None` takes any time, so that a delivery that somebody has recorded is taken
        /// again.
        #[must_use]
        pub fn tolerance(mut self, tolerance: impl Into<Option<::std::time::Duration>>) -> Self {
            self.$field = self.$field.tolerance(tolerance.into());
            self
        }

        /// Another source of time.
        #[must_use]
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.$field = self.$field.clock(clock);
            self
        }
    };
}

pub(crate) use timed_methods;

/// What a genuine delivery says. `Debug` shows none of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Payload(Personal<Value>);

impl Payload {
    /// A body whose sender is known.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, WebhookError> {
        let value: Option<Value> = serde_json::from_slice(bytes).ok();
        value.filter(Value::is_object).map(|value| Self(value.into())).ok_or(WebhookError::NotJson)
    }

    pub(crate) fn json(&self) -> &Personal<Value> {
        &self.0
    }

    /// The value at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        self.0.expose().pointer(pointer)
    }

    /// The text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> Option<&str> {
        self.at(pointer)?.as_str()
    }

    /// The text at a JSON pointer, or an empty one.
    pub(crate) fn text_or_empty(&self, pointer: &str) -> &str {
        self.text(pointer).unwrap_or_default()
    }

    /// The time at a JSON pointer.
    pub(crate) fn time(&self, pointer: &str) -> Option<Timestamp> {
        Timestamp::deserialize(self.at(pointer)?).ok()
    }

    /// What stands at a JSON pointer, if it has the shape.
    pub(crate) fn decode<T: serde::de::DeserializeOwned>(&self, pointer: &str) -> Option<T> {
        T::deserialize(self.at(pointer)?).ok()
    }
}

/// The method that every event has.
macro_rules! event_json {
    () => {
        /// The whole body, with everything that has no accessor here.
        #[must_use]
        pub fn json(&self) -> &$crate::Personal<::serde_json::Value> {
            self.body.json()
        }
    };
}

pub(crate) use event_json;
