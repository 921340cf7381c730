# What is typed all day: looking at files, folders, repositories and what the machine does.
{
  programs.bat = {
    enable = true;
    config.pager = "less -FR";
  };
  programs.eza = {
    enable = true;
    extraOptions = [
      "-a"
      "-l"
      "-h"
      "--color=always"
      "--icons=always"
      "--mounts"
      "--git"
      "--git-repos"
    ];
  };
  programs.yazi = {
    enable = true;
    # Leaves the shell where one has gone in it.
    shellWrapperName = "yy";
  };
  programs.lazygit.enable = true;
  programs.btop.enable = true;
  programs.fastfetch.enable = true;
}
