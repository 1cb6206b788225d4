/** SYM003: a symbol that nothing in the process defines. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { SymbolGroup } from './facts/symbol-gaps.ts'
import { symbolGroups } from './facts/symbol-gaps.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { summarise, symbolRepairs, symbolsText } from './symbol-drafts.ts'
import { plural, some } from './words.ts'

export const symbolUndefined: Rule = defineRule({
  id: 'SYM003',
  name: 'symbol-undefined',
  severity: 'warn',
  summary: 'An object refers to a symbol that nothing in the process defines.',
  why: 'The start ends where data is missing; a missing function ends the program when it is first called.',
  remedy: 'Link the object with the library that defines the symbol, or use builds that belong together.',
  accept: 'Where the process that loads the library defines the symbol, declare that with `plugins` in airtight.yaml.',
  judge: (facts) => symbolGroups(facts).plain.map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: SymbolGroup): Draft {
  const { gaps } = group
  const summary = summarise(facts, group)
  const started = gaps.some(({ process }) => process === 'program')
  const atStart = started && gaps.some(({ immediate, process }) => immediate && process === 'program')
  const worlds = new Set(gaps.map(({ world }) => world))
  const [world] = worlds
  const definer = summary.definers[0]
  return {
    package: group.owner,
    subject: gaps[0]?.symbol ?? '',
    world: worlds.size > 1 ? 'both' : (world ?? 'host'),
    ...(atStart ? { severity: 'error' } : {}),
    ...(started ? {} : { confidence: 'inferred' }),
    message:
      `${packageId(group.owner)} (${some(summary.objects)}) refers to ${symbolsText(summary.symbols)} which nothing in ` +
      `${started ? 'the process defines' : 'its process defines when it is loaded alone'}.` +
      (definer === undefined
        ? ''
        : ` ${packageId(definer.owner)} ${definer.relative} of the context defines ${gaps[0]?.symbol ?? ''}, and is not loaded.`) +
      (atStart ? ' The program does not start.' : ''),
    objects: summary.objects,
    evidence: { ...summary.evidence, processes: plural(new Set(gaps.map(({ root }) => root)).size, 'process') },
    repairs: symbolRepairs(facts, group, summary),
  }
}
