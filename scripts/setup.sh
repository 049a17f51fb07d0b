#!/usr/bin/env bash
# Brings a bare Debian 12 to where Beluga can be built and run: the pinned Deno, the base of `deno compile`, the helper
# programs. Idempotent; when everything is there it neither calls apt nor touches the network. Root is only needed for
# what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

DENO_VERSION=2.5.7
DENO_BIN=/usr/local/bin/deno
# sha256 of the npm tarball by machine; an empty one is checked by its version alone.
declare -A DENO_TARBALL_SHA256=(
  [x86_64]=4ead8c03065d3c0924143e74d7224443328153d91611fdd3cf4a290ee990fa02
  [aarch64]=
)
declare -A DENO_PACKAGE=([x86_64]=linux-x64-glibc [aarch64]=linux-arm64-glibc)
HELPERS=(crun runc conmon netavark aardvark-dns slirp4netns passt uidmap fuse-overlayfs catatonit nftables iptables)

export DENO_TLS_CA_STORE=system
export DENO_NO_UPDATE_CHECK=1

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Prints those of its arguments that are not installed Debian packages.
missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s\n' "$package"
  done
}

# Installs those of its arguments that are missing; apt is not called when none is.
need_packages() {
  command -v dpkg-query >/dev/null || { say "not a Debian: see that these are installed: $*"; return 0; }
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || die "run me as root once, or install: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"
}

# A mirror may stall for a moment: three tries, quiet unless it fails.
apt_get() {
  local try log
  log=$(mktemp)
  for try in 1 2 3; do
    if apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >"$log" 2>&1; then rm -f "$log"; return 0; fi
    sleep "$try"
  done
  cat "$log" >&2
  rm -f "$log"
  die "apt-get $1 failed"
}

# Writes the npm package NAME, version VERSION, as package.tgz into the current directory.
fetch_package() {
  local name=$1 version=$2 registry
  if command -v npm >/dev/null; then
    npm pack --silent "$name@$version" >/dev/null && mv ./*.tgz package.tgz && return 0
  fi
  registry=${NPM_CONFIG_REGISTRY:-${npm_config_registry:-https://registry.npmjs.org}}
  curl -fsSL --retry 3 -o package.tgz "${registry%/}/$name/-/${name##*/}-$version.tgz"
}

deno_is_pinned() { [ -x "$DENO_BIN" ] && [ "$("$DENO_BIN" --version 2>/dev/null | awk 'NR == 1 { print $2 }')" = "$DENO_VERSION" ]; }

install_deno() {
  deno_is_pinned && return 0
  [ -w "${DENO_BIN%/*}" ] || die "run me as root once: $DENO_BIN must be Deno $DENO_VERSION"
  local machine package wanted work
  machine=$(uname -m)
  package=${DENO_PACKAGE[$machine]:-}
  [ -n "$package" ] || die "no Deno for the machine \"$machine\""
  command -v npm >/dev/null || need_packages curl ca-certificates
  say "installing Deno $DENO_VERSION"
  work=$(mktemp -d)
  (cd "$work" && fetch_package "@deno/$package" "$DENO_VERSION") || die "downloading @deno/$package@$DENO_VERSION failed"
  wanted=${DENO_TARBALL_SHA256[$machine]}
  if [ -n "$wanted" ]; then
    printf '%s  %s\n' "$wanted" "$work/package.tgz" | sha256sum --quiet -c - >&2 || die "Deno's package is damaged"
  fi
  tar -xzf "$work/package.tgz" -C "$work" package/deno
  install -m 0755 "$work/package/deno" "$DENO_BIN.new" && mv "$DENO_BIN.new" "$DENO_BIN"
  rm -rf "$work"
  deno_is_pinned || die "$DENO_BIN does not say that it is Deno $DENO_VERSION"
}

main() {
  need_packages ca-certificates git "${HELPERS[@]}"
  install_deno
  "$DENO_BIN" install -q
  "$DENO_BIN" run -A --no-config scripts/denort.ts >/dev/null
}

main "$@"
