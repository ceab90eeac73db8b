#!/bin/sh
# Registers this machine on the first start, then runs the agent.
# The runner's identity, spool and downloaded weights are stored in /runner.
set -eu
export XDG_CACHE_HOME=/runner/cache
if [ ! -f /runner/runner.json ]; then
  # ADAPTER selects the GPU when webgpu finds several.
  # The token is passed in the environment: a command line can be read by every user of the machine.
  CROSSCHECK_REGISTRATION_TOKEN="$REGISTRATION_TOKEN" \
    node cli/crosscheck.mjs runner register --home /runner --server "$SERVER_URL" --engine "$ENGINE" ${ADAPTER:+--adapter "$ADAPTER"}
fi
unset REGISTRATION_TOKEN
# exec, so that the agent itself receives SIGTERM and drains.
exec node cli/crosscheck.mjs runner start --home /runner
