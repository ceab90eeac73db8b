#!/usr/bin/env bash
# `npm test`: format, lint, types, unit and integration tests on real PostgreSQL, end to end, browser. With CI=true a
# missing part is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

# The browser tests need a Chromium, the webgpu engine's tests a GPU or the software one that Debian's chromium brings, the
# native kernels' tests a C++ compiler. These are system programs, so they are installed only for root on Debian.
need() { # a name for people, then Debian's package
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== installing $2"
    (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$2") >/dev/null
  else
    echo "$1 is missing: install it (Debian: sudo apt-get install $2)." >&2
    [ "${CI:-}" != true ] || exit 1
  fi
}
browser() { command -v chromium || command -v google-chrome || [ -n "${CHROMIUM:-}" ]; }
gpu() { [ "$(uname)" != Linux ] || ls /dev/dri/renderD* || ls /usr/lib/chromium/vk_swiftshader_icd.json; }
compiler() { command -v c++ || command -v g++ || command -v clang++; }
browser >/dev/null || need 'Chromium (or its path in CHROMIUM)' chromium
gpu >/dev/null 2>&1 || need 'A GPU, or the software one in chromium,' chromium
compiler >/dev/null || need 'A C++ compiler' g++

echo '== format, lint, types, generated files'
npm run --silent check
echo '== tests'
exec node dist/e2e/run-tests.js
