# What two evaluations of one machine say differently, option by option: `old` is the configuration that runs, `new` the compiled one.
# docs/switching.md shows how it is asked. Values that cannot be told apart as text (functions) are left out; a value that
# fails to evaluate is shown as «fails».
{ old, new }:
let
  inherit (builtins)
    attrNames
    concatMap
    concatStringsSep
    deepSeq
    filter
    isAttrs
    isFunction
    isList
    isPath
    tryEval
    ;

  # Every option that somebody sets, by its name.
  said =
    way: options:
    concatMap (
      name:
      let
        it = options.${name};
        here = way ++ [ name ];
      in
      if name == "_module" || !(safe (isAttrs it)) then
        [ ]
      else if (it._type or "") == "option" then
        if (it.internal or false) || !(safe (it.isDefined or false)) then
          [ ]
        else
          [
            {
              name = concatStringsSep "." here;
              value = told it;
            }
          ]
      else
        said here it
    ) (attrNames options);
  safe = it: let tried = tryEval it; in tried.success && tried.value;

  told =
    option:
    let
      text = builtins.toJSON (plain 12 option.value);
      tried = tryEval (deepSeq text text);
    in
    if tried.success then tried.value else "«fails»";

  plain =
    depth: value:
    if depth == 0 || isFunction value then
      "…"
    else if isPath value then
      toString value
    else if isList value then
      map (plain (depth - 1)) value
    else if isAttrs value then
      if (value.type or "") == "derivation" then
        value.name or "a package"
      else if value ? __functor then
        "…"
      else
        builtins.mapAttrs (_: plain (depth - 1)) value
    else
      value;

  before = builtins.listToAttrs (said [ ] old.options);
  after = builtins.listToAttrs (said [ ] new.options);
  differs = name: (before.${name} or null) != (after.${name} or null);
  row = name: "${name}\n  - ${before.${name} or "not said"}\n  + ${after.${name} or "not said"}";
in
concatStringsSep "\n" (map row (filter differs (attrNames (before // after)))) + "\n"
