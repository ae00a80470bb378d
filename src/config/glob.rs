//! Patterns for names and namespaces.

use std::fmt;

use wildmatch::WildMatch;

use crate::krm::template::{has_variable, may_become_equal};

/// A pattern that a whole name has to match: `*` stands for any text, `?` for one character.
#[derive(Debug, Clone, PartialEq)]
pub struct Glob {
    pattern: String,
    form: GlobKind,
}

/// What it takes to match: with thousands of rules, comparing plain text first is worth it.
#[derive(Debug, Clone, PartialEq)]
enum GlobKind {
    /// No glob: the same text.
    Exact,
    /// One `*`, at this byte: the text before it and the text behind it.
    Affixes(usize),
    /// Anything else: the text before this byte, and the rest as a pattern.
    Wild(usize, WildMatch),
}

impl Glob {
    /// Compiles `pattern`.
    pub fn new(pattern: &str) -> Self {
        let wild = ['*', '?'];
        let form = match pattern.find(wild) {
            None => GlobKind::Exact,
            Some(at) if pattern[at..].starts_with('*') && !pattern[at + 1..].contains(wild) => {
                GlobKind::Affixes(at)
            }
            Some(at) => GlobKind::Wild(at, WildMatch::new(&pattern[at..])),
        };
        Self {
            pattern: pattern.to_owned(),
            form,
        }
    }

    /// The pattern as it was written.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// Whether the whole of `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        match &self.form {
            GlobKind::Exact => self.pattern == name,
            GlobKind::Affixes(at) => {
                let tail = name.strip_prefix(&self.pattern[..*at]);
                tail.is_some_and(|tail| tail.ends_with(&self.pattern[at + 1..]))
            }
            GlobKind::Wild(at, rest) => {
                let tail = name.strip_prefix(&self.pattern[..*at]);
                tail.is_some_and(|tail| rest.matches(tail))
            }
        }
    }

    /// Whether the whole of `name` may come to match, depending on what its variables become.
    pub fn may_match(&self, name: &str) -> bool {
        if !has_variable(name) {
            return self.matches(name);
        }
        // What a glob stands for is as open as a variable.
        let open = self.pattern.replace(['*', '?'], "${_}");
        may_become_equal(&open, name)
    }

    /// Whether `pattern` can match a name at all: Kubernetes names are made of lower-case
    /// letters, digits, `-` and `.`.
    pub(in crate::config) fn is_valid(pattern: &str) -> bool {
        let accepted = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.*?".contains(c);
        !pattern.is_empty() && pattern.chars().all(accepted)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_the_whole_name() {
        for (pattern, matching, others) in [
            ("web", vec!["web"], vec!["webs", "we", ""]),
            ("web-*", vec!["web-", "web-1"], vec!["web", "a-web-1"]),
            ("*-db", vec!["a-db", "-db"], vec!["db", "a-db-1"]),
            ("team-?", vec!["team-a"], vec!["team-", "team-ab"]),
            ("*", vec!["", "anything"], vec![]),
            ("a*a", vec!["aa", "aba"], vec!["a", "ab", "ba"]),
            ("a*b?c", vec!["abxc", "a--b-c"], vec!["abc", "xabxc"]),
        ] {
            let glob = Glob::new(pattern);
            for name in matching {
                assert!(glob.matches(name), "{pattern} {name}");
            }
            for name in others {
                assert!(!glob.matches(name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn what_variables_may_come_to_match() {
        for (pattern, name, may) in [
            ("prod", "prod", true),
            ("prod", "dev", false),
            ("prod", "${NS}", true),
            ("prod-*", "${NS}-eu", true),
            ("prod-*", "dev-${NS}", false),
            ("*-db", "${APP}-web", false),
            ("*-db", "${APP}-db", true),
        ] {
            assert_eq!(Glob::new(pattern).may_match(name), may, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_that_no_name_can_match_is_invalid() {
        for pattern in ["web", "*", "a.b-?1"] {
            assert!(Glob::is_valid(pattern), "{pattern}");
        }
        for pattern in ["", "Web", "a,b", "[ab]", "a b", "a_b", "{a}"] {
            assert!(!Glob::is_valid(pattern), "{pattern}");
        }
    }
}
