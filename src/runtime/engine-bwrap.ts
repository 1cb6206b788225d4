/** The command line of bubblewrap (bwrap(1)): a root folder read-only, and over it what the caller is to see. */
import type { CommandLine, Launch } from './launch.ts'
import { inFolder } from './launch.ts'

/** What stands in a folder of the root, before links are followed. */
export interface RootEntry {
  readonly name: string
  readonly kind: 'folder' | 'file' | 'link'
  /** Where a link leads, as written. */
  readonly target?: string
}

/** How the root is looked at. */
export interface RootView {
  /** The entries of a folder, sorted; null for what is no folder. */
  list(path: string): readonly RootEntry[] | null
  /** The path inside the root with all links followed as far as it exists. */
  real(path: string): string
}

/** Folders that are made anew, whatever the root has there. */
const OWN = ['proc', 'dev', 'tmp', 'sys', 'run']

/** `bwrap ...`. */
export function bwrapLine(launch: Launch, view: RootView): CommandLine {
  const { target, command } = launch
  if (target.kind !== 'folder') return { refused: 'bwrap starts only unpacked roots' }
  const mounts = launch.mounts
    .map((mount) => ({ ...mount, target: view.real(mount.target) }))
    .filter((mount) => mount.overFile !== true || isFile(view, mount.target))
    // A folder is bound before what lies in it.
    .toSorted((a, b) => depth(a.target) - depth(b.target))
  const points = mounts.map((mount) => mount.target)
  return {
    args: [
      'bwrap',
      '--die-with-parent',
      ...rootArgs(target.path, '', points, view),
      // Without a process space of its own the program can be sent signals, and the machine's /proc is the right one.
      ...['--bind', '/proc', '/proc', '--dev', '/dev', '--dev-bind-try', '/dev/shm', '/dev/shm'],
      ...['--tmpfs', '/tmp', '--dir', '/run', '--ro-bind-try', '/sys', '/sys'],
      ...launch.devices.flatMap((device) => ['--dev-bind-try', device, device]),
      ...mounts.flatMap((mount) => [mount.readOnly ? '--ro-bind' : '--bind', mount.source, mount.target]),
      '--clearenv',
      ...launch.env.flatMap(([name, value]) => ['--setenv', name, value]),
      '--chdir',
      launch.folder,
      '--',
      ...(target.entry === null ? throughShell(command, view) : inFolder(target, command)),
    ],
  }
}

/** bwrap says 1 for a command that is not there; a shell says 127. */
function throughShell(command: readonly string[], view: RootView): readonly string[] {
  if (command[0] === '/bin/sh' || !isFile(view, view.real('/bin/sh'))) return command
  return ['/bin/sh', '-c', 'exec "$@"', 'sh', ...command]
}

/**
 * Binds a root entry by entry: a folder as it is where everything that comes into it has its place already, else as a new
 * folder with its entries, so that places can be made beside them.
 */
function rootArgs(root: string, folder: string, points: readonly string[], view: RootView): readonly string[] {
  return (view.list(folder === '' ? '/' : folder) ?? []).flatMap((entry): readonly string[] => {
    if (folder === '' && OWN.includes(entry.name)) return []
    const path = `${folder}/${entry.name}`
    if (entry.kind === 'link') return ['--symlink', entry.target ?? '', path]
    if (entry.kind === 'file') return ['--ro-bind', `${root}${path}`, path]
    const below = points.filter((point) => point.startsWith(`${path}/`))
    const placed = below.every((point) => exists(view, point))
    if (placed) return ['--ro-bind', `${root}${path}`, path]
    return ['--dir', path, ...rootArgs(root, path, below, view)]
  })
}

function exists(view: RootView, path: string): boolean {
  return view.list(path) !== null || isFile(view, path)
}

function isFile(view: RootView, path: string): boolean {
  const cut = path.lastIndexOf('/')
  const name = path.slice(cut + 1)
  const folder = cut === 0 ? '/' : path.slice(0, cut)
  return (view.list(folder) ?? []).some((entry) => entry.name === name && entry.kind === 'file')
}

function depth(path: string): number {
  return path.split('/').length
}
