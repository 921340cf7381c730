# Programs of machines with a screen.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    dejavu_fonts
    discord
    git
    moonlight-qt
    nautilus
    nerd-fonts.jetbrains-mono
    telegram-desktop
    unrar
    unzip
    zip
  ];
}
