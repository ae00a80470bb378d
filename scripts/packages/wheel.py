"""Packages for pip, pipx and uv: the program for one platform, and no Python at all."""

import base64
import hashlib

from .release import NAME, OUT, REPOSITORY, ROOT, archives, description, version, write_zip

DISTRIBUTION = NAME.replace("-", "_")


def write():
    for archive in archives():
        write_wheel(archive)


def write_wheel(archive):
    # https://packaging.python.org/en/latest/specifications/binary-distribution-format/
    tag = f"py3-none-{archive.platform.wheel}"
    name = f"{DISTRIBUTION}-{version()}"
    info = f"{name}.dist-info"
    files = {
        f"{name}.data/scripts/{archive.platform.program}": (archive.program(), 0o755),
        f"{info}/METADATA": (metadata().encode(), 0o644),
        f"{info}/WHEEL": (wheel(tag).encode(), 0o644),
        f"{info}/licenses/LICENSE": ((ROOT / "LICENSE").read_bytes(), 0o644),
    }
    files[f"{info}/RECORD"] = (record(files, f"{info}/RECORD").encode(), 0o644)
    write_zip(OUT / f"{name}-{tag}.whl", files)


def metadata():
    return f"""\
Metadata-Version: 2.4
Name: {NAME}
Version: {version()}
Summary: {description()}
License-Expression: Apache-2.0
License-File: LICENSE
Project-URL: Homepage, {REPOSITORY}
Project-URL: Changelog, {REPOSITORY}/blob/main/CHANGELOG.md
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{description()}. This package holds the program `{NAME}`; [its pages]({REPOSITORY}#readme) say what it does.
"""


def wheel(tag):
    start, platforms = tag.rsplit("-", 1)
    tags = "".join(f"Tag: {start}-{platform}\n" for platform in platforms.split("."))
    return f"Wheel-Version: 1.0\nGenerator: scripts/release\nRoot-Is-Purelib: false\n{tags}"


def record(files, own_name):
    lines = (f"{name},sha256={digest(content)},{len(content)}\n" for name, (content, _) in files.items())
    return "".join(lines) + f"{own_name},,\n"


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
