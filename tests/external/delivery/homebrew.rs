//! Homebrew's formula, read by Ruby with the words that Homebrew defines.

use testing::programs::installed;

use super::VERSION;
use super::packages::{archive, packages};
use crate::orchestrators::folder::{Folder, succeed};

/// What a formula for Linux on Intel says, as a Mac never sees it.
const HOMEBREW: &str = r##"
class Formula
  class << self
    %w[desc homepage version license url sha256].each do |word|
      define_method(word) { |value| puts "#{word} #{value}" }
    end
    def on_linux = yield
    def on_macos; end
    def on_intel = yield
    def on_arm; end
    def test; end
  end
end
load ARGV[0]
formula = SpotDistribution.new
def formula.bin = Class.new { def self.install(name) = puts("install #{name}") }
formula.install
"##;

#[test]
fn the_formula_names_the_archive_and_its_checksum() {
    if !installed(&["ruby", "sha256sum"]) {
        return;
    }
    let Some(packages) = packages() else { return };
    let folder = Folder::of([("homebrew.rb", HOMEBREW)]);
    let mut ruby = folder.command("ruby");
    let said = succeed(
        ruby.arg("homebrew.rb")
            .arg(packages.join("spot-distribution.rb")),
    );
    let sum = succeed(folder.command("sha256sum").arg(archive()));
    let sum = sum.split_whitespace().next().unwrap();
    let name = archive()
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    for line in [
        format!(
            "url {}/releases/download/v{VERSION}/{name}",
            env!("CARGO_PKG_REPOSITORY")
        ),
        format!("sha256 {sum}"),
        format!("version {VERSION}"),
        "license Apache-2.0".to_owned(),
        "install spot-distribution".to_owned(),
    ] {
        assert!(
            said.lines().any(|it| it == line),
            "{line} is not in\n{said}"
        );
    }
}
