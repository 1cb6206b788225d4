/** DT_VERDEF and DT_VERNEED of a declared file, and the index of each version. */
import type { Format, Strings } from './bytes.ts'
import { Writer } from './bytes.ts'
import { sysvHash } from './hash.ts'
import type { ElfSpec, SymbolSpec, VersionDefinitionSpec } from './spec.ts'

const VER_FLG_BASE = 1
const VER_FLG_WEAK = 2

/** The tables (empty arrays where there is nothing) and the number of records of each. */
export interface VersionTables {
  readonly definitions: Uint8Array
  readonly definitionCount: number
  readonly needs: Uint8Array
  readonly needCount: number
  /** The entry of the version symbol table for one symbol. */
  indexOf(symbol: SymbolSpec): number
}

/** Makes both tables; their names go into `strings`. */
export function versionTables(spec: ElfSpec, strings: Strings, format: Format): VersionTables {
  const defined = new Map<string, number>()
  const definitions = definitionList(spec)
  const verdef = new Writer(format)
  definitions.forEach((definition, i) => {
    const index = i + 1
    if (definition.base !== true) defined.set(definition.name, index)
    writeDefinition(verdef, strings, definition, index, i === definitions.length - 1)
  })
  const demanded = new Map<string, number>()
  const needs = (spec.versionNeeds ?? []).filter((need) => need.versions.length > 0)
  const verneed = new Writer(format)
  let index = Math.max(definitions.length, 1)
  needs.forEach((need, i) => {
    const last = i === needs.length - 1
    verneed.half(1).half(need.versions.length).word(strings.add(need.file)).word(16)
    verneed.word(last ? 0 : 16 + 16 * need.versions.length)
    need.versions.forEach((version, k) => {
      const { name, weak } = typeof version === 'string' ? { name: version, weak: false } : version
      index += 1
      demanded.set(`${need.file} ${name}`, index)
      if (!demanded.has(name)) demanded.set(name, index)
      verneed
        .word(sysvHash(name))
        .half(weak === true ? VER_FLG_WEAK : 0)
        .half(index)
        .word(strings.add(name))
      verneed.word(k === need.versions.length - 1 ? 0 : 16)
    })
  })
  return {
    definitions: verdef.bytes(),
    definitionCount: definitions.length,
    needs: verneed.bytes(),
    needCount: needs.length,
    indexOf: (symbol) => indexOf(symbol, defined, demanded),
  }
}

function definitionList(spec: ElfSpec): readonly VersionDefinitionSpec[] {
  const list = (spec.versionDefinitions ?? []).map((one) => (typeof one === 'string' ? { name: one } : one))
  if (list.length === 0 || list.some((one) => one.base === true)) return list
  return [{ name: spec.soname ?? 'unnamed', base: true }, ...list]
}

function writeDefinition(
  writer: Writer,
  strings: Strings,
  definition: VersionDefinitionSpec,
  index: number,
  last: boolean,
): void {
  const names = [definition.name, ...(definition.parents ?? [])]
  const flags = (definition.base === true ? VER_FLG_BASE : 0) | (definition.weak === true ? VER_FLG_WEAK : 0)
  writer.half(1).half(flags).half(index).half(names.length).word(sysvHash(definition.name)).word(20)
  writer.word(last ? 0 : 20 + 8 * names.length)
  names.forEach((name, i) => writer.word(strings.add(name)).word(i === names.length - 1 ? 0 : 8))
}

function indexOf(
  symbol: SymbolSpec,
  defined: ReadonlyMap<string, number>,
  demanded: ReadonlyMap<string, number>,
): number {
  // As GNU ld: VER_NDX_LOCAL for what is demanded of anybody.
  if (symbol.version === undefined) return symbol.defined === false ? 0 : 1
  const key = symbol.file === undefined ? symbol.version : `${symbol.file} ${symbol.version}`
  const index = symbol.defined === false ? demanded.get(key) : defined.get(symbol.version)
  if (index === undefined) throw new Error(`symbol ${symbol.name}: version ${key} is not declared`)
  return index | (symbol.hidden === true ? 0x8000 : 0)
}
