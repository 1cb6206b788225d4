/** SYM007: an object uses what glibc keeps for its own libraries. */
import type { PackageObject } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import { isLibc } from './knowledge/lookup.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { plural, some } from './words.ts'

const PRIVATE = 'GLIBC_PRIVATE'
const SHOWN = 10

export const glibcPrivate: Rule = defineRule({
  id: 'SYM007',
  name: 'glibc-private',
  severity: 'error',
  summary: 'An object demands GLIBC_PRIVATE: it is tied to one build of the C library.',
  why: 'What bears this version changes and goes without notice, from one build of glibc to the next.',
  remedy:
    'Leave out the piece of a C library that the package carries, or rebuild the object without internal functions.',
  accept: 'Only where the image keeps the very build of glibc that the object was made for: `rules: {SYM007: note}`.',
  judge: (facts) =>
    facts.context.packages.flatMap((owner) => {
      const objects = facts.objectsOf(owner).filter(demandsPrivate)
      // A package that carries a whole C library uses it among its own files.
      const carried = facts.objectsOf(owner).some(({ reading }) => reading.object?.soname === 'libc.so.6')
      return objects.length === 0 || carried ? [] : [draft(facts, owner, objects)]
    }),
})

function demandsPrivate({ reading }: PackageObject): boolean {
  return reading.object?.versionNeeds.some(({ version, weak }) => version === PRIVATE && !weak) ?? false
}

function draft(facts: Facts, owner: Package, objects: readonly PackageObject[]): Draft {
  const names = objects.map(({ relative }) => relative).sort()
  const symbols = [...new Set(objects.flatMap((object) => privateSymbols(facts, object)))].sort()
  const pieces = objects.every(({ reading }) => isLibc(reading.object?.soname ?? ''))
  const asks = symbols.length === 0 ? '' : ` for ${plural(symbols.length, 'symbol')} such as ${symbols[0] ?? ''}`
  return {
    package: owner,
    subject: PRIVATE,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    message:
      `${packageId(owner)} (${some(names)}) demands ${PRIVATE}${asks}: it works with the glibc it was built with, and perhaps no other.` +
      (pieces ? ' The files are pieces of a C library without the rest of it.' : ''),
    objects: names,
    evidence: { symbols: symbols.slice(0, SHOWN), count: symbols.length },
    repairs: pieces
      ? names.map((name) => ({
          kind: 'exclude' as const,
          target: `${packageId(owner)} ${name}`,
          text: `Leave ${name} out of ${packageId(owner)}: the image has the C library.`,
        }))
      : [
          {
            kind: 'advice',
            target: packageId(owner),
            text: `Rebuild ${packageId(owner)} without functions of ${PRIVATE}.`,
          },
        ],
  }
}

function privateSymbols(facts: Facts, { path }: PackageObject): readonly string[] {
  const world = facts.worlds[0]
  const file = world === undefined ? undefined : facts.audit.worlds[world]?.world.symbolFile(path)
  if (file === undefined) return []
  const { references } = file
  const names: string[] = []
  for (let i = 0; i < references.count; i += 1) {
    if (file.versionName(references.versions[i] ?? 0) === PRIVATE) names.push(references.text(i))
  }
  return names
}
