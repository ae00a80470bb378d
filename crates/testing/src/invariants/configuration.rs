//! The configuration: read, or refused with clear words.

use spot_distribution::config::Policy;
use spot_distribution::run::problem;
use yaml_splice::Stream;

use super::function::harmless;

/// Reads the text as a configuration.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(stream) = Stream::parse(text) else {
        return;
    };
    for document in &stream.documents {
        let Err(problems) = Policy::read(Some(document.root())) else {
            continue;
        };
        assert!(!problems.is_empty(), "refused without a reason");
        for found in problems {
            assert!(!found.path.is_empty() || !found.to_string().is_empty());
            harmless(&problem(found).to_string());
        }
    }
}
