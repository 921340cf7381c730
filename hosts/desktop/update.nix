# Follows the repository by itself, every night. `git.example.org` stands for where it lies.
{
  system.autoUpgrade = {
    enable = true;
    flake = "git+https://git.example.org/nixos";
    dates = "04:00";
    randomizedDelaySec = "45min";
  };
}
