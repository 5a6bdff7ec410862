#!/usr/bin/env bash
# A PostgreSQL with as many messages as a year brings: fills it through the real schema, and measures claims under a backlog and each search.
#   eng/scale.sh fill [ROWS]      makes it in artifacts/scale (10,000,000 messages: about 20 GB and a quarter of an hour); goes on where it ended
#   eng/scale.sh measure [cold]   prints a line for each figure; cold: the server is started anew and (as root) nothing of its files is in memory
#   eng/scale.sh load [NODES [SECONDS [CONNECTIONS]]]   so many nodes take signed and encrypted messages on a database of their own
#   eng/scale.sh stop|clean       stops the server; removes everything
# SCALE_DATABASE names another one on the same server, for another size. The server is a plain one with 1 GB for its cache. PostgreSQL from Debian; as root it runs as nobody.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$PWD/artifacts/scale data=$PWD/artifacts/scale/data port=${SCALE_PORT:-5490} name=${SCALE_DATABASE:-postgres}
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as=(env); [ "$(id -u)" = 0 ] && as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
connection="Host=127.0.0.1;Port=$port;Username=as2;Database=$name;Timeout=30"
sql() { PGHOST=127.0.0.1 PGPORT=$port PGUSER=as2 PGDATABASE=${PGDATABASE:-$name} psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
running() { "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; }
start() {
  if [ ! -d "$data" ]; then
    mkdir -p "$home"; [ "$(id -u)" = 0 ] && chown 65534 "$home"
    "${as[@]}" "$bin/initdb" -D "$data" -U as2 -A trust -E UTF8 --no-locale --no-instructions > /dev/null
    printf '%s\n' "listen_addresses = '127.0.0.1'" "port = $port" "unix_socket_directories = '$home'" "shared_buffers = 1GB" "maintenance_work_mem = 1GB" \
      "max_wal_size = 2GB" "autovacuum = off" "checkpoint_timeout = 15min" "effective_cache_size = 8GB" "random_page_cost = 1.1" "effective_io_concurrency = 200" >> "$data/postgresql.conf"
  fi
  running || "${as[@]}" "$bin/pg_ctl" -D "$data" -l "$home/log" -w -t 300 start > /dev/null
}
# Commits, milliseconds in which a session worked, octets of the log, ticks of its processes.
database() {
  local main=$(head -1 "$data/postmaster.pid")
  PGDATABASE=load sql -F ' ' -c "SELECT xact_commit, active_time::bigint, pg_current_wal_lsn() - '0/0' FROM pg_stat_database WHERE datname = 'load'"
  { cat "/proc/$main/stat" $(printf '/proc/%s/stat ' $(pgrep -P "$main")) 2> /dev/null || true; } | sed 's/.*) //' | awk -v main=1 '{ t += $12 + $13 } NR == 1 { t += $14 + $15 } END { print t }'
}
figures() { AS2_FIGURES="$connection" AS2_FIGURES_STEP=$1 AS2_FIGURES_FILE="$home/figures" dotnet test tests/As2.Storage.Tests -c Release --no-build --nologo -v q --filter FullyQualifiedName~PostgresFigures; }

case ${1:-} in
  fill)
    rows=${2:-10000000}; start
    [ "$(PGDATABASE=postgres sql -c "SELECT count(*) FROM pg_database WHERE datname = '$name'")" = 1 ] || PGDATABASE=postgres sql -c "CREATE DATABASE $name"
    [ "$(sql -c "SELECT count(*) FROM pg_namespace WHERE nspname = 'as2'")" = 1 ] || figures schema > /dev/null
    have=$(sql -c "SELECT coalesce((SELECT (created - 1760000000000) / 2000 + 1 FROM as2.message ORDER BY id DESC LIMIT 1), 0)")
    # Indexes of many rows are made at once, after them.
    sql -c "CREATE TABLE IF NOT EXISTS as2.scale_index AS SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'as2' AND tablename IN ('message', 'message_text', 'part', 'event') AND indexname NOT LIKE '%_pkey'"
    [ "$have" -ge "$rows" ] || sql -c "SELECT format('DROP INDEX IF EXISTS as2.%I;', indexname) FROM as2.scale_index" | sql -f -
    for ((from = have; from < rows; from += 250000)); do
      to=$((from + 250000 < rows ? from + 250000 : rows))
      sql -1 -v from="$from" -v to="$((to - 1))" -f eng/scale-fill.sql
      echo "$to messages, $(du -sh "$data" | cut -f1)"
    done
    sql -c "SELECT regexp_replace(indexdef, ' INDEX ', ' INDEX IF NOT EXISTS ') FROM as2.scale_index" | while read -r index; do sql -c "$index" </dev/null; echo "$index"; done
    sql -c "VACUUM ANALYZE as2.message, as2.message_text, as2.part, as2.event"
    echo "$rows messages, $(du -sh "$data" | cut -f1)" ;;
  measure)
    if [ "${2:-}" = cold ]; then
      running && "${as[@]}" "$bin/pg_ctl" -D "$data" -m fast stop > /dev/null
      sync; [ "$(id -u)" != 0 ] || echo 3 > /proc/sys/vm/drop_caches
    fi
    start; : > "$home/figures"; tail -f "$home/figures" & trap "kill $!" EXIT; figures measure ;;
  load)
    nodes=${2:-1} seconds=${3:-30} connections=${4:-32}; start
    sql -c "DROP DATABASE IF EXISTS load" -c "CREATE DATABASE load"
    echo "# nodes $nodes, $(nproc) cores shared by nodes, database and generator, load $(cut -d' ' -f1-3 /proc/loadavg)"
    dotnet benchmarks/As2.Benchmarks/bin/Release/net10.0/As2.Benchmarks.dll load "${GATEWAY:-artifacts/gateway/gateway.dll}" --nodes "$nodes" --seconds "$seconds" \
      --concurrency "$connections" --postgres "${connection/Database=$name/Database=load}" | while read -r line; do
      if [ "$line" = warm ]; then from=$(database); else echo "$line"; fi
      case $line in
        rate*) to=$(database); rate=${line#rate }; rate=${rate% *}
          echo $from $to | awk -v n="$((rate * seconds))" '{ printf "database: %.1f commits, %.2f ms of work of its sessions, %.2f ms of processor, %.0f octets of log a message\n", ($5 - $1) / n, ($6 - $2) / n, ($8 - $4) * 10 / n, ($7 - $3) / n }' ;;
      esac
    done ;;
  stop) running && "${as[@]}" "$bin/pg_ctl" -D "$data" -m fast stop > /dev/null ;;
  clean) running && "${as[@]}" "$bin/pg_ctl" -D "$data" -m immediate stop > /dev/null; rm -rf "$home" ;;
  *) sed -n 2,7p "$0"; exit 2 ;;
esac
