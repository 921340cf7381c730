# Papers: LaTeX, whole.
{ pkgs, ... }:
{
  home.packages = with pkgs; [
    texlab
    texliveFull
  ];
}
