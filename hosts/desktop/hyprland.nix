# Hyprland: windows as tiles. The portal that shares the screen comes with the module, and so does XWayland.
# What it does with keys is the owner's taste (hosts/home/taste).
{ pkgs, ... }:
{
  programs.hyprland = {
    enable = true;
    xwayland.enable = true;
    # systemd starts the session and what belongs to it, and ends it in order.
    withUWSM = true;
  };

  programs.hyprlock.enable = true;
  services.hypridle.enable = true;

  # Programs that ask for root's password find somebody who asks for it.
  security.polkit.enable = true;

  environment.systemPackages = with pkgs; [
    fuzzel
    hyprpolkitagent
    hyprshot
    mako
    waybar
  ];
}
