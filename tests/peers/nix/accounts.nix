# Accounts that modules of nixpkgs declare when they are switched on (their code, unstable of 2026), and those
# that every NixOS has (nixos/modules/config/users-groups.nix). `services` is what a host sets below that name.
{ services }:
let
  on = name: services ? ${name} && (services.${name}.enable or false) == true;
  account = name: {
    users.${name} = {
      isSystemUser = true;
      group = name;
    };
    groups.${name} = { };
  };
  # Modules whose account has the module's own name.
  plain = [
    "crowdsec"
    "forgejo"
    "game-installer"
    "immich"
    "influxdb2"
    "jellyfin"
    "mysql"
    "navidrome"
    "nextcloud"
    "syncthing"
    "traefik"
    "unbound"
  ];
  instances = builtins.attrNames (services.authelia.instances or { });
  declared =
    map account (builtins.filter on plain)
    ++ map (name: account "authelia-${name}") instances
    # Its history is kept by another program.
    ++ (if on "scrutiny" then [ (account "influxdb2") ] else [ ]);
  merge = key: builtins.foldl' (all: one: all // one.${key}) { } declared;
in
{
  users = merge "users" // {
    root.isRoot = true;
    root.group = "root";
    nobody.isSystemUser = true;
    nobody.group = "nogroup";
  };
  groups =
    merge "groups"
    // builtins.listToAttrs (
      map
        (name: {
          inherit name;
          value = { };
        })
        [
          "adm"
          "audio"
          "cdrom"
          "clock"
          "dialout"
          "disk"
          "floppy"
          "input"
          "keys"
          "kmem"
          "kvm"
          "lp"
          "networkmanager"
          "nixbld"
          "nogroup"
          "podman"
          "render"
          "root"
          "sgx"
          "shadow"
          "systemd-journal"
          "tape"
          "tty"
          "users"
          "utmp"
          "uucp"
          "video"
          "wheel"
        ]
    );
}
