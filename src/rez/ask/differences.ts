/** What static reading made otherwise than Rez: told as notes, so that a user sees what it missed. */
import { isParseError } from '../version/parse-error.ts'
import { mergeRequirements, requirementListText } from '../version/requirement-list.ts'
import { packageId } from '../../domain/context.ts'
import { parseRequirement } from '../version/requirement.ts'
import type { Context, EnvironmentVariable, Package } from '../../domain/context.ts'

/** Differences that are told of one context. */
const SHOWN = 12

/** One sentence for each difference, none where there is none; `read` is the context that static reading made. */
export function differences(asked: Context, read: Context): readonly string[] {
  const all = [...packageDifferences(asked, read), ...environmentDifferences(asked, read)]
  const more = all.length - SHOWN
  const told = all.slice(0, SHOWN).map((text) => `Rez and static reading differ: ${text}`)
  return more > 0 ? [...told, `Rez and static reading differ in ${more} more places`] : told
}

function packageDifferences(asked: Context, read: Context): readonly string[] {
  const theirs = asked.packages.map(variantId)
  const ours = read.packages.map(variantId)
  const onlyTheirs = theirs.filter((id) => !ours.includes(id))
  const onlyOurs = ours.filter((id) => !theirs.includes(id))
  if (onlyTheirs.length > 0 || onlyOurs.length > 0) {
    const side = (who: string, ids: readonly string[]): string =>
      ids.length === 0 ? '' : `${who} takes ${ids.join(', ')}`
    return [[side('Rez', onlyTheirs), side('static reading', onlyOurs)].filter((text) => text !== '').join('; ')]
  }
  const order = theirs.join(' ') === ours.join(' ') ? [] : [`the order of packages is ${theirs.join(' ')} in Rez`]
  const byName = new Map(read.packages.map((item) => [item.name, item]))
  const details = asked.packages.flatMap((item) => {
    const other = byName.get(item.name)
    return other === undefined ? [] : detailDifferences(item, other)
  })
  return [...order, ...details]
}

function detailDifferences(theirs: Package, ours: Package): readonly string[] {
  const out: string[] = []
  const id = packageId(theirs)
  if (theirs.root !== ours.root) out.push(`the root of ${id} is ${theirs.root} in Rez, ${ours.root} as read`)
  const differ = (name: 'requires' | 'tools'): string =>
    `${name} of ${id} are ${listed(theirs[name])} in Rez, ${listed(ours[name])} as read`
  if (!sameRequires(theirs.requires, ours.requires)) out.push(differ('requires'))
  if (theirs.tools.join(' ') !== ours.tools.join(' ')) out.push(differ('tools'))
  return out
}

/** Whether two lists ask for the same, each package once, however they write it. */
export function sameRequires(a: readonly string[], b: readonly string[]): boolean {
  return canonical(a) === canonical(b)
}

function canonical(texts: readonly string[]): string {
  const parsed = texts.map(parseRequirement)
  const requirements = parsed.flatMap((one) => (isParseError(one) ? [] : [one]))
  if (requirements.length < texts.length) return texts.join(' ')
  const merged = mergeRequirements(requirements)
  return merged.clash === null ? requirementListText(merged) : texts.join(' ')
}

function environmentDifferences(asked: Context, read: Context): readonly string[] {
  const theirs = new Map(asked.environment.variables.map((variable) => [variable.name, variable]))
  const ours = new Map(read.environment.variables.map((variable) => [variable.name, variable]))
  const names = [...new Set([...theirs.keys(), ...ours.keys()])].filter((name) => !isRezOwn(name)).sort()
  return names.flatMap((name) => {
    const [a, b] = [valueOf(theirs.get(name)), valueOf(ours.get(name))]
    return a === b ? [] : [`${name} is ${shown(a)} in Rez, ${shown(b)} as read`]
  })
}

/** Variables of a package that is told of already, and of the resolve itself. */
function isRezOwn(name: string): boolean {
  return name.startsWith('REZ_')
}

/** Rez puts folders of the system, which differ by machine, at the end of PATH. */
function valueOf(variable: EnvironmentVariable | undefined): string | null {
  if (variable === undefined) return null
  const last = variable.name === 'PATH' ? variable.entries.findLastIndex((entry) => entry.package !== null) : Infinity
  const kept = variable.entries.slice(0, last + 1).map((entry) => entry.value)
  return kept.length === 0 ? null : kept.join(variable.separator)
}

function shown(value: string | null): string {
  if (value === null) return 'not set'
  return value.length > 200 ? `"${value.slice(0, 200)}..."` : `"${value}"`
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ')
}

function variantId(item: Package): string {
  return item.variant === null ? packageId(item) : `${packageId(item)}[${item.variant}]`
}
