# Made by qgc from the sources of the fleet; changes made here are lost.
# 
# A test in a virtual machine for each service of NixOS that needs no secret and no other service.
# `modules` are those that the services come from, where nixpkgs has none.
# 
#     checks.x86_64-linux = import ./build/checks.nix { inherit pkgs; };
{ pkgs, lib ? pkgs.lib, modules ? [ ], ... }:
{
  photos = pkgs.testers.runNixOSTest {
    name = "photos";
    nodes.machine = {
      imports = modules;
      services.immich.enable = true;
    };
    testScript = "machine.wait_for_unit(\"immich-server.service\")\n";
  };
}
