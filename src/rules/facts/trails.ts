/** Trails of candidates, asked for only where a finding shows them. */
import type { ResolvedNeed } from '../../domain/audit.ts'
import type { Candidate } from '../../domain/closure.ts'
import type { Facts } from './facts.ts'
import type { UseGroup } from './uses.ts'

/** The trail of the first need of a group that meets a condition; the base comes before the host. */
export function trailOf(
  facts: Facts,
  group: UseGroup,
  test: (need: ResolvedNeed | null) => boolean,
): readonly Candidate[] {
  for (const use of group.uses) {
    for (const need of [use.base, use.host]) {
      if (need === null || !test(need)) continue
      return facts.audit.worlds[need.world]?.trail(need.root, need.object.path, need.name) ?? []
    }
  }
  return []
}
