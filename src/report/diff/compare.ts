/** Compares two saved audits: every answer whose file, content or owner changed, who is touched, findings new and gone. */
import type { WorldName } from '../../domain/audit.ts'
import type { AuditDocument, DocumentFinding } from '../document.ts'
import { documentPackageId } from '../document.ts'
import type { Change, ChangeKind, DiffDocument, DiffFinding, DiffSide, FileFacts } from './document.ts'
import { DIFF_SCHEMA } from './document.ts'
import { sameContent, Side } from './identity.ts'
import { loadersOf } from './loaders.ts'

/** The answer to one need in one world of one context. */
interface Answer {
  readonly context: number
  readonly world: WorldName
  readonly object: number
  readonly name: string
  readonly file: number | null
}

/** What changed from one audit to the other. */
export function diffAudits(old: AuditDocument, fresh: AuditDocument): DiffDocument {
  const [before, after] = [new Side(old), new Side(fresh)]
  const contexts = pairContexts(old, fresh)
  return {
    schema: DIFF_SCHEMA,
    old: sideOf(old),
    new: sideOf(fresh),
    packages: packageChanges(old, fresh),
    changes: changesOf(before, after, contexts.pairs),
    findings: {
      new: unmatched(fresh.findings, old.findings),
      gone: unmatched(old.findings, fresh.findings),
    },
    notes: [...contexts.notes, ...worldNotes(old, fresh)],
  }
}

function sideOf(document: AuditDocument): DiffSide {
  return {
    tool: document.tool,
    contexts: document.contexts.map((context) => context.name),
    host: document.host?.label ?? null,
    base: document.base?.label ?? null,
  }
}

/** Contexts by their names; one alone on each side is the same one under whatever name. */
function pairContexts(
  old: AuditDocument,
  fresh: AuditDocument,
): { readonly pairs: ReadonlyMap<number, number>; readonly notes: readonly string[] } {
  if (old.contexts.length === 1 && fresh.contexts.length === 1) return { pairs: new Map([[0, 0]]), notes: [] }
  const pairs = new Map<number, number>()
  old.contexts.forEach((context, index) => {
    const other = fresh.contexts.findIndex((candidate) => candidate.name === context.name)
    if (other >= 0) pairs.set(index, other)
  })
  const matched = new Set(pairs.values())
  const notes = [
    ...old.contexts.flatMap(({ name }, index) => (pairs.has(index) ? [] : [`only the old audit has context ${name}`])),
    ...fresh.contexts.flatMap(({ name }, index) =>
      matched.has(index) ? [] : [`only the new audit has context ${name}`],
    ),
  ]
  return { pairs, notes }
}

/** A world that only one audit asked has nothing to be compared with. */
function worldNotes(old: AuditDocument, fresh: AuditDocument): readonly string[] {
  return (['host', 'base'] as const).flatMap((world) => {
    if ((old[world] === null) === (fresh[world] === null)) return []
    return [`the ${world} was resolved in the ${old[world] === null ? 'new' : 'old'} audit only and is not compared`]
  })
}

function packageChanges(old: AuditDocument, fresh: AuditDocument): DiffDocument['packages'] {
  const versions = (document: AuditDocument): ReadonlyMap<string, string> => {
    const found = new Map<string, string[]>()
    for (const item of document.packages) {
      const variant = item.variant === null ? '' : `[${item.variant}]`
      found.set(item.name, [...(found.get(item.name) ?? []), documentPackageId(item) + variant])
    }
    return new Map([...found].map(([name, ids]) => [name, ids.sort().join(', ')]))
  }
  const [before, after] = [versions(old), versions(fresh)]
  return {
    added: [...after].flatMap(([name, id]) => (before.has(name) ? [] : [id])).sort(),
    removed: [...before].flatMap(([name, id]) => (after.has(name) ? [] : [id])).sort(),
    changed: [...before]
      .flatMap(([name, id]) => {
        const now = after.get(name)
        return now === undefined || now === id ? [] : [{ name, old: id, new: now }]
      })
      .sort((a, b) => compare(a.name, b.name)),
  }
}

