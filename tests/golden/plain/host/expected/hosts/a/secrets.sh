#!/bin/sh
# Made by qgc from the sources of the fleet; changes made here are lost.
#
# Opens the secrets of this machine, below /run only.
set -eu
umask 077
root=${QG_ROOT:-}

# secret FILE KEY PATH MODE OWNER GROUP: an empty KEY means the whole file.
secret() {
  (umask 022 && mkdir -p "$root${3%/*}")
  if [ -n "$2" ]; then
    sops --decrypt --extract "$2" "$root$1" > "$root$3.new"
  else
    sops --decrypt --input-type binary --output-type binary "$root$1" > "$root$3.new"
  fi
  [ -n "$root" ] || chown "$5:$6" "$root$3.new"
  chmod "$4" "$root$3.new"
  mv -f "$root$3.new" "$root$3"
}

export SOPS_AGE_KEY_FILE=/var/lib/age/key.txt
secret /etc/qg/secrets/secrets/all.yaml '["app"]["db"]' /run/secrets/app/db 0400 app root
