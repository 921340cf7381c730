# Puts modules together as the module system of nixpkgs does where an option is free: records key by key, lists one
# after the other, of texts and numbers the strongest. Two that are equally strong and differ are refused, as there.
{ lib }:
let
  inherit (builtins)
    all
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elemAt
    filter
    foldl'
    head
    isAttrs
    isBool
    isFunction
    isList
    isPath
    isString
    length
    map
    sort
    tail
    ;

  # What a mark says, as plain values with how strong they are and where they stand.
  unmark =
    priority: order: value:
    let
      kind = if isAttrs value then value._type or "" else "";
    in
    if kind == "if" then
      if value.condition then unmark priority order value.content else [ ]
    else if kind == "merge" then
      concatMap (unmark priority order) value.contents
    else if kind == "override" then
      unmark value.priority order value.content
    else if kind == "order" then
      unmark priority value.order value.content
    else
      [ { inherit priority order value; } ];

  isPackage = it: isAttrs it && (it.type or "") == "derivation";
  isRecord = it: isAttrs it && !isPackage it && !(it ? __functor);
  same = a: b: (isPackage a && isPackage b && a.outPath == b.outPath) || (!isFunction a && !isFunction b && a == b);

  # Texts whose definitions NixOS or home-manager puts one after the other (type «lines»).
  lines = [
    "extraConfig"
    "extraCommands"
    "extraRules"
    "initContent"
    "initExtra"
    "interactiveShellInit"
    "loginShellInit"
    "preStart"
    "postStart"
    "script"
    "shellInit"
    "text"
  ];

  merge =
    args: path: values:
    let
      plain = concatMap (unmark 100 1000) values;
      strongest = foldl' (a: it: if it.priority < a then it.priority else a) 9999 plain;
      kept = sort (a: b: a.order < b.order) (filter (it: it.priority == strongest) plain);
      these = map (it: it.value) kept;
      first = head these;
    in
    if plain == [ ] then
      { _type = "absent"; }
    else if isHome path then
      (modules args these).config
    else if all isRecord these then
      builtins.mapAttrs (name: merge args (path ++ [ name ])) (builtins.zipAttrsWith (_: values: values) these)
    else if all isList these then
      concatLists these
    else if length these == 1 || all (same first) these then
      first
    else if all isString these && builtins.elem (elemAt path (length path - 1)) lines then
      concatStringsSep "\n" these
    else
      throw "two values for ${concatStringsSep "." path}: ${concatStringsSep " and " (map word these)}";

  # Without what a condition took away. Which keys there are is not asked before: a value may follow from the others.
  settled =
    value:
    if isRecord value then
      builtins.mapAttrs (_: settled) (
        removeAttrs value (filter (name: isRecord value.${name} && (value.${name}._type or "") == "absent") (attrNames value))
      )
    else
      value;

  word =
    it:
    if isFunction it then
      "a function"
    else if isPackage it then
      it.outPath
    else if isPath it then
      toString it
    else
      builtins.toJSON it;

  # `home-manager.users.NAME` is a module again.
  isHome = path: length path == 3 && head path == "home-manager" && head (tail path) == "users";

  # A module is a file, a function or a record; what it imports comes with it. What lies in an input of the flake or in
  # nixpkgs is not here: it is counted among `outside`.
  load =
    args: module:
    let
      outside = isPackage module || (isString module && !(lib.hasPrefix args.root module));
      read = if isPath module || isString module then import module else module;
      called = if isFunction read || read ? __functor then call args read else read;
      long = called ? config || called ? options;
      rest = removeAttrs called [
        "imports"
        "disabledModules"
        "options"
        "config"
        "_file"
        "key"
        "_module"
      ];
      more = map (load args) (called.imports or [ ]);
    in
    if outside then
      [ { outside = toString module; } ]
    else
      [
        {
          config = if long then called.config or { } else rest;
          disabled = called.disabledModules or [ ];
          defaults = defaultsOf (called.options or { });
        }
      ]
      ++ concatLists more;

  call =
    args: f:
    let
      wanted = if isFunction f then builtins.functionArgs f else { };
    in
    if wanted == { } then f args else f (builtins.intersectAttrs wanted args);

  defaultsOf =
    options:
    if (options._type or "") == "option" then
      if options ? default then lib.mkOptionDefault options.default else lib.mkMerge [ ]
    else
      builtins.mapAttrs (_: defaultsOf) options;

  modules =
    args: all:
    let
      # Values of a home stand among the modules of that home.
      loaded = concatLists (map (load (args // { config = result; })) all);
      ours = filter (it: !(it ? outside)) loaded;
      config = merge (args // { osConfig = result; }) [ ] (concatMap (it: [ it.defaults it.config ]) ours);
      result = if args ? complete then args.complete config else config;
    in
    {
      config = settled config;
      outside = map (it: it.outside) (filter (it: it ? outside) loaded);
      disabled = concatMap (it: it.disabled) ours;
    };
in
modules
