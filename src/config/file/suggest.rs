//! The accepted word that the user may have meant.

/// How similar two words must be, from 0 to 1, for one to be offered instead of the other.
const SIMILAR: f64 = 0.8;

/// The word of `accepted` that is closest to `found`, where one is close.
///
/// Upper and lower case, `-` and `_` do not count: `ondemand` means `on-demand`.
pub(in crate::config) fn closest<'a>(found: &str, accepted: &[&'a str]) -> Option<&'a str> {
    let found = plain(found);
    accepted
        .iter()
        .map(|word| (strsim::jaro_winkler(&found, &plain(word)), *word))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, word)| word)
}

/// `; did you mean "x"?`, or nothing.
pub(super) fn hint(found: &str, accepted: &[&str]) -> String {
    closest(found, accepted)
        .map(|word| format!("; did you mean \"{word}\"?"))
        .unwrap_or_default()
}

fn plain(word: &str) -> String {
    let letters = word.chars().filter(|c| !matches!(c, '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::Strategy;

    #[test]
    fn close_words_are_offered_and_others_not() {
        let strategies = Strategy::ALL.map(Strategy::name);
        for (found, expected) in [
            ("flor", Some("floor")),
            ("ondemand", Some("on-demand")),
            ("ON_DEMAND", Some("on-demand")),
            ("preferOnDemand", Some("prefer-on-demand")),
            ("spreads", Some("spread")),
            ("balanced", None),
            ("", None),
        ] {
            assert_eq!(closest(found, &strategies), expected, "{found}");
        }
    }
}
