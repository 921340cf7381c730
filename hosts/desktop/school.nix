# Lectures and papers.
{ pkgs, ... }:
{
  environment.systemPackages = with pkgs; [
    libreoffice
    zotero
  ];
}
