# Made by qgc from the sources of the fleet; changes made here are lost.
# 
# A test in a virtual machine for each service of NixOS that needs no secret and no other service.
# `modules` are those that the services come from, where nixpkgs has none.
# 
#     checks.x86_64-linux = import ./build/checks.nix { inherit pkgs; };
# 
# Without a test, since it could not pass there:
#   bound: it listens on 10.0.0.9, which its host alone has
#   fetch: it fetches lists
#   other: it reads secret.restic
#   reads: it is told /srv/media/films, which its host alone has
#   seen: its unit starts when somebody logs in
#   told: it is told 10.0.0.8, which its host alone has
#   wiki: another one is
{ pkgs, lib ? pkgs.lib, modules ? [ ], ... }:
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
