#!/usr/bin/env bash
# Drives a running gateway from a process of its own: signed and encrypted messages, signed receipts on the same connection, durable store.
#   eng/load.sh [--size BYTES] [--concurrency N] [--seconds S] [--rate N] [--deliver 0|1]
# --rate: so many messages a second are offered, answered or not (overload). --deliver 0: payloads stay in the store.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build samples/ManagedGateway -c Release -v q -nologo -clp:ErrorsOnly
dotnet build benchmarks/As2.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly
echo "# commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src samples || echo -changed), $(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
exec dotnet benchmarks/As2.Benchmarks/bin/Release/net10.0/As2.Benchmarks.dll load samples/ManagedGateway/bin/Release/net10.0/gateway.dll "$@"
