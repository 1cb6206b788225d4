/** ENV003: LD_PRELOAD or LD_AUDIT names an object that a world does not have. */
import type { WorldName } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { elementsOf, elementSubject } from './facts/environment.ts'
import type { PathElement } from './facts/environment.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { systemName } from './words.ts'

/** How each variable is split (ld.so(8)). */
const VARIABLES = [
  ['LD_PRELOAD', /[ :]/],
  ['LD_AUDIT', /:/],
] as const

export const preloadBad: Rule = defineRule({
  id: 'ENV003',
  name: 'preload-bad',
  severity: 'error',
  summary: 'LD_PRELOAD or LD_AUDIT names an object that is missing.',
  why: 'The loader only warns and goes on: allocator, hook or licence shim are silently not there, and every command of the context prints an error.',
  remedy: 'Bring the object in a package and name it by its path there, or take the line out of commands().',
  accept: 'Where it is only there on some workstations by intention: `rules: {ENV003: warn}`.',
  judge: (facts) =>
    VARIABLES.flatMap(([variable, separators]) =>
      elementsOf(facts.audit, variable, separators, facts.worlds).flatMap((element) => draft(facts, element)),
    ),
})

function draft(facts: Facts, element: PathElement): readonly Draft[] {
  const missing = facts.worlds.filter((world) => !isThere(facts, element, world))
  if (missing.length === 0) return []
  const setter = element.setter === null ? 'the environment' : packageId(element.setter)
  const where = missing.map((world) => systemName(facts.audit, world)).join(' and ')
  const host = facts.worlds.includes('host') && !missing.includes('host')
  return [
    {
      package: element.setter,
      subject: elementSubject(element),
      world: missing.length === 1 ? (missing[0] ?? 'both') : 'both',
      message:
        `${setter} puts ${element.text} into ${element.variable}, which is missing from ${where}` +
        `${host ? '; the host has it' : ''}: the loader warns and starts without it.`,
      objects: [],
      evidence: { variable: element.variable, entry: element.text, missing },
      repairs: [
        {
          kind: 'environment',
          target: `${setter} ${element.variable}`,
          text: `Bring ${element.text} in a package and name it by its path there, or take it out of ${element.variable}.`,
        },
      ],
    },
  ]
}

/** A name with a slash is opened as it is; any other is searched, and then stands in the map of every process. */
function isThere(facts: Facts, element: PathElement, world: WorldName): boolean {
  if (element.text.includes('$')) return true
  if (element.text.startsWith('/')) {
    return element.places.find((item) => item.world === world)?.place?.kind === 'file'
  }
  if (element.text.includes('/')) return true
  const resolved = facts.audit.worlds[world]
  const started = (resolved?.closures ?? []).filter((closure) => closure.interpreter !== null && closure.fatal === null)
  if (element.variable === 'LD_AUDIT' || started.length === 0) return true
  return started.some((closure) =>
    closure.objects.some((object) => object.name === element.text && object.file !== null),
  )
}
