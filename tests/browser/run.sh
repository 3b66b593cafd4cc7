#!/usr/bin/env bash
# The writers' page in a real headless Chromium: typing, filling, dropping, the keyboard, axe, times. Called by
# .ci/run; what is missing is installed where possible. CLEARPLAN=path takes another binary than the debug one; CLEARPLAN_PICTURES=1 draws the pages into target/browser.
set -euo pipefail
cd "$(dirname "$0")/../.."

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium
  chromium=$(command -v chromium)
fi
command -v npm >/dev/null || { apt-get update -q && apt-get install -qy --no-install-recommends nodejs npm; }

# Is what is committed what the sources build to?
(cd web && npm ci --silent && npm run --silent check)
(cd tests/browser && npm ci --silent)

binary=${CLEARPLAN:-}
if [ -z "$binary" ]; then
  # With the examples, so that what `cargo test` has built of other crates serves here as well.
  cargo build --locked --bins --examples
  binary="${CARGO_TARGET_DIR:-target}/debug/clearplan"
fi
mkdir -p target/browser
CHROMIUM="$chromium" CLEARPLAN="$binary" OUT=target/browser node --test --test-concurrency=1 tests/browser/*.test.mjs
