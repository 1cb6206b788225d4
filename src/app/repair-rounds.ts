/** Plans one context in rounds: what packages can mend first, then what the image lacks all the same, until nothing is new. */
import type { Audit, Finding } from '../domain/audit.ts'
import type { Context, Package } from '../domain/context.ts'
import type { RepairFile } from '../domain/repair.ts'
import { sameData } from '../repair/compare.ts'
import type { KeyedEntry } from '../repair/entries.ts'
import { sectionsOf } from '../repair/entries.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { joinValues } from '../repair/join.ts'
import { contextFilePath, packageFilePath } from '../repair/paths.ts'
import { planContext } from '../repair/plan.ts'
import { proposeRunPaths, regrets, runPathWishes } from '../repair/plan-run-paths.ts'
import type { PlannedEntry, PlanSetting, Withheld } from '../repair/planned.ts'

/** The proof: the context with these repairs laid over its worlds, resolved and judged. */
export type Evaluate = (context: Context, repairs: readonly NamedRepair[]) => Audit

export interface PlannedContext {
  readonly entries: readonly PlannedEntry[]
  /** The audit without any repair. */
  readonly before: Audit
  /** Everything that was found in any round, for whoever asks what an entry clears. */
  readonly seen: readonly Finding[]
  /** What asks for a change that is not planned, and why. */
  readonly withheld: readonly Withheld[]
}

/** Each round resolves everything again; plans settle after two or three. */
const MAX_ROUNDS = 8

export function planInRounds(context: Context, evaluate: Evaluate, setting: PlanSetting): PlannedContext {
  const entries = new Map<string, PlannedEntry>()
  const seen = new Map<string, Finding>()
  const withheld = new Map<string, Withheld>()
  const before = evaluate(context, [])
  let audit = before
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const [examined] = audit.contexts
    if (examined === undefined) break
    for (const finding of audit.findings) {
      const key = `${finding.rule}\0${finding.fingerprint}`
      if (!seen.has(key)) seen.set(key, finding)
    }
    // What a package of the context can answer once it is mended needs nothing from outside.
    const inside = planContext(examined, audit.findings.filter(isInside), setting).entries
    if (!addNew(entries, inside)) {
      const all = planContext(examined, audit.findings, setting)
      for (const item of all.withheld) withheld.set(item.finding.fingerprint, item)
      if (!addNew(entries, all.entries)) {
        const paths = planRunPaths({ context, evaluate, audit, setting, entries, withheld })
        if (paths === null) break
        audit = paths
        continue
      }
    }
    audit = evaluate(context, generatedFiles(context, [...entries.values()]))
  }
  return { entries: [...entries.values()], before, seen: [...seen.values()], withheld: [...withheld.values()] }
}

interface RunPathRound {
  readonly context: Context
  readonly evaluate: Evaluate
  readonly audit: Audit
  readonly setting: PlanSetting
  /** Those that are planned are added. */
  readonly entries: Map<string, PlannedEntry>
  /** By fingerprint; what is withheld is added, and not tried again. */
  readonly withheld: Map<string, Withheld>
}

/** Last of all, when what stays in run paths is known to be found without them. The audit with them, null where none was planned. */
function planRunPaths({ context, evaluate, audit, setting, entries, withheld }: RunPathRound): Audit | null {
  const [examined] = audit.contexts
  if (examined === undefined || setting.never.has('rpath')) return null
  let wishes = runPathWishes(audit.findings).filter(({ finding }) => !withheld.has(finding.fingerprint))
  while (wishes.length > 0) {
    const proposal = proposeRunPaths(examined, wishes, setting.machine)
    for (const item of proposal.withheld) withheld.set(item.finding.fingerprint, item)
    const trial = new Map(entries)
    if (!addNew(trial, proposal.entries)) return null
    const after = evaluate(context, generatedFiles(context, [...trial.values()]))
    const regretted = regrets(audit, after, proposal.wishes)
    if (regretted.length === 0) {
      addNew(entries, proposal.entries)
      return after
    }
    for (const item of regretted) withheld.set(item.finding.fingerprint, item)
    wishes = proposal.wishes.filter(({ finding }) => !withheld.has(finding.fingerprint))
  }
  return null
}

/** Remedies that come from outside of the packages. */
const OUTSIDE: ReadonlySet<string> = new Set(['library', 'newer', 'command', 'opened'])

function isInside({ repairs }: Finding): boolean {
  const action = repairs.find((hint) => hint.action !== undefined)?.action
  return action === undefined || !OUTSIDE.has(action.kind)
}

/** Fields that say what is done, where several rounds may add to one entry. */
const DECISIVE = ['provides', 'version'] as const

/** Whether one of them says something that is not known yet. */
function addNew(known: Map<string, PlannedEntry>, entries: readonly PlannedEntry[]): boolean {
  let fresh = false
  for (const entry of entries) {
    const key = [entry.owner?.root ?? '', ...entry.keys].join('\0')
    const old = known.get(key)
    if (old === undefined) {
      fresh = true
      known.set(key, entry)
    } else {
      const value = joinValues(old.value, entry.value)
      if (DECISIVE.every((field) => sameData(old.value[field], value[field]))) continue
      fresh = true
      const clears = [...new Set([...old.clears, ...entry.clears])].sort()
      known.set(key, { ...old, value, clears })
    }
  }
  return fresh
}

/** The files that entries make, without any header but the subject. */
export function generatedFiles(context: Context, entries: readonly PlannedEntry[]): readonly NamedRepair[] {
  // By the file: with a requirement laid over it, a package is another object than the one of the context.
  const byFile = new Map<string | null, KeyedEntry[]>()
  for (const { owner, keys, value } of entries) {
    const file = owner === null ? null : packageFilePath(owner)
    const list = byFile.get(file)
    if (list === undefined) byFile.set(file, [{ keys, value }])
    else list.push({ keys, value })
  }
  const packages = context.packages.flatMap((item) => {
    const path = packageFilePath(item)
    const own = byFile.get(path)
    return own === undefined ? [] : [{ path, file: packageFile(item, own) }]
  })
  const own: RepairFile = {
    kind: 'context',
    subject: contextSubject(context, context.name),
    ...sectionsOf(byFile.get(null) ?? []),
  }
  return [...packages, { path: contextFilePath(context.name), file: own }]
}

/** A package file with these entries. */
export function packageFile(item: Package, entries: readonly KeyedEntry[]): RepairFile {
  const variant = item.variantRequires.length === 0 ? {} : { variant: item.variantRequires }
  const version = item.version === '' ? {} : { version: item.version }
  return { kind: 'package', subject: { package: item.name, ...version, ...variant }, ...sectionsOf(entries) }
}

/** The subject of a context file: its exact resolve. */
export function contextSubject(
  context: Context,
  name: string,
): {
  readonly context: string
  readonly requests: readonly string[]
  readonly packages: Readonly<Record<string, string>>
} {
  const packages = context.packages.map((item) => {
    const variant = item.variantRequires.length === 0 ? '' : `/${item.variantRequires.join('/')}`
    return [item.name, item.version + variant] as const
  })
  return { context: name, requests: context.requests, packages: Object.fromEntries(packages) }
}
