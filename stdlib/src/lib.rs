//! The standard library of QG: schemas, kinds and functions, written in the language itself.

/// Virtual path and text of each file, in the order of their paths.
pub const FILES: &[(&str, &str)] = &[
    ("<std>/backend.qg", include_str!("../std/backend.qg")),
    ("<std>/boot.qg", include_str!("../std/boot.qg")),
    ("<std>/container.qg", include_str!("../std/container.qg")),
    ("<std>/disk.qg", include_str!("../std/disk.qg")),
    ("<std>/entry.qg", include_str!("../std/entry.qg")),
    ("<std>/fail2ban.qg", include_str!("../std/fail2ban.qg")),
    ("<std>/home.qg", include_str!("../std/home.qg")),
    ("<std>/host.qg", include_str!("../std/host.qg")),
    ("<std>/images.qg", include_str!("../std/images.qg")),
    ("<std>/middleware.qg", include_str!("../std/middleware.qg")),
    ("<std>/model.qg", include_str!("../std/model.qg")),
    ("<std>/podman.qg", include_str!("../std/podman.qg")),
    ("<std>/policies.qg", include_str!("../std/policies.qg")),
    ("<std>/portal.qg", include_str!("../std/portal.qg")),
    ("<std>/prelude.qg", include_str!("../std/prelude.qg")),
    ("<std>/proxy.qg", include_str!("../std/proxy.qg")),
    ("<std>/route.qg", include_str!("../std/route.qg")),
    ("<std>/secret.qg", include_str!("../std/secret.qg")),
    ("<std>/service.qg", include_str!("../std/service.qg")),
    ("<std>/test.qg", include_str!("../std/test.qg")),
    ("<std>/types.qg", include_str!("../std/types.qg")),
    ("<std>/unit.qg", include_str!("../std/unit.qg")),
];

/// What people who come from elsewhere write, and what is written here; its head says what its columns are.
pub const ELSEWHERE: &str = include_str!("../elsewhere.tsv");
