/** RES009: a library link leads nowhere. */
import type { LibraryLink } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import { baseName } from './facts/copies.ts'
import type { Facts } from './facts/facts.ts'
import type { Draft, Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { nowhere } from './words.ts'

export const danglingSymlink: Rule = defineRule({
  id: 'RES009',
  name: 'dangling-symlink',
  severity: 'warn',
  summary: 'A library link of a package leads nowhere.',
  why: 'The loader passes over it and takes the next file of that name, or none. A link out of the payload breaks as soon as the package is copied into an image.',
  remedy: 'Point the link at a file of the package, or remove it.',
  accept: 'Leave the link out with `ignore_paths` in airtight.yaml.',
  judge: (facts) => facts.audit.links.filter((link) => link.dangling.length > 0).map((link) => draft(facts, link)),
})

function draft(facts: Facts, link: LibraryLink): Draft {
  const name = baseName(link.path)
  const where = nowhere(facts.audit, link.dangling)
  const linker = name.endsWith('.so') && !facts.uses.some((use) => use.name === name)
  return {
    package: link.owner,
    subject: name,
    world: link.dangling.length > 1 ? 'both' : (link.dangling[0] ?? 'both'),
    ...(linker ? { severity: 'note' as const } : {}),
    message: `${link.relative} of ${packageId(link.owner)} leads to ${link.target}, which does not exist ${where}.`,
    objects: [link.relative],
    evidence: { target: link.target, worlds: link.dangling },
    repairs: [
      {
        kind: 'symlink',
        target: `${packageId(link.owner)} ${link.relative}`,
        text: `Point ${link.relative} at a file of the package, or remove it.`,
      },
    ],
  }
}
