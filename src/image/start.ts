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

/** A POSIX shell script; `root` lies beside it. */
export function startScript(): string {
  const passed = PASSED.map((name) => `\${${name}+"${name}=$${name}"}`).join(' ')
  return `#!/bin/sh
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

with_bwrap() {
  set -- --chdir "$folder" -- /airtight "$@"
  rest=\${AIRTIGHT_BIND:-}
  while [ -n "$rest" ]; do
    one=\${rest%%:*}
    case $rest in
      *:*) rest=\${rest#*:} ;;
      *) rest= ;;
    esac
    [ -z "$one" ] || set -- --bind "$one" "$one" "$@"
  done
  [ "$HOME" = /tmp ] || set -- --bind "$HOME" "$HOME" "$@"
  [ -z "\${XDG_RUNTIME_DIR:-}" ] || set -- --bind-try "$XDG_RUNTIME_DIR" "$XDG_RUNTIME_DIR" "$@"
  for one in /etc/resolv.conf /etc/hosts; do
    [ ! -f "$root$one" ] || set -- --ro-bind-try "$one" "$one" "$@"
  done
  set -- --ro-bind-try /tmp/.X11-unix /tmp/.X11-unix "$@"
  set -- --proc /proc --dev /dev --dev-bind-try /dev/dri /dev/dri --dev-bind-try /dev/shm /dev/shm --tmpfs /tmp "$@"
  # Each folder of the image by itself: others, such as that of the user, can then be made beside them.
  for one in "$root"/* "$root"/.[!.]*; do
    name=\${one##*/}
    case $name in
      proc | dev | tmp | sys | run) continue ;;
    esac
    if [ -L "$one" ]; then
      set -- --symlink "$(readlink "$one")" "/$name" "$@"
    elif [ -d "$one" ] && [ -z "$(ls -A "$one")" ]; then
      set -- --dir "/$name" "$@"
    elif [ -e "$one" ]; then
      set -- --ro-bind "$one" "/$name" "$@"
    fi
  done
  exec env -i ${passed} "$(command -v bwrap)" --die-with-parent --unshare-pid --dir /run "$@"
}

with_unshare() {
  map=--map-root-user
  [ "$(id -u)" != 0 ] || map=--mount
  exec env -i PATH="$PATH" ${passed} unshare "$map" --mount --pid --fork /bin/sh -c '
    root=$1 folder=$2
    shift 2
    mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/tmp" || exit 125
    if [ "$HOME" != /tmp ] && [ ! -d "$root$HOME" ]; then
      top=\${HOME#/}
      top=\${top%%/*}
      mount -t tmpfs tmpfs "$root/$top" && mkdir -p "$root$HOME" || exit 125
    fi
    if [ "$HOME" != /tmp ]; then mount --rbind "$HOME" "$root$HOME" || exit 125; fi
    exec chroot "$root" /bin/sh -c "cd \\"\\$0\\"; exec /airtight \\"\\$@\\"" "$folder" "$@"
  ' sh "$root" "$folder" "$@"
}

if command -v bwrap >/dev/null 2>&1; then
  with_bwrap "$@"
elif command -v unshare >/dev/null 2>&1; then
  with_unshare "$@"
else
  echo "start: neither bwrap (bubblewrap) nor unshare (util-linux) is here; install one of them" >&2
  exit 125
fi
`
}
