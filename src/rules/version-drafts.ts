/** What SYM001 and SYM002 say alike: the versions of a group with the objects and symbols that demand them. */
import type { WorldName } from '../domain/audit.ts'
import type { RepairAction } from '../domain/repair.ts'
import type { Facts } from './facts/facts.ts'
import type { GapGroup, PlacedGap } from './facts/version-gaps.ts'
import { demandingSymbols, lackingLibraries } from './facts/version-gaps.ts'
import { some } from './words.ts'

/** Symbols of one version that the evidence names. */
const SHOWN = 10
/** With so few symbols the message names all of them: they are what stands in the way. */
const FEW = 3

/** One version of a group. */
export interface MissingVersion {
  readonly version: string
  readonly soname: string
  readonly provider: string
  /** Relative to the payload root; absolute for a file of the system. */
  readonly objects: readonly string[]
  readonly symbols: readonly string[]
  /** Symbols in all. */
  readonly count: number
}

/** The versions of a group, oldest first, each with those who demand it. */
export function missingVersions(facts: Facts, group: GapGroup): readonly MissingVersion[] {
  const byVersion = new Map<string, PlacedGap[]>()
  for (const gap of group.gaps) {
    const key = `${gap.version}\0${gap.soname}`
    const list = byVersion.get(key)
    if (list === undefined) byVersion.set(key, [gap])
    else list.push(gap)
  }
  return [...byVersion.values()].flatMap((gaps) => {
    const first = gaps[0]
    if (first === undefined) return []
    const symbols = [...new Set(gaps.flatMap((gap) => demandingSymbols(facts, gap)))].sort()
    const objects = [...new Set(gaps.map((gap) => gap.object?.relative ?? gap.file))].sort()
    const { version, soname, provider } = first
    return [{ version, soname, provider, objects, symbols: symbols.slice(0, SHOWN), count: symbols.length }]
  })
}

/** The names under which the libraries of a group are asked for. */
export function sonamesOf(versions: readonly MissingVersion[]): readonly string[] {
  return [...new Set(versions.map(({ soname }) => soname))].sort()
}

/** One sentence about the symbols behind a group. */
export function symbolSentence(versions: readonly MissingVersion[], place: string): string {
  const names = versions.flatMap(({ version, symbols }) => symbols.map((symbol) => `${symbol}@${version}`))
  const count = versions.reduce((sum, version) => sum + version.count, 0)
  const objects = [...new Set(versions.flatMap((version) => version.objects))].sort()
  if (count === 0) {
    const marks = versions.some(({ version }) => version === 'GLIBC_ABI_DT_RELR')
    return marks ? ' It is demanded by packed relocations (DT_RELR), not by a symbol.' : ' No symbol in use demands it.'
  }
  const what = new Set(versions.map(({ version }) => version)).size === 1 ? 'it' : 'them'
  if (count > FEW) return ` ${count} symbols demand ${what}, such as ${some(names.slice(0, FEW))}.`
  const verb = count === 1 ? 'stands' : 'stand'
  return ` Only ${some(names)} in ${some(objects)} ${verb} in the way of ${place}.`
}

/** The world that the message speaks of: the base where it is concerned. */
export function spokenWorld(group: GapGroup): WorldName {
  return group.gaps.some(({ world }) => world === 'base') ? 'base' : 'host'
}

/** In which worlds a group holds. */
export function worldsOf(group: GapGroup): WorldName | 'both' {
  const worlds = new Set(group.gaps.map(({ world }) => world))
  return worlds.size > 1 ? 'both' : spokenWorld(group)
}

/** What a planner is told: the libraries of the base that have to be newer. */
export function newerAction(group: GapGroup): { readonly action?: RepairAction } {
  const libraries = lackingLibraries(group.gaps.filter(({ world, object }) => world === 'base' && object !== null))
  return libraries.length === 0 ? {} : { action: { kind: 'newer', libraries } }
}

/** Objects of the owner, relative to the payload root. */
export function groupObjects(group: GapGroup): readonly string[] {
  return [...new Set(group.gaps.flatMap(({ object }) => (object === null ? [] : [object.relative])))].sort()
}
