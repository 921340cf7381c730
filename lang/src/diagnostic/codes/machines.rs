//! Files and disks, and what a machine has: devices, what they are called, what is there in time.

super::codes! {
    UNSTEADY_DEVICE = "QG0800", "a device whose name may be another's tomorrow",
        "The kernel counts disks in the order in which it finds them: `/dev/sda` is another disk when a cable changes its place, or a stick is in the machine, and `/dev/nvme0n1` may be the other one after an update. What is divided or mounted under such a name is the wrong disk then.\n\nSay the name that a disk keeps, which `ls -l /dev/disk/by-id` shows:\n\n    disk system { device = /dev/disk/by-id/nvme-WD_Blue_SN570_500GB }";
    PLACEHOLDER = "QG0801", "a word that stands for something else",
        "This was to be replaced by what the machine has: the id of its disk, the number of its filesystem. Nothing is called so, and the machine waits for it when it starts.";
    OTHERS_DISK = "QG0802", "a disk that is in another machine",
        "The name of a disk in /dev/disk/by-id holds its serial number, and the number of a filesystem is made by chance: no two machines have one. It was copied with the rest of the other machine's description.";
    OTHER_HARDWARE = "QG0803", "what another processor has",
        "`kvm-amd` is a module for processors of AMD, `kvm-intel` for those of Intel, and so is the microcode; neither is for ARM. One of them was copied from another machine.";
    NO_LOADER_PARTITION = "QG0804", "a loader without its partition",
        "Firmware with EFI starts what lies on a partition of the kind `efi`, which is mounted at /boot (or /boot/efi, /efi). GRUB without EFI needs a partition of the kind `bios` on a disk with a GPT, to which it writes itself. Without it the installation of the loader fails.\n\n    partition esp { size = 512MiB, kind = efi, holds = filesystem { type = \"vfat\", at = /boot } }";
    NO_SOURCE = "QG0805", "a mount whose source nobody makes",
        "Podman starts no container whose mount has no source. Folders that a container mounts are made by the compiler, but for those below /mnt and /media: an empty folder in the place of a disk would be taken for an empty disk. So one of those is said: as a filesystem, as `state`, or it lies on what is mounted.";
    LATE_KEY = "QG0806", "a key on what is mounted too late",
        "Secrets are opened early, when accounts are made, before systemd mounts what is not needed for boot. A key that lies on such a mount is not there yet, and no secret is opened.\n\nSay `needed_for_boot = true` of the mount, or put the key elsewhere.";
    LOOSE_IMAGE = "QG0807", "an image that may be another one tomorrow",
        "An image is a registry, a name and a tag: `docker.io/library/redis:8.2`. Without a registry Podman asks those that the host's settings list, one after the other, so that somebody else's image of that name may come. Without a tag it is `latest`, whatever that is today.";
    IDLE_UPDATE = "QG0808", "an update that never comes",
        "`podman auto-update` with `registry` looks for another image under the same tag. One that is named by its digest is always the same, and one that is built here is in no registry: nothing is ever updated.";
    OTHER_PROCESSOR = "QG0809", "an image for another processor",
        "The image's name says which processor it is made for, and the host has another one. Most images are made for all of them under one name: leave the word out.";
    NO_QUADLET_FILE = "QG0810", "a Quadlet file that there is not",
        "A key of Quadlet names another file of Quadlet by its ending: `data.volume`, `lan.network`, `apps.pod`. There is none of that name on the host, and Podman's generator drops the whole unit.\n\nName things of the fleet without quotes: `mounts.\"/data\" = volume.data`, `network = of { networks = [network.lan] }`.";
}
