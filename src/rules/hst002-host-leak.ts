/** HST002: found on the host, absent from the base. */
import type { RepairHint } from '../domain/audit.ts'
import type { RepairAction } from '../domain/repair.ts'
import { packageId } from '../domain/context.ts'
import { buildTimeEvidence, buildTimeSentence, builtWithLibrary } from './facts/build-time.ts'
import type { Facts } from './facts/facts.ts'
import { goneSentence, knownFact, packageRepairs, unknownInBase, unknownSentence } from './facts/unknown.ts'
import type { UseGroup } from './facts/uses.ts'
import { fromSystem } from './facts/verdicts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, blamePath, firstNeed, judgedAlone, some, systemFile, systemName, witnesses } from './words.ts'

export const hostLeak: Rule = defineRule({
  id: 'HST002',
  name: 'host-leak',
  severity: 'error',
  cause: 'need-absent',
  summary: 'A library is found on the host and is absent from the base: it works today and breaks in the image.',
  why: 'The workstation lends the library without anybody having asked for it. Where the workstation is missing, the program does not start.',
  remedy: 'Install the OS package in the image, graft the file, or require a Rez package that has the library.',
  accept:
    'Only where the object is never loaded in the image: set `rules: {HST002: warn}` in airtight.yaml, or leave the file out with `ignore_paths`.',
  judge: (facts) => facts.judged('HST002').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const need = firstNeed(group, fromSystem, 'host')
  const host = facts.audit.worlds.host
  const file = need?.file ?? ''
  const owner = host?.ownerOf(file) ?? null
  const brings = need === null || host === undefined ? [] : host.brings(need.root, file)
  const base = systemName(facts.audit, 'base')
  const unknown = unknownInBase(facts, group.name)
  const built = builtWithLibrary(facts.audit, group.owner, group.name)
  const state =
    unknown === null
      ? `${capital(base)} does not have it, and no package of the context provides it.`
      : 'No package of the context provides it.'
  const gone =
    unknown === null
      ? goneSentence(facts.audit.worlds.base?.world.system, group.name)
      : ` ${unknownSentence(unknown, group.name)}`
  const also = brings.length === 0 ? '' : ` The file loads ${some(brings)} of the host in turn.`
  return {
    package: group.owner,
    subject: group.name,
    world: 'both',
    ...(judgedAlone(group.uses) || unknown !== null ? { severity: 'warn', confidence: 'inferred' } : {}),
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) takes ${group.name} from the host: ` +
      `${systemFile(facts.audit, 'host', file)}. ${state}${gone}${also}${buildTimeSentence(built, group.name)}`,
    objects: witnesses(group.uses),
    evidence: {
      file,
      os_package: owner,
      base: unknown === null ? 'lacks' : 'unknown',
      ...knownFact(facts.audit.worlds.base?.world.system, group.name),
      brings,
      path: blamePath(facts, group.uses),
      bindings: bindingEvidence(group.uses),
      ...buildTimeEvidence(built),
    },
    repairs:
      unknown === null
        ? repairs(group.name, file, owner?.name ?? null)
        : [...packageRepairs(unknown), ...repairs(group.name, file, null)],
  }
}

function repairs(soname: string, file: string, owner: string | null): RepairHint[] {
  const action: RepairAction = { kind: 'library', soname, file }
  const graft: RepairHint = { kind: 'graft', target: soname, text: `Graft ${file} into the image.`, action }
  if (owner === null) return [graft]
  const text = `Install what the host calls ${owner} in the image.`
  return [{ kind: 'os-package', target: owner, text, action }, graft]
}

function capital(text: string): string {
  return text.startsWith('the ') ? `T${text.slice(1)}` : text
}
