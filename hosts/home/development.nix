# Languages and their tools.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    # Nix, and surroundings for projects.
    alejandra
    deadnix
    devbox
    devenv
    nixd
    pre-commit
    # Java.
    gradle
    jdk
    maven
    # Python, the web, C.
    gcc
    nodejs
    pnpm
    python3
    python3Packages.pip
    python3Packages.virtualenv
    yarn
    # Telephones.
    android-studio-full
    flutter
    # Editors beside Neovim and VS Code.
    antigravity-cli
    (jetbrains.plugins.addPlugins jetbrains.idea [ ])

    libnotify
  ];
}
