/** RES001: a needed library is found nowhere. */
import type { LibraryLink, RepairHint, ResolvedNeed, Severity, WorldName } from '../domain/audit.ts'
import type { Candidate } from '../domain/closure.ts'
import { packageId } from '../domain/context.ts'
import { buildTimeEvidence, buildTimeSentence, builtWithLibrary } from './facts/build-time.ts'
import type { Copy } from './facts/copies.ts'
import { baseName, folderName } from './facts/copies.ts'
import { normalPath } from './facts/presence.ts'
import type { Facts } from './facts/facts.ts'
import { packageRepairs, unknownInBase, unknownSentence } from './facts/unknown.ts'
import type { UseGroup } from './facts/uses.ts'
import { isMissing, isUnsure } from './facts/verdicts.ts'
import { trailOf } from './facts/trails.ts'
import { relativeTo } from './run-path-drafts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, blamePath, copyName, nowhere, rootedFolder, some, witnesses, worldsWhere } from './words.ts'

export const libMissing: Rule = defineRule({
  id: 'RES001',
  name: 'lib-missing',
  severity: 'error',
  cause: 'need-absent',
  summary: 'A needed library is found nowhere.',
  why: 'The loader stops at the first library that is missing: the program does not start, the plugin is not loaded.',
  remedy: 'Require the package that has the library, put its folder on the library path, or install the OS package.',
  accept:
    'Where the object is loaded only inside a program that brings the library: name the program under `plugins` in airtight.yaml.',
  judge: (facts) => facts.judged('RES001').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const like = group.uses[0]?.object ?? null
  const holders = facts.copies.anyCopies(group.name, like)
  const world = worldsWhere(group.uses, isMissing) ?? 'both'
  const where = nowhere(facts.audit, world === 'both' ? ['host', 'base'] : [world])
  const trail = trailOf(facts, group, isMissing)
  const link = openedLink(facts, trail)
  const stopped = trail.find((candidate) => candidate.verdict === 'fatal')
  const holder = holders[0]
  // Missing on the host as well, it is missing whatever the base has.
  const unknown = world === 'base' ? unknownInBase(facts, group.name) : null
  const built = builtWithLibrary(facts.audit, group.owner, group.name)
  const needs = group.uses.flatMap((use) => [use.base, use.host].find(isMissing) ?? [])
  const second =
    stopped !== undefined
      ? ` The search stops at ${stopped.path}: ${stopped.reason ?? 'not loadable'}.`
      : holder !== undefined
        ? ` ${copyName(holder)} has the name, but ${folderName(holder.path)} is on no search path of the object.${byLink(link)}`
        : ' No package of the context has a file of that name.'
  const unsure = unknown === null ? '' : ` ${unknownSentence(unknown, group.name)}`
  return {
    package: group.owner,
    subject: group.name,
    world,
    ...(unknown === null ? grade(group, needs, world) : { severity: 'warn' as const, confidence: 'inferred' as const }),
    message: `${packageId(group.owner)} (${some(witnesses(group.uses))}) needs ${group.name}, which is ${lack(facts, needs, where)}.${second}${unsure}${buildTimeSentence(built, group.name)}`,
    objects: witnesses(group.uses),
    evidence: {
      held_by: holders.map((copy) => ({ package: packageId(copy.owner), path: copy.path })),
      trail: trail.slice(0, 40),
      path: blamePath(facts, group.uses),
      bindings: bindingEvidence(group.uses),
      ...buildTimeEvidence(built),
    },
    repairs: [
      ...(unknown === null ? [] : packageRepairs(unknown)),
      ...(stopRepairs(facts, stopped) ??
        repairs(
          group,
          holders.find((copy) => isForOthers(facts, group, copy)),
          link,
        )),
    ],
  }
}

/** What some process finds is not nowhere: told is where it is missed. */
function lack(facts: Facts, needs: readonly ResolvedNeed[], where: string): string {
  const [first] = needs
  if (first === undefined || !needs.every((need) => need.metElsewhere)) return `found nowhere ${where}`
  const owner = facts.audit.owner(first.root)
  const root = `${baseName(first.root)}${owner === null ? '' : ` of ${packageId(owner)}`}`
  return `not found ${where} in the process of ${root}, though others find it`
}

/** The link by which the object was opened: `$ORIGIN` is its folder (elf/dl-object.c `_dl_new_object`). */
function openedLink(facts: Facts, trail: readonly Candidate[]): LibraryLink | null {
  for (const { stage, origin } of trail) {
    if (origin === null || (stage !== 'rpath' && stage !== 'runpath')) continue
    const link = facts.audit.links.find(({ path, file }) => file !== null && path === normalPath(origin))
    if (link?.file != null && folderName(link.file) !== folderName(link.path)) return link
  }
  return null
}

function byLink(link: LibraryLink | null): string {
  return link === null ? '' : ` It was opened by the link ${link.path}, whose folder is $ORIGIN then.`
}

/** Missing only on the host, the image has it. */
function grade(
  group: UseGroup,
  needs: readonly ResolvedNeed[],
  world: WorldName | 'both',
): { severity?: Severity; confidence?: 'inferred' } {
  if (needs.every(isUnsure)) return { severity: 'warn', confidence: 'inferred' }
  const baseHasIt = group.uses.every((use) => use.base !== null && !isMissing(use.base))
  return world === 'host' && baseHasIt ? { severity: 'warn' } : {}
}

/**
 * Whether the folder of a copy may go on the library path: one that is public, or of a package that is required and that
 * holds nothing which others take from the system. Other folders are for the programs of their own package.
 */
function isForOthers({ requirements, copies, audit }: Facts, group: UseGroup, { object, owner, path }: Copy): boolean {
  if (object.public) return true
  if (owner !== group.owner && requirements.chain(group.owner, owner.name) === null) return false
  const folder = folderName(path)
  return Object.values(audit.worlds).every((world) =>
    world.needs.every(({ name, file }) => {
      if (file === null || audit.owner(file) !== null) return true
      return copies.anyCopies(name, null).every((copy) => folderName(copy.path) !== folder)
    }),
  )
}

/** Behind a file of a package that stops the search nothing helps, neither another package nor a copy. */
function stopRepairs({ audit }: Facts, stopped: Candidate | undefined): RepairHint[] | null {
  const owner = stopped === undefined ? null : audit.owner(stopped.path)
  if (stopped === undefined || owner === null) return null
  const text = `Put a library in the place of ${stopped.path} of ${packageId(owner)}, or take its folder off the search path.`
  return [{ kind: 'advice', target: stopped.path, text }]
}

function repairs(group: UseGroup, holder: Copy | undefined, link: LibraryLink | null): RepairHint[] {
  if (holder === undefined) {
    return [
      {
        kind: 'advice',
        target: group.name,
        text: `Require a package that has ${group.name}, or install it in the image.`,
        action: { kind: 'library', soname: group.name, file: null },
      },
    ]
  }
  const folder = folderName(holder.path)
  const owner = packageId(holder.owner)
  return [
    {
      kind: 'environment',
      target: `${owner} LD_LIBRARY_PATH`,
      text: `env.LD_LIBRARY_PATH.append('${rootedFolder(holder.owner, folder, holder.object)}') in commands() of ${owner}, or ${wayIn(group, folder, link)}.`,
      action: { kind: 'environment', owner: holder.owner, variable: 'LD_LIBRARY_PATH', op: 'append', folder },
    },
  ]
}

/** The run path that leads to the folder wherever the packages stand. */
function wayIn(group: UseGroup, folder: string, link: LibraryLink | null): string {
  const objects = group.uses.map(({ object }) => object).sort((a, b) => (a.relative < b.relative ? -1 : 1))
  const ways = new Set(
    objects.map((object) => relativeTo(folderName(object.path === link?.file ? link.path : object.path), folder)),
  )
  const [way = folder] = ways
  if (ways.size > 1) return `the run path ${way} in ${objects[0]?.relative ?? ''}, and the like in the others`
  return `the run path ${way} in ${some(witnesses(group.uses))}`
}
