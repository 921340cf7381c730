# Made by qgc from the sources of the fleet; changes made here are lost.
# 
# Every host of the fleet. In a flake, beside the inputs sops-nix and, where a host says so,
# impermanence, disko, quadlet-nix and home-manager (where homes open secrets, with the module
# homeManagerModules.sops of sops-nix in `home-manager.sharedModules`):
# 
#   let fleet = import ./build/flake-module.nix; in {
#     nixosConfigurations.x = nixpkgs.lib.nixosSystem {
#       modules = [ fleet.nixosModules.x sops-nix.nixosModules.sops ];
#     };
#     colmena = fleet.colmena // {
#       meta = { … };
#       defaults.imports = [ sops-nix.nixosModules.sops ];
#     };
#     deploy = fleet.deploy { inherit deploy-rs; inherit (self) nixosConfigurations; };
#   }
{
  nixosModules.box = ./hosts/box;
  colmena.box = {
    deployment.targetHost = "10.0.0.2";
    imports = [ ./hosts/box ];
  };
  deploy = import ./deploy.nix;
}
