# Lets units stand still while their files are copied, and go on afterwards as they were.
#
#   standstill hold JOB ACCOUNT UNIT... [-- UNIT...]   stops the units, and all that stops with them
#   standstill release JOB                             starts what the job stopped
#
# ACCOUNT is `-` for the system's own units. What did not run is not started; what another job still
# holds is left to that one. Units behind `--` need not exist. Where a unit cannot be stopped the copy
# is made all the same, and the job fails afterwards, so that somebody looks.
set -uf
verb=$1 job=$2
shift 2
state=${QG_STANDSTILL:-/run/qg/standstill}
mkdir -p "$state/units" "$state/failed" || exit
exec 9>"$state/lock"
flock 9

control() {
  case $account in
  -) systemctl "$@" 9>&- ;;
  *) systemctl --user --machine="$account@.host" "$@" 9>&- ;;
  esac
}

complain() {
  echo "standstill: $*" >&2
  : >"$state/failed/$job"
}

# Starting counts as running, and so does waiting for a restart.
runs() {
  is=$(control is-active "$1") && return 0
  case $is in activating | reloading | refreshing) return 0 ;; esac
  return 1
}

# What systemd stops with a unit, and what would start it in the meantime.
with() {
  control show --value -p RequiredBy -p RequisiteOf -p BoundBy -p ConsistsOf -p PropagatesStopTo -p TriggeredBy "$1"
}

hold() {
  account=$1
  shift
  strict=yes all='' running=''
  for unit; do
    if [ "$unit" = -- ]; then
      strict=no
    elif [ "$(control show --value -p LoadState "$unit")" != not-found ]; then
      all="$all $unit"
    elif [ "$strict" = yes ]; then
      complain "there is no unit $unit: what it should stop may run on while it is copied"
    fi
  done
  todo=$all all=''
  while set -- $todo && [ $# -gt 0 ]; do
    unit=$1
    shift
    todo="$*"
    case " $all " in *" $unit "*) continue ;; esac
    all="$all $unit"
    todo="$todo $(with "$unit")"
  done
  for unit in $all; do
    place=$state/units/$account/$unit
    if [ -d "$place" ] || runs "$unit"; then
      running="$running $unit"
      mkdir -p "$place" && : >"$place/$job"
    fi
  done
  if [ -n "$running" ]; then
    control stop $running || complain "not all of these could be stopped:$running"
  fi
}

release() {
  for account in $(ls -A "$state/units"); do
    groups='' units=''
    for unit in $(ls -A "$state/units/$account"); do
      place=$state/units/$account/$unit
      [ -e "$place/$job" ] || continue
      rm -f "$place/$job"
      rmdir "$place" 2>/dev/null || continue
      case $unit in
      *-pod.service | *.target) groups="$groups $unit" ;;
      *) units="$units $unit" ;;
      esac
    done
    # A pod wants all its members, also one that somebody had stopped: each that ran is started below.
    if [ -n "$groups" ]; then
      control start --job-mode=ignore-dependencies $groups || complain "not all of these started:$groups"
    fi
    if [ -n "$units" ]; then
      control start $units || complain "not all of these started:$units"
    fi
  done
  if [ -e "$state/failed/$job" ]; then
    rm -f "$state/failed/$job"
    exit 1
  fi
}

"$verb" "$@"
