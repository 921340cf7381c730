# Follows the repository by itself, every night.
{
  system.autoUpgrade = {
    enable = true;
    flake = "github:qgroget/nixos";
    dates = "04:00";
    randomizedDelaySec = "45min";
  };
}
