/** DUP004: the same library twice, with the same content. */
import { packageId } from '../domain/context.ts'
import { sameContent } from './facts/contents.ts'
import type { Rule } from './rule.ts'
import { defineRule } from './rule.ts'
import { copyName } from './words.ts'

export const duplicateIdentical: Rule = defineRule({
  id: 'DUP004',
  name: 'duplicate-identical',
  severity: 'note',
  summary: 'Two packages of the context have the same public library with the same content.',
  why: 'Nothing goes wrong today. With the next release of one of the packages the copies differ.',
  remedy: 'Let one package own the library and require it from the other.',
  accept: '`rules: {DUP004: off}` in airtight.yaml.',
  judge: (facts) =>
    facts.copies.shared.flatMap((name) => {
      const copies = facts.copies.publicCopies(name, null)
      const last = copies.at(-1)
      if (last === undefined || !sameContent(facts, copies)) return []
      return [
        {
          package: last.owner,
          subject: name,
          world: facts.worlds.length === 1 ? (facts.worlds[0] ?? 'both') : 'both',
          message: `${copies.map(copyName).join(' and ')} are the same library, ${name}.`,
          objects: [last.object.relative],
          evidence: { copies: copies.map((copy) => ({ package: packageId(copy.owner), path: copy.object.path })) },
          repairs: [
            {
              kind: 'exclude' as const,
              target: `${packageId(last.owner)} ${last.object.relative}`,
              text: `Leave ${last.object.relative} out of ${packageId(last.owner)} and require ${copies[0]?.owner.name ?? ''}.`,
            },
          ],
        },
      ]
    }),
})
