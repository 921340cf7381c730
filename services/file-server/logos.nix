# The logo in the sizes that browsers and telephones ask for.
{ pkgs, ... }:
{
  environment.etc."file-server/logos".source =
    pkgs.runCommand "logos" { nativeBuildInputs = [ pkgs.imagemagick ]; }
      ''
        mkdir -p "$out"
        for size in 32 64 192 512; do
          magick -background none ${./logos/qgroget.svg} -resize "''${size}x$size" "$out/qgroget-$size.png"
        done
      '';
}
