/** What of the caller's session a started program sees: home, working folder, names, display, sound, licences. */
import type { LaunchMount } from './launch.ts'

/** What the session is made of, and how its files are looked at. */
export interface SessionFacts {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly user: string
  readonly folder: string
  readonly exists: (path: string) => boolean
}

export interface SessionWishes {
  readonly x11: boolean
  readonly wayland: boolean
  readonly audio: boolean
  readonly gpu: boolean
  /** Names of variables that lead to licence servers. */
  readonly licences: readonly string[]
  /** `NAME` for the caller's value, or `NAME=VALUE`. */
  readonly env: readonly string[]
}

export interface Session {
  readonly mounts: readonly LaunchMount[]
  readonly env: readonly (readonly [name: string, value: string])[]
  readonly devices: readonly string[]
  /** The working folder inside. */
  readonly folder: string
  /** What was left out, and why. */
  readonly notes: readonly string[]
  /** What was asked for and cannot be had. */
  readonly failures: readonly string[]
}

/** The caller's variables that say who and where a person is; all others are the image's. */
const PERSONAL = ['TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ'] as const

/** Folders of a system: bound over those of the image they would hide them. */
const SYSTEMS = /^\/(?:usr|etc|s?bin|lib\w*|boot|proc|sys|dev|run|var|opt|root)(?:\/|$)/

/** Everything that the wishes mean on this machine. */
export function sessionOf(facts: SessionFacts, wishes: SessionWishes): Session {
  const parts = [base(facts, wishes), display(facts, wishes), sound(facts, wishes), own(facts, wishes)]
  const { folder, note } = workingFolder(facts)
  const here = folder === facts.folder && !isBelow(folder, facts.home) && folder !== '/' ? [rw(folder)] : []
  return {
    mounts: [...here, ...parts.flatMap((part) => part.mounts ?? [])],
    env: parts.flatMap((part) => part.env ?? []),
    devices: [...new Set(parts.flatMap((part) => part.devices ?? []))],
    folder,
    notes: [...(note === null ? [] : [note]), ...parts.flatMap((part) => part.notes ?? [])],
    failures: parts.flatMap((part) => part.failures ?? []),
  }
}

type Part = Partial<Pick<Session, 'mounts' | 'env' | 'devices' | 'notes' | 'failures'>>

function base({ env, home, user, exists }: SessionFacts, { gpu }: SessionWishes): Part {
  const personal = PERSONAL.flatMap((name) => pairOf(env, name))
  return {
    mounts: exists(home) ? [rw(home)] : [],
    env: [['HOME', home], ['USER', user], ['LOGNAME', user], ...personal],
    devices: gpu && exists('/dev/dri') ? ['/dev/dri'] : [],
    notes: exists(home) ? [] : [`the home folder ${home} does not exist, and is not bound`],
  }
}

/** A folder of a system is not bound over the image's own: the program starts at home then. */
function workingFolder({ folder, home, exists }: SessionFacts): {
  readonly folder: string
  readonly note: string | null
} {
  if (folder === '/' || isBelow(folder, home) || !SYSTEMS.test(folder)) return { folder, note: null }
  const instead = exists(home) ? home : '/'
  return { folder: instead, note: `the working folder ${folder} is a system's: it starts in ${instead}` }
}

