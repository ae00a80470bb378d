"""The manifest for krew, the plugin manager of kubectl."""

from .release import NAME, OUT, REPOSITORY, archives, version


def write():
    platforms = "".join(platform(archive) for archive in archives())
    # https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest
    (OUT / "krew.yaml").write_text(f"""\
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: {NAME}
spec:
  version: v{version()}
  homepage: {REPOSITORY}
  shortDescription: Survive the loss of every spot node
  description: |
    Decides how many replicas of each workload have to stay on on-demand nodes, so that losing every
    spot node at once interrupts nothing. Reads manifests or live objects, and shows what would
    change, what would survive, and what it costs:

      kubectl get deploy,sts,hpa,pdb -A -o yaml | kubectl spot-distribution plan -
  platforms:
{platforms}""")


def platform(archive):
    it = archive.platform
    return f"""\
    - selector:
        matchLabels:
          os: {it.os}
          arch: {it.arch}
      uri: {archive.url}
      sha256: {archive.sha256}
      files:
        - from: {archive.folder}/{it.program}
          to: .
        - from: {archive.folder}/LICENSE
          to: .
      bin: {it.program}
"""
