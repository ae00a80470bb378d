// The version of Flux whose program is built, from its own module.
module spot-distribution.dev/programs/flux-cli

go 1.26.0

require github.com/fluxcd/flux2/v2 v2.9.5
