#!/usr/bin/env bash
# How fast the gateway's FTPS server takes and gives a large file, beside vsftpd in the same run: curl, TLS 1.3, one file, one disk.
#   eng/ftp-throughput.sh [--mib N] [--rounds N]     default 1024 MiB, 3 rounds; the best round of each counts
# One line a figure; the last two compare:
#   upload   embedded 410 MiB/s   vsftpd 430 MiB/s   ratio 0.95
# Peak memory is the process's own high-water mark: it does not grow with the file. Debian, root.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mib=1024 rounds=3
while [ $# -gt 1 ]; do
  case "$1" in
    --mib) mib=$2 ;;
    --rounds) rounds=$2 ;;
    *) sed -n '2,6p' "$0"; exit 2 ;;
  esac
  shift 2
done

bash eng/install-test-tools.sh
dotnet build samples/ManagedGateway -c Release -v q -nologo -clp:ErrorsOnly >&2
place=$(mktemp -d "${TMPDIR:-/tmp}/as2-ftp-speed-XXXXXX")
port=$((20000 + RANDOM % 10000))
gateway=
finish() {
  [ -z "$gateway" ] || { kill "$gateway" 2> /dev/null && wait "$gateway" 2> /dev/null; } || true
  bash eng/ftp-servers.sh stop "$place/bed" || true
  rm -rf "$place"
}
trap finish EXIT

chmod 755 "$place"
bash eng/ftp-servers.sh start "$place/bed" $((port + 10)) > "$place/ports"
mkdir -p "$place/data"
run="dotnet $(echo samples/ManagedGateway/bin/Release/net*/gateway.dll)"
hash=$(head -1 "$place/bed/password" | $run password)
printf '{ "Accounts": [ { "Name": "as2ftp", "PasswordHash": "%s", "Local": "US", "Partner": "THEM" } ] }' "$hash" > "$place/data/gateway.json"
$run run --data "$place/data" --port "$port" > "$place/gateway.log" 2>&1 &
gateway=$!
for _ in $(seq 600); do grep -q "Ctrl+C" "$place/gateway.log" && break; kill -0 $gateway || { cat "$place/gateway.log" >&2; exit 1; }; sleep 0.1; done

head -c "${mib}M" /dev/urandom > "$place/file"
sum=$(sha256sum < "$place/file")

# transfer up|down PORT PATH: MiB/s
transfer() {
  local speed=speed_upload arguments=(-T "$place/file")
  [ "$1" = up ] || { speed=speed_download; arguments=(-o "$place/back"); }
  curl -sS --ssl-reqd --insecure --tlsv1.3 -u "as2ftp:$(cat "$place/bed/password")" "${arguments[@]}" -w "%{$speed}" "ftp://localhost:$2$3" \
    | awk '{ printf "%.0f\n", $1 / 1048576 }'
}

memory() { awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$gateway/status"; }

small=$(curl -sS --ssl-reqd --insecure -u "as2ftp:$(cat "$place/bed/password")" "ftp://localhost:$((port + 1))/" > /dev/null; memory)
vsftpd=$(awk '$1 == "vsftpd-lax" { print $2 }' "$place/ports")
best_up_e=0 best_up_v=0 best_down_e=0 best_down_v=0
for round in $(seq "$rounds"); do
  u=$(transfer up $((port + 1)) /outbox/big.part); d=$(transfer down $((port + 1)) /outbox/big.part)
  [ "$(sha256sum < "$place/back")" = "$sum" ] || { echo "what came back from the gateway differs" >&2; exit 1; }
  uv=$(transfer up "$vsftpd" /big.part); dv=$(transfer down "$vsftpd" /big.part)
  echo "round $round   embedded up $u down $d   vsftpd up $uv down $dv   MiB/s"
  for pair in "best_up_e $u" "best_down_e $d" "best_up_v $uv" "best_down_v $dv"; do
    set -- $pair
    [ "$2" -le "${!1}" ] || printf -v "$1" '%s' "$2"
  done
done
echo "memory   $small MiB before, $(memory) MiB at most after $((rounds * 2)) transfers of $mib MiB"
awk -v a=$best_up_e -v b=$best_up_v 'BEGIN { printf "upload   embedded %d MiB/s   vsftpd %d MiB/s   ratio %.2f\n", a, b, a / b }'
awk -v a=$best_down_e -v b=$best_down_v 'BEGIN { printf "download embedded %d MiB/s   vsftpd %d MiB/s   ratio %.2f\n", a, b, a / b }'
