# The editor of every machine: Neovim, made with NVF. `.qg` files have colours, findings and completion in it, for the
# flake brings the module of QG's own repository (`nvf` in hosts/flake.nix).
{
  programs.nvf = {
    enable = true;
    defaultEditor = true;
    settings.vim = {
      viAlias = true;
      vimAlias = true;
      options = {
        number = true;
        relativenumber = true;
        expandtab = true;
        shiftwidth = 2;
        tabstop = 2;
      };
      clipboard = {
        enable = true;
        registers = "unnamedplus";
      };
      lsp = {
        enable = true;
        formatOnSave = true;
      };
      languages = {
        enableTreesitter = true;
        enableFormat = true;
        bash.enable = true;
        markdown.enable = true;
        nix.enable = true;
        # What the whole fleet is written in.
        qg.enable = true;
      };
      autocomplete.nvim-cmp.enable = true;
      binds.whichKey.enable = true;
      filetree.neo-tree.enable = true;
      git.enable = true;
      statusline.lualine.enable = true;
      telescope.enable = true;
      terminal.toggleterm.enable = true;
    };
  };
}
