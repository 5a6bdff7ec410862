#!/usr/bin/env bash
# Puts what the tests need on a Debian machine: openssl, curl, lftp, python3, chromium by apt; FTP and SFTP daemons, proxies and nginx unpacked, not installed, so that
# no service starts; the npm packages libas2, a foreign AS2 implementation, and axe-core in a private folder.
# Quick when all is there. Never fails for a missing tool: the tests that need it say so (skipped at a desk, failed in CI).
#
#   AS2_TEST_TOOLS   the private folder; default ~/.cache/as2sdk/tools
#     ftp/           root of the unpacked daemons: ftp/usr/sbin/{vsftpd,proftpd,pure-ftpd,sshd,nginx}, ftp/usr/bin/{tinyproxy,microsocks,sslscan},
#                    libraries in ftp/usr/lib/TRIPLET, pyftpdlib in ftp/usr/lib/python3/dist-packages
#     postgresql/    root of the unpacked server, where none is installed
#     node/, axe/, s3/  node_modules with libas2, with axe-core, with s3rver
set -uo pipefail
tools=${AS2_TEST_TOOLS:-${HOME:-/tmp}/.cache/as2sdk/tools}
s3rver=3.7.1
libas2=0.8.2 pkijs=2.1.90 # libas2 cannot sign with the pkijs that npm would choose
axe=4.14.1
mkdir -p "$tools"
exec 9>"$tools/.lock"
flock 9

say() { echo "test tools: $*"; }
have() { command -v "$1" >/dev/null 2>&1; }

# Package lists may be absent (a fresh machine) or old (a download that is refused): fetched once, when first needed.
update() { [ -n "${updated:-}" ] || apt-get update -qq >/dev/null 2>&1; updated=1; }

install_clients() {
  local missing=()
  for tool in openssl curl lftp python3; do have "$tool" || missing+=("$tool"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! have apt-get || [ "$(id -u)" != 0 ]; then
    say "${missing[*]} missing; as root: apt-get install ${missing[*]}"
    return 0
  fi
  update
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}" \
    >"$tools/apt.log" 2>&1 || say "apt-get install ${missing[*]} failed, see $tools/apt.log"
}

# The browser of the console's tests. As a package: it brings fonts and a hundred libraries.
install_browser() {
  have chromium && return 0
  if ! have apt-get || [ "$(id -u)" != 0 ]; then
    say "chromium missing; as root: apt-get install chromium"
    return 0
  fi
  update
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 chromium fonts-liberation \
    >"$tools/apt-browser.log" 2>&1 || say "apt-get install chromium failed, see $tools/apt-browser.log"
}

# Each daemon with what it needs, downloaded without installing: as installed packages they exclude one another. A mark is left only
# when all of it was unpacked.
install_daemons() {
  have apt-get || return 0
  for package in vsftpd proftpd-core proftpd-mod-crypto pure-ftpd openssh-server python3-pyftpdlib python3-openssl python3-cryptography python3-cffi-backend tinyproxy-bin microsocks sslscan nginx libnginx-mod-stream; do
    [ -e "$tools/ftp/.$package" ] && continue
    update
    unpack "$package" >"$tools/apt.log" 2>&1 && touch "$tools/ftp/.$package" || say "$package could not be unpacked, see $tools/apt.log"
  done
}

unpack() ( # package
  debs=$(mktemp -d)
  trap 'rm -rf "$debs"' EXIT
  into=${into:-$tools/ftp}
  mkdir -p "$debs/partial" "$into"
  apt-get install -y -qq --download-only --no-install-recommends --reinstall \
    -o Dir::Cache::archives="$debs" -o Debug::NoLocking=1 "$1" || exit 1
  for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$into" || exit 1; done
)

# PostgreSQL's programs: as an installed package it would start a service.
install_postgresql() {
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && return 0
  [ -e "$tools/postgresql/.done" ] && return 0
  have apt-get || return 0
  update
  into="$tools/postgresql" unpack postgresql-15 >"$tools/apt.log" 2>&1 && touch "$tools/postgresql/.done" || say "postgresql-15 could not be unpacked, see $tools/apt.log"
}

# A stranger's S3 service for the blobs.
install_s3rver() {
  grep -qs "\"version\": \"$s3rver\"" "$tools/s3/node_modules/s3rver/package.json" && return 0
  if ! have npm; then say "npm missing: no S3 service"; return 0; fi
  mkdir -p "$tools/s3"
  npm install --prefix "$tools/s3" --no-audit --no-fund --loglevel=error "s3rver@$s3rver" >"$tools/npm-s3.log" 2>&1 \
    || say "npm install s3rver failed, see $tools/npm-s3.log"
}

install_libas2() {
  grep -qs "\"version\": \"$pkijs\"" "$tools/node/node_modules/pkijs/package.json" && return 0
  if ! have npm; then say "npm missing: no interoperability with libas2"; return 0; fi
  mkdir -p "$tools/node"
  npm install --prefix "$tools/node" --no-audit --no-fund --loglevel=error "libas2@$libas2" "pkijs@$pkijs" >"$tools/npm.log" 2>&1 \
    || say "npm install libas2 failed, see $tools/npm.log"
}

# The rules by which pages are judged for people who hear them or use no mouse.
install_axe() {
  grep -qs "\"version\": \"$axe\"" "$tools/axe/node_modules/axe-core/package.json" && return 0
  if ! have npm; then say "npm missing: the console's pages are not judged by axe-core"; return 0; fi
  mkdir -p "$tools/axe"
  npm install --prefix "$tools/axe" --no-audit --no-fund --loglevel=error "axe-core@$axe" >"$tools/npm-axe.log" 2>&1 \
    || say "npm install axe-core failed, see $tools/npm-axe.log"
}

# What others make clients with: a validator of OpenAPI documents, a generator, and the compiler of what it generates.
install_openapi() {
  [ -x "$tools/openapi/node_modules/.bin/openapi-typescript" ] && [ -d "$tools/openapi/node_modules/@apidevtools/swagger-parser" ] && return 0
  if ! have npm; then say "npm missing: no client is generated of the API's document"; return 0; fi
  mkdir -p "$tools/openapi"
  npm install --prefix "$tools/openapi" --no-audit --no-fund --loglevel=error \
    openapi-typescript@7.13.0 openapi-fetch@0.17.0 typescript@5.9.3 @apidevtools/swagger-parser@12.1.0 >"$tools/npm-openapi.log" 2>&1 \
    || say "npm install openapi-typescript failed, see $tools/npm-openapi.log"
}

install_clients
install_browser
install_daemons
install_postgresql
install_libas2
install_axe
install_openapi
install_s3rver
exit 0