function changesOf(before: Side, after: Side, contexts: ReadonlyMap<number, number>): readonly Change[] {
  const matched = new Set(contexts.values())
  const shared = (world: WorldName): boolean => before.document[world] !== null && after.document[world] !== null
  const old = answers(before, (answer) => {
    const context = contexts.get(answer.context)
    return context === undefined || !shared(answer.world) ? null : context
  })
  const fresh = answers(after, (answer) =>
    matched.has(answer.context) && shared(answer.world) ? answer.context : null,
  )
  const groups = new ChangeGroups(before, after)
  for (const [key, was] of old) groups.add(was, fresh.get(key) ?? null)
  for (const [key, is] of fresh) if (!old.has(key)) groups.add(null, is)
  return groups.finish()
}

/** The answers of one side by what stays the same about them. */
function answers(side: Side, contextOf: (answer: Answer) => number | null): ReadonlyMap<string, Answer> {
  const found = new Map<string, Answer>()
  for (const { context, world, object, name, file } of side.document.bindings) {
    const answer: Answer = { context, world, object, file, name: side.document.names[name] ?? '' }
    const place = contextOf(answer)
    if (place !== null) found.set([place, world, side.key(object), answer.name].join('\0'), answer)
  }
  return found
}

/** Gathers equal changes: one answer that changed is one change, however many ask. */
class ChangeGroups {
  readonly #before: Side
  readonly #after: Side
  readonly #groups = new Map<string, { head: Omit<Change, 'direct' | 'indirect'>; old: Answer[]; fresh: Answer[] }>()

  constructor(before: Side, after: Side) {
    this.#before = before
    this.#after = after
  }

  add(was: Answer | null, is: Answer | null): void {
    const [world, name] = [was?.world ?? is?.world ?? 'host', was?.name ?? is?.name ?? '']
    const old = was?.file == null ? null : this.#before.facts(was.file)
    const fresh = is?.file == null ? null : this.#after.facts(is.file)
    const kind = this.#kind(was, is, old, fresh)
    if (kind === null) return
    const key = [world, name, kind, JSON.stringify([old, fresh])].join('\0')
    const group = this.#groups.get(key) ?? { head: { kind, world, name, old, new: fresh }, old: [], fresh: [] }
    this.#groups.set(key, group)
    if (was !== null) group.old.push(was)
    if (is !== null) group.fresh.push(is)
  }

  #kind(was: Answer | null, is: Answer | null, old: FileFacts | null, fresh: FileFacts | null): ChangeKind | null {
    if (was === null) return 'asked'
    if (is === null) return 'dropped'
    if (was.file === null || is.file === null || old === null || fresh === null) {
      return was.file === is.file ? null : is.file === null ? 'lost' : 'found'
    }
    const moved = this.#before.key(was.file) !== this.#after.key(is.file)
    if (moved || fileName(old.path) !== fileName(fresh.path)) return 'file'
    if (!sameContent(old, fresh)) return 'content'
    return old.owner === fresh.owner ? null : 'owner'
  }

  finish(): readonly Change[] {
    const indirect = { before: loadersOf(this.#before), after: loadersOf(this.#after) }
    return [...this.#groups.values()]
      .map(({ head, old, fresh }): Change => {
        // The new audit tells who is touched, unless nobody asks there any more.
        const [side, users, load] =
          fresh.length > 0 ? [this.#after, fresh, indirect.after] : [this.#before, old, indirect.before]
        const direct = [...new Set(users.map((answer) => side.label(answer.object)))].sort(packagesFirst)
        const through = load(users)
        return { ...head, direct, indirect: through.filter((label) => !direct.includes(label)) }
      })
      .sort((a, b) => compare(a.world, b.world) || order(a.kind) - order(b.kind) || compare(a.name, b.name))
  }
}

const KINDS: readonly ChangeKind[] = ['lost', 'file', 'content', 'owner', 'found', 'asked', 'dropped']

function order(kind: ChangeKind): number {
  return KINDS.indexOf(kind)
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Findings of one audit whose cause the other does not have. */
function unmatched(findings: readonly DocumentFinding[], others: readonly DocumentFinding[]): readonly DiffFinding[] {
  const known = new Set(others.map((finding) => finding.fingerprint))
  return findings
    .filter((finding) => !known.has(finding.fingerprint))
    .map(({ rule, name, severity, package: item, subject, message, fingerprint }) => ({
      rule,
      name,
      severity,
      package: item,
      subject,
      message,
      fingerprint,
    }))
}

/** Files of packages before files of systems, whose labels begin with a slash. */
function packagesFirst(a: string, b: string): number {
  return Number(a.startsWith('/')) - Number(b.startsWith('/')) || compare(a, b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
