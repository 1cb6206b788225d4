/** ENV001: LD_LIBRARY_PATH names a folder that is nowhere. */
import { packageId } from '../domain/context.ts'
import { absentIn, elementsOf, elementSubject } from './facts/environment.ts'
import type { PathElement } from './facts/environment.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const libpathDead: Rule = defineRule({
  id: 'ENV001',
  name: 'libpath-dead',
  severity: 'note',
  summary: 'LD_LIBRARY_PATH has an element that leads to no folder.',
  why: 'Each library is looked for there first, on every start of every program; on a network share that is a round trip each. And whoever wrote it meant something by it.',
  remedy: 'Take the line out of commands(), or put the folder into the package.',
  accept: 'A note; `rules: {ENV001: off}` silences it.',
  judge: (facts) =>
    elementsOf(facts.audit, 'LD_LIBRARY_PATH', /[:;]/, facts.worlds)
      .filter((element) => element.places.length > 0 && absentIn(element).length === element.places.length)
      .map((element) => draft(facts, element)),
})

function draft(facts: Facts, element: PathElement): Draft {
  const setter = element.setter === null ? 'the environment' : packageId(element.setter)
  return {
    package: element.setter,
    subject: elementSubject(element),
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    message: `${setter} puts ${element.text} on LD_LIBRARY_PATH, where there is no folder.`,
    objects: [],
    evidence: { entry: element.text },
    repairs: [
      {
        kind: 'advice',
        target: `${setter} ${element.text}`,
        text: `Take ${elementSubject(element)} off LD_LIBRARY_PATH in commands() of ${setter}.`,
      },
    ],
  }
}
