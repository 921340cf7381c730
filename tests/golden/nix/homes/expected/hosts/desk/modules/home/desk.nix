{ programs.kitty.enable = true; }