function display({ env, exists }: SessionFacts, { x11, wayland }: SessionWishes): Part {
  const mounts: LaunchMount[] = []
  const pairs: (readonly [string, string])[] = []
  const failures: string[] = []
  if (x11) {
    if ((env['DISPLAY'] ?? '') === '') failures.push('--x11: DISPLAY is not set')
    pairs.push(...pairOf(env, 'DISPLAY'))
    if (exists('/tmp/.X11-unix')) mounts.push(ro('/tmp/.X11-unix'))
    const authority = env['XAUTHORITY'] ?? ''
    if (authority !== '' && exists(authority)) {
      mounts.push(ro(authority))
      pairs.push(['XAUTHORITY', authority])
    }
  }
  if (wayland) {
    const folder = env['XDG_RUNTIME_DIR'] ?? ''
    const name = env['WAYLAND_DISPLAY'] ?? ''
    const socket = name.startsWith('/') ? name : `${folder}/${name}`
    if (folder === '' || name === '') failures.push('--wayland: WAYLAND_DISPLAY or XDG_RUNTIME_DIR is not set')
    else if (!exists(socket)) failures.push(`--wayland: the socket ${socket} does not exist`)
    else {
      mounts.push(rw(socket))
      pairs.push(['WAYLAND_DISPLAY', name], ['XDG_RUNTIME_DIR', folder])
    }
  }
  const devices = (x11 || wayland) && exists('/dev/dri') ? ['/dev/dri'] : []
  return { mounts, env: pairs, failures, devices }
}

/** PulseAudio and PipeWire by their sockets, ALSA by its devices. */
function sound({ env, exists }: SessionFacts, { audio }: SessionWishes): Part {
  if (!audio) return {}
  const folder = env['XDG_RUNTIME_DIR'] ?? ''
  const sockets = folder === '' ? [] : [`${folder}/pulse/native`, `${folder}/pipewire-0`].filter((path) => exists(path))
  const devices = exists('/dev/snd') ? ['/dev/snd'] : []
  const server = env['PULSE_SERVER'] ?? ''
  if (sockets.length === 0 && devices.length === 0 && server === '') {
    return { failures: ['--audio: there is no socket of PulseAudio or PipeWire, and no /dev/snd'] }
  }
  return {
    mounts: sockets.map((path) => rw(path)),
    env: [
      ...(folder === '' ? [] : [['XDG_RUNTIME_DIR', folder] as const]),
      ...(server !== ''
        ? [['PULSE_SERVER', server] as const]
        : sockets.filter((path) => path.endsWith('/native')).map((path) => ['PULSE_SERVER', `unix:${path}`] as const)),
    ],
    devices,
  }
}

/** Licence variables that are set, and those that were named for this one start. */
function own({ env }: SessionFacts, wishes: SessionWishes): Part {
  const failures: string[] = []
  const named = wishes.env.flatMap((text): (readonly [string, string])[] => {
    const at = text.indexOf('=')
    const name = at < 0 ? text : text.slice(0, at)
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      failures.push(`--env '${text}': NAME or NAME=VALUE was expected`)
      return []
    }
    const pair = at < 0 ? pairOf(env, name) : [[name, text.slice(at + 1)] as const]
    if (pair.length === 0) failures.push(`--env ${name}: the variable is not set`)
    return [...pair]
  })
  return { env: [...wishes.licences.flatMap((name) => pairOf(env, name)), ...named], failures }
}

/**
 * A mount as people and policies write it: `SRC`, `SRC:DEST`, `SRC:DEST:ro`, `SRC::ro`, absolute.
 *
 * @returns in one sentence what is wrong with it
 */
export function mountOf(text: string): LaunchMount | string {
  const [source = '', second = '', mode = '', ...more] = text.split(':')
  const target = second === '' ? source : second
  const known = mode === '' || mode === 'ro' || mode === 'rw'
  if (more.length > 0 || !known || !source.startsWith('/') || !target.startsWith('/')) {
    return `'${text}' is no mount: SRC, SRC:DEST or SRC:DEST:ro was expected, with absolute folders`
  }
  return { source: clean(source), target: clean(target), readOnly: mode === 'ro' }
}

function clean(path: string): string {
  return path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')
}

function pairOf(env: SessionFacts['env'], name: string): readonly (readonly [name: string, value: string])[] {
  const value = env[name]
  return value === undefined ? [] : [[name, value]]
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}

function rw(path: string): LaunchMount {
  return { source: path, target: path, readOnly: false }
}

function ro(path: string): LaunchMount {
  return { source: path, target: path, readOnly: true }
}
