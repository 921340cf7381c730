# The machine's own safe for keys; the first stage of the boot may ask it too, to open the disks.
{ config, pkgs, ... }:
{
  users.users.${config.fleet.owner}.extraGroups = [ "tss" ];
  security.tpm2 = {
    enable = true;
    pkcs11.enable = true;
    tctiEnvironment.enable = true;
  };
  boot.kernelModules = [
    "tpm_tis"
    "tpm_crb"
  ];
  environment.systemPackages = with pkgs; [
    cryptsetup
    tpm2-tools
    tpm2-tss
  ];
}
