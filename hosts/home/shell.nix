# The shell, and what makes it pleasant. Aliases, the prompt and its colours are taste (./taste).
{
  programs.zsh = {
    enable = true;
    enableCompletion = true;
    autosuggestion.enable = true;
    syntaxHighlighting.enable = true;
    oh-my-zsh = {
      enable = true;
      plugins = [
        "z"
        "fzf"
        "git"
        "extract"
      ];
    };
    sessionVariables = {
      EDITOR = "vim";
      TERM = "xterm-256color";
    };
  };

  programs.starship.enable = true;

  # The history, searched as a whole.
  programs.atuin = {
    enable = true;
    settings = {
      enter_accept = true;
      inline_height = 40;
      show_preview = true;
      style = "full";
    };
  };

  programs.fzf = {
    enable = true;
    enableZshIntegration = true;
  };
  programs.zoxide.enable = true;
}
