#!/usr/bin/env bash
# Installs the programs that read what the compiler writes, into .cache/peers of the repository, and what is a
# package of this Debian, as a package. May be run again at any time: what is there stays.
#
#   nix-instantiate    evaluates the generated NixOS modules
#   caddy              reads and runs the configuration of proxies whose engine it is
#   fail2ban           reads jails and filters, and tries these
#   neovim             drives the language server as a user does (neovim.sh)
#   quadlet            Podman's generator, which turns Quadlet files into units (Debian 13's Podman 5.4)
#
# Exits with 1 where one could not be had; the tests that need it are then skipped and counted.
set -uo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/.cache/peers
missing=0

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi

nix() {
  have nix-instantiate && return
  have apt-get || return 1
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends nix-bin >&2
}

# The package of another Debian, unpacked; nothing of it is installed.
quadlet() {
  local target=$cache/podman-5.4
  [ -x "$target/quadlet" ] && return
  have apt-get && have dpkg || return 1
  local apt
  apt=$(mktemp -d) || return 1
  # shellcheck disable=SC2064 # The folder is known now.
  trap "rm -rf '$apt'" RETURN
  chmod 755 "$apt"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/root" "$target"
  : >"$apt/status"
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg
  # The archive is signed; a machine may have no certificates for https.
  echo "deb [signed-by=$keys] http://deb.debian.org/debian trixie main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<EOF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
APT::Sandbox::User "$(id -un)";
EOF
  (
    cd "$apt" &&
      APT_CONFIG=$apt/apt.conf apt-get update -qq &&
      APT_CONFIG=$apt/apt.conf apt-get download -qq podman &&
      dpkg -x podman_*.deb root &&
      cp root/usr/libexec/podman/quadlet "$target/quadlet"
  ) >&2
}

# Unpacked, for the package would start it: at ports that may be somebody's.
caddy() {
  local target=$cache/caddy
  # The function has the name of the program.
  { [ -x "$target/caddy" ] || type -P caddy >/dev/null; } && return
  have apt-get && have dpkg || return 1
  "${as_root[@]}" apt-get update -qq || return 1
  local folder
  folder=$(mktemp -d) || return 1
  # shellcheck disable=SC2064 # The folder is known now.
  trap "rm -rf '$folder'" RETURN
  mkdir -p "$target"
  (
    cd "$folder" &&
      apt-get download -qq -o "APT::Sandbox::User=$(id -un)" caddy &&
      dpkg -x caddy_*.deb root &&
      cp root/usr/bin/caddy "$target/caddy"
  ) >&2
}

# Unpacked, for the package would start it: it would shut ports of this machine.
fail2ban() {
  local target=$cache/fail2ban
  [ -x "$target/usr/bin/fail2ban-client" ] && return
  have python3 && have apt-get && have dpkg || return 1
  "${as_root[@]}" apt-get update -qq || return 1
  local folder
  folder=$(mktemp -d) || return 1
  # shellcheck disable=SC2064 # The folder is known now.
  trap "rm -rf '$folder'" RETURN
  mkdir -p "$target"
  (
    cd "$folder" &&
      apt-get download -qq -o "APT::Sandbox::User=$(id -un)" fail2ban &&
      dpkg -x fail2ban_*.deb "$target"
  ) >&2
}

neovim() {
  tests/peers/neovim.sh
}

for peer in nix quadlet caddy fail2ban neovim; do
  if ! "$peer"; then
    say "could not be installed: $peer"
    missing=1
  fi
done
exit "$missing"
