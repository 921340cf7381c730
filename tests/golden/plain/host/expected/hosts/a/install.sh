#!/bin/sh
# Made by qgc from the sources of the fleet; changes made here are lost.
#
# Installs what is in this folder on this machine. Run it there, as root:
#
#     rsync -a build/hosts/NAME/ root@NAME:/root/fleet/ && ssh root@NAME sh /root/fleet/install.sh
#
# It wants Podman and systemd; awk, and sops where there are secrets.
set -eu
umask 022
root=${QG_ROOT:-}
cd "$(dirname "$0")"
list=$root/etc/qg/installed
mkdir -p "$root/etc/qg"
: > "$list.new"

# put FILE PATH MODE OWNER GROUP
put() {
  mkdir -p "$root${2%/*}"
  cp "$1" "$root$2.qg-new"
  [ -n "$root" ] || chown "$4:$5" "$root$2.qg-new"
  chmod "$3" "$root$2.qg-new"
  mv -f "$root$2.qg-new" "$root$2"
  printf '%s\n' "$2" >> "$list.new"
}

# What a former run installed, and this one does not.
clean() {
  if [ -f "$list" ]; then
    while IFS= read -r path; do
      grep -Fqx -- "$path" "$list.new" || rm -f "$root$path"
    done < "$list"
  fi
  mv -f "$list.new" "$list"
}

# On the machine itself, not in a folder that is only prepared.
live() {
  [ -n "$root" ] || "$@"
}

put sysusers.d.conf /etc/sysusers.d/qg.conf 0644 root root
put tmpfiles.d.conf /etc/tmpfiles.d/qg.conf 0644 root root
put modules-load.d.conf /etc/modules-load.d/qg.conf 0644 root root
live systemd-sysusers /etc/sysusers.d/qg.conf
put quadlet/web.container /etc/containers/systemd/web.container 0644 root root
put files/web.conf /etc/qg/files/web.conf 0644 root root
put scripts/tell.sh /etc/qg/scripts/tell 0755 root root
put files/etc/motd /etc/motd 0644 root root
put secrets/secrets/all.yaml /etc/qg/secrets/secrets/all.yaml 0400 root root
put secrets.sh /etc/qg/secrets.sh 0755 root root
put sealed.sh /etc/qg/sealed.sh 0755 root root
put sealed/web.env /etc/qg/sealed/env/web.env 0400 root root
put 'files/etc/app/it'\''s.json' /etc/qg/sealed/files/etc-app-it-s-json 0400 root root
put qg-sealed.service /etc/systemd/system/qg-sealed.service 0644 root root
clean
live systemd-tmpfiles --create /etc/tmpfiles.d/qg.conf
live systemctl restart systemd-modules-load.service
live systemctl daemon-reload
live systemctl enable qg-sealed.service
live systemctl restart qg-sealed.service
live systemctl restart web.service
