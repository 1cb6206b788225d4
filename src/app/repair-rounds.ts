/** Plans one context in rounds: what packages can mend first, then what the image lacks all the same, until nothing is new. */
import type { Audit, ContextAudit, Finding } from '../domain/audit.ts'
import type { Context } from '../domain/context.ts'
import { sameData } from '../repair/compare.ts'
import type { NamedRepair } from '../repair/environment.ts'
import { joinValues } from '../repair/join.ts'
import { expandPath } from '../repair/paths.ts'
import { planContext } from '../repair/plan.ts'
import { entriesOfGrafts, proposePrivate, shadowing, spoiled } from '../repair/plan-private.ts'
import { proposeRunPaths, regrets, runPathWishes } from '../repair/plan-run-paths.ts'
import type { ApartWant, PlannedEntry, PlanSetting, Withheld } from '../repair/planned.ts'
import { generatedFiles } from './generated-files.ts'

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

export interface RoundSetting extends PlanSetting {
  readonly graftRoot: string
}

export function planInRounds(context: Context, evaluate: Evaluate, setting: RoundSetting): PlannedContext {
  const rounds = new Rounds(context, evaluate, setting)
  const before = evaluate(context, [])
  let audit = before
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = rounds.next(audit)
    if (next === null) break
    audit = next
  }
  return { ...rounds.result(), before }
}

type Entries = ReadonlyMap<string, PlannedEntry>

class Rounds {
  readonly #context: Context
  readonly #evaluate: Evaluate
  readonly #setting: RoundSetting
  #entries: Entries = new Map()
  readonly #seen = new Map<string, Finding>()
  /** By fingerprint. A run path that is withheld is not tried again. */
  readonly #withheld = new Map<string, Withheld>()
  readonly #apart = new Set<string>()
  readonly #refused = new Map<string, string>()

  constructor(context: Context, evaluate: Evaluate, setting: RoundSetting) {
    this.#context = context
    this.#evaluate = evaluate
    this.#setting = { ...setting, trials: { apart: this.#apart, refused: this.#refused } }
  }

