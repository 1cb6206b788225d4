/** Which engine starts something: the first that is there, works and can start it. */
import { spawnSync } from 'node:child_process'
import { faultText } from '../domain/fault.ts'
import { failed } from '../domain/tree.ts'
import { apptainerLine } from '../runtime/engine-apptainer.ts'
import { bwrapLine } from '../runtime/engine-bwrap.ts'
import type { RootEntry, RootView } from '../runtime/engine-bwrap.ts'
import { dockerLine } from '../runtime/engine-docker.ts'
import { podmanLine } from '../runtime/engine-podman.ts'
import type { CommandLine, Engine, Launch } from '../runtime/launch.ts'
import { ENGINES } from '../runtime/launch.ts'
import { openFolderTree } from '../tree/folder.ts'
import { withIdentity } from './run-identity.ts'
import type { UnpackProgress } from './run-unpacked.ts'

/** An engine with its command line. */
export interface Choice {
  readonly engine: Engine
  readonly args: readonly [string, ...string[]]
}

/** Calls that tell whether an engine works, and change nothing. */
const PROBES: Record<Engine, readonly string[]> = {
  // How many ranges of ids there are: one is the caller's own, and then no other can be mapped.
  podman: ['info', '--format', '{{len .Host.IDMappings.UIDMap}}'],
  docker: ['version', '--format', '{{.Server.Version}}'],
  apptainer: ['--version'],
  bwrap: ['--ro-bind', '/', '/', 'true'],
}
const PROBE_MS = 20_000

/** The engine that was named, or the first that will do; else why each of them will not. */
export async function chooseEngine(
  launch: Launch,
  named: Engine | null,
  progress: UnpackProgress | null,
): Promise<Choice | { readonly reasons: readonly string[] }> {
  const reasons: string[] = []
  for (const engine of named === null ? ENGINES : [named]) {
    const line = lineOf(engine, launch)
    if (line !== null && 'refused' in line) {
      reasons.push(line.refused)
      continue
    }
    const problem = probe(engine)
    if (problem !== null) {
      reasons.push(`${engine} ${problem}`)
      continue
    }
    // Unpacking takes long: not before it is known that it helps.
    const ready = line ?? (await unpackedLine(launch, progress))
    if ('args' in ready) return { engine, args: ready.args }
    reasons.push(ready.refused)
  }
  return { reasons }
}

/** Null where the image has to be unpacked first. */
function lineOf(engine: Engine, launch: Launch): CommandLine | null {
  switch (engine) {
    case 'podman':
      return podmanLine(launch, { root: process.getuid?.() === 0 })
    case 'docker':
      return dockerLine(launch)
    case 'apptainer':
      return apptainerLine(launch)
    case 'bwrap':
      if (launch.target.kind === 'folder') return folderLine(launch, launch.target.path)
      if (launch.target.kind === 'layout' || launch.target.kind === 'archive') return null
      return { refused: 'bwrap starts only roots, layouts and archives' }
  }
}

function folderLine(launch: Launch, root: string): CommandLine {
  return bwrapLine(withIdentity(launch, root), viewOf(root))
}

/** bwrap over the unpacked image, with what its configuration says: entry point and environment. */
async function unpackedLine(launch: Launch, progress: UnpackProgress | null): Promise<CommandLine> {
  const { target } = launch
  if (target.kind !== 'layout' && target.kind !== 'archive') return { refused: 'bwrap starts only unpacked roots' }
  const tag = target.kind === 'layout' && target.tag !== null ? `:${target.tag}` : ''
  const spec = target.kind === 'layout' ? `oci:${target.path}${tag}` : target.path
  const { unpackedImage } = await import('./run-unpacked.ts')
  const image = await unpackedImage(spec, progress)
  if ('message' in image) return { refused: `bwrap needs it unpacked: ${faultText(image)}` }
  const { root, config } = image
  const env = config.env.map((line): readonly [string, string] => {
    const at = line.indexOf('=')
    return [line.slice(0, at), line.slice(at + 1)]
  })
  const folder: Launch = {
    ...launch,
    target: { kind: 'folder', path: root, entry: null },
    command: [...config.entrypoint, ...launch.command],
    env: [...env, ...launch.env],
  }
  return folderLine(folder, root)
}

/** Null where it works. */
function probe(engine: Engine): string | null {
  const run = spawnSync(engine, [...PROBES[engine]], {
    encoding: 'utf8',
    timeout: PROBE_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (run.error !== undefined) {
    const code = 'code' in run.error ? String(run.error.code) : 'error'
    return code === 'ENOENT' ? 'is not installed' : `does not answer (${code})`
  }
  if (run.status === 0) {
    const alone = engine === 'podman' && process.getuid?.() !== 0 && run.stdout.trim() === '1'
    return alone ? 'has no ids to map for you: /etc/subuid and /etc/subgid do not name you' : null
  }
  const said = run.stderr.trim().split('\n').at(-1) ?? ''
  return `does not work here${said === '' ? '' : `: ${said}`}`
}

/** A root folder as bwrap's command line asks for it. */
function viewOf(root: string): RootView {
  const tree = openFolderTree(root)
  const list = (path: string): readonly RootEntry[] | null => {
    const children = tree.children(path)
    if (failed(children)) return null
    return children.flatMap(({ name, kind }): RootEntry[] => {
      if (kind === 'other') return []
      if (kind !== 'link') return [{ name, kind }]
      return [{ name, kind, target: tree.link(`${path === '/' ? '' : path}/${name}`) ?? '' }]
    })
  }
  /** The longest part that exists, without links, and the rest as it is. */
  const real = (path: string): string => {
    let rest = ''
    for (let head = path; head !== ''; head = head.slice(0, head.lastIndexOf('/'))) {
      const found = tree.lookup(head)
      if (!failed(found)) return `${found.path === '/' ? '' : found.path}${rest}`
      rest = head.slice(head.lastIndexOf('/')) + rest
    }
    return path
  }
  return { list, real }
}
