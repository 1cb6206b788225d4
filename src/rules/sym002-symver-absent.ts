/** SYM002: a version that the library which wins does not define. */
import type { RepairHint } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { GapGroup, PlacedGap } from './facts/version-gaps.ts'
import { definedBy, gapGroups } from './facts/version-gaps.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { groupObjects, missingVersions, newerAction, spokenWorld, symbolSentence, worldsOf } from './version-drafts.ts'
import { copyName, some, systemFile, systemName } from './words.ts'

export const symverAbsent: Rule = defineRule({
  id: 'SYM002',
  name: 'symver-absent',
  severity: 'error',
  summary: 'The library that wins does not define a version that an object demands of it.',
  why: 'The object was linked with another build of the library. The loader compares versions before anything runs, and ends the start.',
  remedy:
    'Let the build win that the object was linked with: reorder or replace the package whose copy lacks the version.',
  accept: 'Only where the object is never loaded: leave the file out with `ignore_paths` in airtight.yaml.',
  judge: (facts) => gapGroups(facts).absent.map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: GapGroup): Draft {
  const world = spokenWorld(group)
  const gaps = group.gaps.filter((gap) => gap.world === world)
  const worst = gaps.find((gap) => gap.version === group.newest) ?? gaps.at(-1)
  const versions = missingVersions(facts, { ...group, gaps })
  const provider = worst?.provider ?? ''
  const taken = takenFrom(facts, worst)
  const asking = groupObjects(group)
  const nodes = [...new Set(versions.map(({ version }) => version))]
  const who =
    asking.length > 0
      ? `${packageId(group.owner)} (${some(asking)})`
      : `${systemName(facts.audit, world)} (${some(versions.flatMap(({ objects }) => objects))})`
  return {
    package: group.owner,
    subject: group.newest,
    world: worldsOf(group),
    ...(group.gaps.every((gap) => gap.alone) ? { severity: 'warn', confidence: 'inferred' } : {}),
    message:
      `${who} demands ${some([...nodes].reverse())} of ${worst?.soname ?? ''}, which ${taken} does not define.` +
      symbolSentence(versions, taken),
    objects: asking.length > 0 ? asking : [facts.copies.object(provider)?.relative ?? provider],
    evidence: {
      family: group.family,
      needs: group.newest,
      provider,
      provider_package: worst?.providerOwner == null ? null : packageId(worst.providerOwner),
      defines: definedBy(facts, world, provider),
      versions,
      root: worst?.root ?? null,
    },
    repairs: repairs(facts, group, worst),
  }
}

function takenFrom(facts: Facts, gap: PlacedGap | undefined): string {
  const copy = gap === undefined ? null : facts.copies.object(gap.provider)
  if (gap === undefined) return ''
  if (copy === null) return systemFile(facts.audit, gap.world, gap.provider)
  return copyName({ object: copy, owner: copy.owner, path: copy.path })
}

/** Another copy of the context that defines the version, else a word about builds. */
function repairs(facts: Facts, group: GapGroup, gap: PlacedGap | undefined): RepairHint[] {
  if (gap === undefined) return []
  const other = facts.copies
    .anyCopies(gap.soname, gap.object)
    .find(({ object }) => object.reading.object?.versionDefinitions.some(({ name }) => name === group.newest) === true)
  if (other !== undefined) {
    const text = `Let ${copyName(other)} win, which defines ${group.newest}: put its folder before the other one.`
    return [{ kind: 'environment', target: `${packageId(other.owner)} LD_LIBRARY_PATH`, text }]
  }
  const who = gap.providerOwner === null ? gap.soname : packageId(gap.providerOwner)
  const text = `Use a build of ${who} that defines ${group.newest}.`
  return [{ kind: 'advice', target: who, text, ...newerAction(group) }]
}
