/**
 * Merges what a run generates into what a person may have edited, field by field, against what the last run generated:
 * hand edits win, what was deleted by hand stays deleted, and where both changed the file stays and both are told.
 */
import { createHash } from 'node:crypto'
import { compareBytes, sameData } from './compare.ts'
import type { KeyedEntry } from './entries.ts'
import { joinValues } from './join.ts'
import { SECTIONS } from './sections.ts'

type Value = KeyedEntry['value']

/** One field that a person and the generator changed differently. Absent values are null. */
export interface MergeConflict {
  readonly keys: readonly string[]
  readonly field: string
  readonly generated_before: unknown
  readonly file: unknown
  readonly generated_now: unknown
}

/** An entry that a person deleted. */
export interface Declined {
  readonly keys: readonly string[]
  /** Hash of why the entry was offered: with other reasons it is offered again. */
  readonly evidence: string
  /** Written by hand into the lock, kept. */
  readonly reason?: string
}

export interface MergeInput {
  /** What the last run generated. */
  readonly before: readonly KeyedEntry[]
  /** What the file says now. */
  readonly file: readonly KeyedEntry[]
  /** What this run generates. */
  readonly now: readonly KeyedEntry[]
  readonly declined: readonly Declined[]
}

export interface MergeResult {
  /** In the order of a file. */
  readonly entries: readonly KeyedEntry[]
  readonly declined: readonly Declined[]
  readonly conflicts: readonly MergeConflict[]
  /** Entries that nothing asks for any more and that stay because a person touched them. */
  readonly redundant: readonly (readonly string[])[]
}

/** Merges entry by entry. */
export function mergeEntries(input: MergeInput): MergeResult {
  const before = byKeys(input.before)
  const file = byKeys(input.file)
  const now = byKeys(input.now)
  const declined = new Map(input.declined.map((item) => [keyOf(item.keys), item]))
  const merge = new Merge()
  const all = new Map([...before, ...file, ...now].map(([key, { keys }]) => [key, keys]))
  for (const [key, keys] of all) {
    const mine = file.get(key)?.value
    const old = before.get(key)?.value
    const fresh = now.get(key)?.value
    if (mine === undefined) merge.absent(keys, old, fresh, declined.get(key))
    else merge.present(keys, old, mine, fresh)
  }
  return merge.finish(input.declined.filter(({ keys }) => !all.has(keyOf(keys))))
}

class Merge {
  readonly #entries: KeyedEntry[] = []
  readonly #declined: Declined[] = []
  readonly #conflicts: MergeConflict[] = []
  readonly #redundant: (readonly string[])[] = []

  /** Not in the file: deleted by hand, declined before, or new. */
  absent(
    keys: readonly string[],
    old: Value | undefined,
    fresh: Value | undefined,
    declined: Declined | undefined,
  ): void {
    const evidence = old === undefined ? (declined?.evidence ?? null) : evidenceOf(old)
    if (fresh !== undefined && (evidence === null || evidence !== evidenceOf(fresh))) {
      this.#entries.push({ keys, value: fresh })
      return
    }
    if (evidence === null) return
    this.#declined.push({ keys, evidence, ...(declined?.reason === undefined ? {} : { reason: declined.reason }) })
  }

  present(keys: readonly string[], old: Value | undefined, mine: Value, fresh: Value | undefined): void {
    if (mine['pin'] === true) {
      this.#entries.push({ keys, value: mine })
    } else if (fresh === undefined) {
      if (old !== undefined && sameData(old, mine)) return
      if (old !== undefined) this.#redundant.push(keys)
      this.#entries.push({ keys, value: mine })
    } else {
      this.#entries.push({ keys, value: this.#fields(keys, old, mine, fresh) })
    }
  }

  finish(others: readonly Declined[]): MergeResult {
    return {
      entries: this.#entries.sort((a, b) => compareKeys(a.keys, b.keys)),
      declined: [...this.#declined, ...others].sort((a, b) => compareKeys(a.keys, b.keys)),
      conflicts: this.#conflicts,
      redundant: this.#redundant,
    }
  }

  #fields(keys: readonly string[], old: Value | undefined, mine: Value, fresh: Value): Value {
    const out: Record<string, unknown> = {}
    for (const field of new Set([...Object.keys(mine), ...Object.keys(fresh), ...Object.keys(old ?? {})])) {
      const value = this.#field(keys, field, old, mine, fresh)
      if (value !== undefined) out[field] = value
    }
    return out
  }

  #field(keys: readonly string[], field: string, old: Value | undefined, mine: Value, fresh: Value): unknown {
    const [was, is, next] = [old?.[field], mine[field], fresh[field]]
    if (sameData(is, next)) return is
    if (sameData(was, is)) return next
    if (sameData(was, next)) return is
    // An entry that a person wrote before any run did may well leave out why.
    if (old === undefined && is === undefined) return next
    this.#conflicts.push({
      keys,
      field,
      generated_before: was ?? null,
      file: is ?? null,
      generated_now: next ?? null,
    })
    return is
  }
}

/**
 * What several contexts generated for one package, as one: lists of names are joined, other fields are those of the
 * first context by name, so that the file does not depend on which context ran last.
 */
export function combine(byContext: ReadonlyMap<string, readonly KeyedEntry[]>): readonly KeyedEntry[] {
  const joined = new Map<string, KeyedEntry>()
  for (const [, entries] of [...byContext].sort(([a], [b]) => compareBytes(a, b))) {
    for (const { keys, value } of entries) {
      const known = joined.get(keyOf(keys))
      joined.set(keyOf(keys), { keys, value: known === undefined ? value : joinValues(known.value, value) })
    }
  }
  return [...joined.values()].sort((a, b) => compareKeys(a.keys, b.keys))
}

/** Why an entry is offered, as a hash. */
export function evidenceOf(value: Value): string {
  const { fixes, because } = value
  const evidence = fixes === undefined && because === undefined ? value : { fixes, because }
  return createHash('sha256')
    .update(JSON.stringify(sortedKeys(evidence)))
    .digest('hex')
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => compareBytes(a, b))
  return entries.map(([key, item]) => [key, sortedKeys(item)])
}

function byKeys(entries: readonly KeyedEntry[]): ReadonlyMap<string, KeyedEntry> {
  return new Map(entries.map((entry) => [keyOf(entry.keys), entry]))
}

function keyOf(keys: readonly string[]): string {
  return keys.join('\0')
}

function compareKeys(a: readonly string[], b: readonly string[]): number {
  const place = (keys: readonly string[]): number => (SECTIONS as readonly string[]).indexOf(keys[0] ?? '')
  return place(a) - place(b) || compareBytes(keyOf(a), keyOf(b))
}
