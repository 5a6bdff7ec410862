#!/usr/bin/env bash
# Writes src/*/PublicAPI.Unshipped.txt from the code. Run it when the public surface changed on purpose, and read the diff:
# CI fails on a public symbol that is not listed, and on a listed one that is gone.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v jq >/dev/null || { echo "eng/public-api.sh needs jq"; exit 1; }

log=artifacts/api/build.log
build() { # what dotnet build takes
  dotnet build "$@" -v q -nologo -p:ApiBaseline=true -p:RunAnalyzers=true >"$log" 2>&1 || { grep error "$log" | sort -u | head -20; exit 1; }
}

# The exact names of a rule's findings: the analyzer keeps them beside its message, which shortens them.
unlisted() { # project
  jq -r '.runs[0].results[] | select(.ruleId == "RS0016") | .properties.customProperties.APIName' "artifacts/api/$1.sarif"
}

# Symbols that were shipped and are gone.
gone() { # project
  jq -r '.runs[0].results[] | select(.ruleId == "RS0017") | .message.text' "artifacts/api/$1.sarif" \
    | sed -n "s/^Symbol '\(.*\)' is part of the declared API.*/*REMOVED*\1/p"
}

rm -rf artifacts/api && mkdir -p artifacts/api
dotnet restore As2Sdk.sln -v q
build src/As2.Core
for list in src/As2.Core/PublicAPI.Unshipped.txt $(ls src/*/PublicAPI.Unshipped.txt | grep -v '/As2.Core/'); do
  folder=$(dirname "$list")
  project=$(basename "$folder")
  cp "$list" "artifacts/api/$project.before"
  echo '#nullable enable' >"$list"
  # A record and its constructor are reported as one finding, so the second appears only when the first is listed.
  for round in 1 2 3 4; do
    build "$folder" --no-restore --no-incremental -p:BuildProjectReferences=false
    found=$(unlisted "$project"; gone "$project")
    [ -n "$found" ] || break
    [ "$round" -lt 4 ] || { cp "artifacts/api/$project.before" "$list"; echo "$project does not settle:"; echo "$found"; exit 1; }
    { echo '#nullable enable'; { tail -n +2 "$list"; echo "$found"; } | LC_ALL=C sort -u; } >"$list.new"
    mv "$list.new" "$list"
  done
  echo "$project: $(($(wc -l <"$list") - 1)) symbols"
done
