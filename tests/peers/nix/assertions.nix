# What NixOS refuses of a module, in its own words where it has some. Gives the list of what is wrong.
{ options, extra }:
let
  inherit (builtins)
    attrNames
    concatMap
    elem
    filter
    hasAttr
    isAttrs
    isString
    ;
  services = (extra.services or { }) // (options.services or { });
  declared = import ./accounts.nix { inherit services; };
  all =
    kind:
    let
      ours = options.users.${kind} or { };
      more = extra.users.${kind} or { };
      known = declared.${kind};
      names = attrNames (known // more // ours);
    in
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = (known.${name} or { }) // (more.${name} or { }) // (ours.${name} or { });
      }) names
    );
  users = all "users";
  groups = all "groups";

  account =
    name:
    let
      user = users.${name};
      normal = user.isNormalUser or false;
      uid = user.uid or null;
      system = (user.isSystemUser or false) || (uid != null && uid < 1000 && !normal);
      group = user.group or (if normal then "users" else "");
    in
    (
      if user ? isRoot || system != normal then
        [ ]
      else
        [ "Exactly one of users.users.${name}.isSystemUser and users.users.${name}.isNormalUser must be set." ]
    )
    ++ (if group != "" then [ ] else [ "users.users.${name}.group is unset." ])
    ++ (
      if group == "" || hasAttr group groups then
        [ ]
      else
        [ "The following users have a primary group that is undefined: ${name}" ]
    )
    ++ map (it: "users.users.${name}.extraGroups names ${it}, which is no group") (
      filter (it: !hasAttr it groups) (user.extraGroups or [ ])
    );

  # Somebody or something owned by names: an account or group that is not there.
  owned =
    what: it:
    let
      user = it.owner or it.user or null;
      group = it.group or null;
      number = value: builtins.match "[0-9]+" value != null;
      missing = name: known: isString name && !number name && !hasAttr name known;
    in
    (if missing user users then [ "${what} belongs to ${user}, which is no account" ] else [ ])
    ++ (if missing group groups then [ "${what} belongs to ${group}, which is no group" ] else [ ]);

  secrets = options.sops.secrets or { };
  rules = concatMap (
    file:
    let
      paths = options.systemd.tmpfiles.settings.${file};
    in
    concatMap (
      path:
      concatMap (letter: owned "${path}" paths.${path}.${letter}) (
        filter (letter: isAttrs paths.${path}.${letter}) (attrNames paths.${path})
      )
    ) (attrNames paths)
  ) (attrNames (options.systemd.tmpfiles.settings or { }));
  etc = options.environment.etc or { };

  # `virtualisation.podman` puts its package into `systemd.packages`, and NixOS links the generators of
  # packages beside those of `systemd.generators`.
  generators =
    if !(options.virtualisation.podman.enable or false) then
      [ ]
    else
      map (name: "ln: failed to create symbolic link '${name}': File exists") (
        filter
          (
            name:
            elem name [
              "podman-system-generator"
              "podman-user-generator"
            ]
          )
          (
            attrNames (options.systemd.generators or { }) ++ attrNames (options.systemd.user.generators or { })
          )
      );

  # Its module registers the machine with its own server at the first start, into this file
  # (nixos/modules/services/security/crowdsec.nix).
  crowdsec =
    let
      it = services.crowdsec or { };
      serves = it.settings.general.api.server.enable or false;
    in
    if (it.enable or false) && serves && it.settings.lapi.credentialsFile or null == null then
      [ "services.crowdsec: the server of its API needs settings.lapi.credentialsFile" ]
    else
      [ ];
in
generators
++ crowdsec
++ concatMap account (attrNames users)
++ concatMap (name: owned "sops.secrets.${name}" secrets.${name}) (attrNames secrets)
++ rules
++ concatMap (name: owned "/etc/${name}" etc.${name}) (attrNames etc)
