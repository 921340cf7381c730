# One NVMe, not encrypted: it never leaves the house.
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
    device = "/dev/nvme0n1";
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
            // subvolume "home" "/home"
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
}
