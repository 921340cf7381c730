# Games: Steam with all that it brings, Windows' games without it, lights of the keyboard.
{ pkgs, ... }:
{
  programs.steam = {
    enable = true;
    package = pkgs.steam;
    # A session of Steam's own, from the login screen.
    gamescopeSession.enable = true;
    protontricks.enable = true;
    extraCompatPackages = [ pkgs.proton-ge-bin ];
    remotePlay.openFirewall = true;
    dedicatedServer.openFirewall = true;
    localNetworkGameTransfers.openFirewall = true;
  };
  programs.gamemode.enable = true;

  programs.appimage = {
    enable = true;
    binfmt = true;
  };

  services.hardware.openrgb = {
    enable = true;
    package = pkgs.openrgb-with-all-plugins;
    motherboard = "amd";
  };
  # OpenRGB reaches the mainboard's lights over a bus that the firmware claims.
  boot.kernelParams = [ "acpi_enforce_resources=lax" ];

  hardware.graphics.enable32Bit = true;
  services.xserver.videoDrivers = [ "amdgpu" ];

  environment.systemPackages = with pkgs; [
    lsfg-vk
    lsfg-vk-ui
    prismlauncher
    protontricks
    python3
    steam-rom-manager
    wine
    winetricks
    # The owner's own scripts, from a repository that is not this one (`game-scripts` in hosts/flake.nix).
    qgroget-auto-install-firtgirl
    qgroget-steam-import
  ];
}
