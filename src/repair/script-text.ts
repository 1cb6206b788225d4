/** The parts of a repair script that are the same for all contexts. POSIX sh, with readlink, sha256sum, stat and sort. */

/** Options, and the functions that the entries call: once to check, once to stage, once to put in place. */
export const SCRIPT_START = `
set -eu
umask 022
LC_ALL=C
export LC_ALL

usage() {
  cat <<'END'
usage: sh SCRIPT [--root DIR] [--host DIR] [--source NAME=DIR]... [--install]
  --root DIR          the root folder of the image, with the packages in their places (default /)
  --host DIR          root folder that grafts of the host come from
  --source NAME=DIR   root folder of another source of grafts
  --install           install the OS packages with the package manager of the image
Everything is compared before anything is touched. Exit code 2: refused, nothing was touched.
END
}

fail() {
  printf 'error: %s\\n' "$1" >&2
  exit 2
}

root=/ install=no given=
while [ $# -gt 0 ]; do
  case $1 in
    --root) root=\${2:?--root needs a folder}; shift ;;
    --host) given="$given
host=\${2:?--host needs a folder}"; shift ;;
    --source) given="$given
\${2:?--source needs NAME=DIR}"; shift ;;
    --install) install=yes ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "$1 is no option" ;;
  esac
  shift
done
[ -d "$root" ] || fail "$root is no folder; name the root of the image with --root"
root=$(cd "$root" && pwd -P)
[ "$root" != / ] || root=

# sets $folder to the root folder of a source
source_folder() {
  folder=
  while IFS= read -r line; do
    case $line in "$1="*) folder=\${line#"$1="} ;; esac
  done <<END
$given
END
}

for name in $sources; do
  source_folder "$name"
  option="--source $name=DIR"
  [ "$name" != host ] || option='--host DIR'
  [ -n "$folder" ] || fail "grafts come from $name: say where it lies with $option"
  [ -d "$folder" ] || fail "$folder is no folder ($option)"
done

phase=check refused=0

refuse() {
  refused=$((refused + 1))
  printf 'refused: %s\\n' "$1" >&2
}

# walk TOP PATH/: sets $walked to PATH below TOP, links followed; they never lead out of TOP
walk() {
  walked= rest=$2 hops=0
  while [ -n "$rest" ]; do
    part=\${rest%%/*}
    case $rest in */*) rest=\${rest#*/} ;; *) rest= ;; esac
    case $part in
      '' | .) ;;
      ..) walked=\${walked%/*} ;;
      *)
        if [ -L "$1$walked/$part" ]; then
          hops=$((hops + 1))
          [ "$hops" -le 40 ] || fail "$2: too many links"
          to=$(readlink "$1$walked/$part")
          case $to in /*) walked= ;; esac
          rest=$to/$rest
        else
          walked=$walked/$part
        fi
        ;;
    esac
  done
  walked=$1$walked
}

# sets $target to the place of a path of the image, its last part as it is
place() {
  walk "$root" "\${1%/*}/"
  target=$walked/\${1##*/}
}

# sets $digest to the sha256 of a path below a folder, links followed; empty for none
digest_of() {
  digest=
  walk "$1" "$2/"
  [ ! -f "$walked" ] || { digest=$(sha256sum <"$walked"); digest=\${digest%% *}; }
}

# makes the folders above $target, and notes which were not there
parents() {
  above=\${target%/*}
  missing=
  while [ ! -d "$above" ]; do
    missing="$above
$missing"
    above=\${above%/*}
  done
  printf '%s' "$missing" | while IFS= read -r one; do
    [ -z "$one" ] || { printf '%s\\n' "$one" >>"$work/folders"; mkdir "$one"; }
  done
}

part_of() {
  part=\${target%/*}/.\${target##*/}.airtight-part
}

begin_part() {
  parents
  part_of
  printf '%s\\n' "$part" >>"$work/parts"
  rm -f "$part"
}

put_part() {
  part_of
  if [ -e "$part" ] || [ -L "$part" ]; then mv -f "$part" "$target"; fi
}

# copy FILE: the content and the mode of a file
copy_part() {
  cp "$1" "$part"
  chmod "$(stat -c %a "$1")" "$part"
}

set_run_path() {
  force=
  [ "$1" != rpath ] || force=--force-rpath
  if [ -z "$2" ]; then patchelf $force --remove-rpath "$part"; else patchelf $force --set-rpath "$2" "$part"; fi
}

has_patchelf() {
  command -v patchelf >/dev/null 2>&1 || refuse "$1: its run path is to be set, and patchelf is not installed"
}

# removal PATH SHA256
removal() {
  digest_of "$root" "$1"
  place "$1"
  case $phase in
    check) [ -z "$digest" ] || [ "$digest" = "$2" ] || refuse "$1 is another file than planned" ;;
    put) [ -z "$digest" ] || rm -f "$target" ;;
  esac
}

# graft SOURCE FILE DEST SHA256 [RUNPATH]
graft() {
  case $phase in
    check)
      source_folder "$1"
      digest_of "$folder" "$2"
      [ "$digest" = "$4" ] || refuse "$2 of $1 is not the file that was planned for"
      digest_of "$root" "$3"
      if [ -n "$digest" ] && [ "$digest" != "$4" ] && [ $# -lt 5 ]; then refuse "another file stands at $3 already"; fi
      if [ -z "$digest" ] && [ $# -ge 5 ]; then has_patchelf "$3"; fi
      ;;
    stage)
      digest_of "$root" "$3"
      [ -z "$digest" ] || return 0
      source_folder "$1"
      walk "$folder" "$2/"
      file=$walked
      place "$3"
      begin_part
      copy_part "$file"
      [ $# -lt 5 ] || set_run_path runpath "$5"
      ;;
    put) place "$3"; put_part ;;
  esac
}

# link PATH TARGET
link() {
  place "$1"
  case $phase in
    check)
      if [ -L "$target" ]; then
        [ "$(readlink "$target")" != "$2" ] || return 0
        walk "$root" "$1/"
        [ ! -e "$walked" ] || refuse "$1: something else stands there already"
      elif [ -e "$target" ]; then
        refuse "$1: something else stands there already"
      fi
      ;;
    stage)
      if [ -L "$target" ] && [ "$(readlink "$target")" = "$2" ]; then return 0; fi
      begin_part
      ln -s "$2" "$part"
      ;;
    put) put_part ;;
  esac
}

# runpath PATH SHA256 TAG VALUE
runpath() {
  walk "$root" "$1/"
  file=$walked
  case $phase in
    check | stage)
      if command -v patchelf >/dev/null 2>&1 && [ -f "$file" ]; then
        [ "$(patchelf --print-rpath "$file" 2>/dev/null)" != "$4" ] || return 0
      fi
      ;;
  esac
  case $phase in
    check)
      has_patchelf "$1"
      digest_of "$root" "$1"
      if [ -z "$digest" ]; then
        refuse "$1 is not in the root: its package is copied there first"
      elif [ "$digest" != "$2" ]; then
        refuse "$1 is not the file that was planned for"
      fi
      ;;
    stage)
      place "$1"
      begin_part
      copy_part "$file"
      set_run_path "$3" "$4"
      ;;
    put) place "$1"; put_part ;;
  esac
}

in_root() {
  if [ -z "$root" ]; then "$@"; else chroot "$root" "$@"; fi
}

# sets $version to that of a package, with its epoch; empty where it is not installed
installed_version() {
  case $manager in
    dpkg)
      version=$(cat "$root/var/lib/dpkg/status" "$root"/var/lib/dpkg/status.d/* 2>/dev/null | awk -v name="$1" '
        function done() { if (found) print (version == "" ? "0" : version); found = 0; version = "" }
        /^Package: / { done(); found = ($2 == name) }
        /^Version: / { version = $2 }
        /^Status: / { if ($NF != "installed") found = 0 }
        /^$/ { done() }
        END { done() }' | head -n 1)
      ;;
    rpm)
      # Several versions may be installed side by side: the last one is the newest.
      version=$(rpm --root "\${root:-/}" -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE} ' "$1" 2>/dev/null) || version=
      version=\${version% }
      version=\${version##* }
      ;;
    apk)
      version=$(awk -v name="$1" '/^P:/ { found = (substr($0, 3) == name) }
        /^V:/ { if (found) print substr($0, 3) }' "$root/lib/apk/db/installed" 2>/dev/null | head -n 1)
      ;;
  esac
}

with_epoch() {
  case $1 in *:*) printf '%s\n' "$1" ;; *) printf '0:%s\n' "$1" ;; esac
}

# is_installed NAME or NAME>=VERSION
is_installed() {
  installed_version "\${1%%>=*}"
  [ -n "$version" ] || return 1
  case $1 in *'>='*) ;; *) return 0 ;; esac
  oldest=$({ with_epoch "$version"; with_epoch "\${1#*>=}"; } | sort -V | head -n 1)
  [ "$oldest" = "$(with_epoch "\${1#*>=}")" ]
}

install_packages() {
  case $manager in
    dpkg)
      in_root apt-get update
      in_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
      ;;
    rpm)
      for tool in dnf microdnf yum zypper; do
        if in_root sh -c "command -v $tool" >/dev/null 2>&1; then
          in_root "$tool" install -y "$@"
          # What is there already may be too old.
          in_root "$tool" update -y "$@"
          return
        fi
      done
      fail 'the image has no dnf, microdnf, yum or zypper: install the packages before'
      ;;
    apk) in_root apk add --no-cache --upgrade "$@" ;;
  esac
}

# sets $wanted to the packages that are not installed, or too old
find_wanted() {
  wanted=
  for name in $packages; do
    is_installed "$name" || wanted="$wanted $name"
  done
}

# nothing of what was staged stays where a step fails
undo() {
  code=$?
  [ ! -f "$work/parts" ] || while IFS= read -r one; do rm -f "$one"; done <"$work/parts"
  [ ! -f "$work/folders" ] || sort -r "$work/folders" | while IFS= read -r one; do rmdir "$one" 2>/dev/null || :; done
  rm -rf "$work"
  [ "$code" -eq 0 ] || printf 'error: a step failed; nothing was changed\\n' >&2
  exit "$code"
}
`

/** What calls them. */
export const SCRIPT_END = `check() {
  phase=check
  entries
  [ "$refused" -eq 0 ] || fail 'nothing was touched; plan again with airtight repair, or mend the entries named above'
}

find_wanted
[ -z "$wanted" ] || [ "$install" = yes ] || {
  refuse "not installed in the root yet:$wanted; install them first, or say --install"
}
check
if [ -n "$wanted" ]; then
  names=
  for name in $wanted; do names="$names \${name%%>=*}"; done
  install_packages $names
  find_wanted
  [ -z "$wanted" ] || fail "the package manager has nothing that will do for$wanted"
  check
fi

work=$(mktemp -d)
trap undo EXIT
trap 'exit 130' HUP INT TERM
phase=stage
entries
trap '' HUP INT TERM
trap - EXIT
phase=put
entries
rm -rf "$work"
printf 'the repairs are in place below %s\\n' "\${root:-/}" >&2
`
