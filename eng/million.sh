#!/usr/bin/env bash
# A gateway with a million messages on SQLite: how long dashboard and searches take over its API, in 40 different rounds each, and what the
# receive rate loses while one of them is asked for twice a second.
#   eng/million.sh [--rows N] [--days D] [--seconds S] [--turns N] [--size BYTES]
# --days: the time over which the messages are spread (default 60). --seconds 0: only questions. 2 GiB of disk are needed.
# The exit code is 0 when every p95 is within 300 ms and the rate loses at most 10 %.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -n "${BUILT:-}" ] || dotnet build samples/ManagedGateway -c Release -v q -nologo -clp:ErrorsOnly
[ -n "${BUILT:-}" ] || dotnet build benchmarks/As2.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly
echo "# commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src samples || echo -changed), $(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
exec dotnet benchmarks/As2.Benchmarks/bin/Release/net10.0/As2.Benchmarks.dll million samples/ManagedGateway/bin/Release/net10.0/gateway.dll "$@"
