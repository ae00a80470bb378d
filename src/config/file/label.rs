//! The syntax of Kubernetes labels and names.
//!
//! Source: `staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go`.

/// Whether `key` is a label key: a name of at most 63 characters, with an optional DNS prefix
/// of at most 253 before a `/`.
pub(super) fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((prefix, name)) => is_dns_name(prefix) && is_name(name),
        None => is_name(key),
    }
}

/// Whether `value` is a label value: nothing, or a name of at most 63 characters.
pub(super) fn is_value(value: &str) -> bool {
    value.is_empty() || is_name(value)
}

/// Letters, digits, `-`, `_` and `.`, with a letter or digit at both ends.
fn is_name(name: &str) -> bool {
    let end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    name.len() <= 63
        && end(name.bytes().next())
        && end(name.bytes().last())
        && name.bytes().all(inner)
}

/// Whether `name` is a DNS subdomain: lower-case letters, digits and `-` in parts between dots.
pub(super) fn is_dns_name(name: &str) -> bool {
    let accepted = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(accepted)
    };
    name.len() <= 253 && name.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let name = "a".repeat(63);
        for key in ["app", "app.kubernetes.io/name", "a_b.C-1", &name] {
            assert!(is_key(key), "{key}");
        }
        let long = "a".repeat(64);
        for key in [
            "",
            "-a",
            "a-",
            "/a",
            "a/",
            "a/b/c",
            "Upper.io/a",
            "a b",
            &long,
        ] {
            assert!(!is_key(key), "{key}");
        }
    }

    #[test]
    fn values() {
        for value in ["", "spot", "on-demand", "ON_DEMAND", "1.2"] {
            assert!(is_value(value), "{value}");
        }
        for value in ["-", "a/b", "a b", "spot.", &"a".repeat(64)] {
            assert!(!is_value(value), "{value}");
        }
    }
}
