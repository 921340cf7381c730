# Starts units one after the other, each when the one before it has ended.
#
#   chain UNIT...
#
# A host has one turn: a second chain waits until the first is through, whatever the clock says. A unit that fails
# stops none of the others, and fails the chain in the end. Who stops the chain stops the unit that runs; what that
# one had stopped it starts again by itself (`ExecStopPost=`).
set -u
lock=${QG_CHAIN:-/run/qg}
mkdir -p "$lock" || exit
exec 9>"$lock/chain.lock"
unit=''
trap '[ -z "$unit" ] || systemctl stop "$unit" 9>&-; exit 143' TERM INT HUP
flock 9 &
wait $! || exit
failed=''
for unit; do
  # Of a unit that runs once, `start` comes back when all of it is over, `ExecStopPost=` too.
  systemctl start "$unit" 9>&- &
  wait $! || failed="$failed $unit"
done
if [ -n "$failed" ]; then
  echo "chain: these failed:$failed" >&2
  exit 1
fi
