# Bluetooth, on from the start. `Experimental` shows the battery of what is connected.
{
  hardware.bluetooth = {
    enable = true;
    powerOnBoot = true;
    settings.General.Experimental = true;
  };
}
