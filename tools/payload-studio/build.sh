#!/usr/bin/env bash
# Makes a Rez repository out of programs of this machine, to look for false alarms: build.sh FOLDER NAME=PATH[,PATH...]...
# Each NAME becomes a package of version 1 with copies of its paths: files in bin, folders below lib. Audited with / as host
# and base, such a package must have no error, for its programs work where they come from:
#   build.sh /tmp/studio git=/usr/bin/git,/usr/lib/git-core
#   airtight audit git==1 --repo /tmp/studio --host / --base / --all
set -euo pipefail
(($# >= 2)) || { echo "usage: build.sh FOLDER NAME=PATH[,PATH...]..." >&2; exit 2; }
out=$1
shift
for item in "$@"; do
  name=${item%%=*} root=$out/${item%%=*}/1
  rm -rf "$root"
  mkdir -p "$root"
  tools=
  IFS=, read -ra paths <<<"${item#*=}"
  for path in "${paths[@]}"; do
    if [[ -d $path ]]; then
      mkdir -p "$root/lib"
      cp -aL "$path" "$root/lib/" 2>/dev/null || true
    elif [[ -e $path ]]; then
      mkdir -p "$root/bin"
      cp -L "$path" "$root/bin/"
      tools+="'$(basename "$path")', "
    else
      echo "$path is not there, left out of $name" >&2
    fi
  done
  printf "name = '%s'\nversion = '1'\ntools = [%s]\n\n\ndef commands():\n    env.PATH.append('{root}/bin')\n" \
    "$name" "${tools%, }" >"$root/package.py"
done
