#!/bin/sh
# Made by qgc from the sources of the fleet; changes made here are lost.
#
# Puts together what holds secrets, when the machine starts and when a secret changes. Results are below /run
# only. Each secret is written as the file around it wants it, so that none can end a string or begin a line.
set -eu
umask 077
root=${QG_ROOT:-}

fill='
function fail(why) {
  print "qg: " why > "/dev/stderr"
  exit 1
}

function slurp(file,    line, all, count, got) {
  while ((got = (getline line < file)) > 0) {
    all = count++ ? all "\n" line : line
  }
  if (got < 0) fail("cannot read " file)
  close(file)
  return all
}

function encode(text, how, file,    i, c, next_c, out) {
  if (how == "raw") return text
  if (how == "line") {
    if (text ~ /[\n\r]/) fail(file " has a line break, and has to fit into one line")
    return text
  }
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (how == "unit") {
      out = out (c == "\\" || c == "\"" || c == "$" || c == "`" ? "\\" c : c)
    } else if (c in json) {
      out = out json[c]
    } else if (c == "\302" && (next_c = substr(text, i + 1, 1)) in upper) {
      out = out upper[next_c]
      i++
    } else {
      out = out c
    }
  }
  return out
}

BEGIN {
  for (i = 1; i < 32; i++) json[sprintf("%c", i)] = sprintf("\\u%04x", i)
  for (i = 128; i < 160; i++) upper[sprintf("%c", i)] = sprintf("\\u%04x", i)
  json[sprintf("%c", 127)] = "\\u007f"
  json["\""] = "\\\""
  json["\\"] = "\\\\"
  template = slurp(ARGV[1])
  for (i = 3; i < ARGC; i += 3) {
    count++
    mark[count] = ARGV[i]
    value[count] = encode(slurp(ARGV[i + 2]), ARGV[i + 1], ARGV[i + 2])
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

for folder in /run/qg /run/qg/sealed /run/qg/sealed/env /run/qg/sealed/files; do
  mkdir -p "$root$folder"
  chmod 0711 "$root$folder"
done

# render TEMPLATE RESULT MODE OWNER GROUP END [MARK ENCODING SECRET]…
render() {
  result=$root$2 mode=$3 owner=$4 group=$5
  template=$root$1 end=$6
  shift 6
  LC_ALL=C awk "$fill" "$template" "$end" "$@" > "$result.new"
  [ -n "$root" ] || chown "$owner:$group" "$result.new"
  chmod "$mode" "$result.new"
  mv -f "$result.new" "$result"
}

# place RESULT PATH: what looks for it there finds it.
place() {
  (umask 022 && mkdir -p "$root${2%/*}")
  ln -sfn "$1" "$root$2"
}

render /etc/qg/sealed/files/etc-app-app-yaml /run/qg/sealed/files/etc-app-app-yaml 0600 root root line @QG_SECRET_TOKEN@ json "$root"/run/secrets/token
place /run/qg/sealed/files/etc-app-app-yaml /etc/app/app.yaml
