#!/bin/sh
# Made by qgc from the sources of the fleet; changes made here are lost.
#
# Installs what is in this folder on this machine. Run it there, as root:
#
#     rsync -a --delete build/hosts/NAME/ root@NAME:/root/fleet/ && ssh root@NAME sh /root/fleet/install.sh
#
# It wants Podman and systemd; awk, and sops where there are secrets.
#
# What is as it should be is left alone; what changed starts anew; what went is stopped and taken away. A step that
# fails keeps no other back: the end says which ones did, and the exit is 1. It may be run again at any time, also
# after a run that was cut short.
#
# QG_ROOT=/mnt prepares the system below /mnt, an absolute path, as an image before its first start: files only, all
# of them root's. A run on the machine itself, without it, makes accounts, gives files to their owners, opens secrets
# and starts what should run.
set -u
umask 022
root=${QG_ROOT:-}
cd "$(dirname "$0")" || exit 1

state=$root/var/lib/qg
list=$state/installed  # lines of "UNIT PATH": what is here, and the unit that each file is, or -
pending=$state/pending # units that have to start anew
stage=$state/stage     # where only root can write
run=$root/run/qg
problems=

# On the machine itself, not in a folder that is only prepared.
live() {
  if [ -z "$root" ] || [ -n "${QG_LIVE:-}" ]; then "$@"; fi
}

problem() {
  printf 'qg: %s\n' "$*" >&2
  problems="$problems  $*
"
}

mkdir -p "$state" && chmod 0700 "$state" || exit 1
touch "$list" "$pending" || exit 1
: > "$list.new" || exit 1
rm -rf "$stage"

# wants PROGRAM…
wants() {
  for program; do
    live command -v "$program" > /dev/null || problem "$program is not installed"
  done
}

# about UNIT-FILE ARGUMENT…: asks systemd, or that of the account whose unit it is.
about() {
  case $1 in
  /etc/containers/systemd/users/*/*)
    number=${1#/etc/containers/systemd/users/}
    number=${number%%/*}
    shift
    account=$(getent passwd "$number" | cut -d : -f 1)
    live runuser -u "$account" -- env "XDG_RUNTIME_DIR=/run/user/$number" systemctl --user "$@"
    ;;
  *)
    shift
    live systemctl "$@"
    ;;
  esac
}

is_pending() {
  grep -Fqx -- "$1" "$pending"
}

pend() {
  for unit; do
    is_pending "$unit" || printf '%s\n' "$unit" >> "$pending"
  done
}

settled() {
  grep -Fvx -- "$1" "$pending" > "$pending.new"
  mv -f "$pending.new" "$pending"
}

# is_so FILE PATH MODE OWNER GROUP: whether it is there already, as it should be.
is_so() {
  [ -f "$2" ] && [ ! -L "$2" ] && cmp -s "$1" "$2" &&
    [ $((0$(stat -c %a "$2"))) -eq $((0$3)) ] &&
    { [ -z "$(live echo live)" ] || [ "$(stat -c %U:%G "$2")" = "$4:$5" ]; }
}

# put FILE PATH MODE OWNER GROUP UNIT READERS: READERS are the units that have to start anew when it changes.
put() {
  from=$1 path=$2 mode=$3 owner=$4 group=$5 of=$6 readers=$7
  printf '%s %s\n' "$of" "$path" >> "$list.new"
  # Known before it is there: a run that is cut short leaves nothing that nobody knows of.
  grep -Fqx -- "$of $path" "$list" || printf '%s %s\n' "$of" "$path" >> "$list"
  is_so "$from" "$root$path" "$mode" "$owner" "$group" && return
  # shellcheck disable=SC2086 # names of units, with blanks between them
  pend $readers
  if [ -d "$root$path" ] && [ ! -L "$root$path" ]; then
    problem "$path is a folder, and should be a file"
  elif ! { mkdir -p "$root${path%/*}" && (umask 077 && cp "$from" "$stage") &&
    live chown -h "$owner:$group" "$stage" && chmod "$mode" "$stage" && mv -fT "$stage" "$root$path"; }; then
    problem "$path cannot be written"
  fi
  rm -f "$stage"
}

# What a former run installed, and this one does not: first its units stop, then it goes.
clean() {
  cp "$list" "$list.old"
  while IFS=' ' read -r unit path; do
    grep -Fqx -- "$unit $path" "$list.new" && continue
    if [ "$unit" != - ] && ! cut -d ' ' -f 1 "$list.new" | grep -Fqx -- "$unit"; then
      case $path in
      /etc/systemd/system/*) about "$path" disable "$unit" ;;
      esac
      if ! about "$path" stop "$unit" && about "$path" is-active --quiet "$unit"; then
        problem "$unit cannot be stopped, and stays"
        printf '%s %s\n' "$unit" "$path" >> "$list.new"
        continue
      fi
      settled "$unit"
    fi
    case $path in
    /etc/systemd/user/*)
      # A unit of sessions: those that are there keep it until they end.
      live systemctl --global disable --quiet "${path##*/}"
      ;;
    esac
    # Its place may be that of another file now, or of something put together from secrets.
    if ! cut -d ' ' -f 2- "$list.new" | grep -Fqx -- "$path" && [ ! -L "$root$path" ]; then
      rm -f "$root$path" || problem "$path cannot be taken away"
    fi
  done < "$list.old"
  mv -f "$list.new" "$list"
  rm -f "$list.old"
}

