# What modules ask of nixpkgs' library, as far as ours do. Marks are those of ./merge.nix.
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    filter
    foldl'
    isAttrs
    listToAttrs
    map
    ;
  override = priority: content: {
    _type = "override";
    inherit priority content;
  };
  order = order: content: {
    _type = "order";
    inherit order content;
  };
  # A type that is not looked into; it can be called with what it is of.
  type = {
    _type = "type";
    __functor = self: _: self;
  };
  self = {
    mkOverride = override;
    mkForce = override 50;
    mkDefault = override 1000;
    mkOptionDefault = override 1500;
    mkOrder = order;
    mkBefore = order 500;
    mkAfter = order 1500;
    mkIf = condition: content: {
      _type = "if";
      inherit condition content;
    };
    mkMerge = contents: {
      _type = "merge";
      inherit contents;
    };
    mkOption = it: it // { _type = "option"; };
    mkEnableOption = _: {
      _type = "option";
      default = false;
    };
    types = listToAttrs (
      map
        (name: {
          inherit name;
          value = type;
        })
        [
          "anything"
          "attrs"
          "attrsOf"
          "bool"
          "enum"
          "int"
          "lines"
          "listOf"
          "nullOr"
          "package"
          "path"
          "port"
          "raw"
          "str"
          "submodule"
        ]
    );
    optional = condition: it: if condition then [ it ] else [ ];
    optionals = condition: all: if condition then all else [ ];
    optionalAttrs = condition: all: if condition then all else { };
    optionalString = condition: text: if condition then text else "";
    getExe = package: "${package}/bin/${package.pname or package.name or "main"}";
    getExe' = package: name: "${package}/bin/${name}";
    getName = package: package.pname or package.name or package;
    escapeShellArg = text: text;
    escapeShellArgs = all: concatStringsSep " " (map toString all);
    makeBinPath = all: concatStringsSep ":" (map (it: "${it}/bin") all);
    concatStringsSep = builtins.concatStringsSep;
    concatMapStringsSep =
      by: f: all:
      concatStringsSep by (map f all);
    concatMapAttrs = f: set: foldl' (all: name: all // f name set.${name}) { } (attrNames set);
    mapAttrs = builtins.mapAttrs;
    mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    nameValuePair = name: value: { inherit name value; };
    genAttrs =
      names: f:
      listToAttrs (
        map (name: {
          inherit name;
          value = f name;
        }) names
      );
    filterAttrs =
      keep: set:
      removeAttrs set (filter (name: !keep name set.${name}) (attrNames set));
    attrValues = builtins.attrValues;
    attrNames = builtins.attrNames;
    attrByPath =
      path: default: set:
      if path == [ ] then
        set
      else if isAttrs set && set ? ${builtins.head path} then
        self.attrByPath (builtins.tail path) default set.${builtins.head path}
      else
        default;
    imap0 = f: all: builtins.genList (n: f n (builtins.elemAt all n)) (builtins.length all);
    range = first: last: builtins.genList (n: first + n) (last - first + 1);
    concatLists = concatLists;
    concatMap = concatMap;
    flatten = it: if builtins.isList it then concatMap self.flatten it else [ it ];
    unique = foldl' (all: it: if builtins.elem it all then all else all ++ [ it ]) [ ];
    filter = filter;
    elem = builtins.elem;
    head = builtins.head;
    hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
    removePrefix =
      prefix: text:
      if self.hasPrefix prefix text then
        builtins.substring (builtins.stringLength prefix) (-1) text
      else
        text;
    toUpper = builtins.replaceStrings [ "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p" "q" "r" "s" "t" "u" "v" "w" "x" "y" "z" ] [ "A" "B" "C" "D" "E" "F" "G" "H" "I" "J" "K" "L" "M" "N" "O" "P" "Q" "R" "S" "T" "U" "V" "W" "X" "Y" "Z" ];
    splitString = by: text: filter builtins.isString (builtins.split (self.escapeRegex by) text);
    escapeRegex = builtins.replaceStrings [ "." "+" "*" "?" "(" ")" "[" "]" "|" "^" "$" "\\" ] [ "\\." "\\+" "\\*" "\\?" "\\(" "\\)" "\\[" "\\]" "\\|" "\\^" "\\$" "\\\\" ];
    replaceStrings = builtins.replaceStrings;
    recursiveUpdate =
      a: b:
      a
      // builtins.mapAttrs (
        name: value:
        if a ? ${name} && isAttrs a.${name} && isAttrs value then self.recursiveUpdate a.${name} value else value
      ) b;
    importJSON = path: builtins.fromJSON (builtins.readFile path);
    fileContents = path: builtins.readFile path;
    literalExpression = text: text;
    generators.toINI = _: builtins.toJSON;
    generators.toJSON = _: builtins.toJSON;
    generators.toYAML = _: builtins.toJSON;
  };
in
self
