/** Binds every symbol of a link map without running anything: what `ldd -r` reports when all is bound at once. */
import type { SymbolReport, UndefinedSymbol } from '../domain/closure.ts'
import type { SymbolFile } from '../domain/symbols.ts'
import { REFERENCE_COPY, REFERENCE_DATA, REFERENCE_WEAK } from '../domain/symbols.ts'
import type { World } from '../domain/system.ts'
import { Binder } from './binder.ts'
import type { Misreadings } from './misread.ts'
import type { VersionReport } from './versions.ts'

/** An object of a link map with the path of its file. */
export interface Bindable {
  /** Index in the closure. */
  readonly index: number
  /** Path without links. */
  readonly file: string
}

/** By what numbers the files: worlds that share it share every answer as well. */
const BINDERS = new WeakMap<object, Map<string, Binder>>()

/**
 * Looks up what some objects refer to.
 *
 * @param scope in the order of lookup
 * @param bound the objects whose references are looked up
 * @param misread for objects by their index: versions that a trace takes for others
 */
export function bindSymbols(
  world: World,
  libc: 'glibc' | 'musl',
  scope: readonly Bindable[],
  bound: readonly Bindable[],
  versions: VersionReport,
  misread: () => ReadonlyMap<number, Misreadings> = () => new Map(),
): SymbolReport {
  const checked = { versionErrors: versions.errors, unversioned: versions.unversioned }
  if (bound.length === 0) return { ...checked, undefined: [], bound: [], unread: [] }
  const misreadings = misread()
  const files = scope.map(({ file }) => world.symbolFile(file))
  const binder = binderFor(world, libc)
  binder.enter(files)
  const missing: UndefinedSymbol[] = []
  for (const { index, file } of bound) {
    const asking = world.symbolFile(file)
    const versionsRead = misreadings.get(index)
    const open = binder.unanswered(asking, files)
    if (versionsRead === undefined) for (const i of open) missing.push(describe(index, asking, i))
    else missing.push(...misreadSymbols(binder, index, asking, files, open, versionsRead))
  }
  // What cannot be read might define anything.
  const unread = scope.filter((_, i) => files[i]?.readable === false).map(({ index }) => index)
  return {
    ...checked,
    undefined: unread.length > 0 ? [] : missing,
    bound: bound.map(({ index }) => index),
    unread,
  }
}

/** What is undefined when some of the demanded versions are misread. */
function misreadSymbols(
  binder: Binder,
  object: number,
  file: SymbolFile,
  scope: readonly SymbolFile[],
  open: readonly number[],
  versions: Misreadings,
): readonly UndefinedSymbol[] {
  if (!file.versioned) return open.map((i) => describe(object, file, i))
  const unanswered = new Set(open)
  const found: UndefinedSymbol[] = []
  for (const i of asRelocated(file)) {
    const version = versions(file.references.versions[i] ?? 0)
    if (version === 'crash') return found
    if (version === null) {
      if (unanswered.has(i)) found.push(describe(object, file, i))
    } else if (!binder.isAnswered(file, i, version, scope)) {
      found.push({ ...describe(object, file, i), version: version.text })
    }
  }
  return found
}

/** The strong references, those of DT_RELA before those of DT_JMPREL: linkers write each in the order of the symbols. */
function asRelocated({ references: { count, kinds } }: SymbolFile): readonly number[] {
  const data: number[] = []
  const functions: number[] = []
  for (let i = 0; i < count; i += 1) {
    const kind = kinds[i] ?? 0
    if ((kind & REFERENCE_WEAK) === 0) (kind & (REFERENCE_DATA | REFERENCE_COPY) ? data : functions).push(i)
  }
  return [...data, ...functions]
}

function describe(object: number, file: SymbolFile, index: number): UndefinedSymbol {
  const { references } = file
  const version = file.versioned ? file.versionName(references.versions[index] ?? 0) : ''
  const kind = references.kinds[index] ?? 0
  return {
    object,
    symbol: references.text(index),
    version: version === '' ? null : version,
    immediate: (kind & (REFERENCE_DATA | REFERENCE_COPY)) !== 0 || file.bindsNow,
  }
}

function binderFor(world: World, libc: 'glibc' | 'musl'): Binder {
  const binders = BINDERS.get(world.numbering) ?? new Map<string, Binder>()
  BINDERS.set(world.numbering, binders)
  const known = binders.get(libc) ?? new Binder(libc)
  binders.set(libc, known)
  return known
}
