# The owner's own corner: dotfiles, programs, and the private key that lies where ssh looks for it.
{ pkgs, ... }:
{
  home-manager.users.owner = {
    home.stateVersion = "25.05";
    home.packages = with pkgs; [
      age
      gh
      sops
    ];
    home.sessionVariables.SOPS_AGE_KEY_FILE = "/home/owner/.config/sops/age/keys.txt";
    programs.git = {
      enable = true;
      userName = "owner";
      userEmail = "admin@qgroget.com";
    };
    programs.ssh.enable = true;
  };
}
