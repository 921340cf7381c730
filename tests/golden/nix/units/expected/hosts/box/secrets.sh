#!/bin/sh
# Made by qgc from the sources of the fleet; changes made here are lost.
#
# Opens the secrets of this machine, each by itself. One that cannot be opened stays as it was, and what reads it goes
# on; where there is none yet, what reads it waits for it. What reads a secret that changed starts anew.
set -u
umask 077
root=${QG_ROOT:-}
run=$root/run/qg
opened=$root/var/lib/qg/opened
keys=
failed=0
changed=
awaited=

# On the machine itself, not in a folder that is only prepared.
is_live() {
  [ -z "$root" ] || [ -n "${QG_LIVE:-}" ]
}

say() {
  printf 'qg: %s\n' "$*" >&2
  printf '%s\n' "$*" >> "$run/secrets.said"
}

mkdir -p "$run/opened" && chmod 0711 "$run" "$run/opened" && mkdir -p "${opened%/*}" || exit 1
stage=$run/opening
: > "$run/secrets.said"
: > "$run/secrets.waiting.new"
: > "$opened.new"
touch "$run/secrets.waiting" "$opened"

# key PATH: one more SSH key that may open them.
key() {
  keys="$keys$1
"
}

ask() {
  if [ -n "$2" ]; then
    sops --decrypt --extract "$2" "$1"
  else
    case $1 in
    *.env) form=dotenv ;;
    *.ini) form=ini ;;
    *) form=binary ;;
    esac
    sops --decrypt --input-type "$form" --output-type "$form" "$1"
  fi
}

# open FILE KEY: into the stage; an empty KEY means the whole file.
open() (
  if [ -z "$keys" ]; then
    ask "$1" "$2" > "$stage"
    exit
  fi
  IFS='
'
  set -f
  for one in $keys; do
    SOPS_AGE_SSH_PRIVATE_KEY_FILE=$one
    export SOPS_AGE_SSH_PRIVATE_KEY_FILE
    ! ask "$1" "$2" > "$stage" || exit 0
  done
  exit 1
)

# folder PATH OWNER GROUP: the folder around it. One that is made below somebody's home is theirs.
folder() {
  [ -d "$root${1%/*}" ] || {
    (umask 022 && mkdir -p "$root${1%/*}") &&
      case $1 in
      /run/*) ;;
      *) ! is_live || chown -h "$2:$3" "$root${1%/*}" ;;
      esac
  }
}

# link STORE PATH OWNER GROUP: what looks for it elsewhere finds it.
link() {
  [ "$1" = "$2" ] || { folder "$2" "$3" "$4" && ln -sfn "$1" "$root$2"; }
}

# secret FILE KEY STORE PATH MODE OWNER GROUP UNITS: what is open lies in the STORE below /run alone, and goes with it.
secret() {
  file=$root$1 key=$2 store=$3 name=$4 mode=$5 owner=$6 group=$7 units=$8
  path=$root$store
  printf '%s\n' "$store" "$name" >> "$opened.new"
  if why=$({ open "$file" "$key" && { ! is_live || chown -h "$owner:$group" "$stage"; } &&
    chmod "$mode" "$stage" && folder "$store" "$owner" "$group" &&
    link "$store" "$name" "$owner" "$group"; } 2>&1); then
    if [ ! -f "$path" ]; then
      ! grep -Fqx -- "$name" "$run/secrets.waiting" || awaited="$awaited${units:+ $units}"
    elif [ "$(cksum < "$path")" != "$(cksum < "$stage")" ]; then
      changed="$changed${units:+ $units}"
    fi
    if mv -fT "$stage" "$path"; then return; fi
    why="it cannot be put there"
  fi
  rm -f "$stage"
  failed=1
  if [ -f "$path" ]; then
    say "$name stays as it was: $why"
  else
    say "$name cannot be opened, and $(names "$units") waits for it: $why"
    printf '%s\n' "$name" >> "$run/secrets.waiting.new"
  fi
}

# tell VERB UNIT…: systemd, or that of the account whose unit it is (ACCOUNT/NUMBER/UNIT), where that runs.
tell() {
  verb=$1
  shift
  own=
  told=
  for unit; do
    case $unit in
    */*)
      case " $told " in *" $unit "*) continue ;; esac
      told="$told $unit"
      account=${unit%%/*} number=${unit#*/}
      number=${number%%/*}
      ! systemctl is-active --quiet "user@$number.service" ||
        runuser -u "$account" -- env "XDG_RUNTIME_DIR=/run/user/$number" \
          systemctl --user --no-block "$verb" "${unit##*/}" || failed=1
      ;;
    *) own="$own $unit" ;;
    esac
  done
  # shellcheck disable=SC2086 # names of units, with blanks between them
  [ -z "$own" ] || systemctl --no-block "$verb" $own || failed=1
}

# names UNITS: as people know them.
names() {
  printf '%s\n' "${1:-what reads it}" | sed 's|[^ ]*/||g'
}

# What a former run opened, and this one does not; then what reads what is new, and what is put together from all.
finish() {
  while IFS= read -r name; do
    grep -Fqx -- "$name" "$opened.new" || rm -f "$root$name"
  done < "$opened"
  mv -f "$opened.new" "$opened"
  mv -f "$run/secrets.waiting.new" "$run/secrets.waiting"
  if is_live; then
    # shellcheck disable=SC2086 # names of units, with blanks between them
    tell start $awaited
    # shellcheck disable=SC2086
    tell try-restart $changed
  fi
  [ ! -f "$root/etc/qg/sealed.sh" ] || sh "$root/etc/qg/sealed.sh" || failed=1
  exit "$failed"
}

export SOPS_AGE_KEY_FILE=/var/lib/age/key.txt
secret /etc/qg/secrets/secrets/all.yaml '["app"]["db"]' /run/secrets/app/db /run/secrets/app/db 0400 root root scrub.service
secret /etc/qg/secrets/secrets/all.yaml '["app"]["env"]' /run/secrets/app/env /run/secrets/app/env 0400 root root scrub.service
finish
