# The owner's taste: a few examples. It need not be complete, and nothing else depends on it: yours goes here.
# The prompt: where one is, what Git says, which language, how long it took.
let
  # Symbol and version of a language, where a folder has files of it.
  language = symbol: {
    inherit symbol;
    style = "blue";
    format = "[[ $symbol( $version) ](fg:color_fg0 bg:color_blue)]($style)";
  };
in
{
  programs.starship.settings = {
    format = "$os $directory $git_branch $git_status $fill $python $lua $nodejs $golang $haskell $rust $ruby $package $aws $docker_context $jobs $cmd_duration $line_break $character";
    fill.symbol = " ";
    line_break.disabled = false;

    username = {
      format = "[ $user ]($style)";
      show_always = true;
      style_root = "bg:color_orange fg:color_fg0";
      style_user = "bg:color_orange fg:color_fg0";
    };
    directory = {
      format = "[$path ]($style)";
      style = "bold fg:dark_blue";
      truncation_length = 3;
      truncation_symbol = ".../";
      substitutions = {
        Developer = "󰲋 ";
        Documents = "󰈙 ";
        Downloads = " ";
        Music = "󰝚 ";
        Pictures = " ";
      };
    };
    git_branch = {
      format = "[on](white) [$symbol$branch ]($style)";
      style = "fg:green";
      symbol = " ";
    };
    git_status = {
      format = "([$all_status$ahead_behind]($style) )";
      style = "fg:green";
    };
    cmd_duration = {
      format = "[$duration]($style)";
      min_time = 500;
      style = "fg:gray";
    };
    jobs = {
      format = "[$symbol]($style)";
      number_threshold = 1;
      style = "red";
      symbol = " ";
    };
    time = {
      disabled = false;
      format = "[[ $time ](fg:color_fg0 bg:color_bg1)]($style)";
      style = "bg:color_bg1";
      time_format = "%R";
    };
    conda = {
      format = "[[ $symbol( $environment) ](fg:#83a598 bg:color_bg3)]($style)";
      style = "bg:color_bg3";
    };
    docker_context = {
      format = "[[ $symbol( $context) ](fg:#83a598 bg:color_bg3)]($style)";
      style = "bg:color_bg3";
      symbol = "";
    };

    c = language " ";
    golang = language "";
    haskell = language "";
    java = language " ";
    kotlin = language "";
    nodejs = language "";
    php = language "";
    python = language "";
    rust = language "";

    os.disabled = false;
    os.symbols = {
      Alpine = "";
      Amazon = "";
      Android = "";
      Arch = "󰣇";
      Artix = "󰣇";
      CentOS = "";
      Debian = "󰣚";
      Fedora = "󰣛";
      Gentoo = "󰣨";
      Linux = "󰌽";
      Macos = "󰀵";
      Manjaro = "";
      Mint = "󰣭";
      NixOS = "";
      Raspbian = "󰐿";
      RedHatEnterprise = "󱄛";
      Redhat = "󱄛";
      SUSE = "";
      Ubuntu = "󰕈";
      Windows = "󰍲";
    };

    # Stylix puts a palette of its own beside these and chooses it.
    palettes = {
      nord = {
        black = "#2E3440";
        blue = "#81A1C1";
        dark_blue = "#5E81AC";
        gray = "#434C5E";
        green = "#A3BE8C";
        orange = "#D08770";
        purple = "#B48EAD";
        red = "#BF616A";
        teal = "#88C0D0";
        white = "#D8DEE9";
        yellow = "#EBCB8B";
      };
      onedark = {
        black = "#2c323c";
        blue = "#56b6c2";
        cyan = "#56b6c2";
        dark_blue = "#61afef";
        gray = "#828997";
        green = "#98c379";
        orange = "#be5046";
        purple = "#c678dd";
        red = "#e06c75";
        white = "#abb2bf";
        yellow = "#e5c07b";
      };
    };
  };
}
