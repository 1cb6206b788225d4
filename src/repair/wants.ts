/** What the image is to have, by name, with all the findings that ask for it. */
import type { ContextAudit } from '../domain/audit.ts'
import type { LackingLibrary } from '../domain/repair.ts'
import { compareBytes } from './compare.ts'
import type { LibraryWish, Want } from './planned.ts'

/** One want for each name, sorted. */
export function groupWishes(wishes: readonly LibraryWish[]): readonly Want[] {
  const wants = new Map<string, Want>()
  for (const one of wishes.flatMap(wantsOf)) {
    const key = `${one.name}\0${one.kind === 'newer' ? one.kind : ''}`
    const known = wants.get(key)
    wants.set(key, known === undefined ? one : joined(known, one))
  }
  return [...wants.values()].sort((a, b) => compareBytes(a.name, b.name))
}

function wantsOf({ action, finding }: LibraryWish): readonly Want[] {
  const rest = { kind: action.kind, file: null, opened: null, lacking: null, findings: [finding] }
  switch (action.kind) {
    case 'library':
      return [{ ...rest, name: action.soname, file: action.file }]
    case 'newer':
      return action.libraries.map((lacking) => ({ ...rest, name: lacking.soname, lacking }))
    case 'command':
      return [{ ...rest, name: action.path }]
    case 'opened':
      return [{ ...rest, name: action.name, file: action.file, opened: action }]
  }
}

function joined(a: Want, b: Want): Want {
  const lacking = a.lacking === null || b.lacking === null ? (a.lacking ?? b.lacking) : together(a.lacking, b.lacking)
  return { ...a, lacking, findings: [...a.findings, ...b.findings] }
}

function together(a: LackingLibrary, b: LackingLibrary): LackingLibrary {
  return {
    ...a,
    versions: [...new Set([...a.versions, ...b.versions])].sort(),
    demandedBy: [...new Set([...a.demandedBy, ...b.demandedBy])].sort(),
  }
}

/** The version nodes that objects of the context demand of what is wanted, and those that the base's copy lacks. */
export function demandedNodes(audit: ContextAudit, { name, lacking }: Want): ReadonlySet<string> {
  const demanded = new Set(lacking?.versions)
  for (const { reading } of audit.objects) {
    for (const need of reading.object?.versionNeeds ?? []) {
      if (need.file === name && !need.weak) demanded.add(need.version)
    }
  }
  return demanded
}
