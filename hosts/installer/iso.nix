# The minimal image, made quickly rather than small, with all that puts a machine of the fleet on a disk.
{
  lib,
  modulesPath,
  pkgs,
  ...
}:
let
  # Formats the disks as the host says, brings its key, installs it.
  install = pkgs.writeShellScriptBin "install-machine" ''
    set -eu
    if [ $# -ne 3 ]; then
      echo "usage: install-machine FLAKE HOST AGE-KEY-FILE" >&2
      exit 2
    fi
    read -r -p "Everything on the disks of $2 will be gone. Type its name: " typed
    [ "$typed" = "$2" ]
    disko --mode destroy,format,mount --flake "$1#$2"
    # Where the hosts of the fleet look for it (`age` of each host).
    for folder in /mnt/persist/var/lib/sops/age /mnt/var/lib/sops/age; do
      install -D -m 0400 "$3" "$folder/keys.txt"
    done
    nixos-install --no-root-passwd --flake "$1#$2"
  '';
in
{
  imports = [ (modulesPath + "/installer/cd-dvd/installation-cd-minimal.nix") ];
  isoImage.squashfsCompression = "gzip -Xcompression-level 1";

  console.keyMap = "fr";
  i18n.defaultLocale = "fr_FR.UTF-8";
  services.xserver.xkb.layout = "fr";

  services.openssh = {
    enable = true;
    settings.PasswordAuthentication = false;
    # With a key: the password below is for the console.
    settings.PermitRootLogin = lib.mkForce "yes";
  };
  users.users.root.initialPassword = "nixos";

  environment.systemPackages = with pkgs; [
    age
    disko
    git
    gparted
    install
    sops
    vim
  ];
}
