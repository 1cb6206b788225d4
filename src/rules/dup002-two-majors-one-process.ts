/** DUP002: two majors of one library in one process. */
import type { ElfObject } from '../domain/object.ts'
import { doubledDraft, membersText, rootNames } from './doubled-drafts.ts'
import type { Facts } from './facts/facts.ts'
import type { Doubled } from './facts/processes.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some } from './words.ts'

export const twoMajorsOneProcess: Rule = defineRule({
  id: 'DUP002',
  name: 'two-majors-one-process',
  severity: 'warn',
  summary: 'Two majors of one library are loaded into one process.',
  why: 'Symbols without versions are bound to the copy that comes first, for users of the other one too; objects of one handed to the other crash.',
  remedy: 'Build both users against one major, or take a version of one of the packages that was.',
  accept: 'It is a note where symbol versions keep the two apart; `rules: {DUP002: note}` where they never meet.',
  judge: (facts) =>
    facts.doubled.filter((doubled) => doubled.singleton === null).map((doubled) => draft(facts, doubled)),
})

function draft(facts: Facts, doubled: Doubled): Draft {
  const apart = keptApart(facts, doubled)
  const names = doubled.members.map((member) => member.soname)
  return doubledDraft(facts, doubled, {
    ...(apart ? { severity: 'note' as const } : {}),
    message:
      `${some(names)} are loaded into one process of ${some(rootNames(facts, doubled))}: ${membersText(facts, doubled)}.` +
      (apart ? ' Their symbol versions keep them apart.' : ''),
    repairs: [
      {
        kind: 'advice',
        target: doubled.subject,
        text: `Let all of ${some(rootNames(facts, doubled))} use one of ${some(names)}: rebuild, or take other versions of the packages.`,
      },
    ],
  })
}

/** All copies define version nodes, and no two of them the same. */
function keptApart(facts: Facts, doubled: Doubled): boolean {
  const world = facts.audit.worlds[doubled.world]?.world
  const seen = new Set<string>()
  for (const member of doubled.members) {
    const nodes = nodesOf(world?.read(member.file).object ?? null)
    if (nodes.length === 0 || nodes.some((node) => seen.has(node))) return false
    for (const node of nodes) seen.add(node)
  }
  return true
}

function nodesOf(object: ElfObject | null): readonly string[] {
  return (object?.versionDefinitions ?? []).filter((node) => !node.base).map((node) => node.name)
}
