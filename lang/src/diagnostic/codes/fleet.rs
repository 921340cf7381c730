//! What the fleet as a whole shows: two things on one port, dangling references.

super::codes! {
    UNREADABLE = "QG0500", "the model has another form than the targets read",
        "The targets read the standard library's schemas into typed structs. A fleet that changes one of these schemas (not only adds to it) cannot be read.\n\nAdd fields and kinds of your own names; leave the standard library's as they are.";
    PORT_TAKEN = "QG0501", "two things on one port",
        "Two services of one host (or a service and the proxy) answer on one port, protocol and address: the second one will not start.\n\nGive one of them another port on the host: `ports.web = { inside = 80, host = 8081 }`.";
    ELSEWHERE = "QG0502", "a reference to another host's thing",
        "Units, pods, networks, volumes and accounts belong to one host. A container on one host cannot join a pod of another, or wait for a unit there.\n\nPut both on one host. What another host serves is reached by its address.";
    NUMBER_TAKEN = "QG0503", "one number for two accounts",
        "Two users of a host have one uid, or two groups one gid: files of one belong to the other as well.";
    NO_NUMBER = "QG0504", "a container's account without a number",
        "Inside a container an account is only its number, so the account that a container runs as must have a fixed one.\n\nSay `uid` (for a group `gid`) where the account is declared.";
    POLICY = "QG0590", "refused by a policy of this fleet",
        "A `policy` of the fleet's own refuses this. Its `deny` block says why; the second place shown is the policy.";
    SAME_ROUTE = "QG0520", "two routes answer for one name and path",
        "A proxy tells routes apart by the name people type and the path below it. Where two are equal, chance would decide at each start which one answers.\n\n    route web { host = \"films\", to = ports.web }      # in two services\n\nGive one of them another `host`, or a `path`. Two TCP routes need two ports.";
    NO_PROXY = "QG0521", "no proxy answers for a route",
        "A route is answered by the proxy of its service's host. Where that host has none, or the service runs nowhere in the fleet and there are several proxies, the route has to say which one.\n\n    route web { host = \"films\", to = ports.web, via = proxy.edge }\n\nSay `via`, or `expose = internal` where only programs on the host use it.";
    NO_WAY = "QG0522", "a proxy cannot reach what a route leads to",
        "What answers must be within the proxy's reach: a port published on its own host, or one that another host with an `address` opens, or a whole URL. A service that runs on no host says `at` where it answers.\n\n    ports.web = { inside = 8080, open = true }      # for a proxy on another host";
    MIXED_EXPOSURE = "QG0523", "a name asks for a client certificate on one route and not on another",
        "Traefik chooses TLS options for a whole host name. Where two routers of one name want different ones, it takes the default for both and asks nobody for a certificate: the private route would be open, with one line in a log.\n\nGive the routes different names, or make all of them `private`.";
    NO_CLIENT_CA = "QG0524", "a private route behind a proxy that knows no client certificates",
        "`expose = private` lets in who shows a certificate signed by the proxy's `client_ca`. Without one nobody could be let in.\n\n    engine = traefik { client_ca = secret.client_ca }\n\nSay `client_ca`, or another `expose`.";
    BAD_NAME = "QG0525", "not a name or path that a route can have",
        "The name of a route consists of labels of letters, digits and `-`, 63 characters at most each, in ASCII (`xn--…` for others), without port or scheme. Its path begins with `/` and has no blank, `?`, `#`, backslash or `//`, and no `.` or `..` as a part, since requests are tidied before they are compared.";
    TCP_ROUTE = "QG0526", "a TCP route cannot do this",
        "A TCP route has no name, no path, no login and no certificate: who reaches its port reaches the program. So it says `expose = public` or `expose = lan`, and nothing that needs to look into requests.\n\n    route ssh { tcp = 222, to = ports.ssh, expose = public }";
    NO_PORTAL = "QG0527", "nobody can ask for a login",
        "`login = sso` sends visitors to a portal. There is none that the route's proxy can reach.\n\n    portal login { service = service.authelia, route = service.authelia.route.web, engine = authelia { … } }";
    OUTSIDE_COOKIE = "QG0528", "a guarded name outside the login server's domain",
        "The login server's cookie holds for the fleet's domain and what lies below it. For any other name it answers 400, whatever its rules say.\n\nGive the route a name below `fleet.domain`, or another login.";
    GUARDED_PORTAL = "QG0529", "the login page itself asks for a login",
        "The route people log in at cannot send them to log in: nobody would ever get there. Say `login = own` on it.";
    CLIENT_SECRET = "QG0530", "a client's secret and its way to log in disagree",
        "A public client (`auth_method = none`) can keep no secret and must not have one; every other client must. The login server refuses to start otherwise.\n\nAdd `secret`, or say `auth_method = none` and drop it.";
    BAD_BYPASS = "QG0531", "not a pattern that can open a path",
        "`bypass` holds regular expressions in Go's syntax, over path and query, which are not anchored by themselves. On a route with a `path` each pattern begins with `^` and that path, since the login server would otherwise open other routes of the same name too.\n\n    login = sso { bypass = [\"^/api/health$\"] }";
    BAD_MIDDLEWARE = "QG0532", "a middleware that the proxy would drop",
        "Traefik drops a router with a middleware that it cannot build, and a broader router may then answer without the guard. So an empty prefix, an empty list of addresses, a pattern that is none, a plugin that the proxy does not load and a chain that contains itself are refused here.";
    ONE_PER_HOST = "QG0533", "two of a kind on one host",
        "A host has one proxy and one portal of each engine: their files and units would be the same.";
    BAD_PORTAL = "QG0534", "a portal that could not start or would not work",
        "What the login server itself refuses, or accepts without a word although it cannot work: its own route must lead to a port of its own service and be published under the fleet's domain, its directory must be within reach, its domain has a dot, and a session does not outlive its expiration.";
    SAME_CLIENT = "QG0535", "two clients with one id",
        "The login server knows clients by `client_id`. Two services with one id would share redirects and secret by chance; it refuses to start.";
    NO_PROVIDER = "QG0536", "a client without a provider",
        "A service says `oidc`, but no portal of the fleet is a provider of OpenID Connect.\n\n    engine = authelia { …, oidc = { hmac_secret = secret.hmac, private_key = secret.oidc_key } }";
    PATH_IGNORED = "QG0537", "a path behind the server's name is ignored",
        "Traefik takes scheme, name and port of a URL that a route leads to, and nothing else: `http://app/base` receives `/x`, not `/base/x`.\n\nDrop the path, or add it with an `addPrefix` middleware.";
}
