#!/bin/sh
# Registers this machine on its first start, then runs the agent. Identity, spool and downloaded weights live in /runner.
set -eu
export XDG_CACHE_HOME=/runner/cache
if [ ! -f /runner/runner.json ]; then
  # ADAPTER: which GPU, where webgpu finds several.
  node dist/cli/main.js runner register --home /runner --server "$SERVER_URL" --token "$REGISTRATION_TOKEN" --engine "$ENGINE" \
    ${ADAPTER:+--adapter "$ADAPTER"}
fi
# exec: the agent itself receives SIGTERM and drains.
exec node dist/cli/main.js runner start --home /runner
