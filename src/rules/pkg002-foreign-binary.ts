/** PKG002: payload for another machine. */
import { packageId } from '../domain/context.ts'
import { machineName } from './knowledge/machines.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const foreignBinary: Rule = defineRule({
  id: 'PKG002',
  name: 'foreign-binary',
  severity: 'note',
  summary: 'An object is built for a machine that the systems have no loader for, and was not judged.',
  why: 'It cannot be loaded here. In a package for one platform it is dead weight, or the wrong build.',
  remedy: 'Leave it out of the package, or give each platform a variant of its own.',
  accept:
    'Leave the folder out with `ignore_paths` in airtight.yaml where a package serves several platforms on purpose.',
  judge: (facts) =>
    facts.audit.foreign.map((object) => ({
      package: object.owner,
      subject: object.relative,
      world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
      message: `${object.relative} of ${packageId(object.owner)} is built for ${machineName(object.reading.header)}: not judged.`,
      objects: [object.relative],
      evidence: {
        machine: object.reading.header?.machine ?? null,
        class: object.reading.header?.class ?? null,
        data: object.reading.header?.data ?? null,
      },
      repairs: [
        {
          kind: 'exclude' as const,
          target: `${packageId(object.owner)} ${object.relative}`,
          text: `Leave ${object.relative} out of ${packageId(object.owner)}.`,
        },
      ],
    })),
})
