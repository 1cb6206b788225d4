/** What binding all symbols of a closure finds wrong, as data and as lines. */
import { printable } from '../domain/bytes.ts'
import type { Closure, SymbolReport, UndefinedSymbol } from '../domain/closure.ts'
import type { Style } from './style.ts'

/** The two lists of the formats jsonl and json; objects by the path that the loader opened them by. */
export interface SymbolData {
  readonly version_errors: readonly {
    readonly object: string
    readonly provider: string
    readonly version: string
    /** Only where the demand is weak: the loader warns. */
    readonly weak?: true
  }[]
  readonly undefined: readonly { readonly object: string; readonly symbol: string; readonly version: string | null }[]
  /** Objects whose symbols could not be read; left out when there are none. */
  readonly unread?: readonly string[]
}

/** The report of a closure with paths instead of indices, in the loader's order; undefined symbols of an object by name. */
export function symbolData(closure: Closure): SymbolData {
  const report = closure.symbols()
  const path = pathsOf(closure)
  return {
    version_errors: report.versionErrors.map(({ object, provider, version, weak }) => ({
      object: path(object),
      provider: path(provider),
      version,
      ...(weak ? { weak: true as const } : {}),
    })),
    undefined: sortedUndefined(report).map(({ object, symbol, version }) => ({
      object: path(object),
      symbol,
      version,
    })),
    ...(report.unread.length === 0 ? {} : { unread: report.unread.map(path) }),
  }
}

/** Whether the loader would complain: weak demands and demands of unversioned files are warnings. */
export function hasSymbolErrors(closure: Closure): boolean {
  const report = closure.symbols()
  return report.undefined.length > 0 || report.versionErrors.some(({ weak }) => !weak)
}

/** One line for each complaint, in the words of `ldd -r`. */
export function symbolLines(closure: Closure, style: Style): readonly string[] {
  const report = closure.symbols()
  const path = pathsOf(closure)
  const text = (index: number): string => printable(path(index))
  return [
    ...report.versionErrors.map(({ object, provider, version, weak }) => {
      const what = `${weak ? 'weak version' : 'version'} \`${printable(version)}' not found (required by ${text(object)})`
      return `${text(provider)}: ${weak ? what : style.missing(what)}`
    }),
    ...report.unversioned.map(
      ({ object, provider }) => `${text(provider)}: no version information available (required by ${text(object)})`,
    ),
    ...sortedUndefined(report).map(
      (item) => `${style.missing(`undefined symbol: ${symbolText(item, ', version ')}`)}\t(${text(item.object)})`,
    ),
    ...report.unread.map((index) => `${text(index)}: its symbols cannot be read, so undefined ones are not known`),
  ]
}

/** Symbols of one object that the tree shows. */
const SHOWN = 10

/** What the tree shows below the objects: one paragraph for each object that asks in vain. */
export function symbolSummary(closure: Closure, style: Style): readonly string[] {
  const report = closure.symbols()
  const path = pathsOf(closure)
  const lines = symbolLines({ ...closure, symbols: () => ({ ...report, undefined: [] }) }, style)
  const byObject = new Map<number, UndefinedSymbol[]>()
  for (const item of sortedUndefined(report)) {
    const list = byObject.get(item.object)
    if (list === undefined) byObject.set(item.object, [item])
    else list.push(item)
  }
  const paragraphs = [...byObject].flatMap(([object, items]) => {
    const rest =
      items.length > SHOWN ? [style.faint(`    and ${items.length - SHOWN} more: --format list has all`)] : []
    const count = `${items.length} undefined symbol${items.length === 1 ? '' : 's'}`
    return [
      `${printable(path(object))}: ${style.missing(count)}`,
      ...items.slice(0, SHOWN).map((item) => `    ${symbolText(item, '@')}`),
      ...rest,
    ]
  })
  const clean = lines.length === 0 && paragraphs.length === 0
  return clean && closure.fatal === null ? ['all symbols are defined'] : [...lines, ...paragraphs]
}

function symbolText({ symbol, version }: UndefinedSymbol, between: string): string {
  return printable(version === null ? symbol : `${symbol}${between}${version}`)
}

function pathsOf({ objects }: Closure): (index: number) => string {
  return (index) => objects[index]?.path ?? objects[index]?.name ?? ''
}

function sortedUndefined({ undefined: symbols }: SymbolReport): readonly UndefinedSymbol[] {
  const text = ({ symbol, version }: UndefinedSymbol): string => `${symbol}\0${version ?? ''}`
  return [...symbols].sort((a, b) => a.object - b.object || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
}
