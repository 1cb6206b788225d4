/** Payload that a package keeps outside the repository, guessed from the environment and proposed for the policy. */
import { posix } from 'node:path'
import { packageId } from '../../domain/context.ts'
import type { Context } from '../../domain/context.ts'

export interface PayloadProposal {
  /** Package name. */
  readonly package: string
  /** Absolute folder that holds all that the package puts on the paths below it. */
  readonly folder: string
  /** One sentence with the lines for airtight.yaml. */
  readonly note: string
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
  for (const [folder, packages] of owners) {
    const [owner] = packages
    if (packages.size !== 1 || owner === null || owner === undefined) continue
    if (STANDARD.test(folder) || isPayload(context, folder)) continue
    folders.set(`${owner}\0${payloadRoot(folder)}`, owner)
  }
  return [...folders].map(([key, owner]) => proposal(context, owner, key.slice(owner.length + 1))).sort(byPackage)
}

function proposal(context: Context, owner: string, folder: string): PayloadProposal {
  const name = context.packages.find((item) => packageId(item) === owner)?.name ?? owner
  const note = `${owner} alone puts ${folder} on the paths: to read it as payload, add packages: {${name}: {payload: ["${folder}"]}} to airtight.yaml`
  return { package: name, folder, note }
}

/** The folder above `bin` or `lib`, unless that is one that many share. */
function payloadRoot(folder: string): string {
  const parent = posix.dirname(folder)
  return LEAVES.has(posix.basename(folder)) && !STANDARD.test(parent) && parent !== '/' ? parent : folder
}

function isPayload(context: Context, folder: string): boolean {
  return context.packages.some((item) =>
    [item.base, item.root, ...item.payload].some(
      (known) => known !== '' && (folder === known || folder.startsWith(`${known}/`)),
    ),
  )
}

function trimmed(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, '') : folder
}

function byPackage(a: PayloadProposal, b: PayloadProposal): number {
  const left = `${a.package}\0${a.folder}`
  const right = `${b.package}\0${b.folder}`
  return left < right ? -1 : left > right ? 1 : 0
}
