"""The formula for Homebrew, which installs the program of the release on macOS and Linux."""

from .release import NAME, OUT, REPOSITORY, archives, version

# Homebrew takes 80 characters.
SUMMARY = "Place replicas so that Kubernetes survives the loss of every spot node"
SYSTEMS = {"darwin": "macos", "linux": "linux"}
PROCESSORS = {"amd64": "intel", "arm64": "arm"}


def write():
    systems = "\n".join(filter(None, (system(os) for os in SYSTEMS)))
    (OUT / f"{NAME}.rb").write_text(f"""\
class SpotDistribution < Formula
  desc "{SUMMARY}"
  homepage "{REPOSITORY}"
  version "{version()}"
  license "Apache-2.0"

{systems}
  def install
    bin.install "{NAME}"
  end

  test do
    assert_match version.to_s, shell_output("#{{bin}}/{NAME} --version")
  end
end
""")


def system(os):
    found = [archive for archive in archives() if archive.platform.os == os]
    if not found:
        return None
    processors = "".join(processor(archive) for archive in found)
    return f"""\
  on_{SYSTEMS[os]} do
{processors}  end
"""


def processor(archive):
    return f"""\
    on_{PROCESSORS[archive.platform.arch]} do
      url "{archive.url}"
      sha256 "{archive.sha256}"
    end
"""
