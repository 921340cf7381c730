# Films and music.
{ pkgs, ... }:
{
  environment.systemPackages = with pkgs; [
    jellyfin-media-player
    mpv
  ];
}
