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

