/** SYM005: an object asks for a function with one ABI of std::string, and the library defines it with the other. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { MixedAbi } from './facts/cxx-abi.ts'
import { symbolGroups } from './facts/symbol-gaps.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { copyName, plural, some } from './words.ts'

export const cxx11AbiMixed: Rule = defineRule({
  id: 'SYM005',
  name: 'cxx11-abi-mixed',
  severity: 'warn',
  summary: 'An object asks for functions with one ABI of std::string, and the library defines them with the other.',
  why: 'The VFX Reference Platform went from the old ABI to the new one in CY2023: libraries of both years do not link with each other.',
  remedy: 'Build both with the same value of _GLIBCXX_USE_CXX11_ABI, or take the builds of one platform year.',
  accept: 'Only where the functions are never called: set `rules: {SYM005: note}` in airtight.yaml.',
  judge: (facts) => grouped(symbolGroups(facts).mixed).map((group) => draft(facts, group)),
})

/** One group for each package and each file that has the other ABI. */
function grouped(mixed: readonly MixedAbi[]): readonly (readonly [MixedAbi, ...MixedAbi[]])[] {
  const groups = new Map<string, [MixedAbi, ...MixedAbi[]]>()
  for (const one of mixed) {
    const { owner } = one.gap.object
    const key = `${packageId(owner)}\0${owner.variant ?? ''}\0${one.provider}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [one])
    else known.push(one)
  }
  return [...groups.values()]
}

function draft(facts: Facts, group: readonly [MixedAbi, ...MixedAbi[]]): Draft {
  const [first] = group
  const { owner } = first.gap.object
  const object = facts.copies.object(first.provider)
  const provider = object === null ? first.provider : copyName({ object, owner: object.owner, path: object.path })
  const objects = [...new Set(group.map(({ gap }) => gap.object.relative))].sort()
  const symbols = [...new Set(group.map(({ gap }) => gap.symbol))].sort()
  const names = [...new Set(group.map(({ name }) => name))].sort()
  const worlds = new Set(group.map(({ gap }) => gap.world))
  const [wants, has] = first.wants === 'new' ? ['new', 'old'] : ['old', 'new']
  return {
    package: owner,
    subject: symbols[0] ?? '',
    world: worlds.size > 1 ? 'both' : first.gap.world,
    confidence: 'inferred',
    message:
      `${packageId(owner)} (${some(objects)}) was built for the ${wants} std::string, ${provider} for the ${has} one: ` +
      `${plural(symbols.length, 'function')} such as ${names[0] ?? ''} cannot be bound.`,
    objects,
    evidence: {
      wants: first.wants,
      provider: first.provider,
      provider_package: object === null ? null : packageId(object.owner),
      symbols: symbols.slice(0, 10),
      names: names.slice(0, 10),
      count: symbols.length,
      defined_instead: [...new Set(group.map(({ defined }) => defined))].sort().slice(0, 10),
    },
    repairs: [
      {
        kind: 'advice',
        target: `${provider} ${wants}`,
        text: `Build ${object === null ? first.provider : packageId(object.owner)} or ${packageId(owner)} so that both have the ${wants} std::string (_GLIBCXX_USE_CXX11_ABI=${first.wants === 'new' ? 1 : 0}).`,
      },
    ],
  }
}
