/** Whether copies of a library are one and the same file content. */
import type { Copy } from './copies.ts'
import type { Facts } from './facts.ts'

/** By build id where all have one, else by size and then by content. */
export function sameContent(facts: Pick<Facts, 'audit'>, copies: readonly Copy[]): boolean {
  const first = copies[0]
  if (first === undefined) return true
  const ids = copies.map((copy) => copy.object.reading.object?.buildId ?? null)
  if (ids.every((id) => id !== null)) return ids.every((id) => id === ids[0])
  if (copies.some((copy) => copy.object.reading.size !== first.object.reading.size)) return false
  const digest = facts.audit.digest(first.object.path)
  return digest !== null && copies.every((copy) => facts.audit.digest(copy.object.path) === digest)
}
