#!/usr/bin/env bash
# Troubles under load, one after another, against one gateway that nobody restarts: disk full, below the watermark, fsync and writes
# that fail, a locked database, a moved clock, and a partner that refuses, resets half-way, hangs, answers 503 or garbage, loses its
# receipts, posts them twice or late. Each must heal by itself. Needs Linux with user namespaces, and cc.
#   eng/faults.sh [--seconds S] [--points WORD,WORD]     S: how long each trouble lasts (default and most 10)
# What passes is not purged meanwhile, some 45 KB a message: the small disk has room for a fast machine's 30,000.
# One line for each trouble; the last line is the verdict:
#   troubles N, healed N, the slowest after N s, offered N, acknowledged N, delivered N, lost 0, doubled 0, false receipts 0, stuck 0
set -euo pipefail
cd "$(dirname "$0")/.."
source eng/ahead.sh
disk=$(mktemp -d)
trap 'rmdir "$disk"' EXIT
# The shell waits for the driver, which takes the signals: it settles what it has and prints the verdict.
trap 'kill -TERM "$driver"' TERM INT
unshare -rm bash -c 'mount -t tmpfs -o size=1536m as2 "$2" && crash=$1 disk=$2 && shift 2 && exec dotnet "$crash" faults --data "$disk" "$@"' _ "$crash" "$disk" "$@" &
driver=$!
wait "$driver" || code=$?
while kill -0 "$driver" 2>/dev/null; do wait "$driver" || code=$?; done
exit "${code:-0}"
