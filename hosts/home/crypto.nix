# The programs of the hardware wallets.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    ledger-live-desktop
    trezor-suite
  ];
}
