/** Run paths to set: proposals from findings, judged by what the loader does with them before any is planned. */
import type { Audit, ContextAudit, Finding, PackageObject, ResolvedNeed } from '../domain/audit.ts'
import { packageId } from '../domain/context.ts'
import type { RepairAction, RpathEntry } from '../domain/repair.ts'
import type { Tree } from '../domain/tree.ts'
import { folderName } from '../rules/facts/copies.ts'
import { relativeTo } from '../rules/run-path-drafts.ts'
import { some } from '../rules/words.ts'
import type { PlannedEntry, Withheld } from './planned.ts'
import { runPathEntry } from './run-path-entry.ts'

type RunPathAction = Extract<RepairAction, { kind: 'rpath' }>

/** A finding that asks for other run paths. */
export interface RunPathWish {
  readonly finding: Finding
  readonly action: RunPathAction
}

export interface RunPathProposal {
  readonly entries: readonly PlannedEntry[]
  /** The wishes that the entries grant: each wholly. */
  readonly wishes: readonly RunPathWish[]
  readonly withheld: readonly Withheld[]
}

/** The wishes among findings; notes ask for nothing. */
export function runPathWishes(findings: readonly Finding[]): readonly RunPathWish[] {
  return findings.flatMap((finding) => {
    const action = finding.repairs.find((hint) => hint.action !== undefined)?.action
    return action?.kind === 'rpath' && finding.severity !== 'note' ? [{ finding, action }] : []
  })
}

/** One entry for each object, whatever the number of findings about it. A wish that one object cannot be granted is withheld as a whole. */
export function proposeRunPaths(audit: ContextAudit, wishes: readonly RunPathWish[], machine: Tree): RunPathProposal {
  const objects = new Map(audit.objects.map((object) => [object.path, object]))
  const withheld: Withheld[] = []
  let granted = wishes
  for (;;) {
    const drafts = draftsOf(granted, objects, machine)
    const refused = granted.flatMap((wish) => {
      const why = wish.action.objects.map((path) => drafts.get(path)?.refusal ?? null).find((text) => text !== null)
      return why === undefined ? [] : [{ wish, reason: why }]
    })
    if (refused.length === 0) return { entries: [...drafts.values()].flatMap(entryOf), wishes: granted, withheld }
    withheld.push(...refused.map(({ wish, reason }) => ({ finding: wish.finding, reason })))
    granted = granted.filter((wish) => !refused.some((item) => item.wish === wish))
  }
}

interface Draft {
  readonly object: PackageObject | null
  readonly entry: RpathEntry | null
  readonly key: string
  readonly wishes: readonly RunPathWish[]
  readonly refusal: string | null
}

function draftsOf(
  wishes: readonly RunPathWish[],
  objects: ReadonlyMap<string, PackageObject>,
  machine: Tree,
): ReadonlyMap<string, Draft> {
  const byPath = new Map<string, RunPathWish[]>()
  for (const wish of wishes) {
    for (const path of wish.action.objects) byPath.set(path, [...(byPath.get(path) ?? []), wish])
  }
  const sorted = [...byPath].sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map(sorted.map(([path, own]) => [path, draft(objects.get(path) ?? null, path, own, machine)]))
}

function draft(object: PackageObject | null, path: string, wishes: readonly RunPathWish[], machine: Tree): Draft {
  const drawn = object === null ? null : runPathEntry(object, machine, (before) => changed(before, path, wishes))
  if (drawn === null) {
    return { object, entry: null, key: path, wishes, refusal: 'the file cannot be read where the packages lie' }
  }
  const { key, risks } = drawn
  const fixes = [...new Set(wishes.map(({ finding }) => finding.rule))].sort()
  const refusal = risks.length === 0 ? null : `${object?.relative ?? key}: ${risks.join('; ')}`
  return { object, entry: { ...drawn.entry, fixes }, key, wishes, refusal }
}

/** The elements that are left, in their order. */
function changed(before: readonly string[], path: string, wishes: readonly RunPathWish[]): readonly string[] {
  const out: string[] = []
  for (const element of before) {
    const wish = wishes.find(({ action }) => action.element === element)
    const folder = wish?.action.folder ?? null
    if (wish !== undefined && folder === null) continue
    const text = folder === null ? element : relativeTo(folderName(path), folder)
    if (wish === undefined || !out.includes(text)) out.push(text)
  }
  return out
}

function entryOf({ object, entry, key, wishes }: Draft): readonly PlannedEntry[] {
  if (object === null || entry === null) return []
  const clears = [...new Set(wishes.map(({ finding }) => finding.fingerprint))].sort()
  return [{ owner: object.owner, keys: ['rpath', key], value: { ...entry }, clears }]
}

/**
 * Wishes that are better not granted, judged by the audit with all of them laid over: those whose finding stays, after
 * which something new is found, or by which a library of the image comes from elsewhere.
 */
export function regrets(before: Audit, after: Audit, wishes: readonly RunPathWish[]): readonly Withheld[] {
  const known = new Set(before.findings.map(keyOf))
  const left = new Set(after.findings.map(keyOf))
  const fresh = after.findings.filter((finding) => finding.severity !== 'note' && !known.has(keyOf(finding)))
  const moved = movedNeeds(before.contexts[0], after.contexts[0])
  const out: Withheld[] = []
  for (const { finding, action } of wishes) {
    const owner = packageId(action.owner)
    const news = fresh.filter((item) => item.package === owner || item.package === null)
    const needs = moved.filter((need) => action.objects.includes(need.object.path) && !isMeant(finding, need))
    if (left.has(keyOf(finding))) out.push({ finding, reason: 'the change alone does not clear it' })
    else if (needs.length > 0) {
      out.push({
        finding,
        reason: `${some([...new Set(needs.map(({ name }) => name))])} would be found elsewhere, or nowhere`,
      })
    } else if (news.length > 0) {
      out.push({ finding, reason: `${some(news.map(({ rule, subject }) => `${rule} ${subject}`))} would be new` })
    }
  }
  if (out.length > 0) return out
  // Nobody in sight is to blame, as where a DT_RPATH served others: nothing is changed then.
  const strange = moved.some((need) => !wishes.some(({ finding }) => isMeant(finding, need)))
  const reason = 'what other packages load would change'
  return fresh.length > 0 || strange ? wishes.map(({ finding }) => ({ finding, reason })) : []
}

function keyOf({ rule, fingerprint }: Finding): string {
  return `${rule}\0${fingerprint}`
}

/** RPH004 is about copies of the system that go before those of the context: one from a required package is the cure. */
function isMeant({ rule }: Finding, { provider }: ResolvedNeed): boolean {
  return rule === 'RPH004' && (provider?.kind === 'own' || provider?.kind === 'required')
}

/** Needs as they are answered in the image after the change, where another file answered before. */
function movedNeeds(before: ContextAudit | undefined, after: ContextAudit | undefined): readonly ResolvedNeed[] {
  const key = ({ object, name, root }: ResolvedNeed): string => [object.path, name, root].join('\0')
  const old = new Map(before?.worlds.base?.needs.map((need) => [key(need), need.file]))
  return (after?.worlds.base?.needs ?? []).filter((need) => old.get(key(need)) !== need.file)
}
