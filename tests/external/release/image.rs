//! The image for both architectures, as it is published: `scripts/image --all` writes dist/image.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use testing::elf::machine_of_static;
use testing::programs::installed;
use walkdir::WalkDir;

use super::{ROOT, VERSION, dist, succeed};

/// One architecture's image, with its files unpacked.
struct Image {
    config: Value,
    size: u64,
    files: TempDir,
}

fn blob(layout: &Path, descriptor: &Value) -> PathBuf {
    let digest = descriptor["digest"].as_str().unwrap();
    layout.join("blobs").join(digest.replace(':', "/"))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The architectures in the layout, and the image for one of them.
fn image(arch: &str) -> Option<(Vec<String>, Image)> {
    let layout = dist()?.join("image");
    if !installed(&["tar", "gzip"]) {
        return None;
    }
    let index = json(&layout.join("index.json"));
    let list = json(&blob(&layout, &index["manifests"][0]));
    let manifests = list["manifests"].as_array().unwrap();
    let name = |it: &Value| it["platform"]["architecture"].as_str().unwrap().to_owned();
    let found = manifests.iter().find(|it| name(it) == arch).unwrap();
    let manifest = json(&blob(&layout, found));
    let files = TempDir::new().unwrap();
    let mut size = 0;
    for layer in manifest["layers"].as_array().unwrap() {
        let path = blob(&layout, layer);
        size += fs::metadata(&path).unwrap().len();
        let mut tar = Command::new("tar");
        tar.args(["--extract", "--gzip", "--file"]).arg(path);
        succeed(tar.current_dir(&files));
    }
    let config = json(&blob(&layout, &manifest["config"]));
    let architectures = manifests.iter().map(name).collect();
    let image = Image {
        config,
        size,
        files,
    };
    Some((architectures, image))
}

fn checked(arch: &str, machine: &str) {
    let Some((architectures, image)) = image(arch) else {
        return;
    };
    assert_eq!(architectures, ["amd64", "arm64"]);
    assert_eq!(image.config["architecture"], arch);
    assert_eq!(image.config["os"], "linux");
    assert!(image.size < 10_000_000, "{} bytes", image.size);
    let config = &image.config["config"];
    assert_eq!(config["User"], "65534:65534");
    assert_eq!(config["Entrypoint"][0], "/spot-distribution");
    let label = |name| &config["Labels"][format!("org.opencontainers.image.{name}")];
    assert_eq!(label("version"), VERSION);
    assert_eq!(label("licenses"), "Apache-2.0");
    assert_eq!(label("source"), env!("CARGO_PKG_REPOSITORY"));
    assert_eq!(label("description"), env!("CARGO_PKG_DESCRIPTION"));
    assert_eq!(label("revision").as_str().unwrap().len(), 40);

    let files = image.files.path();
    let passwd = fs::read_to_string(files.join("etc/passwd")).unwrap();
    assert!(passwd.starts_with("nobody:x:65534:65534:"), "{passwd}");
    let entries = WalkDir::new(files).into_iter().map(Result::unwrap);
    let count = entries.filter(|entry| entry.file_type().is_file()).count();
    assert_eq!(count, 3, "the program, passwd and group, and nothing else");
    if installed(&["readelf"]) {
        assert_eq!(machine_of_static(&files.join("spot-distribution")), machine);
    }
}

#[test]
fn amd64() {
    checked("amd64", "Advanced Micro Devices X86-64");
}

#[test]
fn arm64() {
    checked("arm64", "AArch64");
}

/// What a program writes, and how it ends.
fn written(program: &mut Command) -> (Vec<u8>, Vec<u8>, Option<i32>) {
    let output = program.output().unwrap();
    (output.stdout, output.stderr, output.status.code())
}

/// Every input of the examples and of the golden tests, each with its configuration.
fn inputs() -> Vec<(PathBuf, Vec<PathBuf>)> {
    let folders = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path())
    };
    let root = Path::new(ROOT);
    let golden = folders(&root.join("tests/golden")).flat_map(|topic| folders(&topic));
    let cases = folders(&root.join("examples")).chain(golden);
    let inputs = cases.map(|case| {
        let names = ["in", "in.yaml", "in.json", "list.yaml", "config.yaml"];
        let names = names.map(|name| case.join(name));
        let found = names.into_iter().filter(|path| path.exists()).collect();
        (case, found)
    });
    inputs.collect()
}

/// On another architecture the function writes the same bytes.
#[test]
fn arm64_writes_what_amd64_writes() {
    let Some((_, arm64)) = image("arm64") else {
        return;
    };
    let Some((_, amd64)) = image("amd64") else {
        return;
    };
    if !installed(&["qemu-aarch64-static"]) {
        return;
    }
    let program = |image: &Image| image.files.path().join("spot-distribution");
    let on_arm64 = || {
        let mut qemu = Command::new("qemu-aarch64-static");
        qemu.arg(program(&arm64));
        qemu
    };
    let on_amd64 = || Command::new(program(&amd64));
    let mut runs = 0;
    for (case, paths) in inputs() {
        let named = |name: &str| paths.iter().find(|path| path.ends_with(name));
        for input in paths.iter().filter(|path| !path.ends_with("config.yaml")) {
            let run = |mut program: Command| {
                if input.ends_with("list.yaml") {
                    program.stdin(Stdio::from(File::open(input).unwrap()));
                } else {
                    program.arg("apply");
                    if let Some(config) = named("config.yaml") {
                        program.arg("--config").arg(config);
                    }
                    program.arg(input).stdin(Stdio::null());
                }
                written(&mut program)
            };
            let message = case.display().to_string();
            assert!(run(on_arm64()) == run(on_amd64()), "{message}");
            runs += 1;
        }
    }
    assert!(runs > 150, "{runs}");
}
