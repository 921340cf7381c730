# Nix itself: who may use it, what it throws away, which packages it takes.
{ config, inputs, ... }:
{
  nix = {
    settings = {
      auto-optimise-store = true;
      trusted-users = [
        "root"
        config.fleet.owner
      ];
    };
    # `nix-shell -p` and `<nixpkgs>` give what the system was built from.
    nixPath = [ "nixpkgs=${inputs.nixpkgs}" ];
    gc = {
      automatic = true;
      dates = "weekly";
      options = "--delete-older-than 30d";
    };
  };

  nixpkgs.config = {
    allowUnfree = true;
    allowUnfreePredicate = _: true;
    android_sdk.accept_license = true;
  };
}
