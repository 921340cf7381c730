//! Places that are not tried, or that no file shows, each with the reason.

/// Places that no small fleet was found for, or whose text is a program or goes nowhere, and why.
pub(crate) const APART: &[(&str, &str)] = &[
    ("Denial.because", "policies write nothing"),
    ("Sudo.any_arguments.because", "a reason is for who reads the sources"),
    ("Sudo.anything.because", "a reason is for who reads the sources"),
    ("Sudo.command.because", "a reason is for who reads the sources"),
    ("Sudo.systemctl_any.because", "a reason is for who reads the sources"),
    ("User.sudo KEY", "sudo's rules have no names"),
    ("Policy.deny KEY", "policies write nothing"),
    ("Policy.warn KEY", "policies write nothing"),
    ("Model.policy KEY", "policies write nothing"),
    ("Model.test KEY", "tests write nothing"),
    ("Fail2ban.jail KEY", "a jail of a service has a name of the same letters, and a log"),
    (
        "JailFilter.own.failregex",
        "says `<HOST>`; `%` and what a file cuts off are tried in `fail2ban_peer` and the suite",
    ),
    (
        "JailFilter.own.ignoreregex",
        "beside a failure, which says `<HOST>`; tried in `fail2ban_peer`",
    ),
    (
        "JailFilter.own.datepattern",
        "beside a failure, which says `<HOST>`; tried in `fail2ban_peer`",
    ),
    ("Model.proxy KEY", "a host has one"),
    ("Model.portal KEY", "a host has one"),
    ("Unit.name", "follows from the service; its type has the characters of units alone"),
    ("Unit.quadlet", "its one key is yes or no"),
    ("Route.resolver", "the name of one that the proxy has"),
    ("DefaultCertificate.generated.resolver", "the name of one that the proxy has"),
    ("RedirectTo.to", "the name of an entry point that the proxy has"),
    ("OidcOptions.claims_policy", "the name of one that the provider has"),
    ("OidcOptions.lifespan", "the name of one that the provider has"),
    ("Route.to", "a URL of which scheme, name and port count, and have a form"),
    ("TcpServer.to", "a URL of which scheme, name and port count, and have a form"),
    ("UdpServer.to", "a URL of which scheme, name and port count, and have a form"),
    ("MiddlewareKind.basicAuth.users", "a user has a secret in it; tried in `traefik_peer`"),
    ("MiddlewareKind.digestAuth.users", "a user has a secret in it; tried in `traefik_peer`"),
    ("Podman.version", "decides which keys are written"),
    ("Fleet.options", "declares types of options; nothing is written"),
    ("Fleet.options KEY", "declares types of options; nothing is written"),
    (
        "Model.nixos_module KEY",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "NixosModule.about",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "NixosModule.units",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "NixosModule.user_name",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "NixosModule.group_name",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "NixosModule.state KEY",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "NixosModule.ports KEY",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "ModuleState.option",
        "describes a module to the compiler, for services that say it themselves",
    ),
    (
        "ModulePort.option",
        "describes a module to the compiler, for services that say it themselves",
    ),
    ("Spiffe.ids", "wants certificates of SPIFFE"),
    ("Spiffe.trustDomain", "wants certificates of SPIFFE"),
    ("Directory.bind_user", "is escaped as names of LDAP are"),
];

/// Places whose text stands in no file of a small fleet.
pub(crate) const NOWHERE: &[(&str, &[&str])] = &[
    (
        "for whoever asks: `qgc query`, and what a fleet makes of it itself",
        &[
            "Answer.no.because",
            "Fleet.state",
            "Logs.file.path",
            "Person.display_name",
            "Person.email",
            "Route.url",
            "Service.at",
            "Tile.icon",
            "Tile.section",
            "Tile.title",
        ],
    ),
    (
        "a name for the fleet alone",
        &[
            "Host.addresses KEY",
            "Model.secret KEY",
            "Kube.ports KEY",
            "Model.people KEY",
            "Model.person KEY",
            "Model.vault KEY",
            "Service.ports KEY",
            "User.home KEY",
        ],
    ),
    (
        "wants more around it: a client that names it, a template that shows it, a copy that stops it, a place to mount",
        &[
            "ClaimsPolicy.access_token",
            "ClaimsPolicy.id_token",
            "Content.filesystem.options",
            "Dataset.options",
            "File.values",
            "File.values DATA KEY",
            "HomeFile.values",
            "HomeFile.values DATA KEY",
            "HttpServer.to",
            "OidcLifespans.custom KEY",
            "OidcProvider.claims_policies KEY",
            "OidcProvider.scopes KEY",
            "Partition.device",
            "SigningKey.key_id",
            "Subvolume.options",
            "Unit.also",
        ],
    ),
];

/// Whether nothing is to be expected of a place.
pub(crate) fn is_nowhere(name: &str) -> bool {
    // What it is, in a few words, stands in units alone.
    let about = name.ends_with(".about");
    about || NOWHERE.iter().any(|(_, all)| all.contains(&name))
}

/// Texts that mean something of their own at a place, as the language says: they are no other text's spelling.
pub(crate) const MEANT: &[(&str, &str, &str)] = &[
    ("Route.host", "", "the fleet's domain itself"),
    ("Route.aliases", "", "the fleet's domain itself"),
    ("Model.middleware KEY", "", "what has no name is called by a number"),
    ("Model.tls_options KEY", "", "what has no name is called by a number"),
    ("Model.transport KEY", "", "what has no name is called by a number"),
    ("Pod.quadlet", "", "an empty word is spelled as a variable that holds nothing"),
];
