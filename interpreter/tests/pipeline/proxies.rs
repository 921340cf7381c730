use super::{none, one};

#[test]
fn middlewares_that_would_be_dropped() {
    let middleware = |does: &str| format!("middleware m {{ does = {does} }}");
    one(&middleware("addPrefix { prefix = \"\" }"), "QG0532", "", "begins with `/`");
    one(&middleware("ipAllowList { sourceRange = [] }"), "QG0532", "", "lets nobody in");
    one(
        &middleware("redirectRegex { regex = \"(\", replacement = \"x\" }"),
        "QG0532",
        "(",
        "unclosed",
    );
    one(&middleware("chain { middlewares = [middleware.m] }"), "QG0532", "", "contains itself");
    none(&middleware("chain { middlewares = [middleware.no_index, middleware.inject] }"));
    let plugin = |name: &str| {
        format!(
            "middleware m {{ does = plugin {{ name = {name:?}, settings = {{}} }} }}
                 extend service authelia {{ route.web.use = [middleware.m] }}"
        )
    };
    one(&plugin("gio"), "QG0532", "gio", "loads no plugin");
    none(&plugin("geo"));
    let settings = |list: &str| {
        format!(
            "middleware m {{ does = plugin {{ name = \"geo\", settings = {{ a.b = {list} }} }} }}"
        )
    };
    for bad in ["[1, true]", "[1, \"a\"]", "[[1]]", "[]", "[{ a = 1 }, 2]"] {
        one(&settings(bad), "QG0634", "", "plugin");
    }
    none(&settings("[{ a = [1, 2.5] }, { b = [\"x\", \"y\"], c = [true] }]"));
}

#[test]
fn one_proxy_per_host() {
    one(
        "proxy other { on = host.Server, engine = traefik { http = 81, https = 444 } }",
        "QG0533",
        "other",
        "another proxy",
    );
}

#[test]
fn options_of_ones_own() {
    let proxy = |more: &str| {
        format!(
            "host x {{ system = x86_64_linux, state_version = \"25.05\" }}\nproxy other {{ on = host.x, engine = traefik {{ {more} }} }}"
        )
    };
    one(
        &proxy("static = { entryPoints.web.address = \":81\" }"),
        "QG0630",
        ":81",
        "entryPoints.web.address",
    );
    one(
        &proxy("static = { entryPoints.web.adress = \":81\" }"),
        "QG0632",
        "",
        "entryPoints.web.adress",
    );
    one(&proxy("dynamic = { http.router.x.rule = \"\" }"), "QG0632", "", "http.router");
    one(
        &proxy("static = { metrics.prometheus.entryPoint = \"${secret.s}\" }"),
        "QG0631",
        "",
        "secret.s",
    );
    none(&proxy("dynamic = { http.middlewares.x.basicAuth.users = [\"${secret.s}\"] }"));
    none(&proxy("static = { metrics.prometheus.addRoutersLabels = true }"));
}
