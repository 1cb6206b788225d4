/** An environment captured with `rez context -i -f json --no-env`, its entries given to the packages they lie in. */
import { faultAt } from '../../domain/fault.ts'
import { isFault } from '../repository/files.ts'
import { packageId } from '../../domain/context.ts'
import { separatorOf } from '../commands/variables.ts'
import type { Environment, EnvironmentEntry, Package } from '../../domain/context.ts'
import type { Fault } from '../../domain/fault.ts'
import type { PackageFiles } from '../repository/files.ts'

const LIMIT = 16 * 1024 * 1024

/** Reads the file: one JSON object of variable names and values. */
export async function capturedEnvironment(
  file: string,
  packages: readonly Package[],
  files: PackageFiles,
): Promise<Environment | Fault> {
  const text = await files.text(file, LIMIT)
  if (isFault(text)) return text
  const variables = readVariables(text)
  if (variables === null) {
    const message =
      'is no captured environment: a JSON object of texts was expected, as "rez context -i -f json" prints'
    return faultAt('malformed', file, null, message)
  }
  const owners = ownerFolders(packages)
  return {
    variables: variables.map(([name, value]) => {
      const separator = separatorOf(name)
      return { name, separator, entries: value.split(separator).map((entry) => attributed(entry, owners)) }
    }),
    aliases: [],
  }
}

function readVariables(text: string): readonly (readonly [string, string])[] | null {
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
  return variables.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
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
  const owner = owners.find(({ folder }) => value === folder || value.startsWith(`${folder}/`))
  return { value, package: owner?.id ?? null }
}
