/** Policies from their text, for tests. */
import type { Fault } from '../../src/domain/fault.ts'
import { mergeLayers } from '../../src/policy/merge.ts'
import type { Policy } from '../../src/policy/policy.ts'
import type { Layer, RuleNames } from '../../src/policy/read.ts'
import { readLayer } from '../../src/policy/read.ts'
import { findRule, rules } from '../../src/rules/registry.ts'

export const RULE_NAMES: RuleNames = {
  id: (name) => findRule(name)?.id ?? null,
  all: rules.flatMap((rule) => [rule.id, rule.name]),
}

/** One file of a policy, its schema line left out. */
export function layerOf(text: string, file = 'airtight.yaml'): Layer | readonly Fault[] {
  return readLayer(`schema: airtight/policy/v1\n${text}`, file, RULE_NAMES)
}

/** The policy that some texts make, the weakest first. */
export function policyOf(...texts: readonly string[]): Policy {
  const layers = texts.map((text, at) => layerOf(text, at === texts.length - 1 ? 'airtight.yaml' : `base-${at}.yaml`))
  return mergeLayers(
    layers.map((layer) => {
      if (!('located' in layer)) throw new Error(JSON.stringify(layer))
      return layer
    }),
    RULE_NAMES,
  )
}
