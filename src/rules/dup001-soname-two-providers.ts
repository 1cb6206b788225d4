/** DUP001: one soname, public copies in two packages that differ. */
import { packageId } from '../domain/context.ts'
import type { Copy } from './facts/copies.ts'
import { folderName } from './facts/copies.ts'
import { sameContent } from './facts/contents.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { copyName, some } from './words.ts'

export const sonameTwoProviders: Rule = defineRule({
  id: 'DUP001',
  name: 'soname-two-providers',
  severity: 'error',
  summary: 'Two packages of the context have different public copies of one soname.',
  why: 'One of them wins for everybody, by the order of the library path; the others are never loaded, or both are.',
  remedy:
    'Let one package own the library, or move the other copy into a private folder with a DT_RPATH that leads there (RUNPATH comes after the library path).',
  accept: 'Mark the folder of the copy that is not meant for others with `private_dirs` in airtight.yaml.',
  judge: (facts) =>
    facts.copies.shared.flatMap((name) => {
      const copies = facts.copies.publicCopies(name, null)
      return sameContent(facts, copies) ? [] : [draft(facts, name, copies)]
    }),
})

function draft(facts: Facts, name: string, copies: readonly Copy[]): Draft {
  const ordered = byLibraryPath(facts, copies)
  const winner = ordered[0]
  const loser = ordered.find((copy) => copy.owner !== winner?.owner)
  const takers = consumers(facts, name)
  const bound = copies.filter((copy) => takers.has(copy.object.path))
  const competing = new Set(ordered.filter((copy) => copy.object.onLibraryPath).map((copy) => copy.owner)).size > 1
  const serious = competing || new Set(bound.map((copy) => copy.owner)).size > 1
  const served = [...(takers.get(winner?.object.path ?? '') ?? [])].sort()
  return {
    package: loser?.owner ?? null,
    subject: name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    severity: serious ? 'error' : 'note',
    message:
      `${copies.map(copyName).join(' and ')} both answer to ${name} and differ. ` +
      `${winner === undefined ? '' : copyName(winner)} ${competing ? 'stands first on the library path' : 'comes first'}` +
      `${served.length === 0 ? '' : ` and serves ${some(served)}`}.`,
    objects: loser === undefined ? [] : [loser.object.relative],
    evidence: {
      copies: ordered.map((copy) => ({
        package: packageId(copy.owner),
        path: copy.object.path,
        build_id: copy.object.reading.object?.buildId ?? null,
        on_library_path: copy.object.onLibraryPath,
        consumers: [...(takers.get(copy.object.path) ?? [])].sort(),
      })),
    },
    repairs: copies.map((copy) => ({
      kind: 'exclude' as const,
      target: `${packageId(copy.owner)} ${copy.object.relative}`,
      text: `Keep one: leave ${copy.object.relative} out of ${packageId(copy.owner)}, or move it into a private folder.`,
    })),
  }
}

/** The order in which a search by library path meets them; what is on no path comes last. */
function byLibraryPath(facts: Facts, copies: readonly Copy[]): readonly Copy[] {
  const place = (copy: Copy): number => {
    if (!copy.object.onLibraryPath) return Number.MAX_SAFE_INTEGER
    const at = facts.libraryPath.findIndex((folder) => sameFolder(folder, folderName(copy.path)))
    return at < 0 ? Number.MAX_SAFE_INTEGER - 1 : at
  }
  return copies
    .map((copy, index) => ({ copy, index }))
    .sort((a, b) => place(a.copy) - place(b.copy) || a.index - b.index)
    .map(({ copy }) => copy)
}

function sameFolder(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b
}

/** Packages that are served by each file, by path. */
function consumers(facts: Facts, name: string): Map<string, Set<string>> {
  const takers = new Map<string, Set<string>>()
  for (const use of facts.uses) {
    if (use.name !== name) continue
    for (const need of [use.host, use.base]) {
      if (need?.file == null) continue
      const set = takers.get(need.file) ?? new Set<string>()
      set.add(packageId(use.object.owner))
      takers.set(need.file, set)
    }
  }
  return takers
}
