# The logo, drawn in the sizes that browsers, telephones and mails ask for. This drawing stands in for the house's own:
# put the file beside this one and let `logo` name it.
{ pkgs, ... }:
let
  logo = pkgs.writeText "qgroget.svg" ''
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
      <rect width="64" height="64" rx="12" fill="#1e293b"/>
      <path d="M12 44V30l20-14 20 14v14H38V34H26v10z" fill="#38bdf8"/>
    </svg>
  '';
  draw =
    name: commands:
    pkgs.runCommand name { nativeBuildInputs = [ pkgs.imagemagick ]; } ''
      draw() { magick -background none ${logo} -resize "$1x$1" "$2"; }
      ${commands}
    '';
in
{
  # What https://file.… answers below /img.
  environment.etc."file-server/logos".source = draw "logos" ''
    mkdir -p "$out/img/server_branding"
    draw 512 "$out/img/server_branding/logo.png"
    for size in 32 64 192 512; do
      draw "$size" "$out/img/qgroget-$size.png"
    done
  '';

  # What Authelia shows in place of its own (`server.asset_path`).
  environment.etc."authelia/assets".source = draw "login-assets" ''
    mkdir -p "$out"
    draw 192 "$out/logo.png"
    magick -background none ${logo} -define icon:auto-resize=16,32,48 "$out/favicon.ico"
  '';
}
