# The owner's taste: a few examples. It need not be complete, and nothing else depends on it: yours goes here.
# Aliases, and what a new shell says.
let
  row = type: key: { inherit type key; };
  as = format: it: it // { inherit format; };
in
{
  programs.zsh = {
    shellAliases = {
      cat = "bat";
      lg = "lazygit";
      ls = "eza";
      mtr = "echo 'Use trip instead'";
      traceroute = "echo 'Use trip instead'";
      y = "yazi";
    };
    initContent = ''
      # Words are jumped over with Ctrl and the arrows.
      bindkey '^[[1;5C' forward-word
      bindkey '^[[1;5D' backward-word
      setopt HIST_IGNORE_ALL_DUPS

      if [[ -o interactive && -z "$TMUX" ]]; then
        fastfetch
      fi
    '';
  };

  programs.fastfetch.settings = {
    display.separator = " ➜  ";
    logo = {
      type = "none";
      padding = {
        left = 25;
        top = 2;
      };
    };
    modules = [
      (row "os" "OS   ")
      (row "kernel" " ├  ")
      (as "{} (nix)" (row "packages" " ├ 󰏖 "))
      (row "shell" " └  ")
      "break"
      (row "wm" "WM   ")
      (row "wmtheme" " ├ 󰉼 ")
      (row "icons" " ├ 󰀻 ")
      (row "cursor" " ├  ")
      (row "terminal" " ├  ")
      (row "terminalfont" " └  ")
      "break"
      (as "{5} {1} Type {2}" (row "host" "PC   "))
      (as "{1} ({3}) @ {7} GHz" (row "cpu" " ├  "))
      (as "{1} {2} @ {12} GHz" (row "gpu" " ├ 󰢮 "))
      (row "memory" " ├  ")
      (row "swap" " ├ 󰓡 ")
      (row "disk" " ├ 󰋊 ")
      (row "monitor" " └  ")
    ];
  };
}
