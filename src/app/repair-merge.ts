/** From planned entries to the files that would be written: merged with what is on disk, with their locks. */
import { resolve } from 'node:path'
import type { Context, Package } from '../domain/context.ts'
import { packageId } from '../domain/context.ts'
import type { RepairFile, RepairProblem, VerifySection } from '../domain/repair.ts'
import type { System } from '../domain/system.ts'
import { sameData } from '../repair/compare.ts'
import type { KeyedEntry } from '../repair/entries.ts'
import { entriesOf, withEntries } from '../repair/entries.ts'
import type { NamedRepair } from '../repair/environment.ts'
import type { Lock, LockInputs } from '../repair/lock.ts'
import { writeLock } from '../repair/lock.ts'
import type { MergeConflict } from '../repair/merge.ts'
import { combine, mergeEntries } from '../repair/merge.ts'
import { STATE_FOLDER, contextFilePath, packageFilePath } from '../repair/paths.ts'
import type { PlannedEntry } from '../repair/planned.ts'
import { updateRepairText, writeRepairFile } from '../repair/write.ts'
import { contextSubject, packageFile } from './generated-files.ts'
import { recordedSource } from './graft-sources.ts'
import type { RepairOptions } from './repair-options.ts'
import type { RepairStore, StoredFile } from './repair-store.ts'

export interface MergeSetting {
  readonly store: RepairStore
  readonly contexts: readonly { readonly context: Context; readonly entries: readonly PlannedEntry[] }[]
  readonly base: System | null
  readonly options: RepairOptions
  /** Where other sources of grafts than the host are, by name. */
  readonly sources: Lock['sources']
}

export interface MergedFiles {
  /** Texts that differ from what is on disk, locks included; null for a file to take away. */
  readonly changes: ReadonlyMap<string, string | null>
  /** Every repair file as it will stand. */
  readonly files: ReadonlyMap<string, RepairFile>
  /** The files of one context, its own last. */
  filesFor(context: Context): readonly NamedRepair[]
  /** By the name of the context. */
  readonly problems: ReadonlyMap<string, readonly RepairProblem[]>
}

/** Merges everything. Package files remember which context wanted what, so that contexts may be planned one by one. */
export function mergeStore(setting: MergeSetting): MergedFiles {
  const merger = new Merger(setting)
  for (const item of packagesOf(setting)) merger.package(item)
  for (const { context, entries } of setting.contexts) merger.context(context, entries)
  return merger.finish()
}

function packagesOf({ contexts }: MergeSetting): readonly Package[] {
  const items = contexts.flatMap(({ context }) => context.packages)
  return [...new Map(items.map((item) => [packageFilePath(item), item])).values()]
}

class Merger {
  readonly #setting: MergeSetting
  readonly #changes = new Map<string, string | null>()
  readonly #files: Map<string, RepairFile>
  readonly #problems = new Map<string, RepairProblem[]>()

  constructor(setting: MergeSetting) {
    this.#setting = setting
    this.#files = new Map([...setting.store.files].map(([path, { file }]) => [path, file]))
  }

  package(item: Package): void {
    const path = packageFilePath(item)
    const generated = new Map(this.#lock(path)?.generated ?? [])
    for (const { context, entries } of this.#setting.contexts) {
      const own = entries.filter(({ owner }) => owner !== null && packageFilePath(owner) === path)
      const isMember = context.packages.some((other) => packageFilePath(other) === path)
      if (own.length > 0) generated.set(context.name, keyed(own))
      else if (isMember) generated.delete(context.name)
    }
    const names = this.#setting.contexts.map(({ context }) => context.name)
    this.#merge(path, generated, packageFile(item, []), { packageName: packageId(item), names, context: null })
  }

  context(context: Context, entries: readonly PlannedEntry[]): void {
    const { base } = this.#setting
    const path = contextFilePath(context.name)
    const paths = context.packages.map(packageFilePath).filter((other) => this.#files.has(other))
    const verify = verifyOf(context)
    const header: RepairFile = {
      kind: 'context',
      subject: contextSubject(context, context.name),
      ...(base === null ? {} : { base: baseOf(base) }),
      ...(paths.length === 0 ? {} : { includes: [...new Set(paths)].sort() }),
      ...(verify === null ? {} : { verify }),
    }
    const own = entries.filter(({ owner }) => owner === null)
    const generated = new Map([[context.name, keyed(own)]])
    this.#merge(path, generated, header, { packageName: null, names: [context.name], context })
  }

  finish(): MergedFiles {
    const files = this.#files
    return {
      changes: this.#changes,
      files,
      filesFor: (context) =>
        [...context.packages.map(packageFilePath), contextFilePath(context.name)].flatMap((path) => {
          const file = files.get(path)
          return file === undefined ? [] : [{ path, file }]
        }),
      problems: this.#problems,
    }
  }

  #lock(path: string): Lock | null {
    // A file that was deleted as a whole is planned anew.
    return this.#setting.store.files.has(path) ? (this.#setting.store.locks.get(path)?.lock ?? null) : null
  }

  #merge(
    path: string,
    generated: ReadonlyMap<string, readonly KeyedEntry[]>,
    header: RepairFile,
    about: { readonly packageName: string | null; readonly names: readonly string[]; readonly context: Context | null },
  ): void {
    const stored = this.#setting.store.files.get(path)
    const lock = this.#lock(path)
    const merged = mergeEntries({
      before: combine(lock?.generated ?? new Map()),
      file: stored === undefined ? [] : entriesOf(stored.file),
      now: combine(generated),
      declined: lock?.declined ?? [],
    })
    const verify = keptVerify(stored?.file ?? null, lock, header)
    const file = withEntries({ ...withoutVerify(header), ...(verify === null ? {} : { verify }) }, merged.entries)
    this.#report(path, about, merged.conflicts, merged.redundant)
    const isEmpty = file.kind === 'package' && merged.entries.length === 0 && verify === null
    const isGone = isEmpty && merged.declined.length === 0
    if (isGone) this.#files.delete(path)
    else this.#files.set(path, file)
    this.#put(path, stored?.text ?? null, isGone ? null : textOf(stored ?? null, file))
    const next = this.#lockOf(generated, header, merged.declined, about.context)
    const lockText = this.#setting.store.locks.get(path)?.text ?? null
    this.#put(`${STATE_FOLDER}/${path}`, lockText, isGone ? null : writeLock(next))
  }

