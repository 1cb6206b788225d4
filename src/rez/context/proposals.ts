/** Payload that a package keeps outside the repository, guessed from the environment and proposed for the policy. */
import { posix } from 'node:path'
import { printable } from '../../domain/bytes.ts'
import { packageId } from '../../domain/context.ts'
import type { Context } from '../../domain/context.ts'

export interface PayloadProposal {
  /** Package name. */
  readonly package: string
  /** Absolute folder that holds all that the package puts on the paths below it. */
  readonly folder: string
  /** The folder as airtight.yaml should name it: with `{version.major}` and its like, so that it fits other versions. */
  readonly pattern: string
  /** `NAME-VERSION`. */
  readonly owner: string
}

const VARIABLES = ['PATH', 'LD_LIBRARY_PATH']

/** Folders that belong to the system, and those that hold nothing of a package. */
const STANDARD =
  /^\/($|(usr\/(local\/)?)?(bin|sbin|lib|lib32|lib64|libx32|libexec)(\/|$)|usr\/(share|games|include|src|local)?$|usr\/(share|games|include|src)\/|(etc|proc|sys|dev|run|tmp|var|boot)(\/|$)|(opt|home|mnt|media|srv|net)\/?$)/

/** Names that stand directly below a payload root. */
const LEAVES: ReadonlySet<string> = new Set(['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libexec', 'plugins', 'scripts'])

/**
 * Absolute folders outside the system's standard places and outside all payload, which one package alone puts on PATH
 * or LD_LIBRARY_PATH. Sorted by package, then folder.
 */
export function payloadProposals(context: Context): readonly PayloadProposal[] {
  const owners = new Map<string, Set<string | null>>()
  for (const variable of context.environment.variables) {
    if (!VARIABLES.includes(variable.name)) continue
    for (const entry of variable.entries) {
      for (const element of entry.value.split(':')) {
        if (!element.startsWith('/') || element.includes('$')) continue
        const folder = trimmed(posix.normalize(element))
        const known = owners.get(folder) ?? new Set()
        owners.set(folder, known.add(entry.package))
      }
    }
  }
  const folders = new Map<string, string>()
  const payload = new Set(context.packages.flatMap((item) => [item.base, item.root, ...item.payload]))
  for (const [folder, packages] of owners) {
    const [owner] = packages
    if (packages.size !== 1 || owner === null || owner === undefined) continue
    if (STANDARD.test(folder) || isBelow(payload, folder)) continue
    folders.set(`${owner}\0${payloadRoot(folder)}`, owner)
  }
  return [...folders].map(([key, owner]) => proposal(context, owner, key.slice(owner.length + 1))).sort(byPackage)
}

function proposal(context: Context, owner: string, folder: string): PayloadProposal {
  const item = context.packages.find((one) => packageId(one) === owner)
  return { package: item?.name ?? owner, folder, pattern: versionPattern(folder, item?.version ?? ''), owner }
}

/** One note for all proposals: which package puts what where, and the lines to paste into airtight.yaml. */
export function proposalNotes(context: Context): readonly string[] {
  const proposals = payloadProposals(context)
  if (proposals.length === 0) return []
  const patterns = new Map<string, string[]>()
  for (const { package: name, pattern } of proposals) patterns.set(name, [...(patterns.get(name) ?? []), pattern])
  const places = proposals.map(({ owner, folder }) => `${owner} ${printable(folder)}`).join(', ')
  const lines = [...patterns].flatMap(([name, folders]) => [
    `  ${quoted(name)}:`,
    `    payload: [${folders.map(quoted).join(', ')}]`,
  ])
  const head = `folders that one package alone puts on the paths: ${places}. To read them as its payload, add to airtight.yaml:`
  return [[head, 'packages:', ...lines].join('\n')]
}

/** As YAML reads it back as text. */
function quoted(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text)
    ? text
    : JSON.stringify(text)
}

/** The version in a path, as policy names it: all of it, its first tokens, or the first where it is long enough to tell. */
function versionPattern(folder: string, version: string): string {
  const tokens = version.split(/[.-]/)
  const [major = '', minor = ''] = tokens
  const forms: readonly (readonly [text: string, name: string])[] = [
    [version, '{version}'],
    ...(tokens.length > 3 ? [[tokens.slice(0, 3).join('.'), '{version.3}'] as const] : []),
    ...(tokens.length > 2 ? [[`${major}.${minor}`, '{version.2}'] as const] : []),
    ...(tokens.length > 1 && /^\d{2,}$/.test(major) ? [[major, '{version.major}'] as const] : []),
  ]
  for (const [text, name] of forms) {
    if (text === '' || (text === version && tokens.length === 1 && !/\d{2}/.test(text))) continue
    const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const found = new RegExp(`(?<![0-9.])${escaped}(?![0-9])(?!\\.[0-9])`)
    if (found.test(folder)) return folder.replace(found, () => name)
  }
  return folder
}

/** The folder above `bin` or `lib`, unless that is one that many share. */
function payloadRoot(folder: string): string {
  const parent = posix.dirname(folder)
  return LEAVES.has(posix.basename(folder)) && !STANDARD.test(parent) && parent !== '/' ? parent : folder
}

/** Whether a folder is one of some others, or lies in one. */
function isBelow(others: ReadonlySet<string>, folder: string): boolean {
  for (let above = folder; above !== ''; above = above.slice(0, above.lastIndexOf('/'))) {
    if (others.has(above)) return true
  }
  return false
}

function trimmed(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') : folder
}

function byPackage(a: PayloadProposal, b: PayloadProposal): number {
  const left = `${a.package}\0${a.folder}`
  const right = `${b.package}\0${b.folder}`
  return left < right ? -1 : left > right ? 1 : 0
}
