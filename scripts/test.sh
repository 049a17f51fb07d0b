#!/usr/bin/env bash
# All tests, from a machine where nothing was installed: sets up, checks, builds, tests the modules, then the compiled
# program from outside. The last line is "N passed, N failed" over everything; the exit code is 0 when none failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DENO_TLS_CA_STORE=system DENO_NO_UPDATE_CHECK=1 NO_COLOR=1
export BELUGA="${BELUGA:-$PWD/dist/beluga}"
TEST_USER=${BELUGA_TEST_USER:-beluga-test}
export BELUGA_TEST_USER=$TEST_USER
# What the tests compare with and feed from; the program itself needs none of it.
PEERS=(podman skopeo docker-registry busybox-static debootstrap git ca-certificates)
DENO=/usr/local/bin/deno
# A run that takes longer hangs: it is ended and counts as failed.
TEST_SECONDS=1500

passed=0
failed=0

say() { printf '\n== %s\n' "$*"; }

need_peers() {
  local missing=() package
  for package in "${PEERS[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  command -v docker >/dev/null || missing+=("$(docker_package)")
  [ "${#missing[@]}" -eq 0 ] && return 0
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 update >/dev/null
  # With their recommended packages: podman's carry its default configuration.
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 install -y "${missing[@]}" >/dev/null
}

# The docker client alone where Debian has it as a package of its own.
docker_package() { if apt-cache show docker-cli >/dev/null 2>&1; then echo docker-cli; else echo docker.io; fi; }

# What an ordinary host has and a build container may lack.
prepare_host() {
  [ "$(id -u)" -eq 0 ] || return 0
  local device
  for device in /dev/net/tun /dev/fuse; do [ -e "$device" ] && chmod 0666 "$device"; done
  id "$TEST_USER" >/dev/null 2>&1 || useradd -m -s /bin/bash "$TEST_USER"
  [ -e /etc/containers/containers.conf ] && return 0
  mkdir -p /etc/containers
  cat >/etc/containers/containers.conf <<'CONF'
[containers]
default_ulimits = ["nofile=1024:4096", "nproc=1024:4096"]
[engine]
runtime = "runc"
CONF
}

# Runs a step that either holds or not; it counts as one test.
step() {
  local name=$1
  shift
  say "$name"
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); printf 'FAILED: %s\n' "$name"; fi
}

# Runs `deno test` and adds its counts; a run without a closing line counts as one failure.
run_tests() {
  local name=$1 log status line
  shift
  say "$name"
  log=$(mktemp)
  timeout --kill-after=10 "$TEST_SECONDS" "$DENO" test -A "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  line=$(grep -E '^(ok|FAILED) \| [0-9]+ passed' "$log" | tail -n 1)
  rm -f "$log"
  local ok bad
  ok=$(sed -nE 's/.*\| ([0-9]+) passed.*/\1/p' <<<"$line")
  bad=$(sed -nE 's/.*\| ([0-9]+) failed.*/\1/p' <<<"$line")
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${bad:-0}))
  if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then failed=$((failed + 1)); fi
}

# The folders of `$@` that hold tests.
with_tests() {
  local folder
  for folder in "$@"; do
    [ -d "$folder" ] && [ -n "$(find "$folder" -name '*_test.ts' -print -quit)" ] && printf '%s\n' "$folder"
  done
}

# Those of `$@` that exist.
existing() {
  local path
  for path in "$@"; do [ -e "$path" ] && printf '%s\n' "$path"; done
}

# Two builds of one commit must be the same file.
build_again() {
  local first second
  "$DENO" run -A scripts/build.ts --output dist/beluga.again || return 1
  first=$(sha256sum <"$BELUGA")
  second=$(sha256sum <dist/beluga.again)
  rm -f dist/beluga.again
  [ "$first" = "$second" ]
}

main() {
  local sources modules system
  ./scripts/setup.sh || exit 1
  if [ "$(id -u)" -eq 0 ]; then need_peers || exit 1; fi
  prepare_host
  step "format" "$DENO" fmt --check
  step "lint" "$DENO" lint
  step "layers, cycles, sizes" "$DENO" run -A scripts/check.ts
  mapfile -t sources < <(existing main.ts cmd lib scripts tests)
  step "types" "$DENO" check "${sources[@]}"
  step "build" "$DENO" run -A scripts/build.ts --output "$BELUGA"
  step "two builds are one" build_again
    mapfile -t modules < <(with_tests cmd lib scripts tests/contract tests/support)
  [ "${#modules[@]}" -eq 0 ] || run_tests "modules and contracts" --quiet "${modules[@]}"
  mapfile -t system < <(with_tests tests/system)
  [ "${#system[@]}" -eq 0 ] || run_tests "the compiled program" "${system[@]}"
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

main "$@"
