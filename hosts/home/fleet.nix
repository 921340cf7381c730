# What the modules of a home want to know of the fleet. Here is what it is called; the values come from the `.qg` files
# (`fleet` in hosts/homes.qg), for they follow from hosts, routes and secrets.
{ lib, ... }:
let
  inherit (lib) mkOption types;
  path = types.nullOr types.str;
in
{
  options.fleet = {
    bookmarks = mkOption {
      type = types.listOf types.attrs;
      default = [ ];
      description = "Pages of the house, each with `name` and `url`, in the order of the browser's folder.";
    };
    home = mkOption {
      type = types.str;
      default = "about:home";
      description = "The page that the browser begins with.";
    };
    certificate = mkOption {
      type = path;
      default = null;
      description = "Where the client certificate for private routes lies, as PKCS #12.";
    };
    githubToken = mkOption {
      type = path;
      default = null;
      description = "Where the token for GitHub lies.";
    };
  };
}
