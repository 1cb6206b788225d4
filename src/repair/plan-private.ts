/** Grafts in folders of their own: for libraries that must not be found by everybody. Judged by what the loader does with them. */
import type { Audit, ContextAudit, Finding, PackageObject, ResolvedWorld } from '../domain/audit.ts'
import type { Closure } from '../domain/closure.ts'
import { some } from '../rules/words.ts'
import type { ApartWant, LibraryEntry, PlannedEntry } from './planned.ts'
import type { ReachSetting } from './reach.ts'
import { askersOf, wayTo } from './reach.ts'

/** A graft with the entries by which those find it that need it. */
export interface PrivateGraft {
  readonly name: string
  readonly findings: readonly Finding[]
  readonly askers: readonly PackageObject[]
  readonly entries: readonly LibraryEntry[]
}

export interface PrivateProposal {
  readonly grafts: readonly PrivateGraft[]
  /** Names that cannot be had so, and why. */
  readonly refused: ReadonlyMap<string, string>
}

/** The ways of all askers to what they want; a want that one of them has no way to is refused. */
export function proposePrivate(wants: readonly ApartWant[], setting: ReachSetting): PrivateProposal {
  const grafts: PrivateGraft[] = []
  const refused = new Map<string, string>()
  for (const { want, dest, entries } of wants) {
    const { name, findings } = want
    const askers = askersOf(setting.audit, want)
    const ways = askers.map((object) => wayTo(object, name, dest, setting))
    const fixes = [...new Set(findings.map(({ rule }) => rule))].sort()
    const against = name.includes('/') ? 'it is asked for by its path' : ways.find((way) => typeof way === 'string')
    if (against !== undefined) refused.set(name, against)
    else if (askers.length === 0) refused.set(name, 'no object of a package asks for it before the base does')
    else {
      const reach = ways.flatMap((way) => (typeof way === 'string' ? [] : [{ ...way, value: { ...way.value, fixes } }]))
      grafts.push({ name, findings, askers, entries: [...entries, ...reach.map((entry) => ({ entry, findings }))] })
    }
  }
  return { grafts, refused }
}

/** Everything that the grafts need, as entries. */
export function entriesOfGrafts(grafts: readonly PrivateGraft[]): readonly PlannedEntry[] {
  return grafts.flatMap(({ entries }) => entries.map(plannedEntry))
}

/** An entry with the fingerprints of its findings. */
export function plannedEntry({ entry, findings }: LibraryEntry): PlannedEntry {
  return { ...entry, clears: [...new Set(findings.map(({ fingerprint }) => fingerprint))].sort() }
}

/**
 * Grafts that are better not made, by name with the reason: those whose finding stays, after which something is found that
 * no repair is known for, or by which others load another file than before.
 */
export function spoiled(before: Audit, after: Audit, grafts: readonly PrivateGraft[]): ReadonlyMap<string, string> {
  const known = new Set(before.findings.map(keyOf))
  const left = new Set(after.findings.map(keyOf))
  const fresh = after.findings.filter((finding) => isSpoiling(finding) && !known.has(keyOf(finding)))
  const strange = movedAnswers(before.contexts[0], after.contexts[0]).filter((move) => !isMeant(move, grafts))
  const out = new Map<string, string>()
  for (const { name, findings } of grafts) {
    if (findings.some((finding) => left.has(keyOf(finding))))
      out.set(name, 'a copy beside its askers does not clear it')
  }
  if (out.size > 0 || (fresh.length === 0 && strange.length === 0)) return out
  const reason =
    strange.length > 0
      ? `${some([...new Set(strange.map(({ name }) => name))])} would be found elsewhere by others`
      : `${some(fresh.map(({ rule, subject }) => `${rule} ${subject}`))} would be new`
  return new Map(grafts.map(({ name }) => [name, reason]))
}

/** Longer run paths are told by FIX006, and what has a remedy is planned next. */
function isSpoiling({ rule, severity, repairs }: Finding): boolean {
  return severity !== 'note' && rule !== 'FIX006' && repairs.every((hint) => hint.action === undefined)
}

function keyOf({ rule, fingerprint }: Finding): string {
  return `${rule}\0${fingerprint}`
}

/** A name that one object in one process is answered by another file than before. */
export interface Move {
  readonly root: string
  readonly from: string
  readonly name: string
  readonly to: string
  /** Everything in the process now. */
  readonly process: ReadonlySet<string>
}

/** Answers of the image that are other ones now; a name that was not found before is none. */
export function movedAnswers(before: ContextAudit | undefined, after: ContextAudit | undefined): readonly Move[] {
  const old = new Map(before?.worlds.base?.closures.map((closure) => [closure.root, answersOf(closure)]))
  const moves: Move[] = []
  for (const closure of after?.worlds.base?.closures ?? []) {
    const known = old.get(closure.root)
    if (known === undefined) continue
    const process = new Set(closure.objects.flatMap(({ file }) => file ?? []))
    for (const [key, to] of answersOf(closure)) {
      const file = known.get(key)
      if (file === undefined || file === to) continue
      const [from = '', name = ''] = key.split('\0')
      moves.push({ root: closure.root, from, name, to, process })
    }
  }
  return moves
}

/** What was found, by the file that asks and the name. */
function answersOf({ objects, bindings }: Closure): ReadonlyMap<string, string> {
  const answers = new Map<string, string>()
  for (const { from, to, name } of bindings) {
    const asker = objects[from]?.file ?? null
    const file = objects[to]?.file ?? null
    if (asker !== null && file !== null) answers.set(`${asker}\0${name}`, file)
  }
  return answers
}

/** A process has one library of a name: whoever shares it with an asker shares the graft, and so does the asker's package. */
function isMeant({ from, name, process }: Move, grafts: readonly PrivateGraft[]): boolean {
  return grafts.some(({ entries, askers }) => {
    const names = entries.flatMap(({ entry }) => (entry.keys[0] === 'grafts' ? (entry.keys[1] ?? []) : []))
    if (!names.includes(name)) return false
    return askers.some(
      ({ path, owner }) => process.has(path) || owner.payload.some((root) => from.startsWith(`${root}/`)),
    )
  })
}

/**
 * Names of grafts on the library path that others load in place of what they had. Where the host does the same with the
 * same file, that is how it works today.
 */
export function shadowing(
  before: ContextAudit | undefined,
  after: ContextAudit | undefined,
  grafts: ReadonlyMap<string, { readonly name: string; readonly source: string }>,
): ReadonlySet<string> {
  const host = answersByRoot(after?.worlds.host)
  const names = new Set<string>()
  for (const { root, from, name, to } of movedAnswers(before, after)) {
    const graft = grafts.get(to)
    if (graft !== undefined && host.get(root)?.get(`${from}\0${name}`) !== graft.source) names.add(graft.name)
  }
  return names
}

function answersByRoot(world: ResolvedWorld | undefined): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(world?.closures.map((closure) => [closure.root, answersOf(closure)]))
}
