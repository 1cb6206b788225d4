/** HST005: a package ships a library that belongs to the host's driver. */
import { packageId } from '../domain/context.ts'
import { baseName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'

export const driverLibPackaged: Rule = defineRule({
  id: 'HST005',
  name: 'driver-lib-packaged',
  severity: 'error',
  summary: "A package ships a library that belongs to the host's graphics driver.",
  why: 'The library talks to the kernel module of its own version. On a machine with another driver the packaged copy fails, and it hides the right one.',
  remedy: 'Leave the file out of the package. At run time the container tools bring the right one from the host.',
  accept: 'Where the file is a link-time stub, keep it in a folder called `stubs`: such copies are not reported here.',
  judge: (facts) =>
    facts.audit.objects.flatMap((object) => {
      const name = object.reading.object?.soname ?? baseName(object.path)
      const driver = object.role === 'program' || facts.drivers.isStub(object.path) ? null : facts.drivers.of(name)
      if (driver === null || driver.family.allowed === true) return []
      return [draft(facts, object, name, driver.family.name, driver.library)]
    }),
})

function draft(
  facts: Facts,
  object: Facts['audit']['objects'][number],
  name: string,
  family: string,
  library: { readonly class: string; readonly reason: string; readonly source: string },
): Draft {
  const owner = packageId(object.owner)
  return {
    package: object.owner,
    subject: name,
    world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
    ...(object.public ? {} : { severity: 'warn' as const }),
    message: `${owner} ships ${object.relative}, a library of the ${family} driver (${library.class}): ${library.reason}.`,
    objects: [object.relative],
    evidence: { driver: family, class: library.class, source: library.source },
    repairs: [
      {
        kind: 'exclude',
        target: `${owner} ${object.relative}`,
        text: `Leave ${object.relative} out of ${owner}.`,
        action: { kind: 'remove', owner: object.owner, path: object.path, reason: library.reason },
      },
    ],
  }
}
