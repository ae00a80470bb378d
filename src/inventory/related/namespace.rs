//! Whether two objects come to lie in one namespace, where only one of them names it.

use crate::krm::template::has_variable;

/// What two objects say of their namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Neighbourhood {
    /// They lie apart.
    Apart,
    /// A variable that is filled in later says where one of them lies.
    Unknown,
    /// One of them names none: whoever applies both with `--namespace` puts them into one. Many
    /// charts leave it out in some of their objects.
    Possible,
    /// They lie in one namespace.
    Same,
}

impl Neighbourhood {
    /// Compares the `metadata.namespace` of two objects.
    pub fn of(one: Option<&str>, other: Option<&str>) -> Self {
        if one.unwrap_or("default") == other.unwrap_or("default") {
            Self::Same
        } else if one.is_none() || other.is_none() {
            Self::Possible
        } else if [one, other].into_iter().flatten().any(has_variable) {
            Self::Unknown
        } else {
            Self::Apart
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_may_be_unsaid() {
        use Neighbourhood::{Apart, Possible, Same, Unknown};
        for (one, other, expected) in [
            (None, None, Same),
            (None, Some("default"), Same),
            (Some("shop"), Some("shop"), Same),
            (None, Some("shop"), Possible),
            (Some("shop"), None, Possible),
            (Some("shop"), Some("blog"), Apart),
            (Some("shop"), Some("${NS}"), Unknown),
            (Some("${NS}"), Some("${NS}"), Same),
            (None, Some("${NS}"), Possible),
        ] {
            assert_eq!(Neighbourhood::of(one, other), expected, "{one:?} {other:?}");
        }
    }
}
