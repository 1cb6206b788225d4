/** DUP005: a library's own functions are replaced by those of another package in the same process. */
import type { Interposition } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import { nameOf } from './facts/cxx-abi.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { copyName, plural, some } from './words.ts'

const SHOWN = 10

export const interpositionRisk: Rule = defineRule({
  id: 'DUP005',
  name: 'interposition-risk',
  severity: 'note',
  summary:
    'Two packages of one process define the same symbols, and one library is given the other one’s in place of its own.',
  why: 'The library that is loaded first serves everybody, and the other one calls code that it was not built with.',
  remedy:
    'Build the library with hidden visibility, -Bsymbolic or a version script, or link both with one shared copy.',
  accept: 'Where both are built from the same sources: `rules: {DUP005: off}` in airtight.yaml.',
  judge: (facts) => grouped(facts).map((group) => draft(facts, group)),
})

/** One group for each object whose definitions are passed over; the base where there is one, for that is what will run. */
function grouped(facts: Facts): readonly (readonly [Interposition, ...Interposition[]])[] {
  const world = facts.audit.worlds.base ?? facts.audit.worlds.host
  const groups = new Map<string, [Interposition, ...Interposition[]]>()
  for (const one of world?.symbols.interposed ?? []) {
    const known = groups.get(one.object.path)
    if (known === undefined) groups.set(one.object.path, [one])
    else known.push(one)
  }
  return [...groups.values()]
}

function draft(facts: Facts, group: readonly [Interposition, ...Interposition[]]): Draft {
  const [first] = group
  const { object } = first
  const symbols = [...new Set(group.flatMap((one) => one.symbols))].sort()
  const winners = group.map(({ winner }) => copyName({ object: winner, owner: winner.owner, path: winner.path }))
  const sample = symbols[0] ?? ''
  const base = facts.audit.worlds.base === undefined ? 'host' : 'base'
  return {
    package: object.owner,
    subject: object.reading.object?.soname ?? object.relative,
    world: base,
    message:
      `${packageId(object.owner)} ${object.relative} defines ${plural(symbols.length, 'symbol')} such as ` +
      `${nameOf(sample)?.text ?? sample} for its own use, and is given those of ${some(winners)}, loaded before it.`,
    objects: [object.relative],
    evidence: {
      winners: group.map(({ winner, symbols: own, root }) => ({
        package: packageId(winner.owner),
        path: winner.path,
        symbols: own.slice(0, SHOWN),
        count: own.length,
        root,
      })),
    },
    repairs: [
      {
        kind: 'advice',
        target: `${packageId(object.owner)} ${object.relative}`,
        text: `Build ${object.relative} of ${packageId(object.owner)} with -Bsymbolic or hidden visibility.`,
      },
    ],
  }
}
