#!/bin/sh
# The hook of pre-commit (.pre-commit-hooks.yaml): the schemas that are about to be committed against those of HEAD.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

# The first commit has nothing to break.
if ! git rev-parse --verify --quiet HEAD >/dev/null; then exit 0; fi
exec "$here/spine.sh" schema validate "$@" --base-ref HEAD
