/** HST006: a need that the host's driver answers at run time. */
import { packageId } from '../domain/context.ts'
import type { UseGroup } from './facts/uses.ts'
import { driverOf } from './knowledge/lookup.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, some, witnesses } from './words.ts'

export const driverBindNeeded: Rule = defineRule({
  id: 'HST006',
  name: 'driver-bind-needed',
  severity: 'note',
  summary: "An object needs a library of the host's graphics driver, which has to be bound at run time.",
  why: 'Such a library cannot be in the image. The container has to be started with the device, or the program does not start.',
  remedy:
    'Start the container with the GPU device (CDI name in the evidence), or with `--nv` or `--rocm` under apptainer.',
  accept: 'Nothing to accept: the note is the list of what the run-time has to bring.',
  judge: (facts) => facts.judged('HST006').map(draft),
})

function draft(group: UseGroup): Draft {
  const driver = driverOf(group.name)
  const device = driver?.family.device ?? ''
  return {
    package: group.owner,
    subject: group.name,
    world: 'both',
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) needs ${group.name} of the ` +
      `${driver?.family.name ?? ''} driver (${driver?.library.class ?? ''}). It comes from the machine at run time, never from the image.`,
    objects: witnesses(group.uses),
    evidence: {
      driver: driver?.family.name ?? null,
      class: driver?.library.class ?? null,
      device,
      source: driver?.library.source ?? null,
      bindings: bindingEvidence(group.uses),
    },
    repairs: [{ kind: 'bind', target: device, text: `Start the container with the device ${device}.` }],
  }
}
