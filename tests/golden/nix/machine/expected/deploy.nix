# Made by qgc from the sources of the fleet; changes made here are lost.
# 
# The nodes of deploy-rs, given the flake deploy-rs and the systems that the hosts' modules make.
{ deploy-rs, nixosConfigurations, ... }:
{
  nodes.Station = {
    hostname = "station.example.org";
    sshUser = "deploy";
    sshOpts = [ "-p" "2222" "-o" "ProxyCommand=\"\${x}\"" ];
    remoteBuild = true;
    autoRollback = false;
    magicRollback = false;
    profiles = {
      system = {
        user = "root";
        path = deploy-rs.lib.x86_64-linux.activate.nixos nixosConfigurations.Station;
      };
      home = {
        user = "anne";
        path = deploy-rs.lib.x86_64-linux.activate.noop;
      };
    };
  };
}
