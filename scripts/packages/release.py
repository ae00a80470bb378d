"""What every package of a release is made of: its version, its archives and the programs in them."""

import gzip
import hashlib
import io
import os
import re
import subprocess
import tarfile
import time
import zipfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "dist" / "release"
NAME = "spot-distribution"
REPOSITORY = f"https://github.com/{NAME}/{NAME}"


class Platform(NamedTuple):
    """What a package manager calls the platform of a target triple."""

    target: str
    os: str  # as Go calls it, and with it Helm and krew
    arch: str
    wheel: str  # the tag of Python's packages

    @property
    def program(self):
        return f"{NAME}.exe" if self.os == "windows" else NAME


# The programs for Linux are static, so one wheel serves glibc and musl.
PLATFORMS = [
    Platform("x86_64-unknown-linux-gnu", "linux", "amd64", "manylinux2014_x86_64.musllinux_1_1_x86_64"),
    Platform("aarch64-unknown-linux-gnu", "linux", "arm64", "manylinux2014_aarch64.musllinux_1_1_aarch64"),
    Platform("aarch64-apple-darwin", "darwin", "arm64", "macosx_11_0_arm64"),
    Platform("x86_64-apple-darwin", "darwin", "amd64", "macosx_10_12_x86_64"),
    Platform("x86_64-pc-windows-msvc", "windows", "amd64", "win_amd64"),
]


class Archive(NamedTuple):
    """An archive that has been made."""

    platform: Platform
    path: Path

    @property
    def url(self):
        return f"{REPOSITORY}/releases/download/v{version()}/{self.path.name}"

    @property
    def sha256(self):
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @property
    def folder(self):
        """Where everything lies in it."""
        return f"{NAME}-{version()}-{self.platform.target}"

    def program(self):
        name = f"{self.folder}/{self.platform.program}"
        if self.path.suffix == ".zip":
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(name)
        with tarfile.open(self.path) as archive:
            return archive.extractfile(name).read()


def archive_path(target):
    return OUT / f"{NAME}-{version()}-{target}.{'zip' if 'windows' in target else 'tar.gz'}"


def archives():
    """Those that are there, in the order of PLATFORMS."""
    found = (Archive(platform, archive_path(platform.target)) for platform in PLATFORMS)
    return [archive for archive in found if archive.path.exists()]


def version():
    return re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]


def description():
    return re.search(r'^description = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]


def commit_time():
    """The time of everything in the packages; `SOURCE_DATE_EPOCH` where there is no Git."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or subprocess.check_output(["git", "log", "-1", "--format=%ct"], cwd=ROOT))


def write_tar(path, files):
    """Writes `files`, their content and mode by name. The bytes depend on these and the commit alone."""
    unpacked = io.BytesIO()
    with tarfile.open(fileobj=unpacked, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, (content, mode) in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(content), mode, commit_time()
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(gzip.compress(unpacked.getvalue(), mtime=0))


def write_zip(path, files):
    """The same as a zip."""
    when = time.gmtime(commit_time())[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, mode) in files.items():
            entry = zipfile.ZipInfo(name, when)
            # Where it was made must not matter: as on Unix, a regular file with this mode.
            entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
