# Hardware wallets.
{
  hardware.ledger.enable = true;
  services.trezord.enable = true;
}
