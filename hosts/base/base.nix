# Every machine: language, shell, what is installed everywhere.
{ config, pkgs, ... }:
{
  i18n.defaultLocale = "fr_FR.UTF-8";
  console.keyMap = "fr";

  programs.zsh.enable = true;
  # Programs that were made for other systems find their loader.
  programs.nix-ld.enable = true;

  # The configuration belongs to the owner; root builds from it all the same.
  environment.etc.gitconfig.text = ''
    [safe]
      directory = /home/${config.fleet.owner}/nixos
  '';
  # Electron and Chromium speak Wayland by themselves.
  environment.sessionVariables.NIXOS_OZONE_WL = "1";

  environment.systemPackages = with pkgs; [
    git
    htop
  ];

  hardware.graphics.enable = true;

  fonts.packages = with pkgs; [
    font-awesome
    nerd-fonts.jetbrains-mono
  ];
}
