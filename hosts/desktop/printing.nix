# Printers. Those of the network are found by CUPS itself (IPP).
{
  services.printing.enable = true;
}
