/** HST007: a library of the process is older than what the machine's driver demands of it. */
import type { RepairHint } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { DriverConflict } from './facts/driver-conflicts.ts'
import { driverConflicts } from './facts/driver-conflicts.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { systemFile, systemName } from './words.ts'

export const driverClosureConflict: Rule = defineRule({
  id: 'HST007',
  name: 'driver-closure-conflict',
  severity: 'warn',
  summary: "A library of the process is older than the machine's driver demands, which is bound into it at run time.",
  why: 'The driver comes from the machine and takes the C and C++ libraries of the image or the package: where these are older, it cannot be loaded.',
  remedy: 'Leave the old copy out of the package, or take a base that is as new as the machines with the driver.',
  accept: 'Where no machine with such a driver runs the image: `rules: {HST007: off}` in airtight.yaml.',
  judge: (facts) => driverConflicts(facts).map((conflict) => draft(facts, conflict)),
})

function draft(facts: Facts, conflict: DriverConflict): Draft {
  const { owner, driver, need, world, soname, version, file, has, fromPackage, demandedBy, source } = conflict
  const object = facts.copies.object(file)
  const library =
    object === null ? systemFile(facts.audit, world, file) : `${packageId(object.owner)} ${object.relative}`
  const who = demandedBy === null ? `the ${driver.family.name} driver` : demandedBy
  return {
    package: owner,
    subject: soname,
    world,
    ...(demandedBy === null ? { confidence: 'inferred' } : {}),
    message:
      `${packageId(need.object.owner)} (${need.object.relative}) needs ${need.name} of the machine, and ${who} demands ${version} of ` +
      `${soname}. The process has ${library} with ${has ?? 'none of that family'} at most.`,
    objects: [object === null ? need.object.relative : object.relative],
    evidence: {
      driver: driver.family.name,
      needs: version,
      has,
      file,
      demanded_by: demandedBy,
      source,
      root: need.root,
    },
    repairs: repairs(facts, conflict, fromPackage),
  }
}

function repairs(
  facts: Facts,
  { owner, world, soname, version, file }: DriverConflict,
  packaged: boolean,
): RepairHint[] {
  if (!packaged) {
    const text = `Take a base whose ${soname} has ${version}: ${systemName(facts.audit, world)} is older than the machines with the driver.`
    return [{ kind: 'advice', target: `${soname} ${version}`, text }]
  }
  const relative = facts.copies.object(file)?.relative ?? file
  const text = `Leave ${relative} out of ${packageId(owner)}, so that the newer one of the image is taken.`
  return [{ kind: 'exclude', target: `${packageId(owner)} ${relative}`, text }]
}
