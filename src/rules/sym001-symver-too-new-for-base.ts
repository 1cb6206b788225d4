/** SYM001: a version that is newer than all the system has of its family. */
import type { RepairHint } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { GapGroup } from './facts/version-gaps.ts'
import { definedBy, demandsOf, gapGroups } from './facts/version-gaps.ts'
import { newestOf } from './facts/version-nodes.ts'
import { isLibc } from './knowledge/lookup.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import {
  groupObjects,
  missingVersions,
  newerAction,
  sonamesOf,
  spokenWorld,
  symbolSentence,
  worldsOf,
} from './version-drafts.ts'
import { some, systemFile, systemName } from './words.ts'

export const symverTooNewForBase: Rule = defineRule({
  id: 'SYM001',
  name: 'symver-too-new-for-base',
  severity: 'error',
  summary: 'An object demands a version of a library that is newer than what the system has.',
  why: 'The loader compares versions before anything runs, and ends the start where one is not defined.',
  remedy:
    'Build the package on a system as old as the base, take a newer base, or bring the newer library as a package.',
  accept:
    'Only where the object is never loaded in the image: leave the file out with `ignore_paths` in airtight.yaml.',
  judge: (facts) => gapGroups(facts).tooNew.map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: GapGroup): Draft {
  const world = spokenWorld(group)
  const place = systemName(facts.audit, world)
  const gaps = group.gaps.filter((gap) => gap.world === world)
  const worst = gaps.find((gap) => gap.version === group.newest) ?? gaps.at(-1)
  const provider = worst?.provider ?? ''
  const soname = worst?.soname ?? ''
  const has = newestOf(group.family, definedBy(facts, world, provider))
  const versions = missingVersions(facts, { ...group, gaps })
  const objects = groupObjects(group)
  const nodes = [...new Set(versions.map(({ version }) => version))]
  return {
    package: group.owner,
    subject: group.newest,
    world: worldsOf(group),
    ...(group.gaps.every((gap) => gap.alone) ? { severity: 'warn', confidence: 'inferred' } : {}),
    message:
      `${packageId(group.owner)} (${some(objects)}) demands ${some([...nodes].reverse())} of ${some(sonamesOf(versions))}, and ` +
      `${place} has ${has ?? 'nothing of the kind'} at most, in ${systemFile(facts.audit, world, provider)}.` +
      symbolSentence(versions, place),
    objects,
    evidence: {
      family: group.family,
      needs: group.newest,
      has,
      provider,
      os_package: facts.audit.worlds[world]?.ownerOf(provider) ?? null,
      versions,
      demands: demandsOf(facts, group.owner, world),
      root: worst?.root ?? null,
    },
    repairs: repairs(facts, group, soname, place),
  }
}

function repairs(facts: Facts, group: GapGroup, soname: string, place: string): RepairHint[] {
  const rebuild: RepairHint = {
    kind: 'advice',
    target: group.newest,
    text: `Build ${packageId(group.owner)} on a system as old as ${place}, or take a base that has ${group.newest}.`,
    ...newerAction(group),
  }
  // The C library comes with its loader, so that nobody can bring it along.
  if (isLibc(soname)) return [rebuild]
  const file = newerOnHost(facts, group, soname)
  if (file === null) return [rebuild]
  const text = `Graft ${file} of the host, which has ${group.newest}.`
  return [{ kind: 'graft', target: soname, text, ...newerAction(group) }, rebuild]
}

/** The host's own file for the name, where that has the newest version demanded. */
function newerOnHost(facts: Facts, group: GapGroup, soname: string): string | null {
  const need = facts.audit.worlds.host?.needs.find(
    (one) => one.name === soname && one.object.owner === group.owner && one.provider?.kind === 'host',
  )
  if (need?.file == null || !definedBy(facts, 'host', need.file).includes(group.newest)) return null
  return need.file
}
