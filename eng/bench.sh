#!/usr/bin/env bash
# Measures the hot paths, each beside the arithmetic that nobody can avoid, and keeps the lines with machine, commit and date.
#   eng/bench.sh [--without-ifma] [--full]
# One line a figure: name value unit ratio bar ok|short. CPU time, so that other load does not count (compression: by the clock).
# --full: more rounds and sizes, then BenchmarkDotNet's own table. Everything is compiled whole at once: on a busy machine the second
# tier of the compiler would come too late, and the first would be measured. The youngest generation gets 1 MiB: where the processor's
# third cache has 300, the runtime would not collect once in the whole run, and what would be measured is the first touch of each page.
# --without-ifma: OpenSSL leaves AVX-512 IFMA alone, in the floors and in what is measured: processors without it do an RSA operation in
# twice the time, and the bars come from one of them.
set -euo pipefail
kind=
if [ "${1:-}" = --without-ifma ]; then
  export OPENSSL_ia32cap=:~0x200000
  kind=$1
  shift
fi
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build benchmarks/As2.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly
program=benchmarks/As2.Benchmarks/bin/Release/net10.0/As2.Benchmarks.dll
commit=$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src benchmarks || echo -changed)
result=benchmarks/results/$(date -u +%Y-%m-%d)-$commit$kind${1:-}.txt
mkdir -p benchmarks/results
{
  echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores; $(dotnet --version); $(openssl version | cut -d' ' -f1,2)"
  echo "# commit $commit${kind:+, without IFMA}, $(date -u +%Y-%m-%dT%H:%MZ), load $(cut -d' ' -f1-3 /proc/loadavg)"
} | tee "$result"
DOTNET_TieredCompilation=0 DOTNET_ReadyToRun=0 DOTNET_GCgen0size=0x100000 dotnet "$program" figures "$@" | tee -a "$result"
if [ "${1:-}" = --full ]; then
  dotnet "$program" --filter '*' --job short --artifacts artifacts/benchmarks | grep '^|' | tee -a "$result"
fi
