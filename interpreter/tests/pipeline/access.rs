use super::{none, one};

#[test]
fn a_login_that_nobody_asks_for() {
    one("extend portal login { override enabled = false }
         extend service sonarr { override route.web.login = own }
         service b { on = host.Server, ports.web = 1, route web { host = \"b\", to = ports.web, login = sso } }",
        "QG0527", "sso", "the fleet has no portal");
}

#[test]
fn outside_the_cookie() {
    let route = |host: &str| {
        format!(
            "service b {{ on = host.Server, ports.web = 1, route web {{ host = {host:?}, to = ports.web, login = sso }} }}"
        )
    };
    one(&route("b.other.test"), "QG0528", "b.other.test", "only knows example.org");
    one(&route("notexample.org"), "QG0528", "notexample.org", "only knows");
    none(&route("b.c.EXAMPLE.org"));
    none(&route(""));
}

#[test]
fn the_login_page_itself() {
    one(
        "extend service authelia { route.web.login = sso }",
        "QG0529",
        "sso",
        "where people log in",
    );
}

#[test]
fn client_secrets() {
    let client = |more: &str| {
        format!(
            "extend service sonarr {{ oidc {{ client_id = \"b\", allow = [people.admin], redirects = [\"https://b.test\"], {more} }} }}"
        )
    };
    one(&client("pkce = true"), "QG0530", "oidc", "needs a secret");
    one(&client("secret = secret.s, auth_method = none"), "QG0530", "secret.s", "keeps no secret");
    none(&client("secret = secret.s"));
    none(&client("auth_method = none"));
    let second = "\nextend service lldap { oidc { client_id = \"b\", allow = [], redirects = [], secret = secret.s } }";
    one(&(client("secret = secret.s") + second), "QG0535", "\"b\"", "two clients");
}

#[test]
fn patterns_that_open_paths() {
    let route = |path: &str, bypass: &str| {
        format!(
            "service b {{ on = host.Server, ports.web = 1, route web {{ host = \"b\", {path} to = ports.web, login = sso {{ bypass = [{bypass:?}] }} }} }}"
        )
    };
    one(&route("", "("), "QG0531", "(", "unclosed group");
    one(&route("path = \"/api/\",", "^/x/"), "QG0531", "^/x/", "outside of `/api`");
    none(&route("", "\\.png$"));
    none(&route("path = \"/api/\",", "^/api/open"));
}

#[test]
fn portals_that_would_not_work() {
    one("extend portal login { override engine = authelia {
           instance = \"main\"
           directory = { ldap = service.lldap.ports.ldap, base_dn = \"dc=x\", bind_user = \"a\", bind_password = secret.s }
           jwt_secret = secret.s, session_secret = secret.s, storage_key = secret.s
           session = { inactivity = 2h }
         } }", "QG0534", "2h", "idle for longer");
    one(
        "extend portal login { override route = service.sonarr.route.web }
         extend service sonarr { override route.web.login = own }",
        "QG0534",
        "service.sonarr.route.web",
        "own service",
    );
    one(
        "extend service authelia { override route.web.host = \"auth.other.test\" }",
        "QG0534",
        "",
        "no page of example.org",
    );
}

#[test]
fn clients_without_a_provider() {
    one("extend portal login { override engine = authelia {
           instance = \"main\"
           directory = { ldap = service.lldap.ports.ldap, base_dn = \"dc=x\", bind_user = \"a\", bind_password = secret.s }
           jwt_secret = secret.s, session_secret = secret.s, storage_key = secret.s
         } }
         extend service sonarr { oidc { client_id = \"b\", allow = [], redirects = [], secret = secret.s } }",
        "QG0536", "oidc", "no portal is its provider");
}
