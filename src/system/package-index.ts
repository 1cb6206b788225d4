/** The index of OS packages as a file, schema `airtight/package-index/v1`, and the questions it answers. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Fault } from '../domain/fault.ts'
import { nameOrder } from '../domain/bytes.ts'
import { faultAt, whyUnread } from '../domain/fault.ts'
import type { OfferedPackage, PackageIndex } from '../domain/package-index.ts'

const INDEX_SCHEMA = 'airtight/package-index/v1'

/** Unpacked, the index of a whole distribution is some twenty megabytes. */
const MAX_INDEX = 512 * 1024 * 1024

const texts = z.array(z.string())

const indexFile = z.strictObject({
  schema: z.literal(INDEX_SCHEMA),
  manager: z.enum(['dpkg', 'rpm', 'apk']),
  label: z.string(),
  packages: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      depends: z.array(texts).optional(),
      provides: texts.optional(),
      libraries: z
        .array(z.strictObject({ soname: z.string(), path: z.string().optional(), versions: texts.optional() }))
        .optional(),
      programs: texts.optional(),
    }),
  ),
})

/** Everything an index holds. */
export interface IndexData {
  readonly manager: PackageIndex['manager']
  readonly label: string
  readonly packages: readonly OfferedPackage[]
}

/** Reads an index, plain or compressed by gzip. */
export function readIndexFile(path: string): PackageIndex | Fault {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    return faultAt('unreadable', path, null, whyUnread(error))
  }
  let data: unknown
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: MAX_INDEX }) : bytes
    data = JSON.parse(plain.toString('utf8'))
  } catch {
    return faultAt('malformed', path, null, 'no index of OS packages, which is JSON made by airtight base index')
  }
  const result = indexFile.safeParse(data)
  if (result.success) return openPackageIndex(indexData(result.data))
  const problems = result.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)
  return faultAt('malformed', path, null, `no index of OS packages: ${problems.slice(0, 1).join('')}; see base index`)
}

function indexData(data: z.infer<typeof indexFile>): IndexData {
  return {
    manager: data.manager,
    label: data.label,
    packages: data.packages.map((item) => ({
      name: item.name,
      version: item.version,
      depends: item.depends ?? [],
      provides: item.provides ?? [],
      libraries: (item.libraries ?? []).map(({ soname, path, versions }) => ({
        soname,
        path: path ?? null,
        versions: versions ?? null,
      })),
      programs: item.programs ?? [],
    })),
  }
}

/** The text of an index; equal data gives equal bytes. */
export function writeIndex(data: IndexData): string {
  const packages = [...data.packages].sort((a, b) => nameOrder(a.name, b.name))
  const lines = packages.map((item) => JSON.stringify(compact(item)))
  const head = { schema: INDEX_SCHEMA, manager: data.manager, label: data.label }
  return `${JSON.stringify(head).slice(0, -1)},"packages":[\n${lines.join(',\n')}\n]}\n`
}

function compact(item: OfferedPackage): Record<string, unknown> {
  return {
    name: item.name,
    version: item.version,
    ...(item.depends.length === 0 ? {} : { depends: item.depends }),
    ...(item.provides.length === 0 ? {} : { provides: item.provides }),
    ...(item.libraries.length === 0
      ? {}
      : {
          libraries: item.libraries.map(({ soname, path, versions }) => ({
            soname,
            ...(path === null ? {} : { path }),
            ...(versions === null ? {} : { versions }),
          })),
        }),
    ...(item.programs.length === 0 ? {} : { programs: item.programs }),
  }
}

/** Makes the questions of an index out of its packages. */
export function openPackageIndex(data: IndexData): PackageIndex {
  const sorted = [...data.packages].sort((a, b) => nameOrder(a.name, b.name))
  const byName = new Map(sorted.map((item) => [item.name, item]))
  const byLibrary = new Map<string, OfferedPackage[]>()
  const byProgram = new Map<string, OfferedPackage[]>()
  const providers = new Map<string, OfferedPackage[]>()
  for (const item of sorted) {
    for (const soname of new Set(item.libraries.map((library) => library.soname))) push(byLibrary, soname, item)
    for (const path of item.programs) {
      push(byProgram, path, item)
      // RPM packages need commands by their path.
      push(providers, path, item)
    }
    for (const name of item.provides) push(providers, name, item)
  }
  return {
    manager: data.manager,
    label: data.label,
    package: (name) => byName.get(name) ?? null,
    withLibrary: (soname) => byLibrary.get(soname) ?? [],
    withProgram: (path) => byProgram.get(path) ?? [],
    closure: (name, installed) => closureOf(name, installed, byName, providers),
  }
}

function push(index: Map<string, OfferedPackage[]>, key: string, item: OfferedPackage): void {
  const known = index.get(key)
  if (known === undefined) index.set(key, [item])
  else known.push(item)
}

function closureOf(
  name: string,
  installed: (name: string) => boolean,
  byName: ReadonlyMap<string, OfferedPackage>,
  providers: ReadonlyMap<string, readonly OfferedPackage[]>,
): readonly OfferedPackage[] {
  const first = byName.get(name)
  if (first === undefined) return []
  const found = new Set([first])
  // The set grows while it is walked.
  for (const item of found) {
    for (const alternatives of item.depends) {
      const met = alternatives.some(
        (other) =>
          installed(other) ||
          [byName.get(other), ...(providers.get(other) ?? [])].some(
            (candidate) => candidate !== undefined && (found.has(candidate) || installed(candidate.name)),
          ),
      )
      if (met) continue
      const next = alternatives
        .map((other) => byName.get(other) ?? providers.get(other)?.[0])
        .find((candidate) => candidate !== undefined)
      if (next !== undefined) found.add(next)
    }
  }
  return [...found]
}
