/** REQ006: a need is satisfied only by a build requirement. */
import { packageId } from '../domain/context.ts'
import type { BuiltWith } from './facts/build-time.ts'
import { buildTimeEvidence, builtWithLibrary, builtWithText } from './facts/build-time.ts'
import type { Facts } from './facts/facts.ts'
import type { UseGroup } from './facts/uses.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { requirementDraft, suggestedRange } from './requirement-drafts.ts'
import { bindingEvidence, some, witnesses } from './words.ts'

export const privateBuildLeak: Rule = defineRule({
  id: 'REQ006',
  name: 'private-build-leak',
  severity: 'error',
  summary: 'An object needs a library of a package that is required only for building.',
  why: 'build_requires and private_build_requires are gone at run time: the library was linked and is not brought along.',
  remedy: 'Move the requirement to `requires`, or link the library statically.',
  accept: 'Never: at run time the requirement does not exist.',
  judge: (facts) => [...present(facts), ...absent(facts)],
})

/** The package is in the context, brought along by another one. */
function present(facts: Facts): readonly Draft[] {
  return facts.owed
    .filter((owed) => owed.kind === 'build-only')
    .map((owed) =>
      requirementDraft(facts, owed, facts.purpose === 'lint' ? 'error' : 'warn', 'which is required only for building'),
    )
}

interface Absent {
  readonly built: BuiltWith
  readonly groups: UseGroup[]
}

/** The package is not in the context at all: what it had is missing, or taken from a system. */
function absent(facts: Facts): readonly Draft[] {
  const here = new Set(facts.context.packages.map((item) => item.name))
  const found = new Map<string, Absent>()
  for (const group of (['RES001', 'HST002', 'HST001'] as const).flatMap((verdict) => facts.judged(verdict))) {
    const built = builtWithLibrary(facts.audit, group.owner, group.name)
    if (built === null || here.has(built.name)) continue
    if (built.relation !== 'build_requires' && built.relation !== 'private_build_requires') continue
    const key = `${packageId(group.owner)}\0${built.name}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { built, groups: [group] })
    else known.groups.push(group)
  }
  return [...found.values()].flatMap((one) => absentDraft(facts, one))
}

function absentDraft(facts: Facts, { built, groups }: Absent): readonly Draft[] {
  const [first] = groups
  if (first === undefined) return []
  const uses = groups.flatMap((group) => group.uses)
  const names = [...new Set(groups.map((group) => group.name))].sort()
  const owner = packageId(first.owner)
  const version = built.id.slice(built.name.length + 1)
  return [
    {
      package: first.owner,
      subject: built.name,
      world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
      message: `${owner} (${some(witnesses(uses))}) needs ${some(names)}. At build time ${names.length === 1 ? 'it' : 'they'} came from ${builtWithText(built)}, and no package of this name is in the context.`,
      objects: witnesses(uses),
      evidence: { sonames: names, bindings: bindingEvidence(uses), ...buildTimeEvidence(built) },
      repairs: [
        {
          kind: 'requires',
          target: `${first.owner.name} ${built.name}`,
          text: `Add '${suggestedRange(built.name, version)}' to requires of ${owner}.`,
        },
      ],
    },
  ]
}
