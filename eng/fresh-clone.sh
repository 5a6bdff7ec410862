#!/usr/bin/env bash
# What a newcomer meets: clones the commit at HEAD into a temporary folder and runs the README's commands there, the demo twice, then
# .ci/run. Prints one line a step; the last line is 'fresh clone: ok' or 'fresh clone: N failed'.
set -uo pipefail
cd "$(dirname "$0")/.."
source=$PWD
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
failed=0

git clone -q "$source" "$place/As2Sdk" || exit 1
# The corpus stands beside the repository; tests over it skip when it is not there.
corpus=$(cd .. && pwd)/shared
[ ! -d "$corpus" ] || ln -s "$corpus" "$place/shared"
cd "$place/As2Sdk" || exit 1

step() { # name, command…
  local name=$1 log=$place/log start=$SECONDS
  shift
  if "$@" >"$log" 2>&1 </dev/null; then
    echo "ok      $name ($((SECONDS - start)) s): $(tail -n 1 "$log")"
  else
    echo "FAILED  $name ($((SECONDS - start)) s), exit code $?"
    tail -n 40 "$log"
    failed=$((failed + 1))
  fi
}

[ -z "$(git status --porcelain)" ] || { echo "the clone is not clean: check .gitattributes"; failed=1; }
step "demo, first start" dotnet run --project samples/ManagedGateway -- demo --exit
step "demo, again" dotnet run --project samples/ManagedGateway -- demo --exit
step ".ci/run" bash .ci/run
[ -z "$(git status --porcelain)" ] || { echo "FAILED  files were left behind:"; git status --short; failed=$((failed + 1)); }

[ "$failed" -eq 0 ] && echo "fresh clone: ok" || { echo "fresh clone: $failed failed"; exit 1; }
