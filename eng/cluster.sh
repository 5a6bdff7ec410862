#!/usr/bin/env bash
# Equal nodes of the gateway behind nginx, on one PostgreSQL and one shared folder, with traffic both ways; compares what was acknowledged
# with what arrived.
#   eng/cluster.sh [--nodes N] [--seconds S] [--chaos] [--data DIR]
# --chaos: nodes are killed, stopped and continued, ended in order and cut from the database for twice the lease; the database crashes.
# Ctrl+C or SIGTERM ends the trouble: what was offered is settled. The last line is the verdict:
#   nodes N, kills N, database restarts N, offered N, delivered N, lost 0, doubled 0, false receipts 0, stuck 0
set -euo pipefail
cd "$(dirname "$0")/.."
arguments=()
while [ $# -gt 0 ]; do
  if [ "$1" = --chaos ]; then arguments+=(--chaos true); else arguments+=("$1" "${2:?"$1 needs a value"}"); shift; fi
  shift
done
source eng/ahead.sh
exec dotnet "$crash" cluster "${arguments[@]}"
