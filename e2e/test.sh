#!/usr/bin/env bash
# `npm test`: format, lint, types, unit and integration tests on real PostgreSQL, end to end, browser. With CI=true a
# missing part is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

# The browser tests need a Chromium, and the webgpu engine's tests a GPU or the software one that Debian's chromium brings. It
# is a program of the system, so only root on Debian gets it installed for them.
browser() { command -v chromium || command -v google-chrome || [ -n "${CHROMIUM:-}" ]; }
gpu() { [ "$(uname)" != Linux ] || ls /dev/dri/renderD* /usr/lib/chromium/vk_swiftshader_icd.json; }
if ! browser >/dev/null || ! gpu >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo '== installing chromium'
    (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends chromium) >/dev/null
  else
    echo 'Chromium is missing: install it (Debian: sudo apt-get install chromium) or set CHROMIUM to its path.' >&2
    [ "${CI:-}" = true ] && exit 1
  fi
fi

echo '== format and lint'
npx biome check .
echo '== types and build'
npm run --silent build
echo '== generated files are up to date'
node dist/server/emit-schema.js --check
npx graphql-codegen --config schema/codegen.ts --check
echo '== tests'
exec node dist/e2e/run-tests.js
