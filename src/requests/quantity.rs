//! Kubernetes quantities as exact whole numbers.
//!
//! The types of Kubernetes keep a quantity as text, and the crates that parse one go through
//! floating point. The API server does neither, and an estimate of room that is off by a byte may
//! say that a pod fits where it does not.
//!
//! Source: `staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go` of Kubernetes 1.36.3.

use std::fmt;
use std::str::FromStr;

/// A quantity that is not negative, exact: mantissa * 10^ten * 2^two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    mantissa: u128,
    ten: i32,
    two: u32,
}

/// A text that is no quantity, or a negative one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a quantity: expected a number such as 500m, 1.5 or 2Gi")]
pub struct BadQuantity(pub String);

/// The most digits of a mantissa; more are not needed for 2^63 thousandths.
const MAX_DIGITS: usize = 24;

impl Quantity {
    /// In whole units, rounded up as the scheduler does: bytes of memory, devices.
    ///
    /// ```
    /// use spot_distribution::requests::Quantity;
    /// let quantity: Quantity = "1.5Gi".parse().unwrap();
    /// assert_eq!(quantity.units(), 1_610_612_736);
    /// ```
    pub fn units(self) -> u64 {
        self.scaled(0)
    }

    /// In thousandths, rounded up as the scheduler does: millicores.
    pub fn thousandths(self) -> u64 {
        self.scaled(3)
    }

    /// Times 10^`exponent`, rounded up to a whole number of at most 2^63 - 1.
    fn scaled(self, exponent: i32) -> u64 {
        let limit = i64::MAX.cast_unsigned();
        let exponent = self.ten.saturating_add(exponent);
        let power = 10_u128.checked_pow(exponent.unsigned_abs());
        let whole = self.mantissa.checked_mul(1 << self.two);
        let scaled = match (whole, power) {
            (Some(0), _) => Some(0),
            (Some(whole), Some(power)) if exponent >= 0 => whole.checked_mul(power),
            (Some(whole), Some(power)) => Some(whole.div_ceil(power)),
            // Less than one, and rounded up.
            (Some(_), None) if exponent < 0 => Some(1),
            _ => None,
        };
        let scaled = scaled.and_then(|scaled| u64::try_from(scaled).ok());
        scaled.unwrap_or(limit).min(limit)
    }
}

impl FromStr for Quantity {
    type Err = BadQuantity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| BadQuantity(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Quantity> {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let end = unsigned.find(|c| !is_number(c)).unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    if digits.is_empty() || fraction.contains('.') || significant.len() > MAX_DIGITS {
        return None;
    }
    let (ten, two) = scale(suffix)?;
    Some(Quantity {
        mantissa: if significant.is_empty() {
            0
        } else {
            significant.parse().ok()?
        },
        ten: ten.checked_sub(i32::try_from(fraction.len()).ok()?)?,
        two,
    })
}

/// The powers of 10 and of 2 that a suffix stands for.
fn scale(suffix: &str) -> Option<(i32, u32)> {
    let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    let binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    if let Some(index) = binary.iter().position(|&known| known == suffix) {
        return Some((0, 10 * u32::try_from(index + 1).ok()?));
    }
    if let Some(index) = decimal.iter().position(|&known| known == suffix) {
        return Some((3 * (i32::try_from(index).ok()? - 3), 0));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    exponent.parse().ok().map(|exponent| (exponent, 0))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.units())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix() {
        let cases = [
            ("1", 1, 1000),
            ("100m", 1, 100),
            ("0.1", 1, 100),
            ("1.5", 2, 1500),
            (".5", 1, 500),
            ("2.", 2, 2000),
            ("+3", 3, 3000),
            ("1k", 1000, 1_000_000),
            ("1Ki", 1024, 1_024_000),
            ("1.5Gi", 1_610_612_736, 1_610_612_736_000),
            ("1e3", 1000, 1_000_000),
            ("1E3", 1000, 1_000_000),
            ("5e-1", 1, 500),
            ("1E", 1_000_000_000_000_000_000, i64::MAX.cast_unsigned()),
            ("1u", 1, 1),
            ("1n", 1, 1),
            ("0", 0, 0),
            ("0.0m", 0, 0),
            ("8Ei", i64::MAX.cast_unsigned(), i64::MAX.cast_unsigned()),
        ];
        for (text, units, thousandths) in cases {
            let quantity: Quantity = text.parse().unwrap();
            assert_eq!(quantity.units(), units, "{text}");
            assert_eq!(quantity.thousandths(), thousandths, "{text}");
        }
    }

    #[test]
    fn no_floating_point_on_the_way() {
        let quantity: Quantity = "9007199254740993".parse().unwrap();
        assert_eq!(quantity.units(), 9_007_199_254_740_993);
        let quantity: Quantity = "1e-400".parse().unwrap();
        assert_eq!(quantity.thousandths(), 1);
    }

    #[test]
    fn what_the_api_server_refuses() {
        for text in [
            "", "Ki", ".", "1.2.3", "1 Gi", "1KiB", "-1", "1e", "${CPU}", "{{ .x }}",
        ] {
            assert_eq!(text.parse::<Quantity>(), Err(BadQuantity(text.to_owned())));
        }
    }
}
