# Work: virtual machines, containers, languages. Editors and the tools of each language are the owner's (hosts/home).
{ config, pkgs, ... }:
{
  virtualisation = {
    libvirtd.enable = true;
    containers.enable = true;
    podman = {
      enable = true;
      # `docker` is podman's.
      dockerCompat = true;
    };
  };

  # VirtualBox hands USB devices to machines of this group's members. Its host is switched on where it is used.
  users.groups.vboxusers.members = [ config.fleet.owner ];

  programs.java = {
    enable = true;
    package = pkgs.openjdk21;
  };

  environment.systemPackages = with pkgs; [
    delta
    jetbrains-toolbox
    nixd
    podman-compose
    # Firefox takes its colours from the wallpaper.
    pywalfox-native
    # The stable toolchain, with the sources that rust-analyzer reads, and what the web runs.
    (rust-bin.stable.latest.default.override {
      extensions = [ "rust-src" ];
      targets = [ "wasm32-unknown-unknown" ];
    })
    vscode-extensions.vadimcn.vscode-lldb.adapter
  ];
}
