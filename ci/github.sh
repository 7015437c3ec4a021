#!/bin/sh
# The step of action.yml: finds the base of a pull request or a push, fetches it where the checkout is shallow, and checks.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

if [ -z "${SPINE_BASE_REF:-}" ]; then
  if [ -n "${GITHUB_BASE_REF:-}" ]; then
    SPINE_BASE_REF=origin/$GITHUB_BASE_REF
    if ! git rev-parse --verify --quiet "$SPINE_BASE_REF" >/dev/null; then
      git fetch --quiet --no-tags --depth=1 origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/origin/$GITHUB_BASE_REF"
    fi
  else
    # A push: what was there before it. All zeros: a new branch, compared with what it began from.
    case "${SPINE_PUSHED_FROM:-}" in
      '' | *[!0]*) SPINE_BASE_REF=${SPINE_PUSHED_FROM:-HEAD^} ;;
      *) SPINE_BASE_REF=HEAD^ ;;
    esac
    if ! git rev-parse --verify --quiet "$SPINE_BASE_REF^{commit}" >/dev/null; then
      git fetch --quiet --no-tags --depth=2 origin "${GITHUB_SHA:-HEAD}" || true
    fi
  fi
  export SPINE_BASE_REF
fi
export SPINE_FORMAT=${SPINE_FORMAT:-github}
code=0
"$here/schema-check.sh" || code=$?
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
  # Code scanning wants a folder that is there.
  if [ -d "${SPINE_REPORTS:-spine-reports}" ]; then echo "reports=true" >>"$GITHUB_OUTPUT"; fi
fi
exit "$code"
