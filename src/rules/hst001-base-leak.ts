/** HST001: a library of the declared base that packages were not told they may rely on. */
import type { ResolvedNeed, RepairHint } from '../domain/audit.ts'
import type { OsPackage } from '../domain/system.ts'
import { packageId } from '../domain/context.ts'
import { buildTimeEvidence, buildTimeSentence, builtWithLibrary } from './facts/build-time.ts'
import type { Facts } from './facts/facts.ts'
import type { UseGroup } from './facts/uses.ts'
import { fromSystem } from './facts/verdicts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, blamePath, firstNeed, judgedAlone, some, systemFile, systemName, witnesses } from './words.ts'

export const baseLeak: Rule = defineRule({
  id: 'HST001',
  name: 'base-leak',
  severity: 'error',
  summary: 'A library comes from the declared base although no package has it and `provides` does not cover it.',
  why: 'The base happens to hold the library today. Nobody promised it, so the next base image may leave it out.',
  remedy:
    'List the OS package or the soname under `provides` of the base, or require a Rez package that has the library.',
  accept: 'Add the soname to `provides.sonames` of the base: that is the promise this rule asks for.',
  judge: (facts) => facts.judged('HST001').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const need = firstNeed(group, fromSystem, 'base')
  const file = need?.file ?? ''
  const owner = facts.audit.worlds.base?.ownerOf(file) ?? null
  const base = systemName(facts.audit, 'base')
  const built = builtWithLibrary(facts.audit, group.owner, group.name)
  const who = `${packageId(group.owner)} (${some(witnesses(group.uses))})`
  return {
    package: group.owner,
    subject: group.name,
    world: 'base',
    ...(judgedAlone(group.uses) ? { severity: 'warn', confidence: 'inferred' } : {}),
    message:
      `${who} takes ${group.name} from ${base}: ${systemFile(facts.audit, 'base', file)}. ` +
      `No package of the context has it, and \`provides\` of ${base} does not name it.${buildTimeSentence(built, group.name)}`,
    objects: witnesses(group.uses),
    evidence: {
      file,
      os_package: owner,
      path: blamePath(facts, group.uses),
      bindings: bindingEvidence(group.uses),
      ...buildTimeEvidence(built),
    },
    repairs: repairs(group.name, need, owner),
  }
}

function repairs(soname: string, need: ResolvedNeed | null, owner: OsPackage | null): RepairHint[] {
  if (need === null) return []
  return owner === null
    ? [{ kind: 'advice', target: soname, text: `Add ${soname} to provides.sonames of the base.` }]
    : [
        {
          kind: 'os-package',
          target: owner.name,
          text: `Add ${owner.name} to provides.os_packages of the base.`,
          action: { kind: 'keep', osPackage: owner.name, manager: owner.manager, soname },
        },
      ]
}
