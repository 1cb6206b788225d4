/** The dynamic symbols of a declared file with their hash tables and version indices. */
import type { Format } from './bytes.ts'
import type { Strings } from './bytes.ts'
import { Writer } from './bytes.ts'
import { byBucket, gnuTable, sysvTable } from './hash.ts'
import type { ElfSpec, SymbolSpec } from './spec.ts'
import type { VersionTables } from './versions.ts'

const EM_S390 = 22
const EM_ALPHA = 0x9026

/** The tables; an empty array for one that is not wanted. */
export interface SymbolTables {
  /** As they stand in the file, without the null symbol. */
  readonly order: readonly SymbolSpec[]
  readonly symbols: Uint8Array
  readonly sysv: Uint8Array
  readonly gnu: Uint8Array
  readonly versions: Uint8Array
}

/** Makes the tables; names go into `strings`. `value` is the address of every defined symbol. */
export function symbolTables(
  spec: ElfSpec,
  machine: number,
  strings: Strings,
  versions: VersionTables,
  format: Format,
): (value: number) => SymbolTables {
  const wanted = spec.hash ?? ['gnu', 'sysv']
  const declared = spec.symbols ?? []
  const defined = declared.filter((symbol) => symbol.defined !== false)
  const undefinedOnes = declared.filter((symbol) => symbol.defined === false)
  const hashed = wanted.includes('gnu') ? byBucket(defined) : defined
  const order = [...undefinedOnes, ...hashed]
  for (const symbol of order) strings.add(symbol.name)
  const names = ['', ...order.map((symbol) => symbol.name)]
  const wordSize = format.wide && (machine === EM_S390 || machine === EM_ALPHA) ? 8 : 4
  const versioned = versions.needCount > 0 || versions.definitionCount > 0
  const versym = new Writer(format)
  if (versioned) versym.half(0)
  for (const symbol of order) {
    const index = versions.indexOf(symbol)
    if (versioned) versym.half(index)
  }
  const first = 1 + undefinedOnes.length
  return (value) => ({
    order,
    symbols: symbolBytes(order, strings, value, format),
    sysv: wanted.includes('sysv') ? sysvTable(names, format, wordSize) : new Uint8Array(0),
    gnu: wanted.includes('gnu') ? gnuTable(names.slice(first), first, format) : new Uint8Array(0),
    versions: versym.bytes(),
  })
}

function symbolBytes(order: readonly SymbolSpec[], strings: Strings, value: number, format: Format): Uint8Array {
  const writer = new Writer(format).raw(new Uint8Array(format.wide ? 24 : 16))
  for (const symbol of order) {
    const defined = symbol.defined !== false
    const name = strings.add(symbol.name)
    const info = ((symbol.binding ?? 1) << 4) | (symbol.type ?? 2)
    const other = symbol.visibility ?? 0
    const section = defined ? 1 : 0
    const address = defined ? value : 0
    if (format.wide) writer.word(name).byte(info).byte(other).half(section).native(address).native(0)
    else writer.word(name).native(address).native(0).byte(info).byte(other).half(section)
  }
  return writer.bytes()
}
