# A quiet boot: the logo, and nothing else unless something is wrong.
{ pkgs, ... }:
let
  # Stands for the house's own logo.
  logo = pkgs.runCommand "logo-plymouth" { nativeBuildInputs = [ pkgs.imagemagick ]; } ''
    mkdir -p "$out"
    magick -background none ${
      pkgs.writeText "logo.svg" ''
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
          <path d="M12 44V30l20-14 20 14v14H38V34H26v10z" fill="#88c0d0"/>
        </svg>
      ''
    } -resize 192x192 "$out/logo.png"
  '';
in
{
  boot = {
    plymouth = {
      enable = true;
      logo = "${logo}/logo.png";
    };
    consoleLogLevel = 3;
    initrd.verbose = false;
    # The screen has its own resolution before the disks are opened.
    initrd.kernelModules = [ "amdgpu" ];
    kernelParams = [
      "quiet"
      "splash"
      "boot.shell_on_fail"
      "udev.log_priority=3"
      "rd.systemd.show_status=auto"
      "plymouth.use-simpledrm"
      "plymouth.ignore-serial-consoles"
      "amdgpu.dc=1"
    ];
    # Any key still shows the menu.
    loader.timeout = 1;
  };
  environment.systemPackages = [ pkgs.plymouth ];
}
