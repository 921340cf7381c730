# Visual Studio Code.
{ config, pkgs, ... }:
let
  flake = ''(builtins.getFlake "${config.home.homeDirectory}/nixos")'';
in
{
  programs.vscode = {
    enable = true;
    package = pkgs.vscode;
    profiles.default = {
      enableUpdateCheck = true;
      enableExtensionUpdateCheck = true;
      extensions = with pkgs.vscode-extensions; [
        bradlc.vscode-tailwindcss
        codezombiech.gitignore
        dbaeumer.vscode-eslint
        esbenp.prettier-vscode
        github.copilot
        github.copilot-chat
        james-yu.latex-workshop
        jnoortheen.nix-ide
        mechatroner.rainbow-csv
        ms-azuretools.vscode-docker
        ms-vscode-remote.remote-ssh
        ms-vscode.cpptools-extension-pack
        ms-vscode.live-server
        oderwat.indent-rainbow
        oracle.oracle-java
        vscjava.vscode-gradle
        vscjava.vscode-java-debug
        vscjava.vscode-java-dependency
        vscjava.vscode-java-pack
        vscjava.vscode-java-test
        vscjava.vscode-maven
        yoavbls.pretty-ts-errors
        zainchen.json
      ];
      userSettings = {
        "editor.semanticHighlighting.enabled" = true;
        "files.autoSave" = "afterDelay";
        "github.copilot.enable" = {
          "*" = true;
          markdown = true;
          plaintext = true;
          scminput = false;
        };
        "http.systemCertificatesNode" = true;
        "java.gradle.buildServer.enabled" = "off";
        "latex-workshop.latex.autoBuild.run" = "onSave";
        "latex-workshop.latex.recipes" = [
          {
            name = "latexmk (pdf)";
            tools = [ "latexmk" ];
          }
        ];
        "latex-workshop.latex.tools" = [
          {
            name = "latexmk";
            command = "latexmk";
            args = [
              "-synctex=1"
              "-interaction=nonstopmode"
              "-file-line-error"
              "-pdf"
              "%DOC%"
            ];
          }
        ];
        "nix.enableLanguageServer" = true;
        "nix.serverPath" = "nixd";
        "nix.serverSettings".nixd = {
          formatting.command = [ "alejandra" ];
          nixpkgs.expr = "import ${flake}.inputs.nixpkgs { }";
          options = {
            nixos.expr = "${flake}.nixosConfigurations.Clovis.options";
            home-manager.expr = "${flake}.nixosConfigurations.Clovis.options.home-manager.users.type.getSubOptions [ ]";
          };
        };
        "remote.SSH.configFile" = "${config.home.homeDirectory}/.ssh/config";
      };
    };
  };
}
