# The client certificate, without which private routes answer nobody: each session puts it into Firefox's profile, after
# sops-nix has opened it. What is there already is left as it is.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  file = config.fleet.certificate;
  profile = "${config.home.homeDirectory}/.mozilla/firefox/${config.home.username}";
  import-certificate = pkgs.writeShellScript "import-certificate" ''
    set -eu
    mkdir -p ${profile}
    if [ ! -e ${profile}/cert9.db ]; then
      ${pkgs.nss.tools}/bin/certutil -N -d sql:${profile} --empty-password
    fi
    ${pkgs.nss.tools}/bin/pk12util -i ${file} -d sql:${profile} -K "" -W ""
  '';
in
{
  systemd.user.services.client-certificate = lib.mkIf (file != null) {
    Unit = {
      Description = "Client certificate of the browser";
      After = [ "sops-nix.service" ];
      Wants = [ "sops-nix.service" ];
      ConditionPathExists = file;
    };
    Service = {
      Type = "oneshot";
      RemainAfterExit = true;
      ExecStart = "${import-certificate}";
    };
    Install.WantedBy = [ "default.target" ];
  };
}
