//! `--diff`: what the patch makes of the files is what `apply` writes.

use std::fs;
use std::process::{Command, Stdio};

use testing::programs::installed;

use super::stream::stream;
use super::{folder, shown, workload};

/// Plans and patches one file, and compares it with what `apply` makes of it.
fn patched(text: &str) {
    let folder = folder(&[("a.yaml", text)]);
    let root = folder.path().to_str().unwrap();
    let plan = shown(root, &["plan", "-o", "json", "--diff", "a.yaml"], "");
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let patch = plan["diffs"][0]["text"].as_str().unwrap_or_default();
    let applied = shown(root, &["apply", "a.yaml"], "");
    fs::write(folder.path().join("a.patch"), patch).unwrap();
    let mut command = Command::new("patch");
    command.args(["-p1", "--binary", "-F0", "-i", "a.patch"]);
    let status = command.current_dir(root).stdout(Stdio::null()).status();
    assert!(status.unwrap().success(), "{patch}");
    let found = fs::read_to_string(folder.path().join("a.yaml")).unwrap();
    // A stream that begins with JSON says in front that it is YAML; a file needs no such word.
    let added = if text.starts_with('{') { "---\n" } else { "" };
    let applied = applied.strip_prefix(added).unwrap_or(&applied);
    assert_eq!(found, applied, "{patch}");
}

#[test]
fn the_diff_makes_what_apply_writes() {
    if !installed(&["patch"]) {
        return;
    }
    let web = workload("Deployment", "web", "  replicas: 10\n");
    patched(&web);
    patched(web.trim_end());
    patched(&web.replace('\n', "\r\n"));
    patched(&format!("{web}---\n{}", web.replace("web", "api")));
    let (json, shop) = ("examples/styles/in/json.json", "examples/shop/in/cart.yaml");
    for example in [json, shop, "examples/quorum/in/3-vault.yaml"] {
        patched(&fs::read_to_string(example).unwrap());
    }
    patched(&stream());
}

/// The whole of what `plan --diff` prints can be piped into `git apply`, which is exact.
#[test]
fn the_table_with_its_diffs_is_a_patch() {
    if !installed(&["git"]) {
        return;
    }
    let ten = |name| workload("Deployment", name, "  replicas: 10\n");
    let files = [
        ("a.yaml", ten("a")),
        ("b/blank.yaml", ten("b") + "   \n"),
        ("b/crlf.yaml", ten("c").replace('\n', "\r\n")),
        ("d e/new\nline.yaml", ten("d")),
        ("d e/tab\tand \"quote\".yaml", ten("e")),
        ("d e/\u{fc}.yaml", ten("f")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let folder = folder(&files);
    let root = folder.path().to_str().unwrap();
    let patch = shown(root, &["plan", "--diff", "."], "");
    let expected = files.map(|(path, _)| shown(root, &["apply", path], ""));
    fs::write(folder.path().join("patch.txt"), &patch).unwrap();
    let mut git = Command::new("git");
    git.args(["apply", "patch.txt"]).current_dir(root);
    assert!(git.status().unwrap().success(), "{patch}");
    for ((path, _), expected) in files.iter().zip(expected) {
        let found = fs::read_to_string(folder.path().join(path)).unwrap();
        assert_eq!(found, expected, "{path}");
    }
}

#[test]
fn taking_back_is_a_diff_as_well() {
    if !installed(&["patch"]) {
        return;
    }
    let web = workload("Deployment", "web", "  replicas: 10\n");
    let applied = shown(".", &["apply", "-"], &web);
    let off = "annotations: {spot-distribution.dev/strategy: 'off', ";
    let off = applied.replacen("annotations: {", off, 1);
    patched(&off);
    patched(off.trim_end());
}

#[test]
fn what_changes_nothing_has_no_diff() {
    let applied = shown("examples/web", &["apply", "in"], "");
    let plan = shown(".", &["plan", "--diff", "-"], &applied);
    assert!(plan.contains("Nothing would change."), "{plan}");
    assert!(!plan.contains("@@"), "{plan}");
}
