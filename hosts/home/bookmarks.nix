# The browser's bookmarks: as a rule for all profiles (the folder that cannot be changed), and in the toolbar.
# The house's own pages come from the routes of the fleet; the folders beside them are ./taste/bookmarks.nix.
{ config, lib, ... }:
let
  name = config.home.username;
  house = {
    name = "QGRoget";
    pages = config.fleet.bookmarks;
  };
  folders = [ house ] ++ config.fleet.folders;
in
{
  options.fleet.folders = lib.mkOption {
    type = lib.types.listOf lib.types.attrs;
    default = [ ];
    description = "Folders of bookmarks, each with `name` and `pages`.";
  };
  config.programs.firefox = {
    policies.ManagedBookmarks = map (it: {
      inherit (it) name;
      children = it.pages;
    }) folders;
    profiles.${name}.bookmarks = {
      force = true;
      settings = [
        {
          name = "toolbar";
          toolbar = true;
          bookmarks = map (it: {
            inherit (it) name;
            bookmarks = it.pages;
          }) folders;
        }
      ];
    };
  };
}
