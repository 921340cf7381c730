#!/bin/sh
# Made by qgc from the sources of the fleet; changes made here are lost.
#
# Puts together what holds secrets, when the machine starts and when a secret changes. Results are below /run
# only. Each secret is written as the file around it wants it, so that none can end a string or begin a line.
#
# Each file is made by itself. One that cannot be made stays as it was, and what reads it goes on; where there is
# none yet, what reads it waits for it. What reads a file that changed starts anew.
set -u
umask 077
root=${QG_ROOT:-}
run=$root/run/qg
links=$root/var/lib/qg/links
failed=0

fill='
function fail(why) {
  print why > "/dev/stderr"
  exit 1
}

function slurp(file,    line, all, count, got) {
  while ((got = (getline line < file)) > 0) {
    all = count++ ? all "\n" line : line
  }
  if (got < 0) fail(file " cannot be read")
  close(file)
  return all
}

# RFC 3629, byte by byte.
function utf8(text, file,    i, byte, more, low, high, bad) {
  for (i = 1; i <= length(text) && !bad; i++) {
    byte = code[substr(text, i, 1)]
    if (more) {
      bad = byte < low || byte > high
      low = 128
      high = 191
      more--
    } else if (byte > 127) {
      more = byte < 224 ? 1 : byte < 240 ? 2 : 3
      bad = byte < 194 || byte > 244
      low = byte == 224 ? 160 : byte == 240 ? 144 : 128
      high = byte == 237 ? 159 : byte == 244 ? 143 : 191
    }
  }
  if (bad || more) fail(file " is not text in UTF-8")
}

function percent(text, plain,    i, c, out) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    out = out (index(plain, c) ? c : sprintf("%%%02X", code[c]))
  }
  return out
}

function json(text,    i, c, two, three, out) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    two = substr(text, i, 2)
    three = substr(text, i, 3)
    if (c in escape) {
      out = out escape[c]
    } else if (two in escape) {
      out = out escape[two]
      i++
    } else if (three in escape) {
      out = out escape[three]
      i += 2
    } else {
      out = out c
    }
  }
  return out
}

function unit(text,    i, c, out) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    out = out (index("\\\"$`", c) ? "\\" c : c)
  }
  return out
}

function step(text, how, file,    copy) {
  if (how == "raw") return text
  if (how == "filled") {
    if (text ~ /^[ \t\r\n]*$/) fail(file " is empty, and may not be")
  } else if (how ~ /^colons/) {
    copy = text
    if (gsub(/:/, "", copy) != substr(how, 7) + 0)
      fail(file " is no user as the proxy reads it: name, then hash, with colons between")
  } else if (how == "line") {
    if (text ~ /[\n\r]/) fail(file " has a line break, and has to fit into one line")
  } else if (how == "trimmed") {
    if (text ~ /^[ \t]|[ \t]$/) fail(file " begins or ends with a blank, which readers of the file cut off")
  } else if (how == "userinfo" || how == "query") {
    return percent(text, plain)
  } else if (how == "path") {
    return percent(text, plain "/:@!$&\047()*+,;=")
  } else if (how == "json") {
    utf8(text, file)
    return json(text)
  } else if (how == "utf8") {
    utf8(text, file)
  } else if (how == "unit") {
    return unit(text)
  } else {
    fail("nobody knows " how)
  }
  return text
}

BEGIN {
  plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
  for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
  # What JSON escapes, what YAML does not print, and what some version of it takes for the end of a line.
  for (i = 1; i < 32; i++) escape[sprintf("%c", i)] = sprintf("\\u%04x", i)
  for (i = 128; i < 160; i++) escape["\302" sprintf("%c", i)] = sprintf("\\u%04x", i)
  escape[sprintf("%c", 127)] = "\\u007f"
  escape["\""] = "\\\""
  escape["\\"] = "\\\\"
  escape["\342\200\250"] = "\\u2028"
  escape["\342\200\251"] = "\\u2029"
  escape["\357\273\277"] = "\\ufeff"
  escape["\357\277\276"] = "\\ufffe"
  escape["\357\277\277"] = "\\uffff"
  template = slurp(ARGV[1])
  for (i = 3; i < ARGC; i += 3) {
    count++
    mark[count] = ARGV[i]
    value[count] = slurp(ARGV[i + 2])
    steps = split(ARGV[i + 1], how, ",")
    for (k = 1; k <= steps; k++) value[count] = step(value[count], how[k], ARGV[i + 2])
  }
  for (;;) {
    best = 0
    for (k = 1; k <= count; k++) {
      place = index(template, mark[k])
      if (place && (!best || place < first)) {
        best = k
        first = place
      }
    }
    if (!best) break
    out = out substr(template, 1, first - 1) value[best]
    template = substr(template, first + length(mark[best]))
  }
  printf("%s%s", out template, ARGV[2] == "line" ? "\n" : "")
  exit 0
}
'

