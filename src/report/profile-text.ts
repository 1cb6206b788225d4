/** A built-in base as a person reads it: what it has, what is known of the rest, and who says so. */
import type { SonameFact } from '../domain/system.ts'
import type { Style } from './style.ts'
import type { ProfileFacts } from './system.ts'

/** The text of a built-in base. Sources are numbered and listed at the end. */
export function profileText(profile: ProfileFacts, style: Style): string {
  const sources = new Map<string, number>()
  const cite = (grade: string, source: string): string => {
    const known = sources.get(source) ?? sources.size + 1
    sources.set(source, known)
    return `${grade} [${known}]`
  }
  const lines = [style.strong(profile.name) + `  ${profile.title}, known by facts`]
  if (profile.image !== null) lines.push(`  image     ${profile.image}`)
  if (profile.library_path.length > 0) lines.push(`  path      LD_LIBRARY_PATH=${profile.library_path.join(':')}`)
  const facts = profile.glibc === null ? profile.facts : [profile.glibc, ...profile.facts]
  lines.push('', ...table(facts.map((fact) => [fact.item, fact.version, cite(fact.grade, fact.source)])))
  if (profile.core.length > 0) {
    const source = cite('sourced', profile.versions_source)
    lines.push('', `every image has, x86-64 (version nodes ${source}):`)
    lines.push(...table(profile.core.map(({ soname, highest }) => [soname, `up to ${highest.join(', ')}`])))
    const ends = Object.entries(profile.complete).map(([family, by]) => `${family} (${cite('sourced', by)})`)
    if (ends.length > 0) lines.push(`  nothing above in: ${ends.join(', ')}; elsewhere what lies above is unknown`)
  }
  if (profile.allowed.length > 0) {
    lines.push('', `allowed by the policy, which is not to say present: ${profile.allowed.join(', ')}`)
  }
  if (profile.sonames.length > 0) {
    lines.push('', 'other sonames; only sourced facts decide, all else is unknown:')
    lines.push(...table(profile.sonames.map((fact) => [fact.soname, stateOf(fact), cite(fact.grade, fact.source)])))
  }
  lines.push('', 'sources', ...[...sources].map(([source, number]) => `  [${number}] ${source}`))
  return `${lines.join('\n')}\n`
}

function stateOf(fact: SonameFact): string {
  const now = fact.now === null ? '' : `, now ${fact.now}`
  if (fact.gone) return `gone${now}`
  const version = fact.version === null ? '' : ` ${fact.version}`
  const repository = fact.repository === null ? '' : ` (${fact.repository})`
  return `package ${fact.package ?? ''}${version}${repository}${now}`
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}
