/** DUP003: a library of which a process must have one copy stands there twice, or is not the one that was built for. */
import type { ResolvedNeed, WorldName } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { World } from '../domain/system.ts'
import { doubledDraft, membersText, rootNames } from './doubled-drafts.ts'
import type { Facts } from './facts/facts.ts'
import type { Doubled } from './facts/processes.ts'
import type { Use } from './facts/uses.ts'
import { answer } from './facts/uses.ts'
import { globTest } from '../policy/glob.ts'
import type { Flavour, Singleton } from './knowledge/types.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some } from './words.ts'

export const singletonDuplicated: Rule = defineRule({
  id: 'DUP003',
  name: 'singleton-duplicated',
  severity: 'error',
  summary:
    'A library of which a process must have one copy is loaded twice, or is not the kind that the object was built for.',
  why: 'Schedulers, interpreters, event loops and allocators keep the state of a process. Two of them fail where state is shared, and far from the cause.',
  remedy:
    'Take versions of the packages that were built with one and the same library, or load one of the two users in a process of its own.',
  accept: 'Where the two are known never to meet: `rules: {DUP003: warn}` in airtight.yaml.',
  judge: (facts) => [
    ...facts.doubled.flatMap((doubled) =>
      doubled.singleton === null ? [] : [twice(facts, doubled, doubled.singleton)],
    ),
    ...otherKind(facts),
  ],
})

function twice(facts: Facts, doubled: Doubled, singleton: Singleton): Draft {
  return doubledDraft(facts, doubled, {
    severity: singleton.severity,
    message:
      `One process of ${some(rootNames(facts, doubled))} has ${singleton.title} more than once: ${membersText(facts, doubled)}. ` +
      `${sentence(singleton.reason)}.`,
    repairs: [
      {
        kind: 'advice',
        target: singleton.name,
        text: `Take versions of the packages that use one of ${some(doubled.members.map((member) => member.soname))}.`,
      },
    ],
  })
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Objects that were built for one kind of a library and get another, by package. */
function otherKind(facts: Facts): readonly Draft[] {
  const drafts = new Map<string, Draft>()
  for (const use of facts.uses) {
    const singleton = facts.singletons.of(use.name)
    if (singleton === null || singleton.flavours.length === 0) continue
    for (const world of facts.worlds) {
      const draft = wrongKind(facts, singleton, use, world, answer(use, world))
      if (draft === null) continue
      const key = `${packageId(use.object.owner)}\0${draft.subject}`
      const known = drafts.get(key)
      drafts.set(key, known === undefined ? draft : { ...known, objects: [...known.objects, ...draft.objects] })
    }
  }
  return [...drafts.values()]
}

function wrongKind(
  facts: Facts,
  singleton: Singleton,
  use: Use,
  world: WorldName,
  need: ResolvedNeed | null,
): Draft | null {
  const place = facts.audit.worlds[world]?.world
  if (need?.file == null || place === undefined) return null
  const file = need.file
  const taken = singleton.flavours.find((flavour) =>
    place.definitions(file, flavour.defines).some((symbol) => symbol.defined),
  )
  const built = builtFor(place, singleton, use.object.path)
  if (taken === undefined || built === null || taken === built) return null
  const owner = packageId(use.object.owner)
  return {
    package: use.object.owner,
    subject: singleton.name,
    world,
    confidence: 'inferred',
    message: `${owner} (${use.object.relative}) was built for ${built.name} and gets ${taken.name}: ${need.file}. ${sentence(singleton.reason)}.`,
    objects: [use.object.relative],
    evidence: { built_for: built.name, gets: taken.name, file: need.file, name: use.name },
    repairs: [
      {
        kind: 'requires',
        target: `${owner} ${built.name}`,
        text: `Let ${owner} require a package of ${built.name}, or rebuild it for ${taken.name}.`,
      },
    ],
  }
}

/** The first kind whose symbols the object asks for: what it was compiled against shows in its imports. */
function builtFor(world: World, singleton: Singleton, path: string): Flavour | null {
  const wanted = world.symbols(path).symbols.filter((symbol) => !symbol.defined)
  return (
    singleton.flavours.find((flavour) => {
      const test = globTest(flavour.imports)
      return wanted.some((symbol) => test(symbol.name))
    }) ?? null
  )
}
