//! Who can reach what: `QG0760` to `QG0779`.

super::codes! {
    WAY_ROUND = "QG0760", "a way round a guard",
        "`qgc check --exposure` puts requests to the simulated proxy and login server: for each route that asks for something, clients who lack it, with the route's own names and paths in every spelling that is known to lead astray (`%2f`, `..`, `//`, capitals, another name in TLS, other entry points, methods and headers). One of them reached the program. It is shown as it would be sent, with the router that let it through.\n\nThe router is too wide, or lacks the guard. Where it is one of your own in `dynamic`, give it the guard among its `middlewares` or the `options` of its `tls`, or say it as a `route`, which has them by itself. `qgc request` tells the story of the request.";
    FIREWALL_OFF = "QG0761", "a firewall that is switched off",
        "With `networking.firewall.enable = false` every port of the machine is open to whoever reaches it: what listens on all addresses, and what is started tomorrow. `open = true` of a port and `firewall.tcp` of a host open what others are to reach.\n\nOn a machine that something else stands before, allow it in place, with the reason.";
    OPEN_FOR_NOTHING = "QG0762", "an open port that nobody answers",
        "The firewall lets a port through, and what has the port listens on loopback alone: nobody is answered now, and everybody is as soon as the program listens elsewhere.\n\n    host box { firewall { tcp = [8080] } }\n    service app { ports.web = 8080 }                              # 127.0.0.1\n    service app { ports.web = { inside = 8080, open = true } }    # for others: opens the firewall, too\n\nClose it, or say `open` of the service's port.";
    DEBUG_SWITCH = "QG0763", "a switch for trying things out",
        "`api.insecure` of Traefik shows its dashboard to whoever reaches port 8080, `api.debug` what runs inside of it; `serversTransport.insecureSkipVerify` takes any certificate of every server; `log.level = trace` of Authelia writes what people send. Each is fine for an afternoon.\n\nA dashboard has a route of its own, with a guard: `dashboard` of the proxy says its port. A server with a certificate of its own has a `transport`.";
    BIND_ADDRESS = "QG0764", "a program that listens for everybody",
        "All ports of the service are for the host alone, which is what a proxy needs, and the program itself is told to listen on every address. A firewall that is on hides that; containers of the host, interfaces that are trusted, and the next firewall do not.\n\n    native \"services.navidrome\" { settings = { Address = ports.web.address } }\n\nIf other machines are to reach it, say `open = true` of the port.";
    OPENED_BY_MODULE = "QG0765", "a module that opens its port past a guard",
        "`openFirewall = true` of a NixOS module opens the program's own port in the firewall. The routes of the service ask for a certificate or a login, and whoever comes by the port is asked for nothing.\n\nExample: `native \"services.sonarr\" { openFirewall = true }` beside `route web { to = ports.web, login = sso }`.\n\nTake it away: the proxy is on the same host, or the compiler opens the port to it alone. Where others are meant to reach the port, its service says so: `ports.web.open = true`.";
    EVERYBODY = "QG0766", "a network that is everybody",
        "`0.0.0.0/0` and `::/0` hold every address. As `lan` of a proxy, in an `ipAllowList` or in `ignoreip` of fail2ban they keep nobody out, and what looks like a guard is none.";
    LAN_HIDDEN = "QG0767", "visitors who all come from near",
        "`expose = lan` goes by the address that the proxy sees. A tunnel (cloudflared, ngrok, frp) hands on what comes from the internet, and its own address is what the proxy sees: loopback, or one of Podman's networks, which are among the private ones. So everybody is local.\n\n    proxy edge { lan = [192.168.0.0/16], … }       # without 10.0.0.0/8, where Podman has its networks\n\nOr guard the route by a login or a certificate.";
    RESOLVES_ELSEWHERE = "QG0768", "a name that leads to another machine",
        "A route's name is told an address that the host of its proxy does not have: in rewrites of AdGuard Home, in `local-data` of Unbound, or in `networking.hosts`. Whoever asks there is led to a machine that does not answer for it, or past the guard.\n\nSay the address by reference: `host.Server.address`. An address outside is not judged, for routers may lead it here.";
    STALE_OPEN = "QG0769", "something called open that is not",
        "`fleet.open` names what the whole world may reach without a login. This names a service or route that is not public, or asks for a login. When it becomes open one day, nothing is told any more.\n\nTake it away.";
}
