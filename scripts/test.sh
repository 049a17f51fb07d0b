#!/usr/bin/env bash
# All tests, from a machine where nothing was installed: sets up, checks, builds, tests the modules, then the compiled
# program from outside, and looks whether anything is left on the host. The last line is "N passed, N failed" over
# everything; the exit code is 0 when none failed. `scripts/test.sh FILE…` runs these test files alone.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DENO_TLS_CA_STORE=system DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 RUST_BACKTRACE=0
export BELUGA="${BELUGA:-$PWD/dist/beluga}"
# A user of this run's own: two runs at once do not meet, and it can be removed.
export BELUGA_TEST_USER="${BELUGA_TEST_USER:-beluga-test-$$}"
# What the tests compare with and feed from; the program itself needs none of it.
PEERS=(podman skopeo docker-registry busybox-static debootstrap git ca-certificates iproute2 curl openssl)
DENO=/usr/local/bin/deno
# A test file that takes longer hangs: it is ended and counts as failed.
FILE_SECONDS=600
STEP_SECONDS=300
# When the whole run has taken so long, what is left counts as failed.
RUN_SECONDS=2250
# Lines of a failure that are printed, and characters of a line.
SHOWN_LINES=150
SHOWN_WIDTH=400

passed=0
failed=0
logs=

say() { printf '\n== %s\n' "$*"; }
count() { passed=$((passed + $1)); failed=$((failed + $2)); }
# Long output in short: its last lines, each cut.
shorten() { tail -n "$SHOWN_LINES" | cut -c "1-$SHOWN_WIDTH"; }

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
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 install -y "${missing[@]}" </dev/null >"$logs/apt" 2>&1 ||
    { shorten <"$logs/apt"; return 1; }
}

# The docker client alone where Debian has it as a package of its own.
docker_package() { if apt-cache show docker-cli >/dev/null 2>&1; then echo docker-cli; else echo docker.io; fi; }

# What an ordinary host has and a build container may lack.
prepare_host() {
  local device
  for device in /dev/net/tun /dev/fuse; do [ -e "$device" ] && chmod 0666 "$device"; done
  id "$BELUGA_TEST_USER" >/dev/null 2>&1 || useradd -m -s /bin/bash "$BELUGA_TEST_USER" || return 1
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
  local name=$1 start=$SECONDS
  shift
  local limit=(timeout --kill-after=10 "$STEP_SECONDS")
  if [ "$(type -t "$1")" = function ]; then limit=(); fi
  if "${limit[@]}" "$@" </dev/null >"$logs/step" 2>&1; then
    count 1 0
    printf 'ok      %s (%d s)\n' "$name" $((SECONDS - start))
  else
    count 0 1
    printf 'FAILED  %s (%d s)\n' "$name" $((SECONDS - start))
    shorten <"$logs/step"
  fi
}

