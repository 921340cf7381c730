# Git and GitHub. Name and mail are stand-ins.
{
  config,
  lib,
  pkgs,
  ...
}:
{
  programs.git = {
    enable = true;
    settings = {
      user.name = config.home.username;
      user.email = "admin@qgroget.com";
      init.defaultBranch = "main";
      core.pager = "delta";
      interactive.diffFilter = "delta --color-only";
      delta.navigate = true;
      diff.tool = "delta";
      diff.colorMoved = "default";
      merge.conflictstyle = "diff3";
      credential.helper = "store";
    };
  };
  # The pager of every machine that has this file, and not of those for development alone.
  home.packages = [ pkgs.delta ];

  programs.gh = {
    enable = true;
    # `gitProtocol` is this option's old name.
    settings.git_protocol = "ssh";
  };
  home.sessionVariables = lib.mkIf (config.fleet.githubToken != null) {
    GH_TOKEN = "$(cat ${config.fleet.githubToken})";
  };
}