# member USER GROUP: an account that something else made.
member() {
  if ! live id -u "$1" > /dev/null; then
    problem "there is no account $1, which should be in group $2"
  elif ! live id -nG "$1" | tr ' ' '\n' | grep -Fqx -- "$2"; then
    live usermod -aG "$2" "$1" || problem "$1 is not in group $2"
  fi
}

# zone NAME: the machine's time zone.
zone() {
  file=/usr/share/zoneinfo/$1
  if [ "$(readlink "$root/etc/localtime")" != "$file" ]; then
    if ! live test -f "$file"; then
      problem "there is no time zone $1 here: tzdata is not installed"
    elif ! { mkdir -p "$root/etc" && ln -sfn "$file" "$root/etc/localtime" && printf '%s\n' "$1" > "$root/etc/timezone"; }; then
      problem "the time zone is not set"
    fi
  fi
}

# The last secret went from what is put together from some: so do the results, and the links to them.
unseal() {
  [ ! -f "$state/links" ] || while IFS= read -r path; do
    case $(readlink "$root$path") in
    /run/qg/sealed/*) rm -f "$root$path" ;;
    esac
  done < "$state/links"
  rm -rf "$run/sealed" "$run/sealed.said" "$state/links"
}

# The last secret went.
close() {
  [ ! -f "$state/opened" ] || while IFS= read -r path; do
    rm -f "$root$path"
  done < "$state/opened"
  rm -rf "$run/secrets.said" "$state/opened"
}

# secrets UNIT: opens them, and puts together what holds some.
secrets() {
  about - enable --quiet "$1" || problem "$1 is not enabled"
  rm -f "$run/secrets.said" "$run/sealed.said"
  settled "$1"
  if ! about - restart "$1"; then
    problem "$1: not every secret could be opened and put where it belongs"
    for said in "$run/secrets.said" "$run/sealed.said"; do
      if [ -s "$said" ]; then
        problems="$problems$(sed 's/^/    /' "$said")
"
      fi
    done
  fi
}

# start FILE UNIT: runs, anew where something of it changed.
start() {
  verb=start
  ! is_pending "$2" || verb=restart
  if about "$1" "$verb" "$2"; then
    settled "$2"
  else
    problem "$2 does not start: systemctl status $2"
  fi
}

# renew FILE UNIT: anew where something of it changed; whoever needs it starts it.
renew() {
  if is_pending "$2"; then
    start "$1" "$2"
  fi
}

# touched FILE UNIT: a program of the machine's own; whether it runs is not our affair.
touched() {
  if is_pending "$2"; then
    if about "$1" is-active --quiet "$2"; then start "$1" "$2"; else settled "$2"; fi
  fi
}

finish() {
  if [ -n "$problems" ]; then
    printf '\nqg: not all of it could be done:\n%s' "$problems" >&2
    exit 1
  fi
  exit 0
}

wants systemctl podman
put sysusers.d.conf /etc/sysusers.d/qg.conf 0644 root root - ''
put tmpfiles.d.conf /etc/tmpfiles.d/qg.conf 0644 root root - ''
put modules-load.d.conf /etc/modules-load.d/qg.conf 0644 root root - systemd-modules-load.service
put sysctl.d.conf /etc/sysctl.d/qg.conf 0644 root root - systemd-sysctl.service
live systemd-sysusers /etc/sysusers.d/qg.conf || problem "not every account is there"
put quadlet/site.container /etc/containers/systemd/users/1001/site.container 0644 root root site.service site.service
put quadlet/wiki.container /etc/containers/systemd/users/1001/wiki.container 0644 root root wiki.service wiki.service
put fail2ban/filter.d/qg-site-login.conf /etc/fail2ban/filter.d/qg-site-login.conf 0644 root root - fail2ban.service
put fail2ban/filter.d/qg-wiki-login.conf /etc/fail2ban/filter.d/qg-wiki-login.conf 0644 root root - fail2ban.service
put fail2ban/jail.d/qg.local /etc/fail2ban/jail.d/qg.local 0644 root root - fail2ban.service
put fail2ban/order.conf /etc/systemd/system/fail2ban.service.d/qg.conf 0644 root root - fail2ban.service
clean
live systemd-tmpfiles --create /etc/tmpfiles.d/qg.conf || problem "not every folder is there"
renew - systemd-modules-load.service
renew - systemd-sysctl.service
about - daemon-reload || problem "systemd did not read its units"
unseal
close
live loginctl enable-linger apps || problem apps' cannot run without a session'
about - start user@1001.service || problem user@1001.service' does not start'
about /etc/containers/systemd/users/1001/x daemon-reload || problem "systemd of the account did not read its units"
start /etc/containers/systemd/users/1001/site.container site.service
start /etc/containers/systemd/users/1001/wiki.container wiki.service
start - fail2ban.service
finish