# Runs `deno test` with the arguments after the name and adds its counts. A run without a closing line was ended or
# broke down: the lines so far count, and one failure.
run_tests() {
  local name=$1 start=$SECONDS log=$logs/tests status line ok bad
  shift
  if [ "$SECONDS" -ge "$RUN_SECONDS" ]; then count 0 1; printf 'FAILED  %s: no time left\n' "$name"; return; fi
  timeout --kill-after=10 "$FILE_SECONDS" "$DENO" test -A --no-check --quiet "$@" </dev/null >"$log" 2>&1
  status=$?
  line=$(grep -aE '^(ok|FAILED) \| [0-9]+ passed' "$log" | tail -n 1)
  ok=$(sed -nE 's/.*\| ([0-9]+) passed.*/\1/p' <<<"$line")
  bad=$(sed -nE 's/.*\| ([0-9]+) failed.*/\1/p' <<<"$line")
  [ -n "$line" ] || ok=$(grep -acE ' \.\.\. ok \([0-9a-z.]+\)$' "$log")
  if [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
  count "${ok:-0}" "${bad:-0}"
  if [ "$status" -eq 0 ]; then
    printf 'ok      %s: %d passed (%d s)\n' "$name" "${ok:-0}" $((SECONDS - start))
    return
  fi
  printf 'FAILED  %s: %d passed, %d failed (%d s)\n' "$name" "${ok:-0}" "${bad:-0}" $((SECONDS - start))
  if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then echo "ended after $FILE_SECONDS seconds"; fi
  if grep -aq '^ ERRORS ' "$log"; then sed -n '/^ ERRORS /,$p' "$log" | head -n "$SHOWN_LINES" | cut -c "1-$SHOWN_WIDTH"; else shorten <"$log"; fi
}

# Each file by itself, so that one that hangs or breaks down takes no other along.
run_files() {
  local file
  for file in "$@"; do run_tests "$file" "$file"; done
}

# Two builds of one commit must be the same file.
build_again() {
  "$DENO" run -A scripts/build.ts --output "$logs/beluga" && cmp "$logs/beluga" "$BELUGA"
}

# What containers and networks leave on a host when they are not taken away, one thing per line.
host_state() {
  # Processes and mounts of this run name its directory for temporary files.
  local file
  for file in /proc/[0-9]*/cmdline; do
    tr '\0' ' ' 2>/dev/null <"$file" | grep -aF "$TMPDIR/" | sed 's/^/process: /'
  done
  awk -v dir="$TMPDIR/" 'index($5, dir) == 1 { print "mount: " $5 }' /proc/self/mountinfo
  ip -o link 2>/dev/null | awk -F': ' '{ print "network device: " $2 }'
  ls /run/netns 2>/dev/null | sed 's/^/network namespace: /'
  for file in iptables-save ip6tables-save; do "$file" 2>/dev/null | grep -E '^-A' | sed "s/^/rule: /"; done
  nft list tables 2>/dev/null | sed 's/^/nft: /'
  find /sys/fs/cgroup -maxdepth 4 -type d \( -name 'libpod-*' -o -name 'beluga*' \) -printf 'cgroup: %f\n' 2>/dev/null | sort -u
  grep -Eo '^beluga-[0-9]+-[^:]*' /etc/passwd | sed 's/^/user: /'
}

nothing_left() {
  local left
  left=$(comm -13 "$logs/before" <(host_state | sort))
  printf '%s\n' "$left"
  [ -z "$left" ]
}

# What this run made for itself.
tidy() {
  local name
  for name in "$BELUGA_TEST_USER" "$BELUGA_TEST_USER-single"; do
    case $name in
      "beluga-test-$$"*) if id "$name" >/dev/null 2>&1; then userdel --force --remove "$name" >/dev/null 2>&1; fi ;;
    esac
  done
  rm -rf "$logs" "$TMPDIR"
}

check_and_build() {
  say "checks"
  step "format" "$DENO" fmt --check
  step "lint" "$DENO" lint
  step "layers, cycles, sizes" "$DENO" run -A scripts/check.ts
  step "types" "$DENO" check -q main.ts cmd lib scripts tests
  step "build" "$DENO" run -A scripts/build.ts --output "$BELUGA"
  [ -x "$BELUGA" ] && step "two builds are one" build_again
}

main() {
  local files
  [ "$(id -u)" -eq 0 ] || { echo "the tests make users and namespaces: run them as root" >&2; exit 1; }
  ./scripts/setup.sh || exit 1
  # Short, because the paths of sockets are.
  logs=$(mktemp -d) && TMPDIR=$(mktemp -d /tmp/bl-XXXX) || exit 1
  export TMPDIR
  chmod 0711 "$TMPDIR"
  trap tidy EXIT
  need_peers && prepare_host || exit 1
  host_state | sort >"$logs/before"
  if [ "$#" -gt 0 ]; then
    [ -x "$BELUGA" ] || step "build" "$DENO" run -A scripts/build.ts --output "$BELUGA"
    run_files "$@"
  else
    check_and_build
    say "modules and contracts"
    run_tests "modules" --parallel --ignore='**/*_real_test.ts' cmd lib scripts tests/contract
    say "with the real programs"
    mapfile -t files < <(find cmd lib scripts tests/contract -name '*_real_test.ts' | sort)
    run_files "${files[@]}"
    say "the compiled program"
    mapfile -t files < <(find tests/system -name '*_test.ts' | sort)
    if [ -x "$BELUGA" ]; then run_files "${files[@]}"; else count 0 "${#files[@]}"; echo "not built"; fi
  fi
  say "afterwards"
  step "nothing is left" nothing_left
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

main "$@"
