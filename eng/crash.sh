#!/usr/bin/env bash
# Kills the gateway under load, both ways, over real HTTP and FTPS, and compares what it acknowledged with what arrived.
#   eng/crash.sh [--kills N] [--random N] [--seconds S] [--points I1,D3] [--data DIR]
#     [--bed DIR [--daemon vsftpd]]   a route goes to a daemon that eng/ftp-servers.sh start DIR began; its reader takes files at once
# --kills: at each named point (default 2); --random: at random moments (default 10); --seconds: no kill begins after so many.
# Ctrl+C or SIGTERM ends the killing: what was offered is settled. The last line is the verdict:
#   kills N, offered N, acknowledged N, delivered N, lost 0, doubled 0, false receipts 0, stuck 0
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/ahead.sh
exec dotnet "$crash" drive "$@"
