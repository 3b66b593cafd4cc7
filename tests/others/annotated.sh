#!/usr/bin/env bash
# What other programs make of annotated plans and of the language server: python-docx lists the comments, LibreOffice
# opens and converts them, pygls speaks with the server. Called by .ci/run; what is missing is installed where possible.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=target/others
rm -rf "$work/plans"
mkdir -p "$work/plans"
if ! [ -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv" || { apt-get update -q && apt-get install -qy --no-install-recommends python3-venv && python3 -m venv "$work/venv"; }
fi
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check 'python-docx==1.2.0' 'pygls==2.1.1'

if ! command -v soffice >/dev/null; then
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends libreoffice-writer; } ||
    echo "skipped: LibreOffice is not here and could not be installed"
fi

# The government's template, filled, where there is one.
CLEARPLAN_FILLED="$PWD/$work/plans/template.docx" cargo test --locked --test template

# With the examples, so that what `cargo test` has built of other crates serves here as well.
cargo build --locked --bins --examples
"$work/venv/bin/python" tests/others/annotated.py "${CARGO_TARGET_DIR:-target}/debug/clearplan" "$work/plans"
"$work/venv/bin/python" tests/others/editor.py "${CARGO_TARGET_DIR:-target}/debug/clearplan"
