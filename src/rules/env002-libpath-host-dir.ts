/** ENV002: LD_LIBRARY_PATH names a folder of the host that the base does not have. */
import { packageId } from '../domain/context.ts'
import { elementsOf, elementSubject, isHostOnly } from './facts/environment.ts'
import type { PathElement } from './facts/environment.ts'
import type { Facts } from './facts/facts.ts'
import { isBelow, normalPath } from './facts/presence.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { some, systemName } from './words.ts'

export const libpathHostDir: Rule = defineRule({
  id: 'ENV002',
  name: 'libpath-host-dir',
  severity: 'error',
  summary: 'LD_LIBRARY_PATH names a folder of the host that the base does not have.',
  why: 'What is loaded from there is in no package and in no image. On another workstation it is another file, or none.',
  remedy: 'Put the libraries into a Rez package, or install them in the image, and take the folder out of commands().',
  accept: 'It is a warning where nothing is loaded from the folder; mount it in the image where it has to stay.',
  judge: (facts) =>
    elementsOf(facts.audit, 'LD_LIBRARY_PATH', /[:;]/, facts.worlds)
      .filter(isHostOnly)
      .map((element) => draft(facts, element)),
})

function draft(facts: Facts, element: PathElement): Draft {
  const setter = element.setter === null ? 'the environment' : packageId(element.setter)
  const folder = normalPath(element.text)
  const loaded = new Set<string>()
  for (const use of facts.uses) {
    const path = use.host?.path ?? null
    if (use.host?.how === 'library-path' && path !== null && isBelow(normalPath(path), folder)) loaded.add(use.name)
  }
  const names = [...loaded].sort()
  const base = systemName(facts.audit, 'base')
  return {
    package: element.setter,
    subject: elementSubject(element),
    world: 'base',
    ...(names.length === 0 ? { severity: 'warn' as const } : {}),
    message:
      `${setter} puts ${element.text} of the host on LD_LIBRARY_PATH, a folder that ${base} does not have.` +
      (names.length === 0
        ? ' Nothing is loaded from it.'
        : ` ${some(names)} ${names.length === 1 ? 'comes' : 'come'} from there.`),
    objects: [],
    evidence: { entry: element.text, loaded: names },
    repairs: [
      {
        kind: 'environment',
        target: `${setter} LD_LIBRARY_PATH`,
        text: `Take ${element.text} out of commands() of ${setter}; bring what is needed from it in a package.`,
      },
    ],
  }
}
