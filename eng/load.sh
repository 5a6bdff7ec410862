#!/usr/bin/env bash
# Drives a running gateway from a process of its own: signed and encrypted messages, signed receipts on the same connection, durable store.
#   eng/load.sh [--without-ifma] [--size BYTES] [--concurrency N] [--seconds S] [--rate N] [--deliver 0|1]
# --rate: so many messages a second are offered, answered or not (overload). --deliver 0: payloads stay in the store.
# The gateway is published with its code compiled ahead, as for a server that is to be quick from its first minute.
# --without-ifma: as in eng/bench.sh.
set -euo pipefail
if [ "${1:-}" = --without-ifma ]; then
  export OPENSSL_ia32cap=:~0x200000
  shift
fi
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
gateway=artifacts/gateway/gateway.dll
mkdir -p artifacts
if ! dotnet publish samples/ManagedGateway -c Release -p:GatewayAhead=true -o artifacts/gateway -v q -nologo -clp:ErrorsOnly > artifacts/ahead.log 2>&1; then
  echo "# not compiled ahead, see artifacts/ahead.log"
  dotnet build samples/ManagedGateway -c Release -v q -nologo -clp:ErrorsOnly
  gateway=samples/ManagedGateway/bin/Release/net10.0/gateway.dll
fi
dotnet build benchmarks/As2.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly
echo "# commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src samples || echo -changed), $(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores${OPENSSL_ia32cap:+, without IFMA}, load $(cut -d' ' -f1-3 /proc/loadavg)"
exec dotnet benchmarks/As2.Benchmarks/bin/Release/net10.0/As2.Benchmarks.dll load $gateway "$@"
