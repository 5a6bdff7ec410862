#!/usr/bin/env bash
# A large file on its whole way: uploaded over FTPS into one gateway, sent over AS2 (signed, encrypted, signed receipt) to another one,
# fetched there over FTPS and compared. Random content, not compressed. Four times its size of disk is needed.
#   eng/large-gateway.sh [--gib N]     default 1
# Lines: upload, AS2 and download with their rates, then: sender rss N MiB, receiver rss N MiB, the highest of each process.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
gib=1
[ "${1:-}" != --gib ] || gib=$2
dotnet build samples/ManagedGateway -c Release -v q -nologo -clp:ErrorsOnly >&2
dotnet build src/As2.Tool -c Release -v q -nologo -clp:ErrorsOnly >&2
place=$(mktemp -d "${TMPDIR:-/tmp}/as2-large-XXXXXX")
port=$((20000 + RANDOM % 10000))
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null || true; done
  rm -rf "$place"
}
trap finish EXIT

gateway="dotnet $(echo samples/ManagedGateway/bin/Release/net*/gateway.dll)"
as2="dotnet $(echo src/As2.Tool/bin/Release/net*/as2.dll)"
password=$(openssl rand -hex 12)
hash=$(echo "$password" | $gateway password)
for name in alice bob; do
  openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$name" -days 30 -keyout "$place/$name.key" -out "$place/$name.cer" 2> /dev/null
  cat "$place/$name.cer" "$place/$name.key" > "$place/$name.pem"
done
begin() { # name other port other-port
  mkdir -p "$place/$1/keys"
  cp "$place/$1.pem" "$place/$2.cer" "$place/$1/keys/"
  cat > "$place/$1/gateway.json" <<JSON
{ "As2": { "Stations": { "$1": { "Certificate": "keys/$1.pem" } }, "Partnerships": [ {
    "Local": "$1", "Partner": "$2", "Endpoint": "http://127.0.0.1:$4/as2", "Certificate": "keys/$2.cer", "Cipher": "aes128-cbc",
    "AnswerTimeout": "2h", "Routes": [ "mailbox:$1" ] } ] },
  "Accounts": [ { "Name": "$1", "PasswordHash": "$hash", "Local": "$1", "Partner": "$2" } ] }
JSON
  $gateway run --data "$place/$1" --port "$3" > "$place/$1.log" 2>&1 &
  pids+=($!)
  for _ in $(seq 600); do grep -q "Ctrl+C" "$place/$1.log" && return; kill -0 $! || break; sleep 0.1; done
  cat "$place/$1.log" >&2
  return 1
}
begin alice bob "$port" $((port + 10))
begin bob alice $((port + 10)) "$port"

head -c "$(awk "BEGIN { printf \"%d\", $gib * 1073741824 }")" /dev/urandom > "$place/large.bin"
want=$(sha256sum < "$place/large.bin")
rate() { awk "BEGIN { printf \"%.0f\", $gib * 1024 / ($2 - $1) }"; }
now() { date +%s.%N; }
ftp() { curl -sS --ssl-reqd -k --user "$1:$password" "${@:2}"; }

start=$(now)
ftp alice -T "$place/large.bin" "ftp://127.0.0.1:$((port + 1))/outbox/"
uploaded=$(now)
rm "$place/large.bin"
echo "upload $(rate "$start" "$uploaded") MiB/s"
until ftp bob -l "ftp://127.0.0.1:$((port + 11))/inbox/" | grep -q large.bin; do
  sleep 0.5
  [ -z "$(ftp alice -l "ftp://127.0.0.1:$((port + 1))/failed/")" ] || { cat "$place"/*.log >&2; exit 1; }
done
arrived=$(now)
echo "as2 $(rate "$uploaded" "$arrived") MiB/s, packed, stored, sent, verified, stored"
got=$(ftp bob "ftp://127.0.0.1:$((port + 11))/inbox/large.bin" | sha256sum)
echo "download $(rate "$arrived" "$(now)") MiB/s"
[ "$got" = "$want" ] || { echo "The file is another one."; exit 1; }
peak() { awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }
echo "sender rss $(peak "${pids[0]}") MiB, receiver rss $(peak "${pids[1]}") MiB"