  #lockOf(generated: Lock['generated'], header: RepairFile, declined: Lock['declined'], context: Context | null): Lock {
    return {
      tool: this.#setting.options.toolVersion,
      generated,
      verify: header.verify ?? null,
      declined,
      inputs: context === null ? null : inputsOf(this.#setting.options),
      places: context === null ? {} : placesOf(context),
      sources: context === null ? {} : this.#setting.sources,
    }
  }

  #put(path: string, before: string | null, after: string | null): void {
    if (before !== after) this.#changes.set(path, after)
  }

  #report(
    path: string,
    about: { readonly packageName: string | null; readonly names: readonly string[] },
    conflicts: readonly MergeConflict[],
    redundant: readonly (readonly string[])[],
  ): void {
    const problems = [
      ...conflicts.map((conflict) => conflictProblem(path, about.packageName, conflict)),
      ...redundant.map((keys): RepairProblem => {
        const message = 'nothing asks for it any more; it stays because it was edited by hand'
        return { rule: 'FIX001', file: path, entry: keys.join(' '), package: about.packageName, message, evidence: {} }
      }),
    ]
    for (const name of about.names) {
      this.#problems.set(name, [...(this.#problems.get(name) ?? []), ...problems])
    }
  }
}

function textOf(stored: StoredFile | null, file: RepairFile): string {
  return stored === null ? writeRepairFile(file) : updateRepairText(stored.text, stored.file, file)
}

/** What is to be verified: as generated, unless a person wrote something else. */
function keptVerify(stored: RepairFile | null, lock: Lock | null, header: RepairFile): VerifySection | null {
  const fresh = header.verify ?? null
  if (stored === null) return fresh
  const kept = stored.verify ?? null
  return sameData(kept, lock?.verify ?? null) ? fresh : kept
}

function conflictProblem(file: string, packageName: string | null, conflict: MergeConflict): RepairProblem {
  const { keys, field, generated_before: before, file: mine, generated_now: now } = conflict
  const message = `${field} was generated as ${text(before)}, is ${text(mine)} in the file, and would be ${text(now)} now; the file stays`
  return {
    rule: 'FIX005',
    file,
    entry: keys.join(' '),
    package: packageName,
    message,
    evidence: { field, generated_before: before, file_value: mine, generated_now: now },
  }
}

function text(value: unknown): string {
  return value === null ? 'absent' : typeof value === 'string' ? value : JSON.stringify(value)
}

function keyed(entries: readonly PlannedEntry[]): readonly KeyedEntry[] {
  return entries.map(({ keys, value }) => ({ keys, value }))
}

function withoutVerify(file: RepairFile): RepairFile {
  const { kind, subject, base, includes } = file
  return { kind, subject, ...(base === undefined ? {} : { base }), ...(includes === undefined ? {} : { includes }) }
}

function baseOf(base: System): { readonly name: string; readonly image?: string } {
  const { declaration, os } = base
  const image = declaration?.image ?? null
  const name = declaration?.name ?? (os === null ? 'base' : [os.id, os.version].filter((part) => part !== '').join('-'))
  return { name, ...(image === null ? {} : { image }) }
}

/** The commands that people start must resolve. */
function verifyOf(context: Context): VerifySection | null {
  const resolve = context.packages.flatMap(({ name, tools }) => tools.map((tool) => `{${name}}/bin/${tool}`))
  return resolve.length === 0 ? null : { resolve: [...new Set(resolve)].sort(), expect: { errors: 0 } }
}

function inputsOf(options: RepairOptions): LockInputs {
  const { contexts, repos, index, implicit, cpu, name, preference, never, graftFrom, folder } = options
  const place = (text: string | null): string | null =>
    text === null || !/[./]/.test(text) || text.includes(':') ? text : resolve(folder, text)
  return {
    contexts: contexts.map((text) => (text.includes('/') || text.endsWith('.rxt') ? resolve(folder, text) : text)),
    repositories: repos.map((repo) => resolve(folder, repo)),
    host: place(options.host),
    base: place(options.base),
    index,
    env: place(options.env),
    implicit,
    cpu,
    name,
    prefer: preference,
    never,
    graftFrom: graftFrom.map((text) => recordedSource(text, folder)),
  }
}

function placesOf(context: Context): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(context.packages.map((item) => [item.name, item.payload]))
}
