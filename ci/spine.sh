#!/bin/sh
# Runs `spine`: the one that SPINE_COMMAND names, that of the project, that on the path, or that of this checkout.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

if [ -n "${SPINE_COMMAND:-}" ]; then
  exec "$SPINE_COMMAND" "$@"
fi
if [ -x node_modules/.bin/spine ]; then
  exec node_modules/.bin/spine "$@"
fi
if command -v spine >/dev/null 2>&1; then
  exec spine "$@"
fi
# A fresh checkout, as pre-commit and a pipeline make one: its dependencies come with the first run.
if [ ! -d "$root/node_modules" ]; then
  (cd "$root" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund >&2)
fi
exec node "$root/cli/bin/spine.js" "$@"
