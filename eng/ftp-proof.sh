#!/usr/bin/env bash
# The long form of what the FTP tests prove in small: 300 uploads to every daemon (vsftpd under TLS 1.3 with session reuse), and 2,000
# files of one folder under two gateways. Prints one line a figure. Debian, root.
#   eng/ftp-proof.sh
# The crash campaign over a real daemon: eng/ftp-servers.sh start DIR && eng/crash.sh --bed DIR --random 500 && eng/ftp-servers.sh stop DIR
set -euo pipefail
cd "$(dirname "$0")/.."
export CI=true AS2_FULL=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bash eng/install-test-tools.sh
dotnet build tests/As2.Ftp.Tests -c Release -v q -nologo -clp:ErrorsOnly >&2
dotnet test tests/As2.Ftp.Tests -c Release --no-build -nologo --logger "console;verbosity=detailed" \
  --filter "FullyQualifiedName~uploads_in_one_session|FullyQualifiedName~two_gateways" 2>&1 \
  | grep -E "^ *[a-z0-9-]+: [0-9]+ |Failed |Total tests|Passed:|Failed:"
