/** An environment that Rez computed (`rez context -i -f json --no-env`), its entries given to the packages they lie in. */
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { packageId } from '../../domain/context.ts'
import type { Environment, EnvironmentEntry, Package } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import type { PackageFiles } from '../repository/files.ts'
import type { RezSettings } from '../configuration/settings.ts'

const LIMIT = 16 * 1024 * 1024

/** What tells whose an entry is. */
export interface Ownership {
  readonly packages: readonly Package[]
  readonly settings: Pick<RezSettings, 'separators' | 'cachePath'>
}

export interface Captured {
  readonly environment: Environment
  readonly notes: readonly string[]
}

type Variables = readonly (readonly [string, string])[]

/** Reads the file: one JSON object of variable names and values. */
export async function capturedEnvironment(
  file: string,
  context: Ownership & { readonly files: PackageFiles },
): Promise<Captured | Fault> {
  const text = await context.files.text(file, LIMIT)
  if (isFault(text)) return text
  const variables = readVariables(text)
  if (variables === null) {
    const message =
      'is no captured environment: a JSON object of texts was expected, as "rez context -i -f json" prints'
    return faultAt('malformed', file, null, message)
  }
  return environmentFrom(variables, context)
}

/** The environment of values that Rez computed. Paths in the payload cache become those of the packages they copy. */
export function environmentFrom(variables: Variables, context: Ownership): Captured {
  const { packages, settings } = context
  const owners = ownerFolders(packages)
  const cached = cachedRoots(variables, context)
  const found = new Set<string>()
  const entry = (value: string): EnvironmentEntry => {
    const copy = cached.find(({ folder }) => isIn(value, folder))
    if (copy !== undefined) found.add(copy.id)
    return attributed(copy === undefined ? value : copy.root + value.slice(copy.folder.length), owners)
  }
  const sorted = [...variables].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const environment = {
    variables: sorted.map(([name, value]) => {
      const separator = settings.separators.get(name) ?? ':'
      return { name, separator, entries: value.split(separator).map(entry) }
    }),
    aliases: [],
  }
  const names = packages.map(packageId).filter((id) => found.has(id))
  const note = `Rez took ${names.join(', ')} from its payload cache: audited are the packages that it copied`
  return { environment, notes: names.length === 0 ? [] : [note] }
}

interface CachedRoot {
  /** Of the copy. */
  readonly folder: string
  /** Of the package. */
  readonly root: string
  readonly id: string
}

/** Copies: where REZ_X_ROOT is not REZ_X_ORIG_ROOT, or lies in the cache that the configuration names. */
function cachedRoots(variables: Variables, { packages, settings }: Ownership): readonly CachedRoot[] {
  const values = new Map(variables)
  const roots: CachedRoot[] = []
  for (const item of packages) {
    const prefix = `REZ_${item.name.toUpperCase().replace(/\./g, '_')}`
    const root = values.get(`${prefix}_ROOT`)
    const original = values.get(`${prefix}_ORIG_ROOT`)
    if (root === undefined || item.root === '') continue
    const said = original !== undefined && original !== root
    const inCache = settings.cachePath !== null && isIn(root, settings.cachePath)
    if (said || inCache) roots.push({ folder: root, root: item.root, id: packageId(item) })
  }
  return roots
}

function readVariables(text: string): Variables | null {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null
  const variables: (readonly [string, string])[] = []
  for (const [name, value] of Object.entries(document)) {
    if (typeof value !== 'string') return null
    variables.push([name, value])
  }
  return variables
}

interface Owner {
  readonly folder: string
  readonly id: string
}

/** Deepest first, so that a variant inside another one's folder owns what is its own. */
function ownerFolders(packages: readonly Package[]): readonly Owner[] {
  return packages
    .flatMap((item) =>
      [item.root, item.base, ...item.payload]
        .filter((folder) => folder !== '')
        .map((folder) => ({ folder, id: packageId(item) })),
    )
    .sort((a, b) => b.folder.length - a.folder.length)
}

function attributed(value: string, owners: readonly Owner[]): EnvironmentEntry {
  return { value, package: owners.find(({ folder }) => isIn(value, folder))?.id ?? null }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
