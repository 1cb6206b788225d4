/** The use case of `base diff`. */
import type { Fault } from '../domain/fault.ts'
import { diffBases } from '../migrate/base-diff.ts'
import type { BaseDiff } from '../migrate/base-diff.ts'
import { inventoryOf } from '../system/inventory.ts'
import { openSource } from '../system/source.ts'

/** What differs between two sources; the first fault where one of them is none. */
export async function diffSources(
  a: string,
  b: string,
): Promise<{ readonly diff: BaseDiff; readonly faults: readonly Fault[] } | Fault> {
  const left = await openSource(a, null, 'rpm')
  if ('message' in left) return left
  const right = await openSource(b, null, 'rpm')
  if ('message' in right) return right
  const diff = diffBases({ label: a, inventory: inventoryOf(left) }, { label: b, inventory: inventoryOf(right) })
  return { diff, faults: [...left.faults, ...right.faults] }
}
