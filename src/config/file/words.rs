//! Values that are read from text: by the flat form and from annotations.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Visitor};

use super::problem::unknown_word;
use super::suggest::hint;
use crate::placement::{Base, Strategy};
use yaml_splice::{Scalar, resolve};

/// The largest count of replicas or seconds: an `int32` in Kubernetes.
pub(super) const LARGEST: i64 = i32::MAX as i64;

/// What is accepted as a base.
const A_BASE: &str = "a whole number from 0 to 2147483647, \"majority\" or \"majority+1\"";

/// A base as it is written in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RawBase {
    /// A count, of any range.
    Count(i64),
    /// A word, of any meaning.
    Word(String),
}

impl RawBase {
    /// The base that is meant, or what is wrong with it.
    pub fn read(&self) -> Result<Base, String> {
        match self {
            Self::Word(word) => {
                let known = Base::WORDS.iter().find(|(name, _)| name == word);
                known.map_or_else(|| Err(bad_base(word)), |(_, base)| Ok(*base))
            }
            Self::Count(count) => u32::try_from(*count)
                .ok()
                .filter(|_| *count <= LARGEST)
                .map(Base::Count)
                .ok_or_else(|| format!("found {count}, expected {A_BASE}")),
        }
    }
}

fn bad_base(found: &str) -> String {
    let hint = hint(found, &Base::WORDS.map(|(name, _)| name));
    format!("found \"{found}\", expected {A_BASE}{hint}")
}

impl<'de> Deserialize<'de> for RawBase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BaseVisitor)
    }
}

struct BaseVisitor;

impl Visitor<'_> for BaseVisitor {
    type Value = RawBase;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(A_BASE)
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<RawBase, E> {
        Ok(RawBase::Count(count))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<RawBase, E> {
        Ok(RawBase::Word(word.to_owned()))
    }
}

/// A strategy by its name.
pub(in crate::config) fn strategy(text: &str) -> Result<Strategy, String> {
    let accepted = Strategy::ALL.map(Strategy::name);
    text.parse().map_err(|_| unknown_word(text, &accepted))
}

/// One of the words of `T`.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let word = StrDeserializer::<WordError>::new(text);
    T::deserialize(word).map_err(|error| error.0)
}

/// What is wrong with a word.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WordError(String);

impl Error for WordError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }

    fn unknown_variant(found: &str, accepted: &'static [&'static str]) -> Self {
        Self(unknown_word(found, accepted))
    }
}

/// A count, `majority` or `majority+1`.
pub(in crate::config) fn base(text: &str) -> Result<Base, String> {
    text.parse().map_err(|_| bad_base(text))
}

/// A whole number in decimal digits.
pub(super) fn whole_number(text: &str) -> Result<i64, String> {
    let number = text.parse().ok();
    number.ok_or_else(|| format!("found \"{text}\", expected a whole number"))
}

/// A percentage, 0 to 100.
pub(in crate::config) fn percent(text: &str) -> Result<u8, String> {
    let number = text.parse().ok().filter(|percent| *percent <= 100);
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    number
        .filter(|_| digits)
        .ok_or_else(|| format!("found \"{text}\", expected a whole number from 0 to 100"))
}

/// A number, with or without a decimal point.
pub(super) fn number(text: &str) -> Result<f64, String> {
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.ok_or_else(|| format!("found \"{text}\", expected a number"))
}

/// A boolean in one of the spellings of YAML 1.1, because kpt passes on what it is given.
pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match resolve(text) {
        Scalar::Bool(value) => Ok(value),
        _ => Err(format!("found \"{text}\", expected true or false")),
    }
}
