# The NVF module: `vim.languages.qg.enable = true` brings colours, the file type and the language
# server. `editors/README.md` shows where it goes.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.vim.languages.qg;
in
{
  options.vim.languages.qg = {
    enable = lib.mkEnableOption "support for the QG language";

    package = lib.mkOption {
      type = lib.types.package;
      default =
        pkgs.qgc or (throw "vim.languages.qg.package: say where qgc comes from, or use the flake's overlay");
      defaultText = lib.literalExpression "pkgs.qgc";
      description = "The compiler, which is the language server too.";
    };

    lsp.enable = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether the language server is started.";
    };
  };

  config = lib.mkIf cfg.enable {
    vim.extraPlugins.qg.package = pkgs.vimUtils.buildVimPlugin {
      pname = "qg-nvim";
      version = cfg.package.version or "0";
      src = ../nvim;
    };

    vim.globals = {
      # The very program of the package, whatever is in PATH.
      qg_command = lib.getExe cfg.package;
      qg_lsp = cfg.lsp.enable;
    };
  };
}
