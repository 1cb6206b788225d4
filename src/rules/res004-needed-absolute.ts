/** RES004: a DT_NEEDED entry holds a path. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import { baseName } from './facts/copies.ts'
import type { Use, UseGroup } from './facts/uses.ts'
import { groupUses } from './facts/uses.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, some, witnesses } from './words.ts'

export const neededAbsolute: Rule = defineRule({
  id: 'RES004',
  name: 'needed-absolute',
  severity: 'warn',
  summary: 'A DT_NEEDED entry holds a path instead of a name.',
  why: 'The loader opens exactly that file and searches nowhere: no library path, no run path and no other place helps.',
  remedy: 'Give the library a DT_SONAME and link again, or replace the entry by the bare name.',
  accept: '`rules: {RES004: off}` in airtight.yaml where the path is part of a contract, such as a fixed mount.',
  judge: (facts) => groupUses(facts.uses.filter(isPath)).map((group) => draft(facts, group)),
})

/** Answers carry names with tokens expanded: a path that is written as such stands in the object itself. */
function isPath({ name, object }: Use): boolean {
  return name.includes('/') && (object.reading.object?.needs ?? []).some((need) => need.name === name)
}

function draft(facts: Facts, group: UseGroup): Draft {
  const needs = group.uses.flatMap((use) => [use.host, use.base]).filter((need) => need !== null)
  const exists = needs.filter((need) => need.file !== null).map((need) => need.world)
  const absent = facts.worlds.filter((world) => !exists.includes(world))
  const state =
    absent.length === 0
      ? 'The file is there today.'
      : `It does not exist ${absent.map((w) => (w === 'host' ? 'on the host' : 'in the base')).join(' and ')}.`
  return {
    package: group.owner,
    subject: group.name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    message: `${packageId(group.owner)} (${some(witnesses(group.uses))}) asks for the file ${group.name} instead of a library name. ${state}`,
    objects: witnesses(group.uses),
    evidence: { exists, bindings: bindingEvidence(group.uses) },
    repairs: [
      {
        kind: 'advice',
        target: `${packageId(group.owner)} ${group.name}`,
        text: `Link with -Wl,-soname and replace the entry by ${baseName(group.name)}.`,
      },
    ],
  }
}
