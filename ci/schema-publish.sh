#!/bin/sh
# Publishes the schemas of spine.schemas.yaml, each after those that it refers to: what a release calls. What is published
# already stays as it is, so that it may be called again. Says no by the exit codes of docs/exit-codes.md.
#
#   SPINE_REGISTRY_URL   the registry
#   SPINE_TOKEN          a token with the role publisher
#   SPINE_FILES          files and globs, one a line (default: all of spine.schemas.yaml)
#   SPINE_DRY_RUN        true says what would happen, and publishes nothing
#   SPINE_REPORTS        a folder for SARIF and JUnit reports (default: spine-reports)
#   SPINE_FORMAT         text, json or github
set -euf
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
reports=${SPINE_REPORTS:-spine-reports}

set --
while IFS= read -r file; do
  if [ -n "$file" ]; then set -- "$@" "$file"; fi
done <<LINES
${SPINE_FILES:-}
LINES

if [ "${SPINE_DRY_RUN:-false}" = true ]; then set -- "$@" --dry-run; fi
exec "$here/spine.sh" schema publish "$@" --format "${SPINE_FORMAT:-text}" \
  --sarif "$reports/publish.sarif" --junit "$reports/publish.xml"
