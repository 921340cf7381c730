# Where SSH leads, by the names that the fleet has for its machines.
{ config, lib, ... }:
let
  cfg = config.fleet;
  machine = name: it: ''
    Host ${name}
      HostName ${it.host}
      User ${it.user}
  '';
  key = lib.optionalString (cfg.identity != null) ''
    Host *
      IdentityFile ${cfg.identity}
  '';
in
{
  home.file.".ssh/config".text =
    lib.concatStringsSep "" (lib.mapAttrsToList machine cfg.ssh) + key;
}
