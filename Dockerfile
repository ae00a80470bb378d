# The function as a container: one static binary and nothing else. `scripts/image` builds the binary
# into dist/ and then this image; nothing is downloaded here.
FROM scratch
ARG TARGETARCH
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="spot-distribution" \
      org.opencontainers.image.description="A KRM function that keeps enough replicas on on-demand nodes to survive the loss of every spot node" \
      org.opencontainers.image.source="https://github.com/spot-distribution/spot-distribution" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# kpt and kustomize run functions with `--user nobody`, a name that must be known in the image.
COPY image/passwd image/group /etc/
COPY dist/linux-${TARGETARCH}/spot-distribution /spot-distribution
# nobody, as a number: Kubernetes cannot tell from a name that it is not root.
USER 65534:65534
ENTRYPOINT ["/spot-distribution"]
