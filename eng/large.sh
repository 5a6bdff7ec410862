#!/usr/bin/env bash
# Puts a large file through the layers, beside openssl's cms pipeline on the same file in turns.
#   eng/large.sh [--gib N] [--rounds N] [--streams N] [--folder F]
# Lines: out ratio X rss N MiB; in ratio X rss N MiB; then what a further stream at once takes.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build benchmarks/As2.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly >&2
# Whole processes are measured: their code is compiled natively, as openssl's is.
program=artifacts/large/As2.Large
mkdir -p artifacts
if ! dotnet publish benchmarks/As2.Large -c Release -p:CompiledAhead=true -o artifacts/large -v q -nologo -clp:ErrorsOnly > artifacts/ahead.log 2>&1; then
  echo "# not compiled natively, see artifacts/ahead.log"
  dotnet build benchmarks/As2.Large -c Release -v q -nologo -clp:ErrorsOnly >&2
  program=benchmarks/As2.Large/bin/Release/net10.0/As2.Large.dll
fi
echo "# commit $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src benchmarks || echo -changed), $(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
DOTNET_TieredPGO=0 exec dotnet benchmarks/As2.Benchmarks/bin/Release/net10.0/As2.Benchmarks.dll large --program "$program" "$@"
