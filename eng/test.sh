#!/usr/bin/env bash
# Installs what the tests need, builds once in Release, runs every test project one after another.
# Further arguments go to dotnet test: ./eng/test.sh --filter FullyQualifiedName~Receipts
# The last line is 'N passed, N failed, N skipped'; the exit code is 0 only when something ran and nothing failed.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

bash eng/install-test-tools.sh
dotnet restore As2Sdk.sln --locked-mode -v q || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet build As2Sdk.sln -c Release --no-restore -v q -nologo -clp:ErrorsOnly || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

results=$PWD/artifacts/tests
rm -rf "$results" && mkdir -p "$results"
export AS2_SCREENS=${AS2_SCREENS:-$PWD/artifacts/screens}
passed=0 failed=0 skipped=0
noise='^(Test run for|A total of|Data collector|Results File:|Additionally, path|No test (is available|matches)) |^$'

count() { # counter, result file
  sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -1
}

# A script in the background ignores Ctrl+C, and so would the gateway that a test interrupts.
run=()
env --default-signal=INT true 2>/dev/null && run=(env --default-signal=INT)

for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  "${run[@]}" dotnet test "$project" -c Release --no-build -v q -nologo \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" --results-directory "$results" \
    --blame-hang-timeout 10m --blame-hang-dump-type none "$@" 2>&1 | grep -vE "$noise"
  code=${PIPESTATUS[0]}
  trx=$results/$name.trx
  if [ -e "$trx" ]; then
    total=$(count total "$trx") ok=$(count passed "$trx") bad=$(count failed "$trx")
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
  fi
  # A run that broke off counts as a failure, whatever it had counted until then.
  if [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then
    echo "$name ended with exit code $code"
    failed=$((failed + 1))
  fi
  unset bad
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
