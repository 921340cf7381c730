# One SATA disk for the system; games are on a second one.
let
  subvolume = name: mountpoint: {
    ${name} = {
      inherit mountpoint;
      mountOptions = [
        "compress=zstd"
        "noatime"
      ];
    };
  };
in
{
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;
  disko.devices.disk.system = {
    device = "/dev/sda";
    content.type = "gpt";
    content.partitions = {
      esp = {
        size = "500M";
        type = "EF00";
        content = {
          type = "filesystem";
          format = "vfat";
          mountpoint = "/boot";
        };
      };
      system = {
        size = "100%";
        content = {
          type = "btrfs";
          subvolumes =
            subvolume "root" "/"
            // subvolume "nix" "/nix"
            // subvolume "persist" "/persist"
            // {
              swap = {
                mountpoint = "/swap";
                swap.swapfile.size = "8G";
              };
            };
        };
      };
    };
  };
  disko.devices.disk.games = {
    device = "/dev/sdb";
    content.type = "gpt";
    content.partitions.games = {
      size = "100%";
      content = {
        type = "btrfs";
        subvolumes = subvolume "home" "/home" // subvolume "data" "/data";
      };
    };
  };
}
