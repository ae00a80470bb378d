# The commands that people need. `just` lists them; each is one line that can be typed without it.

[private]
default:
	@just --list

# Formatting, lints and the tests that need no other program: before every commit
fast:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo test --locked -p spot-distribution -p yaml-splice --lib --test it --test golden

# Every test; those whose program is missing are skipped and say so
test:
	PATH="$(tests/external/programs/build):$PATH" cargo test --locked -p spot-distribution -p yaml-splice

# The golden folders whose name contains FILTER
golden FILTER="":
	cargo test --locked --test golden -- {{FILTER}}

# Write what those folders expect: read the diff before you commit it
bless FILTER="":
	UPDATE_GOLDEN=1 cargo test --locked --test golden -- {{FILTER}}

# The language of the pages, with vale, which it builds once (needs Go)
style *FILES:
	scripts/style {{FILES}}

# Write the published schema
schema:
	UPDATE_SCHEMA=1 cargo test --locked --lib schema

# Fuzz one TARGET: function, manifests, configuration, document, edits or scan
fuzz TARGET SECONDS="60":
	scripts/fuzz {{TARGET}} {{SECONDS}}

# The long form of laws, corpus, oracle and fuzzing: an hour and a half
torture:
	scripts/torture

# Speed, beside cat and other ways to do it; for numbers, on a quiet machine
bench *ARGUMENTS:
	benchmark/run {{ARGUMENTS}}

# The page in the browser, as one file: dist/web/index.html
web *ARGUMENTS:
	scripts/web {{ARGUMENTS}}

# The guarantees, on a real control plane
conform *ARGUMENTS="--quick":
	conformance/run {{ARGUMENTS}}

# Everything that has to hold before a release
ci:
	.ci/run
