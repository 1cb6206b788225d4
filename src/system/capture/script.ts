/** The script that collects a system on a machine without Node: POSIX sh, find and tar, nothing else. */

/**
 * The text of the script. It reads and writes one archive, changes nothing, and asks nothing of the machine that a
 * CentOS 7 or a busybox does not have: no -printf, no -print0, no process substitution.
 */
export function captureScript(): string {
  return SCRIPT
}

const SCRIPT = `#!/bin/sh
# Collects what decides which libraries programs load on this machine: libraries, programs, links, the loader's settings
# and the package database. It writes one tar archive, and changes nothing. It needs find and tar, and gzip for a name
# that ends in .gz.
#
#   sh collect.sh machine.tar.gz [ROOT]
#
# Use the archive as it is (airtight audit --host machine.tar.gz), or make it small:
#   airtight base capture machine.tar.gz -o machine.capture
set -u
LC_ALL=C
export LC_ALL

out=\${1:-}
root=\${2:-/}
if [ -z "$out" ]; then
  echo "usage: sh collect.sh machine.tar.gz [ROOT]" >&2
  exit 2
fi
case $out in
  /*) ;;
  *) out=$(pwd)/$out ;;
esac
cd "$root" || exit 2

# Folders that hold a system; what lies on another file system below them (a network share) is left out.
folders=
for folder in bin etc lib lib32 lib64 libx32 nix opt sbin usr; do
  if [ -d "$folder" ] && [ ! -h "$folder" ]; then folders="$folders ./$folder"; fi
done

# The files that the include lines of one of the loader's settings lead to, and those of these in turn.
included() (
  [ "$2" -lt 16 ] || exit 0
  # The last line may have no end.
  while read -r word patterns || [ -n "$word" ]; do
    [ "$word" = include ] || continue
    set -f
    # shellcheck disable=SC2086
    set -- "$1" "$2" \${patterns%%#*}
    set +f
    file=$1 depth=$2
    shift 2
    for pattern; do
      case $pattern in
        /*) pattern=.$pattern ;;
        *) pattern=\${file%/*}/$pattern ;;
      esac
      for found in $pattern; do
        [ -f "$found" ] || continue
        printf '%s\\n' "$found"
        included "$found" $((depth + 1))
      done
    done
    set -- "$file" "$depth"
  done <"$1"
)

list() {
  # Links of the top, such as lib64 -> usr/lib64.
  for name in *; do
    if [ -h "$name" ]; then printf '%s\\n' "./$name"; fi
  done
  # shellcheck disable=SC2086
  find $folders -xdev \\( -type l -o -type f \\( -name '*.so' -o -name '*.so.*' -o -name 'ld-*' -o -perm -100 \\
    -o -perm -010 -o -perm -001 -o -name 'ld.so.*' -o -name '*-release' -o -name 'ld-musl-*' \\) \\) -print
  if [ -f ./etc/ld.so.conf ]; then included ./etc/ld.so.conf 0; fi
  for place in ./var/lib/dpkg ./lib/apk/db ./var/lib/rpm ./usr/share/rpm; do
    if [ -d "$place" ] && [ ! -h "$place" ]; then
      find "$place" -xdev -type f \\( -name status -o -name diversions -o -name '*.list' -o -path '*/status.d/*' \\
        -o -name installed -o -name Packages -o -name Packages.db -o -name Index.db -o -name 'rpmdb.sqlite*' \\) -print
    fi
  done
  # Where the package database is a file below usr.
  if [ -d ./usr/lib/sysimage/rpm ]; then
    find ./usr/lib/sysimage/rpm -xdev -type f \\( -name Packages -o -name '*.db' -o -name 'rpmdb.sqlite*' \\) -print
  fi
  # Which devices an engine lays into containers.
  if [ -d ./etc/cdi ]; then find ./etc/cdi -xdev -type f \\( -name '*.json' -o -name '*.yaml' -o -name '*.yml' \\) -print; fi
  if [ -d ./usr/lib/apk/db ]; then echo ./usr/lib/apk/db/installed; fi
}

part=$out.part
case $out in
  *.gz) packed=-z ;;
  *) packed= ;;
esac
# shellcheck disable=SC2086
if : | tar -c -f /dev/null -T - 2>/dev/null; then
  list | tar -c $packed -f "$part" -T -
else
  # The tar of some busyboxes takes no list: then whole folders are collected.
  echo "this tar takes no list of files: whole folders are collected" >&2
  for place in ./var/lib/dpkg ./lib/apk/db ./var/lib/rpm; do
    if [ -d "$place" ] && [ ! -h "$place" ]; then folders="$folders $place"; fi
  done
  for name in *; do
    if [ -h "$name" ]; then folders="$folders ./$name"; fi
  done
  tar -c $packed -f "$part" $folders
fi
status=$?
# GNU tar ends with 1 where a file changed while it was read, and with 2 where one could not be read: both are said.
if [ ! -s "$part" ]; then
  echo "nothing was written" >&2
  rm -f "$part"
  exit 3
fi
mv "$part" "$out" || exit 3
echo "written: $out" >&2
exit $status
`
