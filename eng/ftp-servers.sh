#!/bin/bash
# A bed of real FTP and SFTP servers, and two proxies, on 127.0.0.1 for tests and for a person to try against. Debian, root.
#
#   eng/ftp-servers.sh start DIR [FIRST_PORT]   starts all of them, on 12 ports in a row; prints one line each: name port (also in DIR/ports)
#   eng/ftp-servers.sh stop DIR                 stops what start began
#
# Account: user as2ftp, password in DIR/password (one per machine), private key for SFTP in DIR/user.key, CA in DIR/ca.pem, host key of
# SFTP in DIR/host.key, home in DIR/home/NAME. Proxies: as2proxy with the same password.
# The daemons exclude one another as installed packages: eng/install-test-tools.sh unpacks them side by side, and they run from there.
set -euo pipefail

tools="${AS2_TEST_TOOLS:-$HOME/.cache/as2sdk/tools}"
root="$tools/ftp"
libraries="$(ls -d "$root"/usr/lib/*-linux-gnu 2> /dev/null | head -1)"
user=as2ftp

certificates() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=As2Sdk test CA" -keyout "$dir/ca.key" -out "$dir/ca.pem" 2> /dev/null
  openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$dir/server.key" -out "$dir/server.csr" 2> /dev/null
  openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 30 -out "$dir/server.crt" \
    -extfile <(echo "subjectAltName=DNS:localhost,IP:127.0.0.1") 2> /dev/null
  cat "$dir/server.key" "$dir/server.crt" > "$dir/server.pem"
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/host.key"
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$dir/user.key"
  chmod 600 "$dir"/*.key "$dir/server.pem"
}

account() {
  getent passwd $user > /dev/null || useradd --system --no-create-home --home-dir / --shell /bin/bash $user
  openssl rand -hex 16 > "$dir/password"
  # All beds of a machine share the system account, so vsftpd's password is set once and kept.
  if [ -e "$tools/ftp-password" ]; then cp "$tools/ftp-password" "$dir/password"; else cp "$dir/password" "$tools/ftp-password"; fi
  echo "$user:$(cat "$dir/password")" | chpasswd
  chmod 755 "$dir" "$dir/home"
}

# Each home has a folder that takes nothing, and one on a disk of 1 MiB where the machine lets us mount one.
home_of() {
  local home="$dir/home/$1"
  mkdir -p "$home/locked" "$home/full"
  chmod 555 "$home/locked"
  mount -t tmpfs -o size=1m tmpfs "$home/full" 2> /dev/null || rmdir "$home/full"
  chown $user "$home"
  [ ! -e "$home/full" ] || chown $user "$home/full"
}

# launch NAME PORT COMMAND...
launch() {
  local name="$1" port="$2"
  shift 2
  LD_LIBRARY_PATH="$libraries" setsid "$@" > "$dir/$name.log" 2>&1 < /dev/null &
  echo $! > "$dir/$name.pid"
  for _ in $(seq 100); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
      echo "$name $port"
      return
    fi
    kill -0 "$(cat "$dir/$name.pid")" 2> /dev/null || break
    sleep 0.05
  done
  echo "$name did not start:" >&2
  cat "$dir/$name.log" >&2
  exit 1
}

# vsftpd NAME PORT EXTRA_LINES...
vsftpd() {
  local name="$1" port="$2"
  shift 2
  home_of "$name"
  mkdir -p "$dir/empty"
  cat > "$dir/$name.conf" << CONF
listen=YES
listen_address=127.0.0.1
listen_port=$port
background=NO
local_enable=YES
write_enable=YES
anonymous_enable=NO
check_shell=NO
pam_service_name=other
secure_chroot_dir=$dir/empty
local_root=$dir/home/$name
chroot_local_user=YES
allow_writeable_chroot=YES
ssl_enable=YES
force_local_data_ssl=YES
force_local_logins_ssl=YES
ssl_ciphers=HIGH
rsa_cert_file=$dir/server.crt
rsa_private_key_file=$dir/server.key
xferlog_enable=NO
seccomp_sandbox=NO
utf8_filesystem=YES
CONF
  printf '%s\n' "$@" >> "$dir/$name.conf"
  launch "$name" "$port" "$root/usr/sbin/vsftpd" "$dir/$name.conf"
}

# proftpd NAME PORT EXTRA_LINES...
proftpd() {
  local name="$1" port="$2"
  shift 2
  home_of "$name"
  printf '%s:%s:%s:%s::%s:/bin/bash\n' $user "$(openssl passwd -6 "$(cat "$dir/password")")" \
    "$(id -u $user)" "$(id -g $user)" "$dir/home/$name" > "$dir/$name.passwd"
  chmod 600 "$dir/$name.passwd"
  cat > "$dir/$name.conf" << CONF
ModulePath $root/usr/lib/proftpd
ServerType standalone
ServerName test
DefaultAddress 127.0.0.1
SocketBindTight on
Port $port
UseIPv6 off
UseReverseDNS off
User $user
Group $user
ScoreboardFile $dir/$name.score
PidFile $dir/$name.proftpd.pid
SystemLog $dir/$name.system.log
WtmpLog off
DelayEngine off
AuthOrder mod_auth_file.c
AuthUserFile $dir/$name.passwd
RequireValidShell off
DefaultRoot ~
AllowOverwrite on
AllowStoreRestart on
CONF
  printf '%s\n' "$@" >> "$dir/$name.conf"
  launch "$name" "$port" "$root/usr/sbin/proftpd" --nodaemon --config "$dir/$name.conf"
}

pureftpd() {
  local name="$1" port="$2"
  home_of "$name"
  # pure-pw useradd would choose a hash that takes three seconds at every sign-in.
  printf '%s:%s:%s:%s::%s/./::::::::::::\n' $user "$(openssl passwd -6 "$(cat "$dir/password")")" \
    "$(id -u $user)" "$(id -g $user)" "$dir/home/$name" > "$dir/$name.users"
  LD_LIBRARY_PATH="$libraries" "$root/usr/bin/pure-pw" mkdb "$dir/$name.pdb" -f "$dir/$name.users" > /dev/null
  launch "$name" "$port" "$root/usr/sbin/pure-ftpd" -S "127.0.0.1,$port" -l "puredb:$dir/$name.pdb" \
    -Y 3 -2 "$dir/server.pem" -H -A -C 100 -c 200 -E -g "$dir/$name.pure.pid" -u 1
}

# proftpd_tls NAME PORT VERSIONS
proftpd_tls() {
  local name="$1" port="$2"
  proftpd "$name" "$port" "LoadModule mod_tls.c" "TLSEngine on" "TLSRequired on" "TLSVerifyClient off" \
    "TLSRSACertificateFile $dir/server.crt" "TLSRSACertificateKeyFile $dir/server.key" "TLSProtocol $3"
}

proftpd_sftp() {
  local name="$1" port="$2"
  proftpd "$name" "$port" "LoadModule mod_sftp.c" "SFTPEngine on" "SFTPHostKey $dir/host.key" "SFTPLog $dir/$name.sftp.log"
}

# No chroot: it would need every folder above to be root's alone. Paths are those of the machine.
openssh() {
  local name="$1" port="$2"
  home_of "$name"
  getent passwd sshd > /dev/null || useradd --system --no-create-home --home-dir /run/sshd --shell /usr/sbin/nologin sshd
  mkdir -p /run/sshd
  cp "$dir/user.key.pub" "$dir/$name.authorized"
  chmod 644 "$dir/$name.authorized"
  cat > "$dir/$name.conf" << CONF
ListenAddress 127.0.0.1
Port $port
HostKey $dir/host.key
AuthorizedKeysFile $dir/$name.authorized
StrictModes no
UsePAM no
PasswordAuthentication yes
PidFile $dir/$name.ssh.pid
Subsystem sftp internal-sftp
ForceCommand internal-sftp
AllowUsers $user
MaxStartups 100
CONF
  launch "$name" "$port" "$root/usr/sbin/sshd" -D -e -f "$dir/$name.conf"
}

pyftpd() {
  local name="$1" port="$2"
  home_of "$name"
  cat > "$dir/$name-run.py" << 'PYTHON'
import os, pwd, sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.servers import FTPServer

port, certificate, user, password, home = sys.argv[1:]
TLS_FTPHandler.authorizer = DummyAuthorizer()
TLS_FTPHandler.authorizer.add_user(user, open(password).read().strip(), home, perm="elradfmwMT")
TLS_FTPHandler.certfile = certificate
TLS_FTPHandler.tls_control_required = TLS_FTPHandler.tls_data_required = True
TLS_FTPHandler.auth_failed_timeout = 0
TLS_FTPHandler.ssl_context = TLS_FTPHandler.get_ssl_context()
server = FTPServer(("127.0.0.1", int(port)), TLS_FTPHandler)
os.setgid(pwd.getpwnam(user).pw_gid)
os.setuid(pwd.getpwnam(user).pw_uid)
server.serve_forever()
PYTHON
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/usr/lib/python3/dist-packages" \
    launch "$name" "$port" python3 "$dir/$name-run.py" "$port" "$dir/server.pem" $user "$dir/password" "$dir/home/$name"
}

proxies() {
  local port="$1"
  cat > "$dir/tinyproxy.conf" << CONF
Port $port
Listen 127.0.0.1
BasicAuth as2proxy $(cat "$dir/password")
MaxClients 100
LogLevel Warning
CONF
  chmod 600 "$dir/tinyproxy.conf"
  launch http-proxy "$port" "$root/usr/bin/tinyproxy" -d -c "$dir/tinyproxy.conf"
  launch socks-proxy $((port + 1)) "$root/usr/bin/microsocks" -i 127.0.0.1 -p $((port + 1)) -u as2proxy -P "$(cat "$dir/password")"
}

start() {
  [ "$(id -u)" = 0 ] || { echo "needs root" >&2; exit 2; }
  mkdir -p "$dir/home"
  [ -n "$libraries" ] || { echo "no daemons in $root: run eng/install-test-tools.sh" >&2; exit 1; }
  certificates
  account
  {
    vsftpd vsftpd $((port)) require_ssl_reuse=YES strict_ssl_read_eof=YES
    vsftpd vsftpd-any-end $((port + 1)) require_ssl_reuse=YES strict_ssl_read_eof=NO
    vsftpd vsftpd-any-session $((port + 2)) require_ssl_reuse=NO strict_ssl_read_eof=YES
    vsftpd vsftpd-lax $((port + 3)) require_ssl_reuse=NO strict_ssl_read_eof=NO
    proftpd_tls proftpd $((port + 4)) "TLSv1.2 TLSv1.3"
    proftpd_tls proftpd-tls12 $((port + 5)) "TLSv1.2"
    pureftpd pure-ftpd $((port + 6))
    pyftpd pyftpdlib $((port + 7))
    openssh openssh $((port + 8))
    proftpd_sftp proftpd-sftp $((port + 9))
    proxies $((port + 10))
  } | tee "$dir/ports"
}

# Only what is still ours: after a restart of the machine the numbers belong to others.
is_ours() {
  case "$(readlink "/proc/$1/exe" 2> /dev/null)" in
    "$root"/* | */python3*) return 0 ;;
    *) return 1 ;;
  esac
}

stop() {
  local pid
  for file in "$dir"/*.pid; do
    pid="$(head -1 "$file" 2> /dev/null || true)"
    [ -n "$pid" ] && is_ours "$pid" && kill "$pid" 2> /dev/null || true
  done
  # A daemon may need a moment to let go of a folder.
  for folder in "$dir"/home/*/full; do
    for _ in $(seq 100); do
      mountpoint -q "$folder" || break
      umount "$folder" 2> /dev/null || sleep 0.05
    done
  done
  rm -rf "$dir"
}

case "${1:-}" in
  start | stop) : "${2:?DIR}"; dir="$(realpath -m "$2")"; port="${3:-12121}"; "$1" ;;
  *) sed -n '2,9p' "$0"; exit 2 ;;
esac
