/** What `run` is asked to start: an image, an unpacked root, or a context over the root of its base. */
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from '../domain/context.ts'
import type { Fault } from '../domain/fault.ts'
import { faultAt } from '../domain/fault.ts'
import { archiveFormat } from '../image/base.ts'
import { ENTRY } from '../image/compose/made.ts'
import type { Policy } from '../policy/policy.ts'
import type { LaunchMount, Target } from '../runtime/launch.ts'
import { shellScript } from '../runtime/script.ts'
import { inEnvironment, MOST_SCRIPT } from '../runtime/entry.ts'
import { SYSTEM_PATH } from '../runtime/system-path.ts'
import { isLayout, prefixOf } from '../system/source-kind.ts'
import type { ArchiveFormat } from '../system/source-kind.ts'
import { isFile, statusAt } from '../tree/status.ts'
import type { AuditFailure } from './audit.ts'
import type { AuditOptions } from './audit-options.ts'
import { oneContext } from './environment.ts'
import { baseSource } from './image-base.ts'
import type { UnpackProgress } from './run-unpacked.ts'
import { topFolders } from './top-folders.ts'

/** What is started, with what belongs to it. */
export interface Subject {
  readonly target: Target
  readonly mounts: readonly LaunchMount[]
  readonly notes: readonly string[]
  /** The command as the target needs it. */
  command(words: readonly string[]): readonly string[]
}

/** Whether the arguments name a context rather than an image. */
export function isContext(
  subjects: readonly string[],
  options: Pick<AuditOptions, 'repos' | 'base' | 'host' | 'folder'>,
): boolean {
  if (subjects.length > 1 || options.repos.length > 0 || options.base !== null || options.host !== null) return true
  const [subject = ''] = subjects
  if (/\.(?:rxt|ya?ml)$/.test(subject)) return true
  const path = resolve(options.folder, subject)
  return ['package.py', 'package.yaml', 'suite.yaml', 'bundle.yaml'].some((name) => existsSync(`${path}/${name}`))
}

/** `oci:DIR[:TAG]`, `docker-archive:FILE`, `oci-archive:FILE`, a layout, an archive, a SIF file, a root folder, or a name. */
export async function imageSubject(spec: string, folder: string): Promise<Subject | Fault> {
  const target = await targetOf(spec, folder)
  return 'message' in target ? target : { target, mounts: [], notes: [], command: (words) => words }
}

async function targetOf(spec: string, folder: string): Promise<Target | Fault> {
  const prefixed = prefixOf(spec)
  if (prefixed === null) return pathTarget(spec, folder)
  const { path, tag } = splitTag(prefixed.rest, folder)
  if (!existsSync(path)) return faultAt('missing', spec, null, 'does not exist; name an OCI layout or an archive')
  if (prefixed.kind !== 'oci') return archiveTarget(spec, realpathSync(path), prefixed.kind)
  if (isLayout(path)) return { kind: 'layout', path: realpathSync(path), tag }
  return faultAt('malformed', spec, null, 'is no OCI layout: it has no oci-layout and index.json')
}

/** A file is looked at here: what engines say of one that is no image tells nobody what was expected. */
async function archiveTarget(spec: string, path: string, named: ArchiveFormat | null): Promise<Target | Fault> {
  if (!isFile(path)) return faultAt('malformed', spec, null, 'is no file; name an archive, or oci:DIR')
  const format = await archiveFormat(spec, path, named)
  return typeof format === 'string' ? { kind: 'archive', path, format } : format
}

async function pathTarget(spec: string, folder: string): Promise<Target | Fault> {
  const path = resolve(folder, spec)
  const status = statusAt(path)
  if (status !== null && 'message' in status) return { ...status, file: spec }
  if (status === null) {
    const named = /^[a-z0-9][\w.-]*(?::\d+)?(?:\/[\w.-]+)*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/.test(spec)
    if (named) return { kind: 'name', name: spec }
    return faultAt('missing', spec, null, 'does not exist, and is no name of an image')
  }
  const real = realpathSync(path)
  if (!status.isDirectory()) {
    return path.endsWith('.sif') ? { kind: 'sif', path: real } : archiveTarget(spec, real, null)
  }
  if (isLayout(path)) return { kind: 'layout', path: real, tag: null }
  // What image export writes: a start script with the root beside it.
  const root = existsSync(`${real}/root/usr`) && existsSync(`${real}/start`) ? `${real}/root` : real
  if (existsSync(`${root}/usr`) || existsSync(`${root}/bin`)) {
    return { kind: 'folder', path: root, entry: existsSync(`${root}/${ENTRY}`) ? `/${ENTRY}` : null }
  }
  return faultAt('malformed', spec, null, 'is neither an OCI layout nor a root folder: it has no usr and no bin')
}

function splitTag(text: string, folder: string): { readonly path: string; readonly tag: string | null } {
  const colon = text.lastIndexOf(':')
  const whole = resolve(folder, text)
  if (colon < 0 || existsSync(whole)) return { path: whole, tag: null }
  return { path: resolve(folder, text.slice(0, colon)), tag: text.slice(colon + 1) }
}

/**
 * A context over the root of its base, else of its host: the packages stand read-only at their own paths, the command runs
 * behind the environment script.
 */
export async function contextSubject(
  options: AuditOptions,
  policy: Policy,
  progress: UnpackProgress | null,
): Promise<Subject | AuditFailure> {
  const spec = options.base ?? policy.base ?? options.host ?? policy.host ?? '/'
  const source = spec === '/' ? ({ kind: 'folder', path: '/', name: '/' } as const) : baseSource(spec, options.folder)
  if ('message' in source) return { failures: [source] }
  const root = source.kind === 'folder' ? source.path : await unpackedRoot(source.spec, progress)
  if (typeof root !== 'string') return { failures: [root] }
  const found = await oneContext(options)
  if ('failures' in found) return found
  const { context } = found
  const script = shellScript(context, { relocations: [], systemPath: SYSTEM_PATH })
  if (script.text.length > MOST_SCRIPT) {
    const message = `its environment script has ${script.text.length} bytes, and ${MOST_SCRIPT} can be handed on; build an image`
    return { failures: [faultAt('unsupported', context.name, null, message)] }
  }
  const notEvaluated = context.unevaluated.map(
    ({ file, line, code, reason }) => `not evaluated: ${file}: line ${line}: ${code}: ${reason}`,
  )
  return {
    target: { kind: 'folder', path: root, entry: null },
    mounts: packageMounts(context),
    notes: [`${context.name} over ${spec}`, ...context.notes, ...notEvaluated, ...script.notes],
    command: (words) => inEnvironment(script.text, words),
  }
}

async function unpackedRoot(spec: string, progress: UnpackProgress | null): Promise<string | Fault> {
  const { unpackedImage } = await import('./run-unpacked.ts')
  const image = await unpackedImage(spec, progress)
  return 'message' in image ? image : image.root
}

function packageMounts(context: Context): readonly LaunchMount[] {
  const folders = context.packages.flatMap((item) => [item.base, item.root, ...item.payload])
  return topFolders(folders).map((folder) => ({ source: folder, target: folder, readOnly: true }))
}
