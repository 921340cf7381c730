//! Who may do what: rules of logins, clients and their addresses, `QG0820` to `QG0839`.

super::codes! {
    SHADOWED_RULE = "QG0820", "a pattern that is never asked",
        "The patterns of `bypass` open paths of their own route. What lies below a narrower route of the same name is that route's, and this pattern is not asked there; and what an earlier pattern opens need not be opened twice. So it opens nothing, and whoever wrote it believes that something is open.\n\n    route web   { host = \"app\", login = sso { bypass = [\"^/api/health$\"] } }\n    route api   { host = \"app\", path = \"/api\", login = sso { } }               # /api/health is this one's\n\nSay it on the route that has the path, or take it away.";
    NAME_OF_NO_ROUTE = "QG0822", "an address that no route answers for",
        "An address of the web lies under the fleet's domain, and no route, host or service elsewhere has its name. Routes get other names, and texts stay.\n\n    env.OIDC_ISSUER = portal.main.route.url              # follows\n    redirects       = [\"${route.web.url}/callback\"]\n\nWhat somebody outside of the fleet answers for is allowed in place, with the reason, or said as a service that lies elsewhere (`at`).";
    PLAIN_REDIRECT = "QG0823", "a redirect that goes in clear",
        "After a login the login server sends people back with a code that logs them in. Over `http://` whoever is between reads it. Programs on the machine of who logs in (`http://localhost`, `http://127.0.0.1`) are another matter.";
    RAW_SUDO = "QG0824", "a rule of sudo that is as good as root",
        "`security.sudo.extraRules` lets an account run a program without a password, and the program does more than it is for: it runs others, writes any file, or says what systemd runs. A command without arguments may be given any; `cp` and `mount` with any arguments, and `systemctl` without a unit, are root's whole power.\n\n    user deploy { sudo.restart = systemctl { verbs = [restart], units = [service.app] } }\n\nThe words of an account say which units and arguments, by reference. What has to be as it is is allowed in place, with the reason.";
}
