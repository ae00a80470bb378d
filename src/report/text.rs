//! Words for numbers and amounts.

use crate::requests::Amounts;

/// A share of 1 as whole percent.
pub fn percent(share: f64) -> String {
    format!("{} %", whole(share * 100.0))
}

/// Rounded to a whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "no percentage is as large as that"
)]
pub fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// `1 workload`, `2 workloads`
pub fn counted(number: u64, what: &str) -> String {
    format!("{number} {}", plural(number, what))
}

/// `workload`, `workloads`
pub fn plural(number: u64, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{what}{ending}")
}

/// The form of a verb that agrees with `number`.
pub fn verb<'v>(number: u64, one: &'v str, many: &'v str) -> &'v str {
    if number == 1 { one } else { many }
}

/// `a`, `a and b`, `a, b and c`
pub fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The first ten of a list, and how many more there are.
pub fn shortened(parts: &[String]) -> String {
    match parts.split_at_checked(10) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{} and {} more", first.join(", "), rest.len())
        }
        _ => listed(parts),
    }
}

/// Millicores as cores.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
pub fn cores_of(millicores: u64) -> f64 {
    millicores as f64 / 1000.0
}

/// Millicores as cores: `0.25`, `4.5`, `120`.
pub fn cores(millicores: u64) -> String {
    decimal(millicores, 1000)
}

/// Bytes as GiB: `0.06`, `1.5`, `96`.
pub fn gib(bytes: u64) -> String {
    decimal(bytes, 1 << 30)
}

/// An amount of the resource `name`: GiB where it counts bytes.
pub fn other(name: &str, amount: u64) -> String {
    if name == "ephemeral-storage" || name.starts_with("hugepages-") {
        format!("{} GiB {name}", gib(amount))
    } else {
        format!("{amount} {name}")
    }
}

/// With two places below 100 and one above, rounded up: room that is said must be enough.
fn decimal(amount: u64, unit: u64) -> String {
    let (places, digits) = if amount < 100 * unit {
        (100, 2)
    } else {
        (10, 1)
    };
    let (mut whole, rest) = (amount / unit, amount % unit);
    let mut fraction = (rest * places).div_ceil(unit);
    if fraction == places {
        (whole, fraction) = (whole + 1, 0);
    }
    if fraction == 0 {
        return whole.to_string();
    }
    let text = format!("{whole}.{fraction:0digits$}");
    text.trim_end_matches('0').to_owned()
}

/// `4.5 cores, 9 GiB, 2 nvidia.com/gpu`
pub fn amounts(amounts: &Amounts) -> String {
    let known = [
        format!("{} {}", cores(amounts.cpu()), plural_of(amounts.cpu())),
        format!("{} GiB", gib(amounts.memory())),
    ];
    let others = amounts.others().filter(|(name, _)| *name != "pods");
    let others = others.map(|(name, amount)| other(name, amount));
    let parts: Vec<_> = known.into_iter().chain(others).collect();
    visible(&parts.join(", "))
}

fn plural_of(millicores: u64) -> &'static str {
    if millicores == 1000 { "core" } else { "cores" }
}

/// Money, with two places: `1,234.50`; without them from ten thousand.
pub fn money(amount: f64) -> String {
    let text = if amount.abs() < 10_000.0 {
        format!("{amount:.2}")
    } else {
        format!("{amount:.0}")
    };
    let end = text.find('.').unwrap_or(text.len());
    let mut out = String::new();
    for (at, c) in text.char_indices() {
        let is_group = at < end && at > 0 && (end - at).is_multiple_of(3);
        if is_group && !out.ends_with('-') {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `text` in one line and safe to print: [`findings::visible`](crate::findings::visible), for tables.
pub fn visible(text: &str) -> String {
    crate::findings::visible(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_rounded_up() {
        assert_eq!(
            (cores(250), cores(4500), cores(120_000)),
            ("0.25".into(), "4.5".into(), "120".into())
        );
        assert_eq!(
            (cores(1), cores(0), cores(99_999)),
            ("0.01".into(), "0".into(), "100".into())
        );
        assert_eq!(
            (gib(64 << 20), gib(3 << 29), gib(96 << 30)),
            ("0.07".into(), "1.5".into(), "96".into())
        );
    }

    #[test]
    fn money_in_groups() {
        let cases = [
            (0.5, "0.50"),
            (1234.5, "1,234.50"),
            (-1234.5, "-1,234.50"),
            (1_234_567.0, "1,234,567"),
        ];
        for (amount, expected) in cases {
            assert_eq!(money(amount), expected);
        }
        assert_eq!(money(-123.0), "-123.00");
    }

    #[test]
    fn lists_of_words() {
        let words = |count: usize| {
            ["a", "b", "c"][..count]
                .iter()
                .map(|&word| word.to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(listed(&words(1)), "a");
        assert_eq!(listed(&words(2)), "a and b");
        assert_eq!(listed(&words(3)), "a, b and c");
    }
}
