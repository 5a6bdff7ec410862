#!/usr/bin/env bash
# Writes RFCs.md from docs/rfcs.json and the [Rfc] attributes of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
AS2_WRITE_RFCS=1 dotnet test tests/As2.House.Tests -v q -nologo --filter "FullyQualifiedName~the_page_is_what_list_and_attributes_give"
