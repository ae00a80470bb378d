//! Which objects belong together when a package holds the same name several times.

/// The number of leading folders that two files share.
///
/// `dev/web.yaml` and `dev/hpa.yaml` share one, `dev/web.yaml` and `prod/hpa.yaml` none.
pub fn common_folders(a: Option<&str>, b: Option<&str>) -> usize {
    folders(a)
        .zip(folders(b))
        .take_while(|(a, b)| a == b)
        .count()
}

fn folders(path: Option<&str>) -> impl Iterator<Item = &str> {
    let folder = path.and_then(|path| path.rsplit_once('/'));
    let folder = folder.map_or("", |(folder, _)| folder);
    folder.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// The candidates that share the most leading folders with `file`.
pub fn nearest<'f, T>(
    file: Option<&str>,
    candidates: impl IntoIterator<Item = T>,
    file_of: impl Fn(&T) -> Option<&'f str>,
) -> Vec<T> {
    let mut best = 0;
    let mut nearest = Vec::new();
    for candidate in candidates {
        let common = common_folders(file, file_of(&candidate));
        if common > best {
            best = common;
            nearest.clear();
        }
        if common == best {
            nearest.push(candidate);
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_common() {
        let common = |a, b| common_folders(Some(a), Some(b));
        assert_eq!(common("dev/web.yaml", "dev/hpa.yaml"), 1);
        assert_eq!(common("dev/web.yaml", "prod/web.yaml"), 0);
        assert_eq!(common("a/b/web.yaml", "a/b/c/hpa.yaml"), 2);
        assert_eq!(common("./a/web.yaml", "a/hpa.yaml"), 1);
        assert_eq!(common_folders(None, Some("a/b")), 0);
    }

    #[test]
    fn the_nearest_wins_and_ties_stay() {
        let files = ["prod/hpa.yaml", "dev/hpa.yaml", "dev/hpa2.yaml"];
        let near = nearest(Some("dev/web.yaml"), files, |file| Some(*file));
        assert_eq!(near, ["dev/hpa.yaml", "dev/hpa2.yaml"]);
        assert_eq!(nearest(None, files, |file| Some(*file)).len(), 3);
    }
}
