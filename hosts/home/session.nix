# Which program is meant by «the browser», «the editor».
{
  home.sessionVariables = {
    BROWSER = "firefox";
    EDITOR = "vim";
    FILE_MANAGER = "thunar";
    TERMINAL = "kitty";
    VISUAL = "code --wait --skip-welcome --skip-release-notes --disable-telemetry --skip-add-to-recently-opened";
  };
}
