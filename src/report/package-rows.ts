/** How many libraries each package takes from where: the numbers behind the table of packages. */
import type { WorldName } from '../domain/audit.ts'
import type { AuditDocument, DocumentBinding } from './document.ts'
import { counts, documentPackageId } from './document.ts'

/** From harmless to harmful: a library that several objects of a package get from several places counts as the last. */
export const SOURCES = ['own', 'packages', 'base', 'driver', 'host', 'missing'] as const
export type Source = (typeof SOURCES)[number]

/** One package variant, with the number of different libraries it takes from each source. */
export interface PackageRow {
  readonly id: string
  objects: number
  readonly amounts: Record<Source, number>
  errors: number
  warnings: number
}

/** A row without any amounts. */
export function emptyRow(id: string): PackageRow {
  const amounts = { own: 0, packages: 0, base: 0, driver: 0, host: 0, missing: 0 }
  return { id, objects: 0, amounts, errors: 0, warnings: 0 }
}

/** The rows of the packages that were looked through. */
export function subjectRows(document: AuditDocument): readonly PackageRow[] {
  const subjects = new Set(document.contexts.flatMap((context) => context.subjects ?? context.packages))
  return packageRows(document).filter((_, index) => subjects.has(index))
}

/** One row for each package of the document, in its order. */
export function packageRows(document: AuditDocument): readonly PackageRow[] {
  const rows = document.packages.map((item) => emptyRow(documentPackageId(item)))
  for (const object of document.objects) {
    const row = rows[object.owner ?? -1]
    if (row !== undefined && !object.foreign) row.objects += 1
  }
  for (const [owner, names] of librarySources(document).entries()) {
    for (const source of names.values()) {
      const row = rows[owner]
      if (row !== undefined) row.amounts[source] += 1
    }
  }
  for (const finding of document.findings.filter(counts)) {
    // Variants of one package share a name: the first row of the name carries the findings of all.
    const row = rows.find((candidate, index) => matches(candidate.id, document, index, finding))
    if (row === undefined) continue
    if (finding.severity === 'error') row.errors += 1
    else if (finding.severity === 'warn') row.warnings += 1
  }
  return rows
}

function matches(
  id: string,
  document: AuditDocument,
  index: number,
  finding: { readonly package: string | null; readonly variant: number | null },
): boolean {
  return id === finding.package && (document.packages[index]?.variant ?? null) === finding.variant
}

/** For each package: where each name it asks for comes from, the most harmful answer of any object. */
function librarySources(document: AuditDocument): readonly Map<number, Source>[] {
  const result = document.packages.map(() => new Map<number, Source>())
  for (const { object, name, host, base } of needPairs(document)) {
    const owner = document.objects[object]?.owner ?? -1
    const source = sourceOf(host, base, decisiveWorld(document))
    const known = result[owner]?.get(name)
    if (known === undefined || SOURCES.indexOf(source) > SOURCES.indexOf(known)) result[owner]?.set(name, source)
  }
  return result
}

/** One need of one object in one context, with the answers of both worlds. */
export interface NeedPair {
  readonly context: number
  /** Index of the object that asks: one of a package. */
  readonly object: number
  /** Index of the name. */
  readonly name: number
  readonly host: DocumentBinding | null
  readonly base: DocumentBinding | null
}

/** The needs of the packages' objects that count, in the order of the bindings; DT_AUXILIARY ones are left out. */
export function needPairs(document: AuditDocument): readonly NeedPair[] {
  const pairs = new Map<string, { -readonly [Key in keyof NeedPair]: NeedPair[Key] }>()
  for (const binding of document.bindings) {
    const { context, object, name } = binding
    if (document.objects[object]?.owner == null || binding.optional === true) continue
    const key = `${context} ${object} ${name}`
    let pair = pairs.get(key)
    if (pair === undefined) pairs.set(key, (pair = { context, object, name, host: null, base: null }))
    pair[binding.world] = binding
  }
  return [...pairs.values()]
}

/** The world whose answers decide: that of tomorrow where there is one. */
export function decisiveWorld(document: AuditDocument): WorldName {
  return document.base === null ? 'host' : 'base'
}

/** What the host lends counts as host unless the base has it as well; all else as the decisive world answers. */
export function sourceOf(host: DocumentBinding | null, base: DocumentBinding | null, decisive: WorldName): Source {
  const answer = decisive === 'host' ? host : base
  if (host?.provider === 'host' && (decisive === 'host' || base?.provider !== 'base')) return 'host'
  switch (answer?.provider ?? null) {
    case 'own':
      return 'own'
    case 'required':
    case 'unrequired':
      return 'packages'
    case 'base':
      return 'base'
    case 'driver':
      return 'driver'
    case 'host':
      return 'host'
    case null:
      return 'missing'
  }
}
