"""The plugin for Helm 4: a post-renderer, with the programs for every platform in one archive."""

from pathlib import Path

from .release import NAME, OUT, REPOSITORY, archives, version, write_tar

PLUGIN = f"{NAME}-helm"


def write():
    found = archives()
    files = {"plugin.yaml": (manifest(found).encode(), 0o644)}
    script = Path(__file__).parent / "helm" / "post-render"
    files["post-render"] = (script.read_bytes(), 0o755)
    for archive in found:
        files[f"{folder(archive)}/{archive.platform.program}"] = (archive.program(), 0o755)
    # Helm looks for the plugin in a folder that has the name of the archive without its version.
    files = {f"{PLUGIN}/{name}": content for name, content in files.items()}
    write_tar(OUT / f"{PLUGIN}-{version()}.tgz", files)


def folder(archive):
    return f"{archive.platform.os}-{archive.platform.arch}"


def manifest(found):
    # https://helm.sh/docs/topics/plugins/overview
    commands = "".join(command(archive) for archive in found)
    return f"""\
apiVersion: v1
type: postrenderer/v1
name: {NAME}
version: {version()}
sourceURL: {REPOSITORY}
runtime: subprocess
runtimeConfig:
  platformCommand:
{commands}"""


def command(archive):
    platform = archive.platform
    program = f"${{HELM_PLUGIN_DIR}}/{folder(archive)}/{platform.program}"
    if platform.os == "windows":
        start, arguments = program, "[apply, '-']"
    else:
        start, arguments = "${HELM_PLUGIN_DIR}/post-render", f"[{folder(archive)}]"
    return f"""\
    - os: {platform.os}
      arch: {platform.arch}
      command: {start}
      args: {arguments}
"""
