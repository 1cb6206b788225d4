/** The script beside an exported root: starts its programs with bubblewrap, else with unshare and chroot. */

/** Variables of the caller that programs see; all others come from the image. */
const PASSED = [
  'HOME',
  'USER',
  'LOGNAME',
  'TERM',
  'LANG',
  'LC_ALL',
  'TZ',
  'DISPLAY',
  'XAUTHORITY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'AIRTIGHT_CONTEXT',
]

const PASS = PASSED.map((name) => `\${${name}+"${name}=$${name}"}`).join(' ')

/** A POSIX shell script; `root` lies beside it. */
export function startScript(): string {
  return HEAD + WITH_BWRAP + WITH_UNSHARE + CHOICE
}

const HEAD = `#!/bin/sh
# Starts a program of the image that lies in "root" beside this script, or a shell: ./start [COMMAND [ARGUMENT...]]
#
# It needs bwrap (bubblewrap), or unshare (util-linux) and chroot. Programs see the image, and of this machine the home
# folder, devices, the network and the graphical session; other folders where AIRTIGHT_BIND names them, separated by ":".
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P) || exit 125
root=$here/root
: "\${HOME:=/tmp}"
export HOME
case $PWD/ in
  "$HOME"/*) folder=$PWD ;;
  *) folder=$HOME ;;
esac

`

const WITH_BWRAP = `# Whether a folder that the user brings is to be made somewhere below the folder $1.
leads() {
  rest=$HOME:\${AIRTIGHT_BIND:-}
  while [ -n "$rest" ]; do
    one_bind=\${rest%%:*}
    rest=\${rest#"$one_bind"}
    rest=\${rest#:}
    case $one_bind in
      "$1"/*) [ -d "$root$one_bind" ] || return 0 ;;
    esac
  done
  return 1
}

with_bwrap() {
  set -- --chdir "$folder" -- /airtight "$@"
  rest=\${AIRTIGHT_BIND:-}
  while [ -n "$rest" ]; do
    one=\${rest%%:*}
    rest=\${rest#"$one"}
    rest=\${rest#:}
    [ -z "$one" ] || set -- --bind "$one" "$one" "$@"
  done
  [ "$HOME" = /tmp ] || set -- --bind "$HOME" "$HOME" "$@"
  [ -z "\${XDG_RUNTIME_DIR:-}" ] || set -- --bind-try "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR" "$@"
  for one in /etc/resolv.conf /etc/hosts; do
    [ ! -f "$root$one" ] || set -- --ro-bind-try "$one" "$one" "$@"
  done
  set -- --ro-bind-try /tmp/.X11-unix /tmp/.X11-unix "$@"
  set -- --proc /proc --dev /dev --dev-bind-try /dev/dri /dev/dri --dev-bind-try /dev/shm /dev/shm --tmpfs /tmp "$@"
  # Each folder of the image by itself, and those that lead to a folder of the user piece by piece: it is made in them.
  todo=/
  while [ -n "$todo" ]; do
    above=\${todo%%:*}
    todo=\${todo#"$above"}
    todo=\${todo#:}
    for one in "$root$above"* "$root$above".[!.]*; do
      name=\${one#"$root"}
      case $name in
        /proc | /dev | /tmp | /sys | /run) continue ;;
      esac
      if [ -L "$one" ]; then
        set -- --symlink "$(readlink "$one")" "$name" "$@"
      elif [ -d "$one" ] && leads "$name"; then
        todo=$name/:$todo
      elif [ -d "$one" ] && [ -z "$(ls -A "$one" 2>/dev/null)" ]; then
        set -- --dir "$name" "$@"
      elif [ -e "$one" ]; then
        set -- --ro-bind "$one" "$name" "$@"
      fi
    done
  done
  exec env -i ${PASS} "$(command -v bwrap)" --die-with-parent --unshare-pid --dir /run "$@"
}

`

const WITH_UNSHARE = `with_unshare() {
  map=--map-root-user
  [ "$(id -u)" != 0 ] || map=--mount
  exec env -i PATH="$PATH" ${PASS} unshare "$map" --mount --pid --fork /bin/sh -c '
    root=$1 folder=$2
    shift 2
    mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/tmp" || exit 125
    if [ "$HOME" != /tmp ] && [ ! -d "$root$HOME" ]; then
      top=\${HOME#/}
      top=\${top%%/*}
      if [ -d "$root/$top" ] && [ -z "$(ls -A "$root/$top")" ]; then mount -t tmpfs tmpfs "$root/$top"; fi
      if ! mkdir -p "$root$HOME"; then
        echo "start: $HOME cannot be made in the image; /tmp is the home folder" >&2
        HOME=/tmp folder=/tmp
      fi
    fi
    if [ "$HOME" != /tmp ]; then mount --rbind "$HOME" "$root$HOME" || exit 125; fi
    exec chroot "$root" /bin/sh -c "cd \\"\\$0\\"; exec /airtight \\"\\$@\\"" "$folder" "$@"
  ' sh "$root" "$folder" "$@"
}

`

const CHOICE = `if command -v bwrap >/dev/null 2>&1; then
  with_bwrap "$@"
elif command -v unshare >/dev/null 2>&1; then
  with_unshare "$@"
else
  echo "start: neither bwrap (bubblewrap) nor unshare (util-linux) is here; install one of them" >&2
  exit 125
fi
`
