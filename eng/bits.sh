#!/usr/bin/env bash
# Every single bit of a small message and of a receipt of each kind, flipped: also the kinds of which the tests take one bit an octet.
# Minutes; prints how many were refused.
set -euo pipefail
cd "$(dirname "$0")/.."
AS2_ALL_BITS=1 dotnet test tests/As2.Core.Tests -c Release -nologo --logger "console;verbosity=detailed" --filter "FullyQualifiedName~Damage" | grep -E "flipped|truncations|damaged|Accepted|Passed|Failed" || exit 1
