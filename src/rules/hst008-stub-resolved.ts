/** HST008: a link-time stub of a driver library would be loaded at run time. */
import { packageId } from '../domain/context.ts'
import type { Package } from '../domain/context.ts'
import type { ResolvedNeed } from '../domain/audit.ts'
import type { RepairAction } from '../domain/repair.ts'
import type { Facts } from './facts/facts.ts'
import type { UseGroup } from './facts/uses.ts'
import { folderName } from './facts/copies.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, blamePath, firstNeed, some, witnesses, worldsWhere } from './words.ts'

export const stubResolved: Rule = defineRule({
  id: 'HST008',
  name: 'stub-resolved',
  severity: 'error',
  summary: 'A link-time stub of a driver library would be loaded at run time.',
  why: 'A stub has the right name and symbols that only fail. The program starts and then reports that there is no GPU.',
  remedy: 'Take the stub folder off the library path and out of the run path.',
  accept: 'Never: no program works with a stub.',
  judge: (facts) => facts.judged('HST008').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const bindsStub = (need: ResolvedNeed | null): need is ResolvedNeed & { readonly file: string } =>
    need?.file != null && facts.drivers.isStub(need.file)
  const need = firstNeed(group, bindsStub)
  const file = need?.file ?? ''
  const copy = facts.copies.object(file)
  const from = copy === null ? file : `${copy.relative} of ${packageId(copy.owner)}`
  return {
    package: group.owner,
    subject: group.name,
    world: worldsWhere(group.uses, bindsStub) ?? 'both',
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) would load the stub ${from} for ${group.name} ` +
      `(found by ${need?.how ?? ''}). A stub only serves the linker.`,
    objects: witnesses(group.uses),
    evidence: { file, path: blamePath(facts, group.uses), bindings: bindingEvidence(group.uses) },
    repairs: [
      {
        kind: need?.how === 'library-path' ? 'environment' : 'rpath',
        target: folderName(file),
        text: `Take ${folderName(file)} off ${need?.how === 'library-path' ? 'LD_LIBRARY_PATH' : 'the run path'}.`,
        ...(need?.how === 'library-path' && copy !== null ? { action: takenOff(copy.owner, folderName(file)) } : {}),
      },
    ],
  }
}

function takenOff(owner: Package, folder: string): RepairAction {
  return { kind: 'environment', owner, variable: 'LD_LIBRARY_PATH', op: 'remove', folder }
}
