/** From planned entries to repair files as a run generates them, before anything is merged. */
import type { Context, Package } from '../domain/context.ts'
import type { RepairFile } from '../domain/repair.ts'
import type { KeyedEntry } from '../repair/entries.ts'
import { sectionsOf } from '../repair/entries.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { contextFilePath, packageFilePath } from '../repair/paths.ts'
import type { PlannedEntry } from '../repair/planned.ts'

/** The files that entries make, without any header but the subject. */
export function generatedFiles(context: Context, entries: readonly PlannedEntry[]): readonly NamedRepair[] {
  // By the file: with a requirement laid over it, a package is another object than the one of the context.
  const byFile = new Map<string | null, KeyedEntry[]>()
  for (const { owner, keys, value } of entries) {
    const file = owner === null ? null : packageFilePath(owner)
    const list = byFile.get(file)
    if (list === undefined) byFile.set(file, [{ keys, value }])
    else list.push({ keys, value })
  }
  const packages = context.packages.flatMap((item) => {
    const path = packageFilePath(item)
    const own = byFile.get(path)
    return own === undefined ? [] : [{ path, file: packageFile(item, own) }]
  })
  const own: RepairFile = {
    kind: 'context',
    subject: contextSubject(context, context.name),
    ...sectionsOf(byFile.get(null) ?? []),
  }
  return [...packages, { path: contextFilePath(context.name), file: own }]
}

/** A package file with these entries. */
export function packageFile(item: Package, entries: readonly KeyedEntry[]): RepairFile {
  const variant = item.variantRequires.length === 0 ? {} : { variant: item.variantRequires }
  const version = item.version === '' ? {} : { version: item.version }
  return { kind: 'package', subject: { package: item.name, ...version, ...variant }, ...sectionsOf(entries) }
}

/** The subject of a context file: its exact resolve. */
export function contextSubject(
  context: Context,
  name: string,
): {
  readonly context: string
  readonly requests: readonly string[]
  readonly packages: Readonly<Record<string, string>>
} {
  const packages = context.packages.map((item) => {
    const variant = item.variantRequires.length === 0 ? '' : `/${item.variantRequires.join('/')}`
    return [item.name, item.version + variant] as const
  })
  return { context: name, requests: context.requests, packages: Object.fromEntries(packages) }
}
