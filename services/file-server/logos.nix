# The logo in the sizes that browsers and telephones ask for.
{ pkgs, ... }:
let
  logo = pkgs.writeText "qgroget.svg" ''
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
      <rect width="64" height="64" rx="12" fill="#1e293b"/>
      <path d="M12 44V30l20-14 20 14v14H38V34H26v10z" fill="#38bdf8"/>
    </svg>
  '';
in
{
  environment.etc."file-server/logos".source =
    pkgs.runCommand "logos" { nativeBuildInputs = [ pkgs.imagemagick ]; }
      ''
        mkdir -p "$out"
        for size in 32 64 192 512; do
          magick -background none ${logo} -resize "''${size}x$size" "$out/qgroget-$size.png"
        done
      '';
}
