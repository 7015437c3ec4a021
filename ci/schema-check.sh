#!/bin/sh
# Checks the schemas that changed since a base: they keep their compatibility level, and lint finds no error. What CI
# systems call; each has a snippet of its own beside this file. Says no by the exit codes of docs/exit-codes.md.
#
#   SPINE_BASE_REF   the revision to compare with (default: origin/main)
#   SPINE_FILES      files and globs, one a line (default: all of spine.schemas.yaml)
#   SPINE_LEVEL      the level, in place of what spine.schemas.yaml says
#   SPINE_PROFILE    confluent or strict
#   SPINE_LINT       false leaves lint out
#   SPINE_REPORTS    a folder for SARIF and JUnit reports (default: spine-reports)
#   SPINE_FORMAT     text, json or github
set -euf
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
base=${SPINE_BASE_REF:-origin/main}
reports=${SPINE_REPORTS:-spine-reports}

# One argument a line, whatever is in the line.
set --
while IFS= read -r file; do
  if [ -n "$file" ]; then set -- "$@" "$file"; fi
done <<LINES
${SPINE_FILES:-}
LINES

set -- "$@" --base-ref "$base" --format "${SPINE_FORMAT:-text}"
if [ -n "${SPINE_PROFILE:-}" ]; then set -- "$@" --profile "$SPINE_PROFILE"; fi
if [ -n "${SPINE_LEVEL:-}" ]; then set -- "$@" --level "$SPINE_LEVEL"; fi

compatibility=0
"$here/spine.sh" schema validate "$@" \
  --sarif "$reports/compatibility.sarif" --junit "$reports/compatibility.xml" || compatibility=$?
lint=0
if [ "${SPINE_LINT:-true}" != false ]; then
  "$here/spine.sh" schema lint "$@" --sarif "$reports/lint.sarif" --junit "$reports/lint.xml" || lint=$?
fi
if [ "$compatibility" -ne 0 ]; then exit "$compatibility"; fi
exit "$lint"
