# The terminal.
{ lib, ... }:
{
  programs.kitty = {
    enable = true;
    font = {
      name = "JetBrainsMono Nerd Font";
      size = 13;
    };
    keybindings = {
      "alt+1" = "goto_tab 1";
      "alt+2" = "goto_tab 2";
      "alt+3" = "goto_tab 3";
      "alt+4" = "goto_tab 4";
    };
    settings = {
      active_tab_font_style = "normal";
      inactive_tab_font_style = "normal";
      background_blur = 8;
      # Stylix, where it colours the terminal, has an opacity of its own.
      background_opacity = lib.mkForce "0.90";
      enable_audio_bell = false;
      mouse_hide_wait = 60;
      scrollback_lines = 10000;
      tab_bar_style = "powerline";
      tab_powerline_style = "slanted";
      tab_title_index = "{index} {tab.active_exe}";
    };
    # What Dank Material Shell writes, where it runs; a file that is not there is passed over.
    extraConfig = ''
      include dank-tabs.conf
      include dank-theme.conf
    '';
  };
}
