/** SYM006: an object is built for processors above the level that the base declares. */
import type { PackageObject, WorldName } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import { EM_386, EM_X86_64 } from '../domain/object.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemName } from './words.ts'

export const isaAboveBaseline: Rule = defineRule({
  id: 'SYM006',
  name: 'isa-above-baseline',
  severity: 'warn',
  summary: 'An object says that it needs a processor above the level of the system.',
  why: 'On a machine of the lower level the loader refuses the object (glibc 2.33 and later), or the program ends with an illegal instruction.',
  remedy:
    'Build for the level of the base, or keep the object in a glibc-hwcaps folder beside a plain one; or declare the level with `cpu` in base.yaml.',
  accept: 'Where all machines have the level, say so: `cpu: x86-64-v3` in base.yaml.',
  judge: (facts) => groupObjects(facts).map((group) => draft(facts, group)),
})

interface Group {
  readonly owner: Package
  readonly level: number
  readonly objects: readonly PackageObject[]
  readonly worlds: ReadonlySet<WorldName>
}

function groupObjects(facts: Facts): readonly Group[] {
  const groups = new Map<string, { owner: Package; level: number; objects: PackageObject[]; worlds: Set<WorldName> }>()
  for (const object of facts.audit.objects) {
    const level = levelOf(object)
    // A folder of glibc-hwcaps is searched on processors of its level only.
    if (level <= hwcapsLevel(object.path)) continue
    const worlds = facts.worlds.filter((world) => level > systemLevel(facts, world, object))
    if (worlds.length === 0) continue
    const key = `${facts.context.packages.indexOf(object.owner)}\0${level}`
    const group = groups.get(key) ?? { owner: object.owner, level, objects: [], worlds: new Set<WorldName>() }
    groups.set(key, group)
    group.objects.push(object)
    for (const world of worlds) group.worlds.add(world)
  }
  return [...groups.values()]
}

/** GNU_PROPERTY_X86_ISA_1_NEEDED as a level: 1 is x86-64, 4 is x86-64-v4; 0 where nothing is said. */
function levelOf({ reading }: PackageObject): number {
  const { machine } = reading.header ?? {}
  if (machine !== EM_X86_64 && machine !== EM_386) return 0
  return 32 - Math.clz32((reading.object?.properties.isaNeeded ?? 0) & 0xf)
}

function hwcapsLevel(path: string): number {
  return Number(/\/glibc-hwcaps\/x86-64-v([234])\//.exec(path)?.[1] ?? 1)
}

/** The level that a system's programs may count on; the highest where the system has no loader for the object. */
function systemLevel(facts: Facts, world: WorldName, object: PackageObject): number {
  const { machine = 0, class: elfClass = 0 } = object.reading.header ?? {}
  const setup = facts.audit.worlds[world]?.world.system.loader(null, machine, elfClass) ?? null
  return setup === null ? 4 : 32 - Math.clz32(setup.isa)
}

function draft(facts: Facts, { owner, level, objects, worlds }: Group): Draft {
  const names = objects.map(({ relative }) => relative).sort()
  const world: WorldName = worlds.has('base') ? 'base' : 'host'
  const first = objects[0]
  const has = first === undefined ? 1 : systemLevel(facts, world, first)
  return {
    package: owner,
    subject: levelName(level),
    world: worlds.size > 1 ? 'both' : world,
    message:
      `${packageId(owner)} (${some(names)}) needs a processor of level ${levelName(level)}; ` +
      `${systemName(facts.audit, world)} counts on ${levelName(has)}.`,
    objects: names,
    evidence: { level: levelName(level), baseline: levelName(has), count: names.length },
    repairs: [
      {
        kind: 'advice',
        target: levelName(level),
        text: `Build ${packageId(owner)} for ${levelName(has)}, or declare ${levelName(level)} as the level of the base.`,
      },
    ],
  }
}

function levelName(level: number): string {
  return level <= 1 ? 'x86-64' : `x86-64-v${level}`
}
