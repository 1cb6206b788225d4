/** HST006: a need that the host's driver answers at run time. */
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { UseGroup } from './facts/uses.ts'
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
  judge: (facts) => facts.judged('HST006').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const driver = facts.drivers.of(group.name)
  const device = driver?.family.device ?? ''
  return {
    package: group.owner,
    subject: group.name,
    world: 'both',
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) needs ${group.name} ` +
      (driver?.family.allowed === true
        ? `that policy lets come from the machine (allow.${driver.family.name}: ${driver.library.reason}).`
        : `of the ${driver?.family.name ?? ''} driver (${driver?.library.class ?? ''}). It comes from the machine at run time, never from the image.`),
    objects: witnesses(group.uses),
    evidence: {
      driver: driver?.family.name ?? null,
      class: driver?.library.class ?? null,
      device,
      source: driver?.library.source ?? null,
      bindings: bindingEvidence(group.uses),
    },
    repairs: [
      {
        kind: 'bind',
        target: device === '' ? group.name : device,
        text:
          device === ''
            ? `Bind ${group.name} of the machine into the container.`
            : `Start the container with the device ${device}.`,
        action: { kind: 'bind', driver: driver?.family.name ?? '', device, soname: group.name },
      },
    ],
  }
}