# On the machine itself, not in a folder that is only prepared.
is_live() {
  [ -z "$root" ] || [ -n "${QG_LIVE:-}" ]
}

# For people: in the journal, and where `install.sh` looks.
say() {
  printf 'qg: %s\n' "$*" >&2
  printf '%s\n' "$*" >> "$run/sealed.said"
}

for folder in /run/qg /run/qg/sealed /run/qg/sealed/env /run/qg/sealed/files; do
  mkdir -p "$root$folder" && chmod 0711 "$root$folder" || exit 1
done
(umask 022 && mkdir -p "${links%/*}") || exit 1
: > "$run/sealed.said"
: > "$run/results.new"
: > "$run/waiting.new"
: > "$links.new"
touch "$run/waiting" "$links"
changed=
awaited=

# Zero bytes have no place in a text, and awk would end there.
without_zeros() {
  while [ $# -ge 3 ]; do
    if [ -f "$3" ] && [ "$(LC_ALL=C tr -d '\000' < "$3" | wc -c)" -ne "$(wc -c < "$3")" ]; then
      echo "$3 is no text: it has a zero byte" >&2
      return 1
    fi
    shift 3
  done
}

# make RESULT TEMPLATE MODE OWNER GROUP END [MARK STEPS SECRET]…
make() {
  result=$1 template=$2 mode=$3 owner=$4 group=$5 end=$6
  shift 6
  without_zeros "$@" &&
    LC_ALL=C awk "$fill" "$template" "$end" "$@" > "$result.new" &&
    { ! is_live || chown -h "$owner:$group" "$result.new"; } &&
    chmod "$mode" "$result.new"
}

# render TEMPLATE RESULT MODE OWNER GROUP END UNITS [MARK STEPS SECRET]…
render() {
  template=$root$1 name=$2 mode=$3 owner=$4 group=$5 end=$6 units=$7
  result=$root$name
  shift 7
  printf '%s\n' "$result" >> "$run/results.new"
  if why=$(make "$result" "$template" "$mode" "$owner" "$group" "$end" "$@" 2>&1); then
    if [ ! -f "$result" ]; then
      ! grep -Fqx -- "$name" "$run/waiting" || awaited="$awaited${units:+ $units}"
    elif [ "$(cksum < "$result")" != "$(cksum < "$result.new")" ]; then
      changed="$changed${units:+ $units}"
    fi
    mv -fT "$result.new" "$result"
  else
    rm -f "$result.new"
    failed=1
    if [ -f "$result" ]; then
      say "$name stays as it was: $why"
    else
      say "$name cannot be made, and $(names "$units") waits for it: $why"
      printf '%s\n' "$name" >> "$run/waiting.new"
    fi
  fi
}

# place RESULT PATH: what looks for it there finds it.
place() {
  printf '%s\n' "$2" >> "$links.new"
  if [ -d "$root$2" ] && [ ! -L "$root$2" ]; then
    say "$2 is a folder, and should be a file"
    failed=1
  elif ! { (umask 022 && mkdir -p "$root${2%/*}") && ln -sfn "$1" "$root$2"; }; then
    say "$2 cannot be made"
    failed=1
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

# What a former run made, and this one does not; and then what reads what is new.
finish() {
  while IFS= read -r path; do
    case $(readlink "$root$path") in
    /run/qg/sealed/*) grep -Fqx -- "$path" "$links.new" || rm -f "$root$path" ;;
    esac
  done < "$links"
  mv -f "$links.new" "$links"
  for result in "$run"/sealed/env/* "$run"/sealed/files/*; do
    grep -Fqx -- "$result" "$run/results.new" || rm -f "$result"
  done
  rm -f "$run/results.new"
  mv -f "$run/waiting.new" "$run/waiting"
  if is_live; then
    # shellcheck disable=SC2086 # names of units, with blanks between them
    tell start $awaited
    # shellcheck disable=SC2086
    tell try-restart $changed
  fi
  exit "$failed"
}

render /etc/qg/sealed/files/etc-token-env /run/qg/sealed/files/etc-token-env 0600 root root line scrub.service @QG_SECRET_TOKEN@ raw "$root"/run/secrets/app/db
place /run/qg/sealed/files/etc-token-env /etc/token.env
finish
