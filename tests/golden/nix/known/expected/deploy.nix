# Made by qgc from the sources of the fleet; changes made here are lost.
# 
# The nodes of deploy-rs, given the flake deploy-rs and the systems that the hosts' modules make.
{ deploy-rs, nixosConfigurations, ... }:
{
  nodes.box = {
    hostname = "10.0.0.2";
    sshUser = "root";
    profiles.system = {
      user = "root";
      path = deploy-rs.lib.x86_64-linux.activate.nixos nixosConfigurations.box;
    };
  };
}
