/** RES008: a file with that DT_SONAME exists, the link of that name does not. */
import { packageId } from '../domain/context.ts'
import { baseName, folderName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import type { UseGroup } from './facts/uses.ts'
import { isMissing } from './facts/verdicts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { bindingEvidence, blamePath, copyName, judgedAlone, some, witnesses, worldsWhere } from './words.ts'

export const sonameLinkMissing: Rule = defineRule({
  id: 'RES008',
  name: 'soname-link-missing',
  severity: 'error',
  summary: 'The library is there under another file name, and the link that bears its DT_SONAME is missing.',
  why: 'A search looks for a file of the needed name and never reads DT_SONAME of others. ldconfig makes such links in the system, nobody makes them in a payload.',
  remedy: 'Make the link in the package, as `ldconfig -n` would.',
  accept: 'Never: one link repairs it.',
  judge: (facts) => facts.judged('RES008').map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: UseGroup): Draft {
  const like = group.uses[0]?.object ?? null
  const copies = facts.copies.publicCopies(group.name, like)
  const copy = copies.find((item) => item.object.reading.object?.soname === group.name)
  const file = copy === undefined ? '' : baseName(copy.object.path)
  const folder = copy === undefined ? '' : folderName(copy.object.relative)
  return {
    package: group.owner,
    subject: group.name,
    world: worldsWhere(group.uses, isMissing) ?? 'both',
    ...(judgedAlone(group.uses) ? { severity: 'warn', confidence: 'inferred' } : {}),
    message:
      `${packageId(group.owner)} (${some(witnesses(group.uses))}) needs ${group.name}. ` +
      `${copy === undefined ? '' : copyName(copy)} is that library, but nothing in its folder is called ${group.name}.`,
    objects: witnesses(group.uses),
    evidence: {
      file: copy?.object.path ?? null,
      path: blamePath(facts, group.uses),
      bindings: bindingEvidence(group.uses),
    },
    repairs:
      copy === undefined
        ? []
        : [
            {
              kind: 'symlink',
              target: `${packageId(copy.owner)} ${folder}/${group.name}`,
              text: `ln -s ${file} ${folder}/${group.name} in ${packageId(copy.owner)}.`,
              action: {
                kind: 'link',
                owner: copy.owner,
                path: `${folderName(copy.object.path)}/${group.name}`,
                target: file,
              },
            },
          ],
  }
}
