#!/usr/bin/env bash
# Compares Airtight with the dynamic loader of this machine's own release: every program and library of a fresh root file
# system, then random graphs. Needs root, debootstrap and python3; what is missing is said, and nothing is compared then.
# The root is kept in the cache folder for the next run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skip() {
  printf 'SKIPPED: comparison with the real loader: %s\n' "$1"
  exit 0
}

[[ $(id -u) == 0 ]] || skip 'root is needed'
for tool in debootstrap python3 unshare chroot; do
  command -v "$tool" >/dev/null || skip "$tool is not there"
done
[[ $(uname -m) == x86_64 ]] || skip 'an x86-64 machine is needed'
unshare --mount true 2>/dev/null || skip 'mounts cannot be made here'

suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
[[ -n $suite ]] || skip 'os-release names no suite'
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
  grep -v '^ *#' | grep -oE 'https?://[^] ]+' | grep -v security | head -1) || true
[[ -n $mirror ]] || skip 'the sources of apt name no mirror'

cache=${XDG_CACHE_HOME:-$HOME/.cache}/airtight
root=$cache/loader-root-$suite
if [[ ! -e $root/.complete ]]; then
  rm -rf "$root"
  mkdir -p "$cache"
  debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
    skip "debootstrap of $suite from $mirror failed: $(tail -1 "$cache/debootstrap.log")"
  touch "$root/.complete"
fi

printf 'every object of %s\n' "$suite"
node --import tsx tools/compare-loader/oracle.ts --root "$root"
printf '150 random graphs\n'
node --import tsx tools/compare-loader/graphs/run.ts --release "$suite=$root" --graphs 150 --first 100001
