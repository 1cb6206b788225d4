/** From findings to entries of repair files: for each finding the first remedy of the studio's preference that can be had. */
import type { ContextAudit, Finding, RepairHint } from '../domain/audit.ts'
import type { Package } from '../domain/context.ts'
import type { RepairAction } from '../domain/repair.ts'
import { Circles } from './circles.ts'
import { joinValues } from './join.ts'
import { packagePath, realFolder } from './paths.ts'
import { planLibraries } from './plan-libraries.ts'
import type { LibraryWish, Plan, PlannedEntry, PlanSetting, Withheld } from './planned.ts'
import { forbiddenReason } from './reasons.ts'
import type { SectionName } from './sections.ts'
import type { Tree } from '../domain/tree.ts'
import { fileDigest } from '../tree/digest.ts'

/** Libraries that cannot be had are tried by other remedies of the same finding; notes are planned for binds alone.
 * Run paths are left to `proposeRunPaths`. */
export function planContext(audit: ContextAudit, findings: readonly Finding[], setting: PlanSetting): Plan {
  const collected = new Collected()
  const circles = new Circles(audit.context)
  const wishes: { readonly wish: LibraryWish; readonly finding: Finding }[] = []
  const withheld: Withheld[] = []
  for (const finding of findings) {
    if (finding.severity === 'note' && finding.rule !== 'HST006') continue
    const action = firstAction(finding.repairs, setting.never)
    if (action === null) {
      const reason = forbidden(finding.repairs)
      if (reason !== null) withheld.push({ finding, reason })
    } else if (
      action.kind === 'library' ||
      action.kind === 'command' ||
      action.kind === 'opened' ||
      action.kind === 'newer'
    ) {
      wishes.push({ wish: { action, finding }, finding })
    } else {
      const back = action.kind === 'requires' ? circles.wayBack(action) : null
      const entry = back === null ? plainEntry(action, finding, setting) : null
      if (back !== null) withheld.push({ finding, reason: `${back.join(' requires ')}, and Rez refuses circles` })
      else if (entry !== null) {
        collected.add(entry, finding)
        if (action.kind === 'requires') circles.add(action)
      }
    }
  }
  const libraries = planLibraries(
    audit,
    wishes.map(({ wish }) => wish),
    setting,
  )
  for (const { entry, findings: cleared } of libraries.entries) {
    if (cleared.length === 0) collected.add(entry, null)
    for (const finding of cleared) collected.add(entry, finding)
  }
  return { entries: collected.list(), apart: libraries.apart, withheld: [...withheld, ...libraries.withheld] }
}

/** The first remedy that a planner knows and that may be planned. */
function firstAction(hints: readonly RepairHint[], never: PlanSetting['never']): RepairAction | null {
  const allowed = ({ action }: RepairHint): boolean =>
    action !== undefined && SECTIONS_OF[action.kind].some((section) => !never.has(section))
  return hints.find(allowed)?.action ?? null
}

/** Why none of the remedies that a planner knows may be planned; null where it knows none. */
function forbidden(hints: readonly RepairHint[]): string | null {
  const action = hints.find((hint) => hint.action !== undefined)?.action
  return action === undefined ? null : forbiddenReason(SECTIONS_OF[action.kind])
}

/** Where a remedy is written; the first one decides how it is called. */
const SECTIONS_OF: Readonly<Record<RepairAction['kind'], readonly SectionName[]>> = {
  library: ['os_packages', 'grafts'],
  opened: ['os_packages', 'grafts'],
  newer: ['os_packages', 'grafts'],
  command: ['os_packages'],
  keep: ['os_packages'],
  requires: ['requires'],
  environment: ['env'],
  link: ['symlinks'],
  'image-link': ['symlinks'],
  remove: ['remove_files'],
  bind: ['binds'],
  rpath: ['rpath'],
}

type DraftEntry = Omit<PlannedEntry, 'clears'>

/** Entries by their place: several findings make one. */
class Collected {
  readonly #entries = new Map<string, { readonly entry: DraftEntry; readonly clears: Set<string> }>()

  add(entry: DraftEntry, finding: Finding | null): void {
    const owner = entry.owner === null ? '' : entry.owner.root
    const key = [owner, ...entry.keys].join('\0')
    const known = this.#entries.get(key)
    const value = known === undefined ? entry.value : joinValues(known.entry.value, entry.value)
    const clears = known?.clears ?? new Set<string>()
    if (finding !== null) clears.add(finding.fingerprint)
    this.#entries.set(key, { entry: { ...entry, value }, clears })
  }

  list(): readonly PlannedEntry[] {
    return [...this.#entries.values()].map(({ entry, clears }) => ({ ...entry, clears: [...clears].sort() }))
  }
}

function plainEntry(action: RepairAction, finding: Finding, setting: PlanSetting): DraftEntry | null {
  const fixes = [finding.rule]
  switch (action.kind) {
    case 'requires': {
      const range = setting.range(action)
      if (range === null) return null
      const because = `${action.sonames.join(', ')} for ${relativeTo(action.owner, action.objects, setting.machine).join(', ')}`
      return { owner: action.owner, keys: ['requires', action.provider.name], value: { ...range, fixes, because } }
    }
    case 'environment': {
      const folder = packagePath(action.owner, action.folder, setting.machine)
      if (folder === null) return null
      return { owner: action.owner, keys: ['env', action.variable, folder], value: { op: action.op, fixes } }
    }
    case 'link': {
      const path = packagePath(action.owner, action.path, setting.machine)
      return path === null
        ? null
        : { owner: action.owner, keys: ['symlinks', path], value: { target: action.target, fixes } }
    }
    case 'image-link': {
      const target = packagePath(action.owner, action.target, setting.machine)
      return target === null ? null : { owner: null, keys: ['symlinks', action.path], value: { target, fixes } }
    }
    case 'remove': {
      const path = packagePath(action.owner, action.path, setting.machine)
      const sha256 = path === null ? null : fileDigest(setting.machine, action.path)
      if (path === null || sha256 === null) return null
      return { owner: action.owner, keys: ['remove_files', path], value: { reason: action.reason, sha256, fixes } }
    }
    case 'keep': {
      const value = { manager: action.manager, provides: [action.soname], fixes }
      return { owner: null, keys: ['os_packages', action.osPackage], value }
    }
    case 'bind': {
      const cdi = action.device === '' ? {} : { cdi: action.device }
      return { owner: null, keys: ['binds', action.driver], value: { ...cdi, sonames: [action.soname], fixes } }
    }
    default:
      return null
  }
}

/** Paths relative to a package's payload, at most three, sorted. */
function relativeTo(owner: Package, paths: readonly string[], machine: Tree): readonly string[] {
  const roots = owner.payload.flatMap((folder) => [folder, realFolder(machine, folder)])
  const root = roots.find((folder) => paths[0]?.startsWith(`${folder}/`)) ?? owner.root
  const names = paths.map((path) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path)).sort()
  return names.length <= 3 ? names : [...names.slice(0, 2), `${names.length - 2} more`]
}
