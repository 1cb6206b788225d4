/** The entries of a repair file as one list, each with the keys that lead to it, and back. */
import type { RepairFile, RepairSections } from '../domain/repair.ts'
import { compareBytes } from './compare.ts'
import { SECTIONS } from './sections.ts'

/** One entry: section, then its key; for `env` the variable and the value. */
export interface KeyedEntry {
  readonly keys: readonly string[]
  readonly value: Readonly<Record<string, unknown>>
}

type Data = Readonly<Record<string, unknown>>

/** Every entry in the order of the file. */
export function entriesOf(file: RepairSections | Data): readonly KeyedEntry[] {
  return SECTIONS.flatMap((section) => {
    const entries = (file as Data)[section]
    if (entries === undefined) return []
    return sorted(entries as Data).flatMap(([key, value]) =>
      section === 'env'
        ? sorted(value as Data).map(([inner, entry]) => ({ keys: [section, key, inner], value: entry as Data }))
        : [{ keys: [section, key], value: value as Data }],
    )
  })
}

/** Sections made of entries; empty ones are left out. */
export function sectionsOf(entries: readonly KeyedEntry[]): RepairSections {
  const out: Record<string, Record<string, unknown>> = {}
  for (const { keys, value } of entries) {
    const [section = '', key = '', inner] = keys
    const place = (out[section] ??= {})
    if (inner === undefined) define(place, key, value)
    else {
      if (!Object.hasOwn(place, key)) define(place, key, {})
      define(place[key] as Record<string, unknown>, inner, value)
    }
  }
  return out
}

/** A file with other entries and the same header. */
export function withEntries(file: RepairFile, entries: readonly KeyedEntry[]): RepairFile {
  const { kind, subject, base, includes, verify } = file
  return {
    kind,
    subject,
    ...(base === undefined ? {} : { base }),
    ...(includes === undefined ? {} : { includes }),
    ...sectionsOf(entries),
    ...(verify === undefined ? {} : { verify }),
  }
}

function sorted(value: Data): readonly (readonly [string, unknown])[] {
  return Object.entries(value).sort(([a], [b]) => compareBytes(a, b))
}

/** A key may be called `__proto__`, which assignment would not make an own one. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}
