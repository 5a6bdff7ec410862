#!/usr/bin/env bash
# Slow senders against a running gateway: connections that send their head, or their body, an octet now and then, while an honest partner
# sends messages; then idle TLS connections. Prints the honest partner's times and the gateway's memory. Needs python3 and openssl.
#   eng/slow-senders.sh [--heads 2000] [--bodies 2000] [--idle 5000] [--seconds 60]
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[ -n "${NO_BUILD:-}" ] || dotnet build samples/ManagedGateway -c Release -v q -nologo -clp:ErrorsOnly
ulimit -n "$(ulimit -Hn)"
echo "# commit $(git rev-parse --short HEAD), $(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(ulimit -n) files"
exec python3 eng/slow-senders.py samples/ManagedGateway/bin/Release/net10.0/gateway.dll "$@"
