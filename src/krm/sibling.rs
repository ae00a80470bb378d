//! What the sibling of a workload is called, and where it lies.

use super::annotations::SIBLING_SUFFIX;

/// The name of the sibling of a workload called `name`.
pub fn sibling_name(name: &str) -> String {
    format!("{name}{SIBLING_SUFFIX}")
}

/// The path of a sibling's file, by that of its original's: `apps/web.yaml` has
/// `apps/web-on-demand.yaml`.
pub fn sibling_path(path: &str) -> String {
    let stem = path
        .rsplit_once('.')
        .filter(|(_, extension)| !extension.contains('/'));
    let stem = stem.map_or(path, |(stem, _)| stem);
    format!("{stem}{SIBLING_SUFFIX}.yaml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beside_the_original() {
        for (path, sibling) in [
            ("apps/web.yaml", "apps/web-on-demand.yaml"),
            ("apps/web.json", "apps/web-on-demand.yaml"),
            ("apps.d/web", "apps.d/web-on-demand.yaml"),
        ] {
            assert_eq!(sibling_path(path), sibling);
        }
    }
}
