/** The dynamic section of a declared file. */
import type { Format, Strings } from './bytes.ts'
import { Writer } from './bytes.ts'
import type { Placed } from './layout.ts'
import type { ElfSpec } from './spec.ts'
import type { VersionTables } from './versions.ts'

const TAGS = { needed: 1, filter: 0x7fffffff, auxiliary: 0x7ffffffd } as const

/** Tags of the dynamic section whose value is the address of a table, with the piece's name. */
const TABLES: readonly (readonly [tag: number, piece: string])[] = [
  [4, 'hash'],
  [0x6ffffef5, 'gnu.hash'],
  [5, 'dynstr'],
  [6, 'dynsym'],
  [0x6ffffff0, 'versym'],
  [0x6ffffffc, 'verdef'],
  [0x6ffffffe, 'verneed'],
  [7, 'rela'],
  [17, 'rel'],
  [36, 'relr'],
]

/** Entries whose values are known before anything is placed; their strings go into `strings`. */
export function namedEntries(spec: ElfSpec, strings: Strings): readonly (readonly [number, number])[] {
  const entries: [number, number][] = []
  for (const need of spec.needs ?? []) {
    const { kind, name } = typeof need === 'string' ? { kind: 'needed' as const, name: need } : need
    entries.push([TAGS[kind], strings.add(name)])
  }
  const texts: [number, string | undefined][] = [
    [14, spec.soname],
    [15, spec.rpath],
    [29, spec.runpath],
    [0x6ffffefc, spec.audit],
    [0x6ffffefb, spec.depaudit],
  ]
  for (const [tag, text] of texts) if (text !== undefined) entries.push([tag, strings.add(text)])
  if (spec.flags !== undefined) entries.push([30, spec.flags])
  if (spec.flags1 !== undefined) entries.push([0x6ffffffb, spec.flags1])
  if (spec.interpreter !== undefined || spec.type === 'exec') entries.push([21, 0])
  return entries
}

/** The whole section. Call it with no pieces to learn its size when `tables` names the pieces that will exist. */
export function dynamicBytes(
  spec: ElfSpec,
  named: readonly (readonly [number, number])[],
  tables: readonly string[],
  placed: ReadonlyMap<string, Placed>,
  versions: VersionTables,
  format: Format,
): Uint8Array {
  const sizeOf = (name: string): number => placed.get(name)?.bytes.length ?? 0
  const entries: (readonly [number, number])[] = [...named]
  for (const [tag, name] of TABLES) if (tables.includes(name)) entries.push([tag, placed.get(name)?.address ?? 0])
  entries.push([10, sizeOf('dynstr')], [11, format.wide ? 24 : 16])
  if (tables.includes('verdef')) entries.push([0x6ffffffd, versions.definitionCount])
  if (tables.includes('verneed')) entries.push([0x6fffffff, versions.needCount])
  if (tables.includes('rela')) entries.push([8, sizeOf('rela')], [9, 24])
  if (tables.includes('rel')) entries.push([18, sizeOf('rel')], [19, 8])
  if (tables.includes('relr')) entries.push([35, sizeOf('relr')], [37, format.wide ? 8 : 4])
  const writer = new Writer(format)
  for (const [tag, value] of [...entries, ...(spec.dynamicExtra ?? [])]) {
    if (spec.dynamicOmit?.includes(tag) === true) continue
    const outside = tag === 5 && spec.stringsOutside === true ? 0x7f000000 : value
    writer.native(tag).native(spec.dynamicValues?.[tag] ?? outside)
  }
  return writer.native(0).native(0).bytes()
}
