#!/usr/bin/env bash
# `npm test`: format, lint, types, unit and integration tests on real PostgreSQL, end to end, browser. With CI=true a
# missing part is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

# The browser tests need a Chromium, the native kernels' tests a C++ compiler. Both are programs of the system, so only root
# on Debian gets them installed.
need() { # what it is for a person, Debian's package, then names of the program
  local what=$1 package=$2
  shift 2
  for program in "$@"; do command -v "$program" >/dev/null && return; done
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing $package"
    (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$package") >/dev/null
  else
    echo "$what is missing: install it (Debian: sudo apt-get install $package)." >&2
    [ "${CI:-}" != true ] || exit 1
  fi
}
[ -n "${CHROMIUM:-}" ] || need 'Chromium (or CHROMIUM with its path)' chromium chromium google-chrome
need 'A C++ compiler' g++ c++ g++ clang++

echo '== format and lint'
npx biome check .
echo '== types and build'
npm run --silent build
echo '== generated files are up to date'
node dist/server/emit-schema.js --check
npx graphql-codegen --config schema/codegen.ts --check
echo '== tests'
exec node dist/e2e/run-tests.js
