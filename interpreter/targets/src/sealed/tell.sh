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
