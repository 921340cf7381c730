# What our modules want to know of the fleet. Here is what it is called; the values come from the `.qg` files
# (`fleet` in hosts/modules.qg), so that a name is said once.
{ lib, ... }:
{
  options.fleet.owner = lib.mkOption {
    type = lib.types.str;
    description = "The account of whoever the machine belongs to.";
  };
}
