#!/usr/bin/env bash
# The systemd unit as far as a machine without a running systemd allows: systemd's own check of it, its score, and its ExecStart line under
# the same restrictions: another user, no capability, no new privileges, a file system that is read-only but for the data folder, the
# unit's environment alone, the secret key as a credential. Needs root.
#   eng/systemd.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
unit=samples/ManagedGateway/deploy/as2-gateway.service
place=$(mktemp -d "${TMPDIR:-/tmp}/as2-systemd-XXXXXX")
pid=
finish() { [ -z "$pid" ] || kill -KILL "$pid" 2> /dev/null || true; rm -rf "$place"; }
trap finish EXIT
chmod 0755 "$place"

dotnet publish samples/ManagedGateway -c Release -o "$place/app" -v q -nologo -clp:ErrorsOnly
sed "s#/opt/as2-gateway/gateway#$place/app/gateway#" "$unit" > "$place/as2-gateway.service"
systemd-analyze verify "$place/as2-gateway.service"
systemd-analyze security --offline=yes --no-pager "$place/as2-gateway.service" | tail -1

install -d -m 0755 "$place/credentials"
(umask 0377; openssl rand -base64 32 > "$place/credentials/gateway-secret-key")
chown 65534 "$place/credentials/gateway-secret-key"
install -d -o 65534 -g 65534 -m 0700 "$place/data"
mapfile -t variables < <(sed -n 's/^Environment=//p' "$unit" | tr ' ' '\n' | sed "s#^GATEWAY_DATA=.*#GATEWAY_DATA=$place/data#")
mapfile -t start < <(sed -n 's/^ExecStart=//p' "$place/as2-gateway.service" | tr ' ' '\n')
port=$((20000 + RANDOM % 10000))
touch "$place/began"

# shellcheck disable=SC2016
unshare --mount --propagation private bash -c '
  set -e
  data=$1; shift
  mount -o bind "$data" "$data"
  mount -o remount,bind,ro /
  mount -o remount,bind,rw "$data"
  mount -t tmpfs -o mode=1777 tmpfs /var/tmp
  umask 0077
  exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all env --default-signal=INT -i "$@"
' restricted "$place/data" "${variables[@]}" PATH=/usr/bin:/bin TMPDIR=/var/tmp CREDENTIALS_DIRECTORY="$place/credentials" DOTNET_ROOT="${DOTNET_ROOT:-/usr/share/dotnet}" "${start[@]}" --port "$port" > "$place/log" 2>&1 &
pid=$!
for _ in $(seq 600); do grep -q "Ctrl+C" "$place/log" && break; kill -0 "$pid" || break; sleep 0.1; done
grep -q "Ctrl+C" "$place/log" || { cat "$place/log"; exit 1; }
grep -o "Within an hour, open http" "$place/log" > /dev/null
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$((port + 2))/sign-in")" = 200 ]
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$((port + 2))/console.css")" = 200 ]
grep -q "^CapEff:.0000000000000000" "/proc/$pid/status" && grep -q "^NoNewPrivs:.1" "/proc/$pid/status"
[ "$(stat -c %a "$place/data/operations.db")" = 600 ]
[ ! -e "$place/data/secret.key" ] || { echo "It made a key although it was given one."; exit 1; }
kill -INT "$pid"
code=0; wait "$pid" || code=$?
pid=
[ "$code" = 0 ] || { cat "$place/log"; echo "exit code $code"; exit 1; }
echo "It started, served and ended as the unit restricts it."
