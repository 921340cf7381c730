# System on the NVMe, homes on the SATA disk, both encrypted.
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
  luks = name: subvolumes: {
    type = "luks";
    inherit name;
    settings = {
      allowDiscards = true;
      bypassWorkqueues = true;
    };
    content = {
      type = "btrfs";
      inherit subvolumes;
    };
  };
in
{
  disko.devices.disk.system = {
    device = "/dev/nvme0n1";
    content.type = "gpt";
    content.partitions = {
      bios = {
        size = "1M";
        type = "EF02";
      };
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
        content = luks "cryptsystem" (
          subvolume "root" "/"
          // subvolume "nix" "/nix"
          // subvolume "persist" "/persist"
          // subvolume "var-log" "/var/log"
          // {
            swap = {
              mountpoint = "/swap";
              swap.swapfile.size = "8G";
            };
          }
        );
      };
    };
  };
  disko.devices.disk.data = {
    device = "/dev/sda";
    content.type = "gpt";
    content.partitions.data = {
      size = "100%";
      content = luks "cryptdata" (subvolume "home" "/home" // subvolume "data" "/data");
    };
  };

  fileSystems."/persist".neededForBoot = true;
  fileSystems."/var/log".neededForBoot = true;
}
