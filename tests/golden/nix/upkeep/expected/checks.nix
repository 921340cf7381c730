# Made by qgc from the sources of the fleet; changes made here are lost.
# 
# A test in a virtual machine for each service of NixOS that needs no secret and no other service.
# `modules` are those that the services come from, where nixpkgs has none.
# 
#     checks.x86_64-linux = import ./build/checks.nix { inherit pkgs; };
{ pkgs, modules ? [ ], ... }:
{
  app = pkgs.testers.runNixOSTest {
    name = "app";
    nodes.machine = {
      imports = modules;
      services.app = {
        title = "it's \"\${x}\"";
        enable = true;
      };
    };
    testScript = "machine.wait_for_unit(\"app.service\")\nmachine.wait_for_open_port(9090, \"::1\")\nmachine.wait_for_open_port(8080, \"localhost\")\n";
  };
}
