/** SYM004: a symbol that nothing defines in a plugin, a Python module, or what these bring. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { SymbolGroup } from './facts/symbol-gaps.ts'
import { symbolGroups } from './facts/symbol-gaps.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { summarise, symbolRepairs, symbolsText } from './symbol-drafts.ts'
import { some } from './words.ts'

export const symbolUndefinedPlugin: Rule = defineRule({
  id: 'SYM004',
  name: 'symbol-undefined-plugin',
  severity: 'note',
  summary:
    'A plugin or Python module refers to a symbol that nothing in the process defines, as far as its program is known.',
  why: 'The program that opens it has to define the symbol. Where it does not, it cannot open the plugin.',
  remedy: 'Name the program that opens the plugin with `plugins` in airtight.yaml, or with `plugin_for` in package.py.',
  accept: 'Nothing breaks where the program defines the symbols: name it with `plugins` in airtight.yaml.',
  judge: (facts) => symbolGroups(facts).plugins.map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: SymbolGroup): Draft {
  const { gaps } = group
  const summary = summarise(facts, group)
  const tried = [...new Set(gaps.flatMap((gap) => gap.tried))].sort()
  const worlds = new Set(gaps.map(({ world }) => world))
  const [world] = worlds
  const modules = gaps.every(({ process }) => process === 'python-module')
  return {
    package: group.owner,
    subject: gaps[0]?.symbol ?? '',
    world: worlds.size > 1 ? 'both' : (world ?? 'host'),
    confidence: tried.length > 0 ? 'inferred' : 'heuristic',
    message:
      `${packageId(group.owner)}: the ${modules ? 'Python module' : 'plugin'} ${some(summary.objects)} refers to ` +
      `${symbolsText(summary.symbols)} which nothing defines, ` +
      (tried.length > 0
        ? `not even in the process of ${some(tried)}.`
        : 'and no program of the context is known to open it.'),
    objects: summary.objects,
    evidence: { ...summary.evidence, class: modules ? 'python-module' : 'plugin', tried },
    repairs: symbolRepairs(facts, group, summary),
  }
}
