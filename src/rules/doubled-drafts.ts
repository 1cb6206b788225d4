/** What the findings about copies in one process have in common. */
import type { WorldName } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { Facts } from './facts/facts.ts'
import type { Doubled, Member } from './facts/processes.ts'
import type { Draft } from './rule.ts'
import { some, systemFile } from './words.ts'

const SHOWN = 8

/** `libtbb.so.2 of tbb-2020 through libfoo.so.1`. */
function memberText(facts: Facts, world: WorldName, member: Member): string {
  const through = member.chain.slice(0, -1)
  const whose =
    member.owner === null
      ? systemFile(facts.audit, world, member.file)
      : `${member.soname} of ${packageId(member.owner)}`
  return through.length === 0 ? whose : `${whose} through ${some(through)}`
}

/** `A and B`, each with its owner and the way that leads to it. */
export function membersText(facts: Facts, doubled: Doubled): string {
  return doubled.members.map((member) => memberText(facts, doubled.world, member)).join(', and ')
}

/** The roots as a person knows them: package and path below the payload root. */
export function rootNames(facts: Facts, doubled: Doubled): readonly string[] {
  return doubled.roots.map((root) => {
    const object = facts.copies.object(root)
    return object === null ? root : `${packageId(object.owner)} ${object.relative}`
  })
}

/** A draft about the whole context, with everything but its own words. */
export function doubledDraft(
  facts: Facts,
  doubled: Doubled,
  rest: Pick<Draft, 'message' | 'repairs'> & Partial<Pick<Draft, 'severity'>>,
): Draft {
  return {
    package: null,
    subject: doubled.subject,
    world: doubled.world,
    ...(rest.severity === undefined ? {} : { severity: rest.severity }),
    message: rest.message,
    objects: doubled.roots.slice(0, SHOWN).map((root) => facts.copies.object(root)?.relative ?? root),
    evidence: {
      copies: doubled.members.map((member) => ({
        soname: member.soname,
        file: member.file,
        package: member.owner === null ? null : packageId(member.owner),
        chain: member.chain,
      })),
      processes: rootNames(facts, doubled),
    },
    repairs: rest.repairs,
  }
}
