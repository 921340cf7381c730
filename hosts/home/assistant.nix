# What the assistant on the server uses of its owner's profile: a browser, GitHub, mail and calendar.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    chromium
    gh
    gogcli
    jq
    nss
  ];
}
