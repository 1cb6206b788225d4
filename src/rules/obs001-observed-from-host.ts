/** OBS001: a running program of a package opened a library or plugin of the system. */
import type { Severity } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { failed } from '../domain/tree.ts'
import type { Facts } from './facts/facts.ts'
import { isCore } from './knowledge/lookup.ts'
import type { ObservedGroup } from './observed-drafts.ts'
import { advice, observedDraft, observedGroups, ownedFile } from './observed-drafts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { copyName, systemName } from './words.ts'

export const observedFromHost: Rule = defineRule({
  id: 'OBS001',
  name: 'observed-from-host',
  severity: 'warn',
  summary: 'A running program of a package opened a library or plugin of the system.',
  why: 'What is opened at run time stands in no DT_NEEDED: the feature works where the system happens to have the file, and is gone, or another one, in an image that does not.',
  remedy:
    'Bring what the program opens in a package and let the environment lead to it, or install it in the image where the feature is wanted.',
  accept:
    'Where the program can do without it, or the system is meant to bring it. Libraries of drivers and the C library are not told.',
  judge: (facts) =>
    observedGroups(facts, 'system')
      .filter(({ subject }) => !isCore(subject) && facts.drivers.of(subject) === null)
      .map((group) => draft(facts, group)),
})

function draft(facts: Facts, group: ObservedGroup): Draft {
  const { first, subject } = group
  const owner = packageId(first.owner)
  const world = facts.audit.observed?.world ?? 'host'
  const [copy] = facts.copies.anyCopies(subject, facts.copies.object(first.object))
  const { severity, says } = weight(facts, group)
  const said = copy === undefined ? says : ` The context has ${copyName(copy)}.`
  const name = first.name === first.file || first.name.includes('/') ? '' : ` for ${first.name}`
  return observedDraft(facts, group, {
    severity: copy === undefined ? severity : 'error',
    message:
      `${owner} (${first.witness}) opened ${ownedFile(facts.audit, first.file ?? '')} of ${systemName(facts.audit, world)}` +
      `${name} while it ran.${said}`,
    repairs: [
      copy === undefined
        ? advice(subject, `Bring ${subject} in a package, or install it in the image, where what it serves is wanted.`)
        : advice(subject, `Let the environment or the run path of ${owner} lead to ${copyName(copy)}.`),
    ],
  })
}

/** What it means for the image: the same file may be there. */
function weight(facts: Facts, { first }: ObservedGroup): { readonly severity: Severity; readonly says: string } {
  const base = facts.audit.worlds.base
  if (base === undefined) return { severity: 'warn', says: '' }
  const asker = facts.copies.object(first.object)
  const found = first.name.includes('/')
    ? !failed(base.world.lookup(first.name))
    : asker !== null && facts.opening('base')?.open(asker, first.name) === 'found'
  const name = systemName(facts.audit, 'base')
  if (facts.audit.observed?.world === 'base') return { severity: 'note', says: '' }
  return found
    ? { severity: 'note', says: ` In ${name} it would find one too.` }
    : { severity: 'warn', says: ` In ${name} it would find none.` }
}
