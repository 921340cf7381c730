# Brings the machine up to date from the owner's folder: it takes what is new there, brings the inputs of the flake up to
# date, and says so. Only what was built and switched to is pushed back.
set -eu
as_owner() { sudo -u "$OWNER" -H "$@"; }
tell() {
  as_owner env DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$(id -u "$OWNER")/bus" notify-send "NixOS" "$1" || true
}
cd "$FOLDER"
# Work that is not committed is nobody's but the owner's.
if [ -n "$(as_owner git status --porcelain)" ]; then
  tell "Not updated: $FOLDER has changes"
  exit 0
fi
as_owner git pull --ff-only
as_owner "$(command -v qgc)" compile
as_owner nix flake update --flake ./hosts
if nixos-rebuild switch --flake "./hosts#$MACHINE"; then
  if [ -n "$(as_owner git status --porcelain hosts/flake.lock)" ]; then
    as_owner git commit --message "Bring the inputs up to date" hosts/flake.lock
    as_owner git push
  fi
  tell "Updated: $(readlink /run/current-system | gawk -F- '{ print $NF }')"
else
  as_owner git checkout -- hosts/flake.lock
  tell "The update failed: journalctl -u nixos-upgrade"
  exit 1
fi
