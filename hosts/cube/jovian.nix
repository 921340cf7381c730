# Begins as a console does: with the library of games, and no login. GNOME is behind it («Switch to desktop»).
{ config, pkgs, ... }:
{
  jovian = {
    steam = {
      enable = true;
      autoStart = true;
      user = config.fleet.owner;
      desktopSession = "gnome";
    };
    hardware.has.amd.gpu = true;
    # Plugins in the menu of Steam.
    decky-loader = {
      enable = true;
      package = pkgs.decky-loader-prerelease;
      # What plugins run.
      extraPackages = with pkgs; [
        bash
        coreutils
        python3
        systemd
      ];
    };
  };

  # While a game runs, the graphics card does not save power.
  programs.gamemode.settings = {
    general.renice = 10;
    gpu = {
      apply_gpu_optimisations = "accept-responsibility";
      gpu_device = 0;
      amd_performance_level = "high";
    };
  };
}
