//! Which objects belong together when a package holds the same name several times.

use std::cmp::Reverse;

use crate::krm::Location;

/// The number of leading folders that two files share.
///
/// `dev/web.yaml` and `dev/hpa.yaml` share one, `dev/web.yaml` and `prod/hpa.yaml` none.
pub fn common_folders(a: Location<'_>, b: Location<'_>) -> usize {
    folders(a)
        .zip(folders(b))
        .take_while(|(a, b)| a == b)
        .count()
}

/// The folders of the package, then those of the file below it.
fn folders(location: Location<'_>) -> impl Iterator<Item = &str> {
    let package = location.package.unwrap_or_default();
    let folder = location.file.and_then(|path| path.rsplit_once('/'));
    let folder = folder.map_or("", |(folder, _)| folder);
    let parts = package.split('/').chain(folder.split('/'));
    parts.filter(|part| !matches!(*part, "" | "."))
}

/// The candidates that share the most leading folders with `location`; of those in its very file,
/// where there are any.
pub fn nearest<'f, T>(
    location: Location<'_>,
    candidates: impl IntoIterator<Item = T>,
    location_of: impl Fn(&T) -> Location<'f>,
) -> Vec<T> {
    best(candidates, |candidate| {
        let candidate = location_of(candidate);
        let same_file = location.file.is_some() && candidate == location;
        (common_folders(location, candidate), same_file)
    })
}

/// The candidates that share the most leading folders with `location`; of those the ones with the
/// fewest folders of their own. To `web-on-demand.yaml`
/// both `web.yaml` and `dev/web.yaml` are near, and the first is closest.
pub fn closest<'f, T>(
    location: Location<'_>,
    candidates: impl IntoIterator<Item = T>,
    location_of: impl Fn(&T) -> Location<'f>,
) -> Vec<T> {
    best(candidates, |candidate| {
        let candidate = location_of(candidate);
        let depth = folders(candidate).count();
        (common_folders(location, candidate), Reverse(depth))
    })
}

/// The candidates of the highest rank, in their order.
fn best<T, R: Ord>(candidates: impl IntoIterator<Item = T>, rank: impl Fn(&T) -> R) -> Vec<T> {
    let mut highest = None;
    let mut best = Vec::new();
    for candidate in candidates {
        let rank = Some(rank(&candidate));
        if rank > highest {
            best.clear();
        }
        if rank >= highest {
            highest = rank;
            best.push(candidate);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: &str) -> Location<'_> {
        Location {
            package: None,
            file: Some(file),
        }
    }

    fn below<'a>(package: &'a str, file: &'a str) -> Location<'a> {
        Location {
            package: Some(package),
            file: Some(file),
        }
    }

    const NOWHERE: Location<'_> = Location {
        package: None,
        file: None,
    };

    #[test]
    fn folders_in_common() {
        let common = |a, b| common_folders(at(a), at(b));
        assert_eq!(common("dev/web.yaml", "dev/hpa.yaml"), 1);
        assert_eq!(common("dev/web.yaml", "prod/web.yaml"), 0);
        assert_eq!(common("a/b/web.yaml", "a/b/c/hpa.yaml"), 2);
        assert_eq!(common("./a/web.yaml", "a/hpa.yaml"), 1);
        assert_eq!(common_folders(NOWHERE, at("a/b")), 0);
    }

    #[test]
    fn a_package_is_a_folder() {
        let (dev, prod) = (
            below("/blog/dev", "web.yaml"),
            below("/blog/prod", "web.yaml"),
        );
        assert_eq!(common_folders(dev, prod), 1);
        assert_eq!(common_folders(dev, below("/blog", "dev/hpa.yaml")), 2);
    }

    #[test]
    fn the_nearest_wins_and_ties_stay() {
        let files = ["prod/hpa.yaml", "dev/hpa.yaml", "dev/hpa2.yaml"];
        let near = nearest(at("dev/web.yaml"), files, |file| at(file));
        assert_eq!(near, ["dev/hpa.yaml", "dev/hpa2.yaml"]);
        assert_eq!(nearest(NOWHERE, files, |file| at(file)).len(), 3);
    }

    #[test]
    fn the_closest_is_not_in_a_folder_below() {
        let files = ["dev/web.yaml", "web.yaml", "prod/web.yaml"];
        let sibling = at("web-on-demand.yaml");
        assert_eq!(closest(sibling, files, |file| at(file)), ["web.yaml"]);
        assert_eq!(nearest(sibling, files, |file| at(file)).len(), 3);
    }
}
