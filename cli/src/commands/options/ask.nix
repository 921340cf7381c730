# What `qgc options update` asks. The argument is what `nixosSystem` or `lib.evalModules` gives: `options`,
# and where they are there, `pkgs` and `config`. One option that cannot be evaluated is no failure:
# it takes anything.
machine:
let
  inherit (builtins)
    attrNames
    concatMap
    elem
    isAttrs
    isString
    removeAttrs
    tryEval
    ;

  # A value, or something else where it throws.
  try =
    other: value:
    let
      it = tryEval value;
    in
    if it.success then it.value else other;

  # The type in the manual's words; what has none takes anything.
  words =
    type:
    try "anything" (
      let
        text = type.description or null;
      in
      if isString text then text else "anything"
    );

  isOption = it: try false (isAttrs it && it._type or null == "option");

  # Modules that took an option away leave one behind that only throws (mkRemovedOptionModule).
  isRemoved =
    it: try false (it.visible or true == false && it ? apply && !(it ? description) && !(it ? default));

  # Submodules that contain the whole system are not looked into (`specialisation`).
  isShallow = it: try false (it.visible or true == "shallow");

  # The options in a set of them; `deep` is how many levels are looked at.
  below =
    deep: way: set:
    if deep <= 0 then
      [ ]
    else
      concatMap (name: at (deep - 1) (way ++ [ name ]) (try null set.${name})) (try [ ] (attrNames set));

  at =
    deep: way: it:
    if isOption it then
      if isRemoved it then
        [ ]
      else
        [
          [
            way
            (words (it.type or null))
          ]
        ]
        ++ (if isShallow it then [ ] else inType deep 10 way (try null (it.type or null)))
    else if try false (isAttrs it) then
      below deep way it
    else
      # It throws: whatever it is, it is there.
      [
        [
          way
          "anything"
        ]
      ];

  # The options in a type. `layers` ends a type that contains itself, as that of JSON values does.
  inType =
    deep: layers: way: type:
    let
      name = try "" (type.name or "");
      nested = try { } (type.nestedTypes or { });
      part = key: more: inType deep (layers - 1) (way ++ more) (try null (nested.${key} or null));
    in
    if deep <= 0 || layers <= 0 || !(try false (isAttrs type)) then
      [ ]
    else if name == "submodule" then
      submodule deep way type
    else if name == "attrsOf" || name == "lazyAttrsOf" then
      part "elemType" [ "<name>" ]
    else if name == "listOf" then
      part "elemType" [ "*" ]
    else if
      elem name [
        "nullOr"
        "uniq"
        "unique"
      ]
    then
      part "elemType" [ ]
    else if name == "either" then
      part "left" [ ] ++ part "right" [ ]
    else if name == "coercedTo" then
      part "finalType" [ ]
    else
      [ ];

  submodule =
    deep: way: type:
    let
      inside = try { } (type.getSubOptions way);
      free = try null (type.nestedTypes.freeformType or null);
      isFree = free != null || inside ? _freeformOptions;
      isSet = elem (try "" (free.name or "")) [
        "attrsOf"
        "lazyAttrsOf"
      ];
      value = if isSet then try null (free.nestedTypes.elemType or null) else null;
      any = way ++ [ "<name>" ];
    in
    below deep way (
      removeAttrs inside [
        "_module"
        "_freeformOptions"
      ]
    )
    ++ (
      if !isFree then
        [ ]
      else
        [
          [
            any
            (words value)
          ]
        ]
        ++ inType deep 10 any value
    );

  config = machine.config or { };
  text = value: try "" (if isString value then value else "");
in
{
  options =
    let
      all = machine.options or { };
    in
    builtins.seq all (below 16 [ ] all);
  packages = if machine ? pkgs then try [ ] (attrNames machine.pkgs) else [ ];
  revision = text (config.system.nixos.revision or "");
  version =
    let
      said = text (config.system.nixos.version or "");
    in
    if said != "" then said else text (machine.pkgs.lib.version or "");
}
