//! Durations as Go writes them.

/// The whole seconds of a duration such as `30s`, `1h30m` or `720h`; `None` for `Never` and what is
/// none. Source: `time.ParseDuration` of Go, without fractions and units below a second.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut total = 0_u64;
    let mut digits = String::new();
    for character in text.chars() {
        let unit = match character {
            '0'..='9' => {
                digits.push(character);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let count: u64 = digits.parse().ok()?;
        total = total.checked_add(count.checked_mul(unit)?)?;
        digits.clear();
    }
    (digits.is_empty() && !text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn as_karpenter_writes_them() {
        assert_eq!(seconds("30s"), Some(30));
        assert_eq!(seconds("1h30m"), Some(5400));
        assert_eq!(seconds("720h"), Some(2_592_000));
        for none in ["Never", "", "30", "1.5h", "10ms"] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }
}
