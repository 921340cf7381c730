# Lets whoever may become root bring a machine back into the tailnet, with the key that lies among its secrets. What is said after
# the command goes to `tailscale up`; a key of OAuth wants `--advertise-tags`.
{ config, pkgs, ... }:
{
  environment.systemPackages = [
    pkgs.tailscale
    (pkgs.writeShellScriptBin "tailscale-reconnect" ''
      exec ${pkgs.tailscale}/bin/tailscale up --force-reauth \
        --auth-key "file:${config.sops.secrets."tailscale/oauth/key".path}" "$@"
    '')
  ];
}
