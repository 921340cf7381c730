# A small set of options in the form that the module system of nixpkgs gives them, to be asked by
# `qgc options update`. It has each kind of type that is looked into, and what must not make the answer fail.
let
  option = type: more: { _type = "option"; inherit type; } // more;
  plain = name: description: { inherit name description; };
  str = plain "str" "string";
  bool = plain "bool" "boolean";
  int = plain "int" "signed integer";
  of = name: description: elemType: { inherit name description; nestedTypes = { inherit elemType; }; };
  listOf = elemType: of "listOf" "list of (${elemType.description})" elemType;
  attrsOf = elemType: of "attrsOf" "attribute set of (${elemType.description})" elemType;
  nullOr = elemType: of "nullOr" "null or (${elemType.description})" elemType;
  either = left: right: {
    name = "either";
    description = "${left.description} or (${right.description})";
    nestedTypes = { inherit left right; };
  };
  submodule = options: {
    name = "submodule";
    description = "submodule";
    getSubOptions = _: options // { _module = { args = option str { }; }; };
  };
  free = type: options: submodule options // { nestedTypes = { freeformType = type; }; };
  # As a JSON value is: it contains itself.
  json = either bool (attrsOf json') // { description = "JSON value"; };
  json' = json;
in
{
  options = {
    networking.hostName = option str { };
    nixpkgs.hostPlatform = option (plain "raw" "raw value") { };
    system.stateVersion = option str { };
    time.timeZone = option (nullOr str) { };
    services.web = {
      enable = option bool { };
      ports = option (listOf int) { };
      host = option (attrsOf (submodule { root = option (nullOr str) { }; })) { };
      rules = option (nullOr (listOf (submodule { allow = option bool { }; }))) { };
      either = option (either str (submodule { inner = option int { }; })) { };
      settings = option (free json { level = option int { }; }) { };
      names = option (free (attrsOf str) { }) { };
      tools = option (listOf (plain "package" "package")) { };
      tree = option json { };
      # Internal ones count, too.
      hidden = option str { visible = false; internal = true; default = ""; };
      # The module was taken away (mkRemovedOptionModule).
      gone = option str { visible = false; apply = _: throw "gone"; };
      # It contains everything again.
      all = option (submodule { whole = option (throw "endless") { }; }) { visible = "shallow"; };
      broken = option (throw "no type") { };
      untold = { _type = "option"; };
      elsewhere = throw "not for this system";
    };
  };
  config.system.nixos = {
    version = "25.11.20251203.0123456";
    revision = "0123456789abcdef0123456789abcdef01234567";
  };
  pkgs = {
    git = throw "is not looked into";
    zsh = throw "is not looked into";
    coreutils = { };
  };
}
