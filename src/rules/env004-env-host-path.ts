/** ENV004: a variable points at a path of the host that the base does not have. */
import { packageId } from '../domain/context.ts'
import { elementsOf, elementSubject, isHostOnly } from './facts/environment.ts'
import type { PathElement } from './facts/environment.ts'
import type { Facts } from './facts/facts.ts'
import { isBelow, normalPath } from './facts/presence.ts'
import { libraryOpens } from './knowledge/opens.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { systemName } from './words.ts'

/** Other rules judge these. */
const OTHERS = new Set(['LD_LIBRARY_PATH', 'LD_PRELOAD', 'LD_AUDIT'])

/** What a container gets from the machine that starts it, not from its image. */
const MOUNTED = ['/home', '/root', '/tmp', '/var/tmp', '/run', '/var/run', '/dev', '/proc', '/sys']

export const envHostPath: Rule = defineRule({
  id: 'ENV004',
  name: 'env-host-path',
  severity: 'warn',
  summary: 'A variable of the environment points at a path of the host that the base does not have.',
  why: 'Configurations, plugins and licence files that are read from there are in no package and in no image.',
  remedy: 'Bring the file in a package, install it in the image, or mount it when the image is run.',
  accept:
    'Where the path is mounted at run time: `rules: {ENV004: note}`. Home, temporary and run-time folders are never reported.',
  judge: (facts) =>
    facts.worlds.length < 2
      ? []
      : facts.context.environment.variables
          .filter((variable) => !OTHERS.has(variable.name))
          .flatMap((variable) => elementsOf(facts.audit, variable.name, /[:;]/, facts.worlds))
          .filter((element) => isHostOnly(element) && !isMounted(element.text) && !isSearchedAnyway(element))
          .map((element) => draft(facts, element)),
})

function isMounted(text: string): boolean {
  return MOUNTED.some((folder) => isBelow(normalPath(text), folder))
}

/** Folders that a library searches without the variable, and that the variable has to repeat. */
function isSearchedAnyway({ variable, text }: PathElement): boolean {
  return libraryOpens.some((opens) => opens.variable === variable && opens.keep.includes(text))
}

function draft(facts: Facts, element: PathElement): Draft {
  const setter = element.setter === null ? 'the environment' : packageId(element.setter)
  return {
    package: element.setter,
    subject: elementSubject(element),
    world: 'base',
    message: `${setter} sets ${element.variable} to ${element.text}, which is on the host and missing from ${systemName(facts.audit, 'base')}.`,
    objects: [],
    evidence: { variable: element.variable, entry: element.text },
    repairs: [
      {
        kind: 'environment',
        target: `${setter} ${element.variable}`,
        text: `Bring ${element.text} in a package, or mount it when the image is run.`,
      },
    ],
  }
}
