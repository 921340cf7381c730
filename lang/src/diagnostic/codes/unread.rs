//! What nothing reads, and what is typed again though the model has it.

super::codes! {
    UNUSED = "QG0840", "nothing uses it",
        "A middleware, a network, a volume, a pod, a script, a vault, a backend, and an account or a group of a machine do something only where something else names them. This one nobody names: not by a reference, and not by its name in a text, in Nix or in a file beside the sources.\n\nExample: `middleware geoblock { … }`, and no route or proxy that says `use = [middleware.geoblock]`. Whoever reads the file believes that requests are held back.\n\nName it where it is wanted, or take it away. An account that owns files which no source speaks of is allowed where it stands: `# qg: allow(QG0840) owns what lies on the NAS`.";
    NOTHING_LISTENS = "QG0841", "a route to where nothing listens",
        "The route leads to a number of a machine of the fleet, by a URL, and no program that the fleet knows of listens there: whoever asks gets 502. It is left over from a program that is gone, or the number is another.\n\nExample: `route web { to = \"http://127.0.0.1:8545\" }`, and no service with `ports.rpc = 8545`.\n\nLead it to a port of a service, `to = ports.web`, so that the two cannot part. What runs there without a word in the fleet is said as a service, with its `ports`.";
    NOTHING_RUNS = "QG0842", "a service that nothing runs",
        "The service has ports on a host that NixOS manages, and neither a container nor a NixOS module, a unit or a login server that would listen there; no Nix of the fleet speaks of its name or its ports. Its routes answer with 502.\n\nExample: `service eth { ports.rpc = 8545, route web { to = ports.rpc } }`\n\nSay what runs it: `container { … }`, `native \"services.x\" {}`, `units x { … }`, for what runs elsewhere `at = \"http://…\"`. What a module of your own runs says the name of its unit: `unit.name = \"eth.service\"`.";
    TYPED_NAME = "QG0850", "a name that is typed again",
        "The name of a route, or the fleet's domain, stands in a text as a literal. It is right today; when the route or the domain is called otherwise, or an environment sets another domain, the text stays behind, and nothing tells.\n\nExample: `env.APP_URL = \"https://wiki.example.org\"` beside `route web { host = \"wiki\" }`.\n\nSay what the model has: `env.APP_URL = route.web.url` in the service itself, `service.wiki.route.web.url` elsewhere, `\"admin@${fleet.domain}\"`. Mail addresses are left alone.";
    TYPED_ADDRESS = "QG0851", "an address that is typed again",
        "The address of a host of the fleet stands somewhere as a literal. When the machine gets another one, this place stays behind.\n\nExample: `env.DB_HOST = \"192.168.0.28\"` beside `host box { address = 192.168.0.28 }`.\n\nSay `host.box.address`, in a text `\"http://${host.box.address}/\"`.";
    TYPED_PORT = "QG0852", "a port that is typed again",
        "What a program answers on is said by `ports` of its service; this text names the number once more. When the port changes, whoever follows the text asks nobody, or somebody else.\n\nExample: `env.API = \"http://127.0.0.1:8000\"` beside `service api { ports.web = 8000 }`.\n\nSay `\"http://127.0.0.1:${service.api.ports.web.host}\"`.";
    TYPED_SETTING = "QG0853", "a setting of the fleet that is typed again",
        "The time zone of the fleet is said once, by `fleet { timezone = … }`, and stands here as a literal besides. The two are alike until one of them changes.\n\nSay `fleet.timezone`.";
}
