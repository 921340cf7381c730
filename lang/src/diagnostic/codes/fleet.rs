//! What the fleet as a whole shows: two things on one port, dangling references.

super::codes! {
    PORT_TAKEN = "QG0501", "two things on one port",
        "Two services of one host (or a service and the proxy) answer on one port, protocol and address: the second one will not start.\n\nGive one of them another port on the host: `ports.web = { inside = 80, host = 8081 }`.";
    ELSEWHERE = "QG0502", "a reference to another host's thing",
        "Units, pods, networks, volumes and accounts belong to one host. A container on one host cannot join a pod of another, or wait for a unit there.\n\nPut both on one host. What another host serves is reached by its address.";
    NUMBER_TAKEN = "QG0503", "one number for two accounts",
        "Two users of a host have one uid, or two groups one gid: files of one belong to the other as well.";
    NO_NUMBER = "QG0504", "a container's account without a number",
        "Inside a container an account is only its number, so the account that a container runs as must have a fixed one.\n\nSay `uid` (for a group `gid`) where the account is declared.";
    UNIT_CIRCLE = "QG0505", "units that wait for one another",
        "A unit starts after those that it `needs`, those in `unit.after`, and its pod. Where that leads back to itself, systemd drops one of the relations by chance, or starts none of them.\n\nThe finding shows the whole circle: take one of its references away.";
    SAME_NAME = "QG0506", "two things with one name on a host",
        "Containers and pods share one set of names in Podman, and every unit of a host has a name of its own: `arr-pod.service` is the unit of `pod arr` and would be that of `service arr-pod`. The second one could not start.\n\nGive one of them another name.";
    POD_MEMBER = "QG0507", "members of a pod share its network",
        "Containers in a pod have one network, one host name and one set of ports together. What says otherwise of one member is refused by Podman when it starts, and of two programs on one port the second fails.\n\nSay it of the pod, or give the container no pod.";
    SYSTEM_NAME = "QG0508", "not a name for a machine or account",
        "The name of a host is its name in the network: letters, digits and `-`. The names of accounts and groups are those of the system: they begin with a letter or `_` and have 31 characters at most.";
    NO_SECRET_FILE = "QG0509", "a secret that no file holds",
        "The value of a secret is in an encrypted file beside the sources.\n\n    fleet { secrets = ./secrets.yaml }                    # for all that say nothing else\n    secret smtp { key = \"smtp\", file = ./mail.yaml }";
    BACKUP = "QG0512", "a backup that cannot be made",
        "A vault's host makes the copies, so it has to be the host that has the files. What goes on to another machine is a vault of its own, with an engine that reaches it, that `takes` the first one's repositories.\n\n    vault local { on = host.Server, engine = restic { … } }\n    vault offsite { on = host.Server, engine = borg { repository = \"ssh://…\", … }, takes = [vault.local] }";
    DISK_NAME = "QG0550", "a name that a disk layout cannot have",
        "Names of disks, partitions, subvolumes, pools and datasets, and the paths where they are mounted, go into the programs that make and mount them. These take letters, digits and `_.-`; a partition's label has at most 36 letters.";
    DISK_LAYOUT = "QG0551", "disks that cannot be laid out so",
        "One partition of a disk may be without `size` and takes what is left; one filesystem is mounted at a path; a partition is in one pool, and holds nothing else; what is only described (`managed = no`) is in nothing that would be made anew. Where an ephemeral root keeps its state has to be mounted at once:\n\n    subvolume persist { at = /persist, needed_for_boot = true }";
    ROOTLESS = "QG0552", "more than an account's containers can",
        "Where `podman.user` says whose containers a host runs, nothing of them is root's: they listen from port 1024 on, run no script as root, and their units do not know those of the system. Their Quadlet files lie below the account's number, so it has to have one.\n\n    user apps { on = [host.box], uid = 1001, kind = login {} }\n    host box { podman.user = user.apps }";
    REWRITTEN = "QG0553", "an address is changed before somebody judges it",
        "`login = sso` and `forwardAuth` ask a server whether somebody may pass, and tell it the address as the middlewares before left it. After `replacePath`, or a `Host` header of one's own, the server judges another page than people get.\n\nWhat a proxy does to all requests comes after the login where it changes the address. For a `forwardAuth` of your own, for entry points' middlewares and raw options the order is yours:\n\n    use = [middleware.ask, middleware.strip]      # asked about what people asked for\n\nOf a plugin nobody knows what it changes; one that changes neither path nor host nor credentials says `rewrites = false`.";
    TRUSTING_ENTRY = "QG0554", "an entry point that believes what a guard goes by",
        "`sanitizePath = false` lets `/open/../secret` through as it is; `insecure`, and trusted addresses like `0.0.0.0/0`, let everybody say which address is theirs, by the PROXY protocol or in `X-Forwarded-For`; `underscoreHeadersStrategy = keep` lets a client's own `Remote_User` reach programs that take it for `Remote-User`. Each is fine where nothing goes by it. The finding shows what does.";
    ENCODED_WAY = "QG0555", "encoded characters that hide a path",
        "The proxy compares paths as they are sent, the login server and programs as they are meant: `/open%2f..%2fsecret` is one part for the first, and `/secret` for others. On names where paths decide who gets through, the compiler has the proxy refuse encoded slashes, backslashes, `%`, `?`, `#`, `;` and NUL. A middleware `encodedCharacters` of your own stands in place of that.\n\n    middleware ids { does = encodedCharacters { allowEncodedHash = true } }     # the others stay refused\n\nGive a program that needs the others a name of its own.";
    GUARDED_PAGE = "QG0556", "an error page from behind a guard",
        "A middleware `errors` fetches its page from what its `service` leads to, past the guards of that route: whoever gets an error elsewhere sees it without login, certificate or address.\n\nLead it to a public route that has nothing but the pages, or use it on routes with the same guards only.";
    BESIDE_LOGIN = "QG0557", "something else below the login page's name",
        "Browsers let pages of one name read one another: whatever answers beside the login page can read the passwords that are typed there, and use the session. Give it a name of its own.";
    UNANSWERED = "QG0558", "a route that could never answer",
        "A TCP route with `sni` takes every connection to its name on its port, so that routes over HTTP with this name never see one. Clients that go to an address name nothing in TLS: a private route, TLS options and `sni`, which go by that name, are never found. Traefik takes no priority of 0, and none above 9223372036854774807. TLS options that it cannot build (`clientAuth` that verifies without `caFiles`, versions between which none is left) take every route of their names with them.";
    NOT_ENCRYPTED = "QG0559", "a file of secrets that everybody can read",
        "The files of secrets go to the hosts as they are, into folders that everybody can read. So each value in one is encrypted by sops (getsops.io), and sops has written its own words into it (`sops`, with a `mac`). Keys are readable; they are names, as `server/db`.\n\n    age-keygen -o key.txt                                     # once; it says the public key, age1…\n    sops encrypt --age age1… --in-place secrets/secrets.yaml\n    sops edit secrets/secrets.yaml                            # from then on\n\nAfter the first `qgc compile`, `--config build/sops.yaml` in place of `--age` has the keys of people and hosts that the fleet names. What a file leaves readable on purpose (`unencrypted_suffix`, `encrypted_regex`, …) no secret may be taken from.";
    NO_SECRET_KEY = "QG0560", "a secret that its file does not hold",
        "The names of the keys in an encrypted file are readable, and a host asks for a secret by one. Where the file lacks it, NixOS refuses to build, and another host waits for the secret.\n\n    secret db { key = \"server/db\" }      # `db` below `server`\n\nThe last key has to hold one value: a group of further keys is none, nor is a list.";
    SHOWN_SECRET = "QG0561", "a secret that every account of a host may read",
        "The last digit of a mode is for all accounts of a machine, those of other services too. A secret, and a file that holds one, is for its owner and perhaps a group:\n\n    secret db { key = \"db\", owner = user.app, group = group.app, mode = 0o440 }\n\nWhere it is no secret any more (a certificate, the public half of a key), say so:\n\n    secret ca { key = \"ca\", mode = 0o444, private = no { because = \"a certificate is public\" } }";
    NOT_TAKEN_OUT = "QG0562", "a value that NixOS cannot take out of its file",
        "On NixOS sops-nix takes the values out of the files. It takes texts only, from keys of YAML and from the first level of JSON; a file of lines (`.env`, `.ini`) it gives as a whole.\n\n    secret app { key = \"app\", file = ./app.env, kind = env }      # the whole file, for `env_files`\n\nMake a file in YAML of it, with quotes around numbers.";
    POLICY = "QG0590", "refused by a policy of this fleet",
        "A `policy` of the fleet's own refuses this. Its `deny` block says why; the second place shown is the policy.";
    NO_MEETING = "QG0591", "two hosts that do not know where they meet",
        "A proxy on one host leads to a port on another. That port is open to the proxy's host alone, on the address by which it comes, so both hosts say their `address` in the local network, or one in a network of its own that both are in.\n\n    host edge { address = 203.0.113.7, addresses.vpn = 10.100.0.1 }\n    host nas  { address = 192.168.1.3, addresses.vpn = 10.100.0.3 }      # they meet in `vpn`\n\nSay the address, or `open = true` where everybody may come.";
    OPTION_CLASH = "QG0510", "an option that the compiler sets too",
        "A host's `nix { … }` is a module beside the generated one. Where both set one option, Nix would refuse the two values, or take both for a list that was to be yours alone.\n\n    nix { networking.hostName = \"other\" }      # the compiler writes the host's own name\n\nSay it in the words of the fleet (`firewall`, `state`, `user` …), or say who wins: `override networking.hostName = …` becomes `lib.mkForce`, `default` becomes `lib.mkDefault`. Lists and sets that both say are united, as always in Nix.";
    FILE_NOT_TEXT = "QG0511", "a file that a host's folder cannot hold",
        "Modules, scripts, encrypted files and whatever `nix { … }` names as `./file` are copied into the host's folder, which stands alone. They are text in UTF-8; encrypted files of sops are, too.";
    SECRET_PATH = "QG0513", "two secrets at one path",
        "A secret lies at its `path` when its host has opened it; `/run/secrets/KEY`, if nothing else is said. Two secrets of one key and host would lie at the same one, and the second would hide the first.\n\nOne secret can be used by many; where they need two owners, give one of them a `path`.";
    SESSION_UNIT = "QG0514", "a unit of a session where one of the machine is wanted",
        "`unit.scope = session` says that a unit is one of systemd's user units: it starts when somebody logs in, and each of them has their own. The machine's units cannot wait for it, a backup cannot stop it, a secret that changes cannot restart it, and nothing of it runs as root.\n\n    service sunshine { on = host.Cube, unit { name = \"sunshine.service\", scope = session }, native \"services.sunshine\" {} }";
    LEFT_BEHIND = "QG0515", "something of a service that is switched off",
        "An account with `kind = from_module` is declared by the NixOS module of a service. Where that service is switched off, the account is not there, and nothing else is written for it; what still belongs to it would belong to nobody. The same holds for the service's unit, where another unit needs it.\n\n    service navidrome { enabled = false, … }\n    host Server { state \"/srv/music\" { owner = user.navidrome } }      # whose?\n\nSwitch the service on, choose another owner, or declare the account: `kind = system`.";
    NO_MODULE = "QG0516", "an account that no module declares",
        "`kind = from_module` says that a NixOS module declares an account, and that only more is said of it here. Nothing that the fleet says of the host has to do with the account: no service has its name or owns anything as it, and no Nix of the host's own speaks of it. NixOS refuses an account of which only groups are said.\n\n    user navidrome { on = [host.Server], kind = from_module }      # and no service navidrome";
    NO_LOGIN = "QG0517", "nobody can log in to bring a new version",
        "Colmena and deploy-rs log in to a host over SSH, as `deploy.user`: root, if nothing is said. That account has to be there, with a key, sshd has to let it in, and it has to be one that may become root.\n\n    host box {\n      deploy.user = user.anne.name\n      nix { services.openssh.settings.PermitRootLogin = \"no\" }\n    }\n    user anne { on = [host.box], extra_groups = [\"wheel\"], kind = login { keys = [\"ssh-ed25519 …\"] } }";
    SAME_ROUTE = "QG0520", "two routes answer for one name and path",
        "A proxy tells routes apart by the name people type and the path below it. Where two are equal, chance would decide at each start which one answers.\n\n    route web { host = \"films\", to = ports.web }      # in two services\n\nGive one of them another `host`, or a `path`.";
    NO_PROXY = "QG0521", "no proxy answers for a route",
        "A route is answered by the proxy of its service's host. Where that host has none, or the service runs nowhere in the fleet and there are several proxies, the route has to say which one.\n\n    route web { host = \"films\", to = ports.web, via = proxy.edge }\n\nSay `via`, or `expose = internal` where only programs on the host use it.";
    NO_WAY = "QG0522", "a proxy cannot reach what a route leads to",
        "What answers must be within the proxy's reach: a port published on its own host, or one that another host with an `address` opens, or a whole URL. A service that runs on no host says `at` where it answers.\n\n    ports.web = { inside = 8080, open = true }      # for a proxy on another host";
    MIXED_EXPOSURE = "QG0523", "a name asks for a client certificate on one route and not on another",
        "Traefik chooses TLS options for a whole host name. Where two routers of one name want different ones, it takes the default for both and asks nobody for a certificate: the private route would be open, with one line in a log.\n\nGive the routes different names, or make all of them `private`.";
    NO_CLIENT_CA = "QG0524", "a private route behind a proxy that knows no client certificates",
        "`expose = private` lets in who shows a certificate signed by the proxy's `client_ca`. Without one nobody could be let in.\n\n    engine = traefik { client_ca = secret.client_ca }\n\nSay `client_ca`, or another `expose`.";
    BAD_NAME = "QG0525", "not a name or path that a route can have",
        "The name of a route consists of labels of letters, digits and `-`, 63 characters at most each, in ASCII (`xn--…` for others), without port or scheme. Its path is written as people read it (`/café`) or as browsers send it (`/caf%C3%A9`), begins with `/` and has no blank, `?`, `#`, backslash or `//`, and no `.` or `..` as a part, since requests are tidied before they are compared; nor an encoded slash, which is one for some programs only.";
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
        "`bypass` holds regular expressions in Go's syntax, over the path; they are not anchored by themselves, so say `^`. A pattern with a `?` in it goes on into the query. On a route with a `path` each pattern begins with `^` and that path, since the login server would otherwise open other routes of the same name too.\n\n    login = sso { bypass = [\"^/api/health$\"] }";
    BAD_MIDDLEWARE = "QG0532", "a middleware that the proxy would drop",
        "Traefik drops a router with a middleware that it cannot build, and a broader router may then answer without the guard. So an empty prefix, an empty list of addresses, a pattern or an expression that is none, two criteria where one counts, a plugin that the proxy does not load and a chain that contains itself are refused here, as Traefik 3.7 refuses them.";
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
    PLAIN_PASSWORD = "QG0538", "a password's hash that everybody can read",
        "What stands in `users` of `basicAuth` and `digestAuth` is written into a file that every account of the host can read, and into the Nix store. Who has the hash can guess the password at leisure.\n\n    middleware guard { does = basicAuth { users = [\"alice:${secret.alice_hash}\"] } }\n\nPut the hash, or the whole line, into a secret: it is filled in when the proxy starts.";
    BAD_BACKEND = "QG0539", "a backend that the proxy could not use",
        "Traefik drops a service that it cannot build, and every router that leads to it: a list of servers with nobody in it, backends that lead back to themselves or mix HTTP, TCP and UDP, a group with a `healthCheck` whose members have none, a `failover` that never learns that the first one is down.";
    BAD_ENTRY = "QG0540", "an entry point that a route cannot have",
        "A proxy has the entry points `web` and `websecure`, those of `entry_points` in its engine, and one for each port of a route over TCP or UDP. A route over HTTP names those that are there, and never `web`, where what is private would go over the wire in clear.\n\n    engine = traefik { entry_points.inside = { port = 8443 } }\n    route web { …, entry_points = [\"inside\"] }";
    MIXED_TLS = "QG0541", "one name with two kinds of TLS options",
        "Traefik chooses TLS options for a whole host name. Where two routers of one name want different ones, it takes the default for both, with one line in a log.\n\nSay the same `tls` on all routes of a name.";
    NEVER_REACHED = "QG0542", "a route that another one hides",
        "Of the routers that match a request the one with the highest `priority` answers. A wider path with a higher priority than a narrower one below it takes everything.\n\nDrop `priority`: longer paths come first by themselves.";
    BAD_ACME = "QG0543", "a certificate that no authority would give",
        "A certificate for all names below a domain (`wildcard`) needs a DNS challenge, and a `resolver` is one that the proxy has: its `acme`, or one of its `resolvers`.";
    SHARED_GUARD = "QG0567", "one name on two proxies, guarded in two ways",
        "The rules of a login server know names and paths; they do not know through which proxy a request came. Where two proxies answer for one name and ask one portal, what is asked on one of them is asked on both: the stronger factor, only people whom both let pass, and without login only what both leave open.\n\n    route web { host = \"films\", to = ports.web, login = sso { allow = [people.admin] } }\n    route inside { host = \"films\", to = ports.web, via = proxy.inner, login = sso { factor = one } }    # two factors, and admin, here too\n\nIt is also said where one proxy guards a name, with a login, a certificate or a password, and the other one opens it to everybody: whoever is refused by the first asks the second.\n\nSay the same `login` on both, or give one of the routes another name.";
    PUBLISHED = "QG0568", "a port that is published past the firewall",
        "What root's Podman publishes on another address than loopback is handed on by rules of its own, before the firewall of the host is asked: every machine that reaches the host reaches the port, although no `open` says so. A host without NixOS has no firewall of ours at all.\n\nWhat only the proxy of the host is to reach is published on loopback, which is the default:\n\n    ports.web = 8080                                 # 127.0.0.1\n    ports.web = { inside = 8080, open = true }       # for other machines\n\n`quadlet.PublishPort` and `--publish` among the arguments for Podman are read in the same way: `127.0.0.1:8080:80`.";
    PAST_GUARD = "QG0569", "a port that leads past a guard",
        "A route asks for a login or for a client certificate, and the port that it leads to is reached by other machines directly: there nobody asks.\n\n    ports.web = { inside = 8080, open = true }\n    route web { to = ports.web, login = sso { } }\n\nLet only the proxy reach the port: drop `open`, or publish it on 127.0.0.1. Where the proxy is on another host, the port is opened to that host alone: a container needs no word for that, anything else `address = host.NAME.address`. If nobody is to be asked, say so in the route's `expose` and `login`.";
    UNREADABLE_PORT = "QG0570", "a text that publishes no port",
        "What `quadlet.PublishPort`, `--publish` and the `address` of an entry point in `static` say is read here as Podman and Traefik read it, because a port that is open has to be known. This text cannot be read: it is `[[ADDRESS:]PORT:]PORT[/PROTOCOL]` for Podman, and `[ADDRESS]:PORT[/PROTOCOL]` for Traefik.";
    JOINED_NAME = "QG0571", "two names that are one when they are joined",
        "A backup is called after its service and itself, a partition after its disk and itself: `service app-data { backup x }` and `service app { backup data-x }` would be one repository and one unit, and the second would write over the first. What is on disks keeps its name, so no number is put behind it. The same holds for units and files that the compiler makes itself: `traefik.service` where a proxy runs, and what lies below `/etc/qg`.\n\nGive one of them another name.";
    RAW_ROUTER = "QG0572", "a router of one's own past a guard",
        "Routers in a proxy's `dynamic` options answer beside those of routes. One whose rule can match a name that asks for a login or a client certificate, and that does not ask itself, leads past the guard.\n\n    route web { host = \"films\", to = ports.web, login = sso { } }\n    dynamic = { http.routers.all = { rule = \"PathPrefix(`/x`)\", service = \"…\" } }      # for films too\n\nMake a `route` of it, leave the name out (`&& !Host(…)`), or name the guard among its `middlewares` (for certificates among its `tls.options`).";
    RAW_RULE = "QG0573", "a rule that cannot be read",
        "The rule of a router in `dynamic` is read here as Traefik 3.7 reads it, because it has to be known for which names the router answers. Traefik drops a router whose rule it cannot read, and a wider one may answer in its place.\n\n    rule = \"Host(`app.example.org`) && PathPrefix(`/api`)\"";
    NOT_ON_PLAIN = "QG0580", "what nobody carries out on a host without NixOS",
        "A host with `manager = plain` gets files and a script that installs them. What only NixOS can do (backups, modules, disks, the firewall, how it boots, accounts of people) would be dropped there, and somebody would believe in copies that do not exist. So it is refused.\n\nLeave it out, do it by hand on that machine, or give it NixOS. A default for many hosts can leave it aside:\n\n    default host if self.manager == nixos { firewall.ping = true }";
    NOBODY_RUNS = "QG0581", "a proxy that nothing runs",
        "On a host of NixOS a module runs Traefik. On another one a service has to, in a container or as a program of the machine's own; it gets the files, the secrets and the variables that it wants.\n\n    service traefik {\n      on = host.box\n      container { image = \"docker.io/library/traefik:v3.7\", network = host }\n    }\n\n    service traefik { on = host.box, unit.service.ExecStart = \"/usr/local/bin/traefik\" }\n\nIts unit is `traefik.service`, or the proxy names it: `proxy edge { …, service = service.way_in }`.";
    OWN_NETWORK = "QG0582", "a proxy or portal in a network of its own",
        "The files of a proxy and of a login server lead to addresses of their host, most of them 127.0.0.1. In a container with a network of its own that is the container itself, and nothing answers.\n\n    container { …, network = host }";
    PLAIN_ACCOUNT = "QG0583", "an account that cannot run containers",
        "Containers of an account want its home and a range of numbers in /etc/subuid and /etc/subgid. NixOS makes them; on another host the account is made by hand.\n\n    user apps { on = [host.box], uid = 1001, kind = from_module }";
    NO_KEY = "QG0584", "secrets that no key opens",
        "A host without NixOS opens its secrets with `sops`, by a unit of the system. That has no home, so that no key is found by itself there: the host says where its key lies.\n\n    host box { manager = plain, age.key_file = /var/lib/age/key.txt, … }\n    host box { manager = plain, age.ssh_keys = [/etc/ssh/ssh_host_ed25519_key], … }";
}
