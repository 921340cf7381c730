//! What tests find: `QG086x`, with the policies of the library.

super::codes! {
    EXPECTED = "QG0860", "an expectation does not hold",
        "A `test` expects something of the fleet, and it is otherwise. The finding shows both sides and, where a request was asked, what decided about it: the router that took it, what stood on the way, the rule of the login server, each with the place that says it.\n\nEither the fleet is wrong, or the test: `qgc request` tells the whole story of one request.";
    ASKED_TOO_EARLY = "QG0861", "an answer that the model waits for",
        "`get(url, client)` asks the proxy and the login server that are made of the model. So no value of the model can depend on an answer: it would depend on itself.\n\nAsk in a test, which `qgc test` evaluates when the files are made:\n\n    test \"the wiki asks for a login\" {\n      expect get(service.wiki.route.web.url) is redirected\n    }";
    UNSENT = "QG0862", "a request that cannot be sent",
        "Nobody would answer: the address is none of the web, no proxy of the fleet listens at its port, the client comes from a host without address, or the fleet has no Traefik, which is the proxy that is simulated.\n\nWrite the address whole, `https://photos.example.org/`. A host as `from` needs an `address`, and `lan` a proxy whose `lan` says what is local.";
    PUBLIC_NEEDS_LOGIN = "QG0863", "what is public does not ask the login server",
        "The policy `public_needs_login` of the library wants of each route with `expose = public` that the login server asks before (`login = sso`), or that the service logs people in through it (`oidc`). A program's own login does not count here: its next mistake would be open to the whole world. Routes over TCP and UDP, the login server itself, and what `fleet.open` names are left out.\n\nIt is looked for because the fleet says `policies.public_needs_login = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0863) why`.";
    BACKED_UP = "QG0864", "what a service keeps is in no backup",
        "The policy `backed_up` of the library wants each `state` that outlives a reboot in the paths of a backup, of this service or another one.\n\nMake one (`backup data { paths = [/srv/app] }`), or write down why there is none: `state /srv/app { backup = no { because = \"it is fetched again\" } }`.\n\nIt is looked for because the fleet says `policies.backed_up = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0864) why`.";
    IMAGES_PINNED = "QG0865", "an image that is another one tomorrow",
        "The policy `images_pinned` of the library wants images by a version (`:v1.11.0`, `:14-alpine`) or a digest (`@sha256:…`). Without a tag an image is `latest`; that, `stable` or `main` are names of whatever was pushed last, so that a machine that starts anew may run something else than the one before.\n\nIt is looked for because the fleet says `policies.images_pinned = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0865) why`.";
    NO_ROOT = "QG0866", "a container that runs as root",
        "The policy `no_root` of the library wants each container to run as an account (`user = user.app`), or on a host whose containers are an account's (`podman.user`). What breaks out of a container that runs as root is root on its host.\n\nIt is looked for because the fleet says `policies.no_root = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0866) why`.";
    MEMORY_LIMITED = "QG0867", "a container that may take all memory",
        "The policy `memory_limited` of the library wants each container to say how much memory it may take: `container { memory = 512MiB }`. Without it, one that leaks takes its neighbours with it.\n\nIt is looked for because the fleet says `policies.memory_limited = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0867) why`.";
    UPDATES_BACKED_UP = "QG0868", "what updates itself has no backup",
        "The policy `updates_backed_up` of the library wants a backup of what a service keeps whose container takes newer images by itself (`auto_update`). A newer program may change its files so that the older one does not read them any more; then there is no way back.\n\nIt is looked for because the fleet says `policies.updates_backed_up = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0868) why`.";
    TWO_FACTORS = "QG0869", "a password alone opens it",
        "The policy `two_factors` of the library wants `factor = two` wherever the login server asks: `login = sso { factor = two }`, and `oidc { factor = two }`, which is what both are if nothing is said.\n\nIt is looked for because the fleet says `policies.two_factors = warn` or `deny`; `off` switches it off. One single place is allowed with a reason: `# qg: allow(QG0869) why`.";
}

/// The policies of the library, by their names, each with its code.
pub const POLICIES: &[(&str, super::Code)] = &[
    ("public_needs_login", PUBLIC_NEEDS_LOGIN),
    ("backed_up", BACKED_UP),
    ("images_pinned", IMAGES_PINNED),
    ("no_root", NO_ROOT),
    ("memory_limited", MEMORY_LIMITED),
    ("updates_backed_up", UPDATES_BACKED_UP),
    ("two_factors", TWO_FACTORS),
];
