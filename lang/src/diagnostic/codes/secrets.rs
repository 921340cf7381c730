//! Secrets: what stands where everybody can read it, and who can open which.

super::codes! {
    PLAIN_SECRET = "QG0740", "a secret that stands in the sources",
        "What the sources say goes into files that every account of a host may read, into the Nix store, and into the history of the sources, where it stays. So no password, key or token stands there: it is a value of an encrypted file, and the fleet says where.\n\n    secret db { key = \"wiki/db\" }\n    service wiki { container { env.POSTGRES_PASSWORD = secret.db } }\n\nA text counts as one by its name (`…_PASSWORD`, `…_TOKEN`, `apiKey`, `--password`) where it is no path, variable or hash; or by its form: a private key, a token of a program that gives its tokens a form (`ghp_…`, `AKIA…`), an address with `user:password@`, a webhook. An error where it can be nothing else, else a warning: where it is no secret, say so.\n\n    env.DEMO_PASSWORD = \"demo\"    # qg: allow(QG0740) the demo's account, which is on its front page";
}
