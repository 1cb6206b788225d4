/** Which findings an entry of the policy is about, and which of two entries is the more specific one. */
import { isParseError } from '../rez/version/parse-error.ts'
import { parseRange } from '../rez/version/range.ts'
import { parseVersion } from '../rez/version/version.ts'
import { anyGlob } from './glob.ts'
import type { Where } from './policy.ts'

/** What conditions ask of a finding. */
export interface Judged {
  readonly rule: string
  readonly world: 'host' | 'base' | 'both'
  /** `NAME-VERSION`, null for what concerns a whole context. */
  readonly package: string | null
  readonly variant: number | null
  readonly subject: string
  readonly objects: readonly string[]
  readonly contexts: readonly string[]
  readonly fingerprint: string
}

/** Whether a finding meets all conditions. A witness or a context that does not match leaves the finding as it is. */
export function meets(where: Where, finding: Judged): boolean {
  const { name, version } = splitId(finding.package)
  const { packages, subjects, files, contexts } = where
  return (
    (packages === null || (name !== null && anyGlob(packages)(name))) &&
    (where.version === null || (version !== null && inRange(where.version, version))) &&
    (where.variant === null || where.variant === finding.variant) &&
    (subjects === null || anyGlob(subjects)(finding.subject)) &&
    (files === null || (finding.objects.length > 0 && finding.objects.every(anyGlob(files)))) &&
    (contexts === null || finding.contexts.every(anyGlob(contexts))) &&
    (where.world === null || where.world === finding.world) &&
    (where.fingerprint === null || where.fingerprint === finding.fingerprint)
  )
}

/** Name and version of `NAME-VERSION`: a name holds no dash. */
export function splitId(id: string | null): { readonly name: string | null; readonly version: string | null } {
  if (id === null) return { name: null, version: null }
  const dash = id.indexOf('-')
  return dash < 0 ? { name: id, version: '' } : { name: id.slice(0, dash), version: id.slice(dash + 1) }
}

/** A version is in a range as Rez reads both; a text that is none of the two is in nothing. */
export function inRange(range: string, version: string): boolean {
  const parsed = parseRange(range)
  const at = parseVersion(version)
  return !isParseError(parsed) && !isParseError(at) && parsed.contains(at)
}

/** Larger for conditions that say more: first by how many there are, then by how many are exact. */
export function specificity(where: Where): number {
  const lists = [where.packages, where.subjects, where.files, where.contexts].filter((list) => list !== null)
  const single = [where.version, where.variant, where.world, where.fingerprint].filter((value) => value !== null)
  const exact = lists.filter((list) => list.every((text) => !/[*?{]/.test(text))).length
  return (lists.length + single.length) * 16 + exact
}
