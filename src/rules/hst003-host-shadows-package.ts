/** HST003: a public copy is in the context, yet the system's copy wins. */
import type { RepairHint, Severity } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Copy } from './facts/copies.ts'
import { folderName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import type { UseGroup } from './facts/uses.ts'
import type { LostSymbols } from './facts/lost-symbols.ts'
import { lostSymbols } from './facts/lost-symbols.ts'
import { fromSystem, isMissing } from './facts/verdicts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import {
  bindingEvidence,
  blamePath,
  copyName,
  firstNeed,
  judgedAlone,
  rootedFolder,
  some,
  systemFile,
  systemName,
  witnesses,
  worldsWhere,
} from './words.ts'

export const hostShadowsPackage: Rule = defineRule({
  id: 'HST003',
  name: 'host-shadows-package',
  severity: 'error',
  summary: 'A package of the context has a public copy of the library, yet the copy of the system wins.',
  why: 'The version that was resolved, tested and released is not the one that runs; in the image another one runs, or none.',
  remedy:
    "Put the package's library folder on LD_LIBRARY_PATH in its commands(), or give the object a run path that leads there.",
  accept:
    'Mark the folder as private with `private_dirs` in airtight.yaml where the copy is not meant for other packages.',
  judge: (facts) => facts.judged('HST003').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const need = firstNeed(group, fromSystem)
  const world = need?.world ?? 'host'
  const file = need?.file ?? ''
  const copies = facts.copies.publicCopies(group.name, group.uses[0]?.object ?? null)
  const copy = preferred(facts, group, copies)
  const lacks = group.uses.some((use) => fromSystem(use.host) && isMissing(use.base))
  const same = sameBuild(facts, need?.world, file, copies)
  const reason = reasonFor(copy)
  const lost = copy === null || same ? null : lostFrom(facts, group, world, copy, file)
  const then = lacks ? ` ${systemName(facts.audit, 'base').replace(/^the/, 'The')} has no copy at all.` : ''
  return {
    package: group.owner,
    subject: group.name,
    world: worldsWhere(group.uses, fromSystem) ?? 'host',
    ...grade(facts, group, copy, lacks, same),
    // Without the host this is a library that is missing: one baseline serves both.
    ...(lacks ? { cause: 'need-absent' } : {}),
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) takes ${systemFile(facts.audit, world, file)} of ` +
      `${systemName(facts.audit, world)} although the context has ${copies.map(copyName).join(', ')}: ${reason}.${lostText(lost)}${then}`,
    objects: witnesses(group.uses),
    evidence: {
      file,
      os_package: facts.audit.worlds[world]?.ownerOf(file) ?? null,
      copies: copies.map((item) => ({
        package: packageId(item.owner),
        path: item.object.path,
        build_id: item.object.reading.object?.buildId ?? null,
      })),
      build_id: facts.audit.worlds[world]?.world.read(file).object?.buildId ?? null,
      base: baseAnswer(facts, group, lacks),
      ...(lost === null ? {} : { symbols_asked: lost.asked, symbols_lost: lost.lost.slice(0, SHOWN_SYMBOLS) }),
      path: blamePath(facts, group.uses),
      bindings: bindingEvidence(group.uses),
    },
    repairs: copy === null ? [] : repairs(copy),
  }
}

function reasonFor(copy: Copy | null): string {
  if (copy === null || copy.object.onLibraryPath) return 'a run path or the order of search leads to the system first'
  return `${packageId(copy.owner)} does not put ${folderName(copy.path)} on the library path`
}

function lostFrom(facts: Facts, group: UseGroup, world: 'host' | 'base', copy: Copy, file: string): LostSymbols | null {
  const place = facts.audit.worlds[world]?.world
  if (place === undefined || place.symbols(file).unknown === true) return null
  const objects = [...new Set(group.uses.map((use) => use.object.path))].sort()
  return lostSymbols(place, objects, copy.object.path, file)
}

const SHOWN_SYMBOLS = 20

function lostText(lost: LostSymbols | null): string {
  const [first] = lost?.lost ?? []
  if (lost === null || first === undefined) return ''
  return ` The copy that wins lacks ${lost.lost.length} of the ${lost.asked} symbols asked for, such as ${first}.`
}

/** The copy that was meant: the package's own, then one it requires, then the first of the context. */
function preferred(facts: Facts, group: UseGroup, copies: readonly Copy[]): Copy | null {
  const direct = facts.requirements.direct(group.owner)
  return (
    copies.find((copy) => copy.owner === group.owner) ??
    copies.find((copy) => direct.has(copy.owner.name)) ??
    copies[0] ??
    null
  )
}

function sameBuild(facts: Facts, world: 'host' | 'base' | undefined, file: string, copies: readonly Copy[]): boolean {
  if (world === undefined) return false
  const id = facts.audit.worlds[world]?.world.read(file).object?.buildId ?? null
  return id !== null && copies.every((copy) => copy.object.reading.object?.buildId === id)
}

/** One build in both places changes nothing while the base has it; a copy that nobody asked for is a suspicion. */
function grade(
  facts: Facts,
  group: UseGroup,
  copy: Copy | null,
  lacks: boolean,
  same: boolean,
): { severity?: Severity; confidence?: 'inferred' } {
  if (judgedAlone(group.uses)) return { severity: same && !lacks ? 'note' : 'warn', confidence: 'inferred' }
  if (lacks) return {}
  if (same) return { severity: 'note' }
  const meant =
    copy === null ||
    copy.object.onLibraryPath ||
    copy.owner === group.owner ||
    facts.requirements.chain(group.owner, copy.owner.name) !== null
  return meant ? {} : { severity: 'warn', confidence: 'inferred' }
}

function baseAnswer(facts: Facts, group: UseGroup, lacks: boolean): string {
  if (facts.audit.worlds.base === undefined) return 'not-judged'
  if (lacks) return 'lacks'
  return group.uses.some((use) => fromSystem(use.base)) ? 'has' : 'package'
}

function repairs(copy: Copy): RepairHint[] {
  const folder = folderName(copy.path)
  if (copy.object.onLibraryPath) {
    return [
      {
        kind: 'rpath',
        target: packageId(copy.owner),
        text: `Remove the run path that leads to the system before ${folder}.`,
      },
    ]
  }
  return [
    {
      kind: 'environment',
      target: `${packageId(copy.owner)} LD_LIBRARY_PATH`,
      text: `env.LD_LIBRARY_PATH.append('${rootedFolder(copy.owner, folder, copy.object)}') in commands() of ${packageId(copy.owner)}.`,
      action: { kind: 'environment', owner: copy.owner, variable: 'LD_LIBRARY_PATH', op: 'append', folder },
    },
  ]
}
