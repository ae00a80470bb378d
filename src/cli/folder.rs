//! Folders named on the command line: walks them and reads the manifests.

use std::path::Path;
use std::{fs, io};

use walkdir::WalkDir;

use crate::krm::NotManifest;
use crate::load::{Found, Listing, Text, is_hidden, is_manifest};

use super::files::{Files, display, unreadable};

/// Reads the manifests below `folder`, by name; hidden files and folders are left out, and so is what
/// cannot be read.
pub fn read_folder(folder: &Path, files: &mut Files) {
    let listing = listing(folder, files);
    for found in listing.found(folder) {
        match found {
            Found::Chart(chart) => files.leave_out(NotManifest::Chart, chart, None),
            // It is read as the configuration.
            Found::Manifest(path) if files.is_config(path) => {}
            Found::Manifest(path) => match fs::read(path) {
                Ok(bytes) => files.texts.push(Text {
                    name: Some(display(path)),
                    bytes,
                    walked: true,
                }),
                Err(error) => unread(path, &error, files),
            },
        }
    }
}

/// Links to files are followed, and none to folders: they may lead out of the folder, or back into it,
/// and `kubectl apply --recursive` does not follow them either.
fn listing(folder: &Path, files: &mut Files) -> Listing {
    let mut listing = Listing::default();
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        match entry {
            Ok(entry) if entry.depth() > 0 && entry.path_is_symlink() => {
                linked(entry.path(), &mut listing, files);
            }
            Ok(entry) if entry.file_type().is_file() => listing.add(entry.path()),
            Ok(_) => {}
            Err(error) => not_walked(folder, error, files),
        }
    }
    listing
}

/// Adds what a link leads to.
fn linked(link: &Path, listing: &mut Listing, files: &mut Files) {
    match fs::metadata(link) {
        Ok(to) if to.is_dir() => files.leave_out(NotManifest::FolderLink, link, None),
        Ok(to) if to.is_file() => listing.add(link),
        Err(_) if is_manifest(link) => files.leave_out(NotManifest::DeadLink, link, None),
        // It may have led to a folder.
        Err(_) if link.extension().is_none() => {
            let why = "it leads nowhere".to_owned();
            files.leave_out(NotManifest::FolderLink, link, Some(why));
        }
        Ok(_) | Err(_) => {}
    }
}

/// A folder that cannot be walked is an error where it is named.
fn not_walked(folder: &Path, error: walkdir::Error, files: &mut Files) {
    let path = error.path().unwrap_or(folder).to_owned();
    let is_named = error.depth() == 0;
    let why = error.to_string();
    match error.into_io_error() {
        Some(error) if !is_named => unread(&path, &error, files),
        _ => files.errors.push(unreadable(&display(folder), &why)),
    }
}

fn unread(path: &Path, error: &io::Error, files: &mut Files) {
    files.leave_out(NotManifest::Unreadable, path, Some(error.to_string()));
}