  /** The audit with what this round adds, null where nothing is new. */
  next(audit: Audit): Audit | null {
    const [examined] = audit.contexts
    if (examined === undefined) return null
    for (const finding of audit.findings) {
      const key = `${finding.rule}\0${finding.fingerprint}`
      if (!this.#seen.has(key)) this.#seen.set(key, finding)
    }
    // What a package of the context can answer once it is mended needs nothing from outside.
    const own = planContext(examined, audit.findings.filter(isInside), this.#setting)
    for (const item of own.withheld) this.#withheld.set(item.finding.fingerprint, item)
    const inside = withAdded(this.#entries, own.entries)
    if (inside !== null) return this.#taken(inside)
    return this.#fromOutside(audit, examined) ?? this.#runPaths(audit, examined)
  }

  result(): Omit<PlannedContext, 'before'> {
    return {
      entries: [...this.#entries.values()],
      seen: [...this.#seen.values()],
      withheld: [...this.#withheld.values()],
    }
  }

  /** OS packages and grafts; those last that get folders of their own. */
  #fromOutside(audit: Audit, examined: ContextAudit): Audit | null {
    // Each turn sets more names apart, or refuses more.
    for (;;) {
      const { entries, apart, withheld } = planContext(examined, audit.findings, this.#setting)
      for (const item of withheld) this.#withheld.set(item.finding.fingerprint, item)
      const trial = withAdded(this.#entries, entries)
      if (trial !== null) {
        const after = this.#judged(trial)
        const names = this.#shadowing(examined, after, trial)
        if (names.size === 0) return this.#take(trial, after)
        for (const name of names) this.#apart.add(name)
      } else {
        const { after, refused } = this.#private(audit, examined, apart)
        if (after !== null || refused.size === 0) return after
        for (const [name, reason] of refused) this.#refused.set(name, reason)
      }
    }
  }

  /** Grafts of this round that others load in place of what they had. */
  #shadowing(examined: ContextAudit, after: Audit, trial: Entries): ReadonlySet<string> {
    const places = { packages: [], graftRoot: this.#setting.graftRoot }
    const grafts = [...trial].flatMap(([key, { keys, value }]) => {
      const [section, name = ''] = keys
      const dest = section === 'grafts' && !this.#entries.has(key) ? expandPath(String(value['dest']), places) : null
      const { kind, path = '' } = (value['source'] ?? {}) as { readonly kind?: string; readonly path?: string }
      // The same path in another system is another file.
      const source = kind === 'host' ? path : ''
      return dest === null || this.#apart.has(name) ? [] : [[dest, { name, source }] as const]
    })
    return shadowing(examined, after.contexts[0], new Map(grafts))
  }

  /** Grafts with those that reach them, without such as do not help; null where none is left. */
  #private(
    audit: Audit,
    examined: ContextAudit,
    wants: readonly ApartWant[],
  ): { readonly after: Audit | null; readonly refused: ReadonlyMap<string, string> } {
    const { never, machine } = this.#setting
    const proposal = proposePrivate(wants, { audit: examined, never, machine })
    const refused = new Map(proposal.refused)
    for (;;) {
      const grafts = proposal.grafts.filter(({ name }) => !refused.has(name))
      const trial = withAdded(this.#entries, entriesOfGrafts(grafts))
      if (trial === null) return { after: null, refused }
      const after = this.#judged(trial)
      const bad = spoiled(audit, after, grafts)
      if (bad.size === 0) {
        for (const [name, reason] of refused) this.#refused.set(name, reason)
        return { after: this.#take(trial, after), refused }
      }
      for (const [name, reason] of bad) refused.set(name, reason)
    }
  }

  /** Last of all, when what stays in run paths is known to be found without them. */
  #runPaths(audit: Audit, examined: ContextAudit): Audit | null {
    if (this.#setting.never.has('rpath')) return null
    let wishes = runPathWishes(audit.findings).filter(({ finding }) => !this.#withheld.has(finding.fingerprint))
    while (wishes.length > 0) {
      const proposal = proposeRunPaths(examined, wishes, this.#setting.machine)
      for (const item of proposal.withheld) this.#withheld.set(item.finding.fingerprint, item)
      const trial = withAdded(this.#entries, proposal.entries)
      if (trial === null) return null
      const after = this.#judged(trial)
      const regretted = regrets(audit, after, proposal.wishes)
      if (regretted.length === 0) return this.#take(trial, after)
      for (const item of regretted) this.#withheld.set(item.finding.fingerprint, item)
      wishes = proposal.wishes.filter(({ finding }) => !this.#withheld.has(finding.fingerprint))
    }
    return null
  }

  #judged(entries: Entries): Audit {
    return this.#evaluate(this.#context, generatedFiles(this.#context, [...entries.values()]))
  }

  #take(entries: Entries, after: Audit): Audit {
    this.#entries = entries
    return after
  }

  #taken(entries: Entries): Audit {
    return this.#take(entries, this.#judged(entries))
  }
}

/** Remedies that come from outside of the packages. */
const OUTSIDE: ReadonlySet<string> = new Set(['library', 'newer', 'command', 'opened'])

function isInside({ repairs }: Finding): boolean {
  const action = repairs.find((hint) => hint.action !== undefined)?.action
  return action === undefined || !OUTSIDE.has(action.kind)
}

/** Fields that say what is done, where several rounds may add to one entry. */
const DECISIVE = ['provides', 'version', 'rpath', 'set', 'visible_to'] as const

/** Everything that is known with what is new; null where nothing is. Of two values for one entry the new one holds. */
function withAdded(known: Entries, entries: readonly PlannedEntry[]): Entries | null {
  const all = new Map(known)
  let fresh = false
  for (const entry of entries) {
    const key = [entry.owner?.root ?? '', ...entry.keys].join('\0')
    const old = all.get(key)
    const value = old === undefined ? entry.value : joinValues(entry.value, old.value)
    if (old !== undefined && DECISIVE.every((field) => sameData(old.value[field], value[field]))) continue
    fresh = true
    const clears = [...new Set([...(old?.clears ?? []), ...entry.clears])].sort()
    all.set(key, { ...entry, value, clears })
  }
  return fresh ? all : null
}
