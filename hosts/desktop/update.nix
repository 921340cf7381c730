# The machine follows the repository by itself, every six hours: it takes what is new, brings the inputs of the flake
# up to date, and says so. Only what was built and switched to is pushed back.
{ config, pkgs, ... }:
let
  owner = config.fleet.owner;
  folder = "/home/${owner}/nixos";
  script = pkgs.writeShellScriptBin "auto-upgrade-script" ''
    set -eu
    as_owner() { sudo -u ${owner} -H "$@"; }
    tell() {
      as_owner env DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$(id -u ${owner})/bus" \
        ${pkgs.libnotify}/bin/notify-send "NixOS" "$1" || true
    }
    cd ${folder}
    # Work that is not committed is nobody's but the owner's.
    if [ -n "$(as_owner git status --porcelain)" ]; then
      tell "Not updated: ${folder} has changes"
      exit 0
    fi
    as_owner git pull --ff-only
    as_owner ${pkgs.qgc}/bin/qgc compile
    as_owner nix flake update --flake ./hosts
    if nixos-rebuild switch --flake "./hosts#${config.networking.hostName}"; then
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
  '';
in
{
  systemd.services.nixos-upgrade = {
    enable = true;
    description = "NixOS Upgrade Service";
    path = with pkgs; [
      gawk
      git
      nix
      nixos-rebuild
      openssh
      sudo
    ];
    script = "${script}/bin/auto-upgrade-script";
    serviceConfig.Type = "oneshot";
    unitConfig.RequiresMountsFor = folder;
    # A switch does not stop the unit that does it.
    restartIfChanged = false;
  };
  systemd.timers.nixos-upgrade = {
    enable = true;
    wantedBy = [ "timers.target" ];
    wants = [ "network-online.target" ];
    after = [ "network-online.target" ];
    timerConfig = {
      OnBootSec = "5min";
      OnUnitActiveSec = "6h";
      Persistent = true;
      Unit = "nixos-upgrade.service";
    };
  };
}
