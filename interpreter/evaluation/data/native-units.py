#!/usr/bin/env python3
"""Makes native-units.tsv of a table of facts of NixOS' service modules.

    native-units.py nixos-modules.json > native-units.tsv

The table is JSON: `modules`, each with the `option` that configures it and its `units`, the main one
first, as they were read off the module's text in nixpkgs. What a unit's name depends on besides the
key of the option (`<name>`) cannot be told from the option and is left out.
"""

import json
import re
import sys

HEAD = """\
# The units of NixOS' service modules: the option, and its units, the main one first. `<name>` is the key below the
# option; it falls away with the dash before it where it is empty. `user` marks units of each login session.
# source: the service modules of nixpkgs (github.com/NixOS/nixpkgs)
# version: summer 2026, release 26.11 in the making
# licence: MIT, Copyright (c) 2003-2026 Eelco Dolstra and the Nixpkgs/NixOS contributors
# made-by: tests/tables units, with interpreter/evaluation/data/native-units.py
"""


def units(module):
    for unit in module["units"]:
        name, _, remark = unit.partition(" ")
        known = re.fullmatch(r"[A-Za-z0-9:_.@-]+", name.replace("<name>", "x" if "<name>" in module["option"] else "<"))
        if known and not name.startswith("(") and "@." not in name:
            yield name, "user manager" in remark


modules = json.load(open(sys.argv[1], encoding="utf-8"))["modules"]
rows = []
for module in modules.values() if isinstance(modules, dict) else modules:
    found = list(units(module))
    if found:
        scope = "user" if any(user for _, user in found) else "system"
        rows.append((module["option"], scope, " ".join(name for name, _ in found)))
sys.stdout.write(HEAD + "".join("\t".join(row) + "\n" for row in sorted(rows)))
