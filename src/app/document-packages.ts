/** The packages of a document: each variant once, whichever contexts it is in. */
import type { Audit } from '../domain/audit.ts'
import type { Environment, Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { DocumentPackage } from '../report/document.ts'

/** Finds a package's index, whichever context it was met in. */
export type PackageIndex = (item: Package) => number

/** Every package of the audit, sorted, with a way to its index. */
export function packageTable(audit: Audit): {
  readonly list: readonly DocumentPackage[]
  readonly index: PackageIndex
} {
  const met = new Map<string, DocumentPackage>()
  for (const { context } of audit.contexts) {
    for (const item of context.packages) {
      const key = packageKey(item)
      if (!met.has(key)) met.set(key, packageData(item, context.environment))
    }
  }
  const sorted = [...met].sort(([, a], [, b]) => comparePackages(a, b))
  const places = new Map(sorted.map(([key], index) => [key, index]))
  return { list: sorted.map(([, item]) => item), index: (item) => places.get(packageKey(item)) ?? 0 }
}

function packageKey(item: Package): string {
  return [item.name, item.version, item.variant ?? '', item.root].join('\0')
}

function comparePackages(a: DocumentPackage, b: DocumentPackage): number {
  return (
    compareText(a.name, b.name) ||
    compareText(a.version, b.version) ||
    (a.variant ?? -1) - (b.variant ?? -1) ||
    compareText(a.root, b.root)
  )
}

/** By code units: the same order everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function packageData(item: Package, environment: Environment): DocumentPackage {
  const id = packageId(item)
  return {
    name: item.name,
    version: item.version,
    variant: item.variant,
    root: item.root,
    payload: item.payload,
    requires: item.requires,
    tools: item.tools,
    environment: environment.variables.flatMap((variable) =>
      variable.entries
        .filter((entry) => entry.package === id)
        .map((entry) => ({ name: variable.name, value: entry.value })),
    ),
    definition: item.definition,
    ...(item.lines === undefined ? {} : { lines: item.lines }),
  }
}
