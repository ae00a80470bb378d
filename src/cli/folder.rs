//! Folders named on the command line: walks them and reads the manifests.

use std::path::Path;

use walkdir::WalkDir;

use crate::krm::NotManifest;
use crate::load::{Found, Listing, Text, is_hidden};

use super::files::{Files, display, read_file, unreadable};

/// Reads the manifests below `folder`, by name; hidden files and folders are left out.
pub fn read_folder(folder: &Path, files: &mut Files) {
    let listing = listing(folder, files);
    for found in listing.found(folder) {
        match found {
            Found::Chart(chart) => files.leave_out(NotManifest::Chart, chart),
            Found::Manifest(path) => files.add(read_file(path).map(|text| Text {
                walked: true,
                ..text
            })),
        }
    }
}

fn listing(folder: &Path, files: &mut Files) -> Listing {
    let mut listing = Listing::default();
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name();
    let walk = walk.into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => listing.add(entry.path()),
            Ok(_) => {}
            Err(error) => not_walked(folder, &error, files),
        }
    }
    listing
}

fn not_walked(folder: &Path, error: &walkdir::Error, files: &mut Files) {
    let path = error.path().unwrap_or(folder);
    let is_dead = path.is_symlink() && !path.exists();
    if is_dead || error.loop_ancestor().is_some() {
        files.leave_out(NotManifest::DeadLink, path);
        return;
    }
    let why = error.to_string();
    files.errors.push(unreadable(&display(folder), &why));
}
