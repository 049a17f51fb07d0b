#!/usr/bin/env bash
# From a fresh clone to the first container: sets up, builds, runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DENO_TLS_CA_STORE=system
./scripts/setup.sh
/usr/local/bin/deno run -A scripts/build.ts
exec ./dist/beluga run --rm hello
